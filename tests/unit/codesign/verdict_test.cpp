#include "codesign/verdict.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "codesign/blob/codesign.h"
#include "codesign/resources/problem.h"
#include "codesign/verify/file_verdict.h"

using namespace tenon;
using namespace tenon::codesign;

namespace {

Cause named(std::string code) { return make_cause(code, "message", "where"); }

DirectoryCheck directory(State state, const std::string& code = {}) {
  DirectoryCheck out;
  out.verdict.state = state;
  if (!code.empty()) out.verdict.causes.push_back(named(code));
  return out;
}

HashReport report_of(std::vector<DirectoryCheck> directories) {
  HashReport out;
  out.structure.state = State::valid;
  out.directories = std::move(directories);
  return out;
}

}  // namespace

TEST_CASE("verdict: the graver state remains, and its cause comes first") {
  Verdict verdict;
  CHECK(verdict.state == State::absent);
  CHECK(verdict.cause().code.empty());
  verdict.blame(State::valid, named("explains"));
  verdict.blame(State::unknown, named("unread"));
  CHECK(verdict.state == State::unknown);
  CHECK(verdict.cause().code == "unread");
  verdict.blame(State::invalid, named("broken"));
  verdict.blame(State::unknown, named("later"));
  verdict.blame(State::invalid, named("also"));
  CHECK(verdict.state == State::invalid);
  CHECK(verdict.cause().code == "broken");
  REQUIRE(verdict.causes.size() == 4);  // what explained the valid state is gone
  CHECK(verdict.causes[1].code == "unread");
  CHECK(verdict.causes[2].code == "later");
  CHECK(verdict.causes[3].code == "also");
}

TEST_CASE("verdict: the words of JSON and text stay") {
  CHECK(state_name(State::absent) == "none");
  CHECK(state_name(State::valid) == "valid");
  CHECK(state_name(State::unknown) == "unknown");
  CHECK(state_name(State::invalid) == "invalid");
}

TEST_CASE("verdict: a cause keeps the answer of Security, or none") {
  const Cause bad = make_cause("slot.hash", "m", "slot 1", OS_INFO_PLIST_FAILED);
  CHECK(bad.os_name == "errSecCSInfoPlistFailed");
  CHECK(bad.os_status == -67030);  // CSCommon.h
  CHECK(named("x").os_name.empty());
  CHECK(named("x").os_status == 0);
}

TEST_CASE("hash report: the system takes the best directory that it knows") {
  using enum State;
  CHECK(HashReport().verdict().state == absent);
  CHECK(report_of({directory(valid)}).verdict().state == valid);
  // A SHA-1 directory beside one of a type without a digest here.
  const Verdict doubt = report_of({directory(unknown, "a"), directory(valid)}).verdict();
  CHECK(doubt.state == valid);
  CHECK(doubt.causes.empty());
  const Verdict unread = report_of({directory(unknown, "a"), directory(unknown, "b")}).verdict();
  CHECK(unread.state == unknown);
  CHECK(unread.cause().code == "a");
  const Verdict broken = report_of({directory(unknown, "a"), directory(invalid, "b")}).verdict();
  CHECK(broken.state == invalid);
  CHECK(broken.cause().code == "b");
  const Verdict both = report_of({directory(valid), directory(invalid, "b")}).verdict();
  CHECK(both.state == invalid);
}

TEST_CASE("hash report: what is wrong with the whole signature comes first") {
  HashReport report = report_of({directory(State::invalid, "page.hash")});
  report.structure.blame(State::invalid, named("file.trailing-data"));
  const Verdict verdict = report.verdict();
  CHECK(verdict.cause().code == "file.trailing-data");
  REQUIRE(verdict.causes.size() == 2);
  CHECK(verdict.causes[1].code == "page.hash");
}

TEST_CASE("signature kind: the words of the documentation") {
  // docs/verify.md lists them; scripts compare them.
  const std::vector<std::string_view> listed{
      "unsigned",           "unknown",       "linker-signed", "ad-hoc",
      "self-signed",        "private",       "developer-id",  "apple-development",
      "apple-distribution", "mac-app-store", "apple",         "installer"};
  for (std::size_t i = 0; i < listed.size(); ++i) {
    CHECK(kind_slug(static_cast<SignatureKind>(i)) == listed[i]);
  }
  CHECK(signature_kind(cms::Kind::developer_id_kext) == SignatureKind::developer_id);
  CHECK(signature_kind(cms::Kind::private_chain) == SignatureKind::private_chain);
  CHECK(signature_kind(cms::Kind::unknown) == SignatureKind::unknown);
}

TEST_CASE("file verdict: an Intel slice beside slices of a linker needs no signature") {
  const auto slice = [](std::string arch, SignatureKind kind) {
    SliceVerdict out;
    out.arch = std::move(arch);
    out.kind = kind;
    return out;
  };
  FileVerdict file;
  CHECK_FALSE(file.is_signed());
  file.slices = {slice("x86_64", SignatureKind::absent),
                 slice("arm64", SignatureKind::linker_signed)};
  CHECK(file.is_signed());
  file.slices[1].kind = SignatureKind::ad_hoc;  // somebody signed on purpose, and forgot one
  CHECK_FALSE(file.is_signed());
  file.slices = {slice("arm64", SignatureKind::absent),
                 slice("arm64e", SignatureKind::linker_signed)};
  CHECK_FALSE(file.is_signed());
  file.slices[0].trust.state = State::unknown;
  file.slices[1].integrity.state = State::invalid;
  CHECK(file.state() == State::invalid);
}

TEST_CASE("flags: names as codesign prints them, the rest as a number") {
  using Names = std::vector<std::string>;
  CHECK(flag_names(CS_ADHOC | CS_RUNTIME) == Names{"adhoc", "runtime"});
  CHECK(flag_names(CS_ADHOC | CS_LINKER_SIGNED) == Names{"adhoc", "linker-signed"});
  CHECK(flag_names(0x40000000) == Names{"0x40000000"});
  CHECK(flag_names(0).empty());
}

// CSCommon.h: -67054 a sealed resource is missing or invalid, -67021 nested code is invalid, -67003
// an invalid symbolic link, -67014 unsealed contents in the bundle root.
TEST_CASE("resources: each problem has the answer of Security") {
  using resources::Issue;
  const auto cause = [](Issue issue) { return resources::cause_of({issue, "A.app/x", "why"}); };
  CHECK(cause(Issue::missing).os_status == -67054);
  CHECK(cause(Issue::nested_altered).os_status == OS_BAD_NESTED_CODE.number);
  CHECK(cause(Issue::link_target).os_status == -67003);
  CHECK(cause(Issue::unsealed_root).os_name == OS_UNSEALED_APP_ROOT.name);
  CHECK(cause(Issue::bad_code_resources).code == "bundle.bad-seal");
  CHECK(cause(Issue::altered).message == "was changed since it was sealed: why");
  CHECK(cause(Issue::altered).where == "A.app/x");
  CHECK(cause(Issue::name_conflict).os_name.empty());
  for (int i = 0; i <= static_cast<int>(Issue::name_conflict); ++i) {
    CHECK(cause(static_cast<Issue>(i)).code.starts_with("bundle."));
    CHECK_FALSE(cause(static_cast<Issue>(i)).code.contains(' '));
  }
}
