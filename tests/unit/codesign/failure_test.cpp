// Why something is not signed: every kind has a code, and the words of a failure reach the finding.
// Kinds that need keys are reached in cms_load_test, cms_timestamp_test, cms_verify_test and
// sign_verify_test.
#include "codesign/failure.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/memory_tree.h"
#include "codesign/resources/build.h"
#include "codesign/run/sign_files.h"
#include "codesign/run/sign_session.h"
#include "codesign/sign/sign.h"
#include "diag/catalog.h"
#include "format/macho_builder.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;

namespace {

const std::string no_file = "/nonexistent/tenon-test/file";

template <class T>
Failure failure_of(const Result<T, Failure>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

FailureKind session_failure(const SignRequest& request) {
  SignSession session;
  return failure_of(load_session(request, session)).kind;
}

}  // namespace

TEST_CASE("failure: the codes by what a person has to do") {
  // docs/rules.md: 0801 another file, 0802 this file, 0803 the key, 0804 the service.
  CHECK(code_of(FailureKind::not_code) == Code::signing_not_code);
  CHECK(code_of(FailureKind::trailing_data) == Code::signing_not_code);
  CHECK(code_of(FailureKind::refused) == Code::signing_failed);
  CHECK(code_of(FailureKind::interrupted) == Code::signing_failed);
  CHECK(code_of(FailureKind::identity_file) == Code::signing_identity_not_usable);
  CHECK(code_of(FailureKind::built_without_cms) == Code::signing_identity_not_usable);
  CHECK(code_of(FailureKind::timestamp_service) == Code::signing_no_timestamp);
  CHECK(code_of(FailureKind::timestamp_random) == Code::signing_no_timestamp);
}

TEST_CASE("failure: every kind makes a finding with its place, its reason and its way out") {
  for (int i = 0; i <= static_cast<int>(last_failure_kind); ++i) {
    CAPTURE(i);
    const auto kind = static_cast<FailureKind>(i);
    const Finding finding = finding_of({kind, "the reason", "the place", "the way out"}, "path");
    CHECK(finding.message.contains("the place"));
    CHECK(finding.message.contains("the reason"));
    CHECK(finding.subject == "path");
    REQUIRE_FALSE(finding.fixes.empty());
    CHECK(finding.fixes.front().text == "the way out");
    REQUIRE(finding.evidence.size() == 1);
    CHECK(finding.evidence.front().where == "the place");
  }
  CHECK(finding_of({FailureKind::refused, "why", "", ""}, "path").message.contains("path"));
}

TEST_CASE("failure: a file that cannot be read") {
  CHECK(failure_of(sign_path(no_file, {})).kind == FailureKind::file);
  CHECK(failure_of(sign_path(no_file, {})).error == Errc::not_found);
  SignRequest request;
  request.credentials = {no_file};
  CHECK(session_failure(request) == FailureKind::identity_file);
  request.credentials.clear();
  request.entitlements = no_file;
  CHECK(session_failure(request) == FailureKind::entitlements);
}

TEST_CASE("failure: a file without a name has no identifier") {
  const std::string program = small_program().build();
  SignOptions options;
  const Failure failure = failure_of(sign_file(view_of(program), options));
  CHECK(failure.kind == FailureKind::no_identifier);
  CHECK(failure.fix.contains("--identifier"));
}

TEST_CASE("failure: a file without __LINKEDIT has no place for a signature") {
  std::string program = small_program().build();
  program.replace(program.find("__LINKEDIT"), 10, "__OTHER\0\0\0", 10);
  SignOptions options;
  options.file_name = "tool";
  const auto made = sign_file(view_of(program), options);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().kind == FailureKind::refused);
  CHECK(made.error().what.contains("__LINKEDIT"));
  CHECK(made.error().where == "arm64");
}

TEST_CASE("failure: a bundle that cannot be sealed names its path and the error below") {
  MemoryTree tree;
  const auto none = resources::signing_order(tree, "A.app");
  CHECK(failure_of(none).kind == FailureKind::bundle);
  CHECK(failure_of(none).error == Errc::not_found);
  CHECK(failure_of(none).where == "A.app");
  tree.add_file("A.app/Contents/Info.plist",
                "<plist version=\"1.0\"><dict><key>CFBundleResourceSpecification</key>"
                "<string>../rules.plist</string></dict></plist>");
  const auto outside = resources::signing_order(tree, "A.app");
  CHECK(failure_of(outside).kind == FailureKind::bundle);
  CHECK(failure_of(outside).error == Errc::malformed);
}

TEST_CASE("failure: a CMS that outgrows its room is a limit, not a full disk") {
  const std::string program = small_program().build();
  sign::SliceRequest request;
  request.identifier = "tool";
  request.cms = [](ByteView) -> Result<sign::Bytes> { return sign::Bytes(std::size_t{1} << 20U); };
  const auto recipe = sign::sign_slice(view_of(program), request);
  REQUIRE_FALSE(recipe.has_value());
  CHECK(recipe.error().code == Errc::limit);
}
