#include <doctest/doctest.h>

#include <string>

#include "codesign/requirement/evaluate.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

CertificateFacts certificate(std::string cn, std::string organization,
                             std::vector<std::string> extensions = {}) {
  CertificateFacts out;
  out.sha1.fill(static_cast<std::byte>(cn.size()));
  out.subject = {{"2.5.4.3", std::move(cn)}, {"2.5.4.10", std::move(organization)}};
  out.extensions = std::move(extensions);
  return out;
}

struct Case {
  Context context;
  plist::Dict info, entitlements;

  Case() {
    context.identifier = "com.example.tool";
    context.cdhashes = {std::string(20, '\x11'), std::string(20, '\x22')};
    context.certificates = {certificate("Developer ID Application: Example (TEAM123456)", "Example",
                                        {"1.2.840.113635.100.6.1.13", "1.2.5"}),
                            certificate("Developer ID Certification Authority", "Apple Inc.",
                                        {"1.2.840.113635.100.6.2.6"}),
                            certificate("Apple Root CA", "Apple Inc.")};
    CertificateFacts& leaf = context.certificates[0];
    leaf.subject.emplace_back("2.5.4.11", "TEAM123456");
    leaf.subject.emplace_back("2.5.4.9", "");
    leaf.emails = {"a@example.com", "b@example.com"};
    leaf.policies = {"1.2.840.113635.100.5.7.1"};
    leaf.dates = {{"1.2.5", 700000000}};
    context.apple_root = true;
    info.add("CFBundleShortVersionString", "17.10");
    info.add("Empty", "");
    info.add("Off", false);
    info.add("Number", std::int64_t{17});
    info.add("When", plist::Date{700000000.5});
    entitlements.add("groups", plist::Array{plist::Value("one"), plist::Value("two")});
    entitlements.add("none", plist::Array{});
    entitlements.add("yes", true);
    context.info = &info;
    context.entitlements = &entitlements;
  }

  Evaluation ask(std::string_view text) const {
    CAPTURE(text);
    const auto compiled = compile(text);
    REQUIRE(compiled.has_value());
    return evaluate(*compiled, context);
  }

  bool yes(std::string_view text) const { return ask(text).answer == Answer::yes; }
  bool unknown(std::string_view text) const { return ask(text).answer == Answer::unknown; }
  std::string why(std::string_view text) const {
    const Evaluation result = ask(text);
    return result.clause + ": " + result.reason;
  }
};

}  // namespace

TEST_CASE("requirement: conditions on the code") {
  Case c;
  CHECK(c.yes("identifier \"com.example.tool\""));
  CHECK_FALSE(c.yes("identifier \"com.example.tools\""));
  CHECK_FALSE(c.yes("identifier \"Com.example.tool\""));
  CHECK(c.yes("cdhash H\"1111111111111111111111111111111111111111\""));
  // Of several CodeDirectories the system compares the one that it picks.
  CHECK_FALSE(c.yes("cdhash H\"2222222222222222222222222222222222222222\""));
  CHECK(c.yes("platform = 0"));
  CHECK_FALSE(c.yes("platform = 1"));
  c.context.platform = 15;
  CHECK(c.yes("platform = 15"));
  CHECK_FALSE(c.yes("platform = -241"));
}

