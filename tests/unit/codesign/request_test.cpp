// What the command line of `sign` and `verify` becomes, and what it is refused for.
#include "codesign/sign/request.h"

#include <doctest/doctest.h>

#include <string>

#include "codesign/usage.h"
#include "codesign/verify/policy.h"
#include "codesign/verify/request.h"

using namespace tenon;
using namespace tenon::codesign;

namespace {

std::string refusal(const Outcome<SignOptions>& options) {
  REQUIRE_FALSE(options.has_value());
  CHECK(options.error().subject == "tenon sign");
  return options.error().message.text();
}

std::string refusal(const Outcome<Demands>& demands) {
  REQUIRE_FALSE(demands.has_value());
  CHECK(demands.error().subject == "tenon verify");
  return demands.error().message.text();
}

SliceVerdict signed_slice() {
  SliceVerdict out;
  out.arch = "arm64";
  out.type = "executable";
  out.kind = SignatureKind::developer_id;
  out.identifier = "com.example.tool";
  out.team = "TEAM123456";
  out.flags = CS_RUNTIME;
  out.integrity.state = out.identity.state = out.trust.state = State::valid;
  return out;
}

State after(const std::string& rule, SliceVerdict slice) {
  FileVerdict file;
  file.slices.push_back(std::move(slice));
  apply_demands({{rule}, std::nullopt}, file);
  return file.slices.front().trust.state;
}

}  // namespace

TEST_CASE("sign request: flags are the words of codesign --options") {
  SignRequest request;
  CHECK_FALSE(read_sign_options(request)->flags.has_value());  // those of the old signature stay
  request.flags = "";
  CHECK(read_sign_options(request)->flags == 0U);  // given and empty: none
  request.runtime = true;
  CHECK(read_sign_options(request)->flags == 0x10000U);
  request.flags = "library,,kill,hard";
  CHECK(read_sign_options(request)->flags == (0x10000U | 0x2000U | 0x200U | 0x100U));
  request.flags = "library-validation,expires,restrict,enforcement";
  request.runtime = false;
  CHECK(read_sign_options(request)->flags == (0x2000U | 0x400U | 0x800U | 0x1000U));
  request.flags = "runtime,adhoc";
  CHECK(refusal(read_sign_options(request)).contains("--options: unknown flag 'adhoc'"));
}

TEST_CASE("sign request: pages are those that a kernel maps") {
  SignRequest request;
  CHECK(read_sign_options(request)->page_size == 0);
  request.page_size = "16384";
  CHECK(read_sign_options(request)->page_size == 16384);
  for (const char* bad : {"", "0", "4095", "8192", "16k", "-4096"}) {
    CAPTURE(bad);
    request.page_size = bad;
    CHECK(refusal(read_sign_options(request)).contains("4096 or 16384"));
  }
}

TEST_CASE("sign request: requirements are compiled before anything is written") {
  SignRequest request;
  request.requirements = "=designated => identifier a.b";
  const auto options = read_sign_options(request);
  REQUIRE(options.has_value());
  REQUIRE(options->requirements.size() == 1);
  CHECK(options->requirements.front().type == 3);  // kSecDesignatedRequirementType
  request.requirements = "identifier";
  CHECK(refusal(read_sign_options(request)).contains("--requirements: "));
  request.requirements = "certificate leaf = \"/a/file.cer\"";
  CHECK_FALSE(read_sign_options(request).has_value());  // no file is opened without leave
}

TEST_CASE("sign request: only code of Apple's chain gets a timestamp unasked") {
  SignRequest request;
  const std::string apple = "http://timestamp.apple.com/ts01";
  CHECK(timestamp_source(request, true, true) == apple);
  CHECK(timestamp_source(request, true, false).empty());
  request.timestamp = true;
  CHECK(timestamp_source(request, true, false) == apple);
  CHECK(timestamp_source(request, false, false).empty());  // ad-hoc: there is no CMS to stamp
  request.timestamp_url = "http://t.example/";
  CHECK(timestamp_source(request, true, true) == "http://t.example/");
  request.no_timestamp = true;
  CHECK(timestamp_source(request, true, true).empty());
}

TEST_CASE("usage: a list without its empty parts") {
  CHECK(list_parts(",a,,b,") == std::vector<std::string>{"a", "b"});
  CHECK(list_parts("").empty());
}

TEST_CASE("verify request: a rule that does not exist is refused before a file is opened") {
  VerifyRequest request;
  CHECK(read_demands(request)->rules.empty());
  request.rules = {"trusted", "notarised"};
  const std::string message = refusal(read_demands(request));
  CHECK(message.contains("--require: unknown rule 'notarised'"));
  for (const PolicyName& each : policy_names()) CHECK(message.contains(each.name));
  request.rules = {"team"};  // a value is missing
  CHECK_FALSE(read_demands(request).has_value());
  request.rules = {"runtime=1"};
  CHECK_FALSE(read_demands(request).has_value());
}

TEST_CASE("verify request: a requirement that does not compile names the place") {
  VerifyRequest request;
  request.requirement = "identifier a and";
  CHECK(refusal(read_demands(request)).contains("--requirement: "));
  request.requirement = "= anchor apple generic";
  CHECK(read_demands(request)->requirement.has_value());
  request.requirement = "";
  CHECK_FALSE(read_demands(request).has_value());
}

