// Signing and verifying files on the disk: which file is looked at, as what, and in which order.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "codesign/resources_bundle.h"
#include "codesign/run/sign_files.h"
#include "codesign/run/verify_paths.h"
#include "diag/catalog.h"
#include "host/files.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;

namespace {

struct Folder {
  TemporaryFolder folder{make_temporary_folder("tenon-codesign-test").value()};

  std::string add(const std::string& name, const std::string& text) const {
    const std::string path = join_path(folder.path, name);
    REQUIRE(make_folders(std::string(folder_of(path))).has_value());
    REQUIRE(write_text(path, text, 0755).has_value());
    return path;
  }
};

VerifyResult verified(const std::string& path) {
  VerifyRequest request;
  request.paths = {path};
  auto result = verify_paths(request);
  REQUIRE(result.has_value());
  return *std::move(result);
}

}  // namespace

TEST_CASE("run: a file that is not there is a finding, not an answer") {
  const VerifyResult result = verified("/nonexistent/tenon-test/file");
  CHECK(result.answers.empty());
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings.front().code == Code::usage_unreadable_input);
  CHECK(overall_state(result) == State::unknown);
}

TEST_CASE("run: a root that cannot be read refuses the request") {
  VerifyRequest request;
  request.trust_roots = {"/nonexistent/tenon-test/root.pem"};
  const auto result = verify_paths(request);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message.contains("--trust-root /nonexistent/tenon-test/root.pem"));
}

TEST_CASE("run: what is no code is a finding when it is named, and passed over in a folder") {
  const Folder folder;
  const std::string script = folder.add("d/script.sh", "#!/bin/sh\n");
  const std::string program = folder.add("d/e/tool", signed_program("tool"));
  CHECK(verified(script).findings.front().code == Code::verify_not_readable_here);
  const VerifyResult all = verified(join_path(folder.folder.path, "d"));
  CHECK(all.findings.empty());
  REQUIRE(all.answers.size() == 1);
  CHECK(all.answers.front().path == program);
  CHECK(overall_state(all) == State::valid);
}

TEST_CASE("run: a bundle is signed from the inside out, and holds") {
  const Folder folder;
  const std::string in = "A.app/Contents/";
  const std::string main = folder.add(in + "MacOS/A", small_program().build());
  folder.add(in + "Info.plist", info_plist("A"));
  folder.add(in + "Resources/a.txt", "hello\n");
  const std::string helper = folder.add(in + "MacOS/helper", small_program().build());
  const std::string app = join_path(folder.folder.path, "A.app");

  const auto steps = sign_path(app, {});
  REQUIRE(steps.has_value());
  REQUIRE(steps->size() == 2);
  CHECK(steps->front().path == helper);
  CHECK(steps->back().path == main);
  CHECK(steps->back().sealed);
  CHECK(steps->back().slices.front().identifier == "com.example.A");  // CFBundleIdentifier

  const VerifyResult bundle = verified(app);
  CHECK(overall_state(bundle) == State::valid);
  CHECK(bundle.answers.front().bundle == "contents");
  // The executable alone is the bundle, as the system sees it; the answer has the name given.
  const VerifyResult alone = verified(main);
  REQUIRE(alone.answers.size() == 1);
  CHECK(alone.answers.front().bundle == "contents");
  CHECK(alone.answers.front().path == main);

  folder.add(in + "Resources/a.txt", "hallo\n");
  const VerifyResult changed = verified(app);
  CHECK(overall_state(changed) == State::invalid);
  CHECK(changed.answers.front().file.slices.front().integrity.cause().code == "bundle.altered");
}

TEST_CASE("run: a dry run writes nothing, and what it removes is gone") {
  const Folder folder;
  const std::string plain = small_program().build();
  const std::string path = folder.add("tool", plain);
  SignJob job;
  job.dry_run = true;
  REQUIRE(sign_path(path, job).has_value());
  CHECK(read_text(path).value() == plain);
  job.dry_run = false;
  REQUIRE(sign_path(path, job).has_value());
  CHECK(overall_state(verified(path)) == State::valid);
  job.remove = true;
  REQUIRE(sign_path(path, job).has_value());
  CHECK(verified(path).answers.front().file.slices.front().kind == SignatureKind::absent);
}