TEST_CASE("requirement: conditions on certificates") {
  Case c;
  CHECK(c.yes("certificate leaf[subject.OU] = TEAM123456"));
  CHECK(c.yes("certificate -1[subject.CN] = \"Apple Root CA\""));
  CHECK(c.yes("certificate -3[subject.OU] = TEAM123456"));
  CHECK_FALSE(c.yes("certificate -4[subject.OU] = TEAM123456"));
  CHECK_FALSE(c.yes("certificate 3[subject.OU] = TEAM123456"));
  CHECK_FALSE(c.yes("certificate -2147483648[subject.OU] exists"));
  CHECK(c.yes("certificate root[subject.O] = \"Apple\"*"));
  CHECK(c.yes("anchor[subject.O] = *\" Inc.\""));
  CHECK(c.yes("certificate 1[field.1.2.840.113635.100.6.2.6] exists"));
  CHECK_FALSE(c.yes("certificate 1[field.1.2.840.113635.100.6.2.6] = true1"));
  CHECK(c.yes("certificate 1[field.1.2.3] absent"));
  CHECK_FALSE(c.yes("certificate 7[field.1.2.3] absent"));  // no such certificate
  CHECK(c.yes("certificate leaf[policy.1.2.840.113635.100.5.7.1] exists"));
  CHECK(c.yes("certificate leaf[policy.1.2.3] absent"));
  CHECK(c.yes("certificate leaf = H\"2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e\""));
  CHECK_FALSE(c.yes("certificate root = H\"2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e\""));
  CHECK(c.yes("certificate leaf[email] = \"b@example.com\""));
  CHECK_FALSE(c.yes("certificate leaf[email] = \"c@example.com\""));
  CHECK(c.yes("certificate root[email] exists"));  // an empty list is there
  // Of a field that occurs twice the last one counts; a missing one fails "absent" too.
  c.context.certificates[0].subject.emplace_back("2.5.4.11", "LATER");
  CHECK(c.yes("certificate leaf[subject.OU] = LATER"));
  CHECK_FALSE(c.yes("certificate leaf[subject.L] absent"));
  CHECK_FALSE(c.yes("certificate leaf[subject.NONE] absent"));
  CHECK(c.yes("certificate leaf[subject.STREET] exists"));
  CHECK(c.yes("certificate leaf[subject.STREET] = \"\""));
  // OIDs that print alike are not the same.
  Expression longer = compile("certificate leaf[field.1.2.5] exists").value();
  CHECK(evaluate(longer, c.context).answer == Answer::yes);
  longer.text = "\x2a\x80\x05";
  CHECK(evaluate(longer, c.context).answer == Answer::no);
}

TEST_CASE("requirement: times in certificates") {
  const Case c;
  CHECK(c.yes("certificate leaf[timestamp.1.2.5] exists"));
  CHECK(c.yes("certificate leaf[timestamp.1.2.5] = timestamp \"20230308202640Z\""));
  CHECK(c.yes("certificate leaf[timestamp.1.2.5] < timestamp \"20230308202641Z\""));
  CHECK(c.yes("certificate leaf[timestamp.1.2.5] <= timestamp \"20230308202640Z\""));
  CHECK(c.yes("certificate leaf[timestamp.1.2.5] >= timestamp \"20230308202640Z\""));
  CHECK_FALSE(c.yes("certificate leaf[timestamp.1.2.5] > timestamp \"20230308202640Z\""));
  CHECK_FALSE(c.yes("certificate leaf[timestamp.1.2.5] = x"));
  CHECK(c.yes("certificate leaf[timestamp.1.2.6] absent"));
  CHECK(c.yes("certificate 9[timestamp.1.2.5] absent"));  // unlike other fields
  CHECK(c.yes("info[When] > timestamp \"20230308202640Z\""));
  CHECK_FALSE(c.yes("info[When] = timestamp \"20230308202640Z\""));
}

TEST_CASE("requirement: what is Apple's") {
  Case c;
  CHECK(c.yes("anchor apple generic"));
  CHECK_FALSE(c.yes("anchor apple"));  // the intermediate is not that of Apple's own software
  c.context.in_trust_cache = Answer::unknown;
  CHECK(c.unknown("anchor apple"));
  c.context.in_trust_cache = Answer::yes;
  CHECK(c.yes("anchor apple"));
  c.context.in_trust_cache = Answer::no;
  c.context.certificates[1].subject[0].second = "Apple Code Signing Certification Authority";
  CHECK_FALSE(c.yes("anchor apple"));
  c.context.certificates[0].extensions.emplace_back("1.2.840.113635.100.6.22");
  CHECK(c.yes("anchor apple"));
  c.context.apple_root = false;
  CHECK_FALSE(c.yes("anchor apple"));
  CHECK_FALSE(c.yes("anchor apple generic"));
}