TEST_CASE("policies: a signature for distribution keeps them, and each one can be broken") {
  SliceVerdict good = signed_slice();
  for (const char* rule : {"trusted", "trust", "anchor", "developer-id", "team=TEAM123456",
                           "identifier=com.example.tool", "runtime", "no-get-task-allow",
                           "entitlements=a", "entitlements-well-formed", "all-slices-same-id"}) {
    CAPTURE(rule);
    CHECK(after(rule, good) == State::valid);
  }
  CHECK(after("timestamp", good) == State::invalid);
  CHECK(after("not-expired", good) == State::invalid);  // nobody to say so
  CHECK(after("team=OTHER", good) == State::invalid);
  CHECK(after("identifier=com.example", good) == State::invalid);
  SliceVerdict claimed = good;
  claimed.identity.state = State::absent;  // a team in an ad-hoc signature is a claim
  CHECK(after("team=TEAM123456", claimed) == State::invalid);
  SliceVerdict plain = good;
  plain.flags = 0;
  CHECK(after("runtime", plain) == State::invalid);
  plain.type = "dynamic library";  // the runtime is of programs
  CHECK(after("runtime", plain) == State::valid);
  SliceVerdict privately = good;
  privately.kind = SignatureKind::private_chain;
  CHECK(after("developer-id", privately) == State::invalid);
  SliceVerdict unsure = good;
  unsure.trust.state = State::absent;
  CHECK(after("trusted", unsure) == State::invalid);
}

TEST_CASE("policies: entitlements") {
  SliceVerdict slice = signed_slice();
  plist::Dict dict;
  dict.add("com.apple.security.get-task-allow", true);
  dict.add("b", false);
  slice.entitlements = plist::Value(std::move(dict));
  CHECK(after("no-get-task-allow", slice) == State::invalid);
  CHECK(after("entitlements=b", slice) == State::invalid);
  CHECK(after("entitlements=b+com.apple.security.get-task-allow", slice) == State::valid);
  CHECK(after("entitlements=com.apple.security.get-task-allow", slice) == State::invalid);
  slice.warnings.push_back(make_cause("entitlements.differ", "b: absent in XML", "slot 7"));
  CHECK(after("entitlements-well-formed", slice) == State::invalid);
}

TEST_CASE("policies: slices with two identifiers, and slices without a signature") {
  FileVerdict file;
  file.slices = {signed_slice(), signed_slice(), SliceVerdict()};
  file.slices[1].identifier = "other";
  apply_demands({{"all-slices-same-id"}, std::nullopt}, file);
  CHECK(file.slices[0].trust.state == State::valid);
  CHECK(file.slices[1].trust.state == State::invalid);
  CHECK(file.slices[1].trust.cause().code == "policy.all-slices-same-id");
  CHECK(file.slices[1].trust.cause().where == "--require all-slices-same-id");
  CHECK(file.slices[2].trust.state == State::absent);  // not signed: reported already
}

TEST_CASE("demands: a requirement is held against every signed slice") {
  VerifyRequest request;
  request.requirement = "identifier com.example.tool";
  const auto demands = read_demands(request);
  REQUIRE(demands.has_value());
  FileVerdict file;
  file.slices = {signed_slice(), signed_slice(), SliceVerdict()};
  file.slices[1].identifier = "other";
  apply_demands(*demands, file);
  CHECK(file.slices[0].trust.state == State::valid);
  CHECK(file.slices[1].trust.state == State::invalid);
  CHECK(file.slices[1].trust.cause().os_status == -67050);  // errSecCSReqFailed
  CHECK(file.slices[2].trust.state == State::absent);
}

TEST_CASE("sign request: what is for one path") {
  SignRequest request;
  request.flags = "runtime,Contents/MacOS/tool=hard+kill,Contents/Frameworks/H*.app/=";
  CHECK(read_sign_options(request)->flags == 0x10000U);
  const auto scopes = read_scopes(request);
  REQUIRE(scopes.has_value());
  REQUIRE(scopes->size() == 2);
  CHECK(scopes->at(0).path == "Contents/MacOS/tool");
  CHECK(scopes->at(0).flags == 0x300U);
  CHECK(scopes->at(1).path == "Contents/Frameworks/H*.app");
  CHECK(scopes->at(1).flags == 0U);
  request.flags = "Contents/MacOS/tool=hard";
  CHECK_FALSE(read_sign_options(request)->flags.has_value());
  request.flags = "a=loud";
  CHECK_FALSE(read_scopes(request).has_value());
}

TEST_CASE("sign request: '*' in a path is any number of characters") {
  struct Row {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Row rows[] = {
      {"a/b", "a/b", true},    {"a/b", "a/bc", false},   {"a*", "a/b/c", true},
      {"*c", "a/b/c", true},   {"a*b*c", "a-b-c", true}, {"a*b*c", "a-c", false},
      {"ab*ba", "aba", false}, {"*", "", true},          {"H (*).app", "H (GPU).app", true}};
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    Scope scope;
    scope.path = row.pattern;
    CHECK(scope.matches(row.path) == row.matches);
  }
}

TEST_CASE("sign request: what is kept of an old signature") {
  SignRequest request;
  const Preserve usual = read_sign_options(request)->preserve;
  CHECK((usual.entitlements && usual.flags && usual.runtime));
  CHECK_FALSE((usual.identifier || usual.requirements));
  request.preserve = "identifier,runtime";
  const Preserve two = read_sign_options(request)->preserve;
  CHECK((two.identifier && two.runtime));
  CHECK_FALSE((two.entitlements || two.flags || two.requirements));
  request.preserve = "all";
  CHECK_FALSE(read_sign_options(request).has_value());
  request.preserve = "none";
  request.inner = "leave";
  CHECK_FALSE(read_sign_options(request).has_value());
}
