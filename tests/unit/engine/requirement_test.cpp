#include <doctest/doctest.h>

#include <string>

#include "engine/requirement/evaluate.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

CertificateFacts certificate(std::string cn, std::string organization, std::string unit = "",
                             std::vector<std::string> extensions = {}) {
  CertificateFacts out;
  out.sha1.fill(static_cast<std::byte>(cn.size()));
  out.subject = {{"2.5.4.3", std::move(cn)}, {"2.5.4.10", std::move(organization)}};
  if (!unit.empty()) out.subject.emplace_back("2.5.4.11", std::move(unit));
  out.extensions = std::move(extensions);
  return out;
}

struct Case {
  Context context;
  plist::Dict info, entitlements;

  Case() {
    context.identifier = "com.example.tool";
    context.cdhashes = {std::string(20, '\x11')};
    context.certificates = {certificate("Developer ID Application: Example (TEAM123456)", "Example",
                                        "TEAM123456", {"1.2.840.113635.100.6.1.13"}),
                            certificate("Developer ID Certification Authority", "Apple Inc.", "",
                                        {"1.2.840.113635.100.6.2.6"}),
                            certificate("Apple Root CA", "Apple Inc.")};
    context.apple_root = true;
    info.add("CFBundleShortVersionString", "17.10");
    info.add("Off", false);
    plist::Array groups;
    groups.emplace_back("one");
    groups.emplace_back("two");
    entitlements.add("groups", std::move(groups));
    entitlements.add("yes", true);
    context.info = &info;
    context.entitlements = &entitlements;
  }

  Evaluation ask(std::string_view text) const {
    const auto compiled = compile(text);
    REQUIRE(compiled.has_value());
    return evaluate(*compiled, context);
  }

  bool yes(std::string_view text) const { return ask(text).answer == Answer::yes; }
};

}  // namespace

TEST_CASE("requirement: conditions") {
  const Case c;
  CHECK(c.yes("identifier \"com.example.tool\""));
  CHECK_FALSE(c.yes("identifier \"com.example.tools\""));
  CHECK(c.yes("anchor apple generic"));
  CHECK_FALSE(c.yes("anchor apple"));  // the intermediate is not that of Apple's own software
  CHECK(c.yes("certificate leaf[subject.OU] = TEAM123456"));
  CHECK(c.yes("certificate -1[subject.CN] = \"Apple Root CA\""));
  CHECK(c.yes("certificate root[subject.O] = \"Apple\"*"));
  CHECK(c.yes("certificate 1[field.1.2.840.113635.100.6.2.6] exists"));
  CHECK(c.yes("certificate 1[field.1.2.3] absent"));
  CHECK_FALSE(c.yes("certificate 7[field.1.2.3] absent"));  // no such certificate
  CHECK(c.yes("cdhash H\"1111111111111111111111111111111111111111\""));
  CHECK_FALSE(c.yes("cdhash H\"2111111111111111111111111111111111111111\""));
  CHECK(c.yes("certificate leaf = H\"" + [] {
    std::string hex;
    const std::size_t size = std::string("Developer ID Application: Example (TEAM123456)").size();
    for (int i = 0; i < 20; ++i) {
      hex += "0123456789abcdef"[size / 16];
      hex += "0123456789abcdef"[size % 16];
    }
    return hex;
  }() + "\""));
}

TEST_CASE("requirement: values compare as CFString does") {
  const Case c;
  CHECK(c.yes("info[CFBundleShortVersionString] > \"17.9\""));  // numbers, not letters
  CHECK(c.yes("info[CFBundleShortVersionString] <= \"17.10\""));
  CHECK_FALSE(c.yes("info[CFBundleShortVersionString] < \"17.10\""));
  CHECK(c.yes("info[CFBundleShortVersionString] ~ \".1\""));
  CHECK_FALSE(c.yes("info[Off] exists"));  // false is as good as absent
  CHECK(c.yes("info[Nothing] absent"));
  CHECK(c.yes("entitlement[groups] = two"));  // one of an array is enough
  CHECK_FALSE(c.yes("entitlement[groups] = three"));
  CHECK(c.yes("entitlement[yes] exists"));
  CHECK_FALSE(c.yes("entitlement[yes] = true1"));
}

TEST_CASE("requirement: what is not known stays so") {
  const Case c;
  CHECK(c.ask("notarized").answer == Answer::unknown);
  CHECK(c.ask("notarized or always").answer == Answer::yes);
  CHECK(c.ask("notarized and never").answer == Answer::no);
  CHECK(c.ask("! notarized").answer == Answer::unknown);
  const auto failed = c.ask("identifier \"com.example.tool\" and anchor apple");
  CHECK(failed.answer == Answer::no);
  CHECK(failed.clause == "anchor apple");
}

TEST_CASE("requirement: the designated requirement that codesign makes") {
  const Case c;
  const auto developer_id = designated(c.context.identifier, c.context.certificates, true);
  REQUIRE(developer_id.has_value());
  CHECK(print(*developer_id) ==
        "identifier \"com.example.tool\" and anchor apple generic and certificate "
        "1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate "
        "leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "
        "TEAM123456");
  CHECK(evaluate(*developer_id, c.context).answer == Answer::yes);

  // Byte for byte what stands in uvx of uv 0.13.9 (slot 2, without the head of the set).
  auto chain = c.context.certificates;
  chain[0].subject[2].second = "2DC432GLL2";
  const auto bytes = write(*designated("sh.astral.uvx", chain, true));
  CHECK(bytes.size() == 0x9c);

  // drmaker.cpp, nonAppleAnchor: up to the last certificate of the leaf's organization.
  std::vector<CertificateFacts> own{certificate("leaf", "Example"),
                                    certificate("middle", "Example"),
                                    certificate("root one", "Example")};
  CHECK(print(*designated("x", own, false)) ==
        "identifier x and certificate root = H\"0808080808080808080808080808080808080808\"");
  own[2] = certificate("root one", "Other");
  CHECK(print(*designated("x", own, false)) ==
        "identifier x and certificate 1 = H\"0606060606060606060606060606060606060606\"");
  own[0].subject.pop_back();
  CHECK(print(*designated("x", own, false)) ==
        "identifier x and certificate leaf = H\"0404040404040404040404040404040404040404\"");
  CHECK_FALSE(designated("x", {}, false).has_value());

  std::vector<CertificateFacts> development{
      certificate("Apple Development: Example", "Example"),
      certificate("Apple Worldwide", "Apple Inc.", "", {"1.2.840.113635.100.6.2.1"}),
      certificate("Apple Root CA", "Apple Inc.")};
  CHECK(print(*designated("x", development, true)) ==
        "identifier x and anchor apple generic and certificate leaf[subject.CN] = \"Apple "
        "Development: Example\" and certificate 1[field.1.2.840.113635.100.6.2.1] /* exists */");
  CHECK(print(designated_by_hash({std::string(20, '\x01'), std::string(20, '\x02')})) ==
        "cdhash H\"0101010101010101010101010101010101010101\" or cdhash "
        "H\"0202020202020202020202020202020202020202\"");
}