TEST_CASE("requirement: values compare as CFString does") {
  const Case c;
  CHECK(c.yes("info[CFBundleShortVersionString] > \"17.9\""));  // numbers, not letters
  CHECK(c.yes("info[CFBundleShortVersionString] <= \"17.10\""));
  CHECK(c.yes("info[CFBundleShortVersionString] >= \"17.010\""));
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] < \"17.10\""));
  CHECK(c.yes("info[CFBundleShortVersionString] < \"17.10.1\""));
  CHECK(c.yes("info[CFBundleShortVersionString] < \"99999999999999999999999.1\""));
  CHECK(c.yes("info[CFBundleShortVersionString] < beta"));
  CHECK(c.yes("info[CFBundleShortVersionString] ~ \".1\""));
  CHECK(c.yes("info[CFBundleShortVersionString] = \"17\"*"));
  CHECK(c.yes("info[CFBundleShortVersionString] = *\"10\""));
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] = *\"017.10\""));
  // Nothing is found in anything.
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] ~ \"\""));
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] = \"\"*"));
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] = *\"\""));
  CHECK(c.yes("info[Empty] = \"\""));
  CHECK(c.yes("info[Empty] exists"));
  CHECK_FALSE(c.yes("info[Off] exists"));  // false is as good as absent ...
  CHECK_FALSE(c.yes("info[Off] absent"));  // and is not
  CHECK(c.yes("info[Number] exists"));
  CHECK_FALSE(c.yes("info[Number] = \"17\""));
  CHECK_FALSE(c.yes("info[Number] >= \"1\""));
  CHECK(c.yes("info[Nothing] absent"));
  CHECK_FALSE(c.yes("info[Nothing] exists"));
  CHECK_FALSE(c.yes("info[Nothing] < x"));
  CHECK(c.yes("entitlement[groups] = two"));  // one of an array is enough
  CHECK_FALSE(c.yes("entitlement[groups] = three"));
  CHECK(c.yes("entitlement[none] exists"));
  CHECK_FALSE(c.yes("entitlement[none] absent"));
  CHECK(c.yes("entitlement[yes] exists"));
  CHECK_FALSE(c.yes("entitlement[yes] = true1"));
}

TEST_CASE("requirement: what is not known stays so") {
  Case c;
  CHECK(c.unknown("notarized"));
  CHECK(c.unknown("legacy"));
  CHECK(c.unknown("anchor trusted"));
  CHECK(c.unknown("certificate 1 trusted"));
  CHECK(c.unknown("anchor apple something"));
  CHECK(c.unknown("(something)"));
  CHECK(c.yes("notarized or always"));
  CHECK(c.yes("always or notarized"));
  CHECK_FALSE(c.unknown("notarized and never"));
  CHECK_FALSE(c.unknown("never and notarized"));
  CHECK(c.unknown("notarized and always"));
  CHECK(c.unknown("never or notarized"));
  CHECK(c.unknown("! notarized"));
  CHECK(c.ask("certificate 5 trusted").answer == Answer::no);
  c.context.notarized = Answer::yes;
  c.context.trusted = Answer::no;
  CHECK(c.yes("notarized and ! anchor trusted"));
  // Sealed somewhere, and not at hand: neither there nor absent.
  c.context.info = nullptr;
  CHECK(c.yes("info[x] absent"));
  c.context.info_known = false;
  CHECK(c.unknown("info[x] absent"));
  CHECK(c.unknown("info[x] exists"));
  c.context.entitlements_known = false;
  CHECK(c.unknown("entitlement[yes] exists"));
  c.context.certificates.clear();
  CHECK(c.ask("anchor trusted").answer == Answer::no);
}

TEST_CASE("requirement: why not") {
  Case c;
  CHECK(c.why("always") == ": ");
  CHECK(c.why("identifier \"com.example.tool\" and identifier other") ==
        "identifier other: the identifier is \"com.example.tool\"");
  CHECK(c.why("identifier \"com.example.tool\" and anchor apple") ==
        "anchor apple: the certificates are not those of Apple's own software");
  CHECK(c.why("certificate leaf[subject.OU] = OTHER") ==
        "certificate leaf[subject.OU] = OTHER: subject.OU of the leaf certificate is "
        "\"TEAM123456\"");
  CHECK(c.why("certificate root[subject.OU] = OTHER") ==
        "certificate root[subject.OU] = OTHER: the root certificate has no subject.OU");
  CHECK(c.why("certificate 4[field.1.2.3]") ==
        "certificate 4[field.1.2.3] /* exists */: there is no certificate 4: the chain has 3");
  CHECK(c.why("certificate 1[field.1.2.3]") ==
        "certificate 1[field.1.2.3] /* exists */: certificate 1 has no extension 1.2.3");
  CHECK(c.why("certificate leaf[field.1.2.5] absent") ==
        "certificate leaf[field.1.2.5] absent : the leaf certificate has the extension 1.2.5");
  CHECK(c.why("certificate leaf[timestamp.1.2.5] absent or certificate leaf[timestamp.1.2.6]") ==
        "certificate leaf[timestamp.1.2.5] absent  or certificate leaf[timestamp.1.2.6] /* exists "
        "*/: extension 1.2.5 of the leaf certificate is 2023-03-08 20:26:40 +0000; and the leaf "
        "certificate has no time in an extension 1.2.6");
  CHECK(c.why("info[Nothing]") == "info[Nothing] /* exists */: Info.plist has no \"Nothing\"");
  CHECK(c.why("info[Off]") == "info[Off] /* exists */: \"Off\" of Info.plist is false");
  CHECK(c.why("entitlement[groups] = three") ==
        "entitlement[groups] = three: \"groups\" of the entitlements is of type array");
  CHECK(c.why("! always") == "! always: the negated condition is met");
  CHECK(c.why("notarized and always") == "notarized: only Apple's service or a ticket can decide");
  CHECK(c.why("identifier a or identifier b or platform = 3") ==
        "identifier a or identifier b or platform = 3: the identifier is \"com.example.tool\"; and "
        "the platform is 0");
  CHECK(c.why("cdhash H\"2222222222222222222222222222222222222222\"") ==
        "cdhash H\"2222222222222222222222222222222222222222\": macOS uses another CodeDirectory of "
        "this code, whose hash is "
        "1111111111111111111111111111111111111111");
  // Of texts out of a file no more than a line, and nothing that a terminal obeys.
  c.context.identifier = "\x1b[31m" + std::string(1000, 'x');
  const Evaluation wild = c.ask("identifier y");
  CHECK(wild.reason.size() < 150);
  CHECK(wild.reason.find('\x1b') == std::string::npos);
}

TEST_CASE("requirement: what the system refuses is met by nothing") {
  const Case c;
  Expression anchor = compile("certificate leaf = H\"" + std::string(40, '1') + "\"").value();
  anchor.text.resize(3);
  Expression negated = compile("! always or always").value();
  negated.operands[0].operands[0] = anchor;
  const Evaluation result = evaluate(negated, c.context);
  CHECK(result.answer == Answer::no);
  CHECK(result.clause == "certificate leaf = H\"111111\"");
}

TEST_CASE("requirement: operations that are not known") {
  const Case c;
  Expression unknown;
  unknown.op = flag_generic_false | 99;
  CHECK(evaluate(unknown, c.context).answer == Answer::no);
  unknown.op = flag_generic_skip | 99;
  unknown.operands = {compile("always").value()};
  CHECK(evaluate(unknown, c.context).answer == Answer::yes);
  unknown.op |= flag_generic_false;
  CHECK(evaluate(unknown, c.context).answer == Answer::no);
}
