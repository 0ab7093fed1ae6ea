// Signing and verifying files on the disk: which file is looked at, as what, and in which order.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "codesign/failure.h"
#include "codesign/resources_bundle.h"
#include "codesign/run/bundle_of.h"
#include "codesign/run/sign_files.h"
#include "codesign/run/verify_paths.h"
#include "codesign/sign/step.h"
#include "codesign/verdict.h"
#include "codesign/verify/answer.h"
#include "codesign/verify/file_verdict.h"
#include "codesign/verify/request.h"
#include "diag/codes.h"
#include "diag/report.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/locked_file.h"

using namespace tenon;
using namespace tenon::codesign;
using namespace tenon::test;

namespace {

using Words = std::vector<std::string>;

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

TEST_CASE("run: a file that is not there is unread, not an answer") {
  const VerifyResult result = verified("/nonexistent/tenon-test/file");
  CHECK(result.answers.empty());
  REQUIRE(result.unread.size() == 1);
  CHECK(result.unread.front().error.code == Errc::not_found);
  CHECK(overall_state(result) == State::unknown);
  Report report;
  add_to_report(result, false, false, {}, report);
  CHECK_FALSE(report.ok);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().code == Code::usage_unreadable_input);
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

namespace {

// A bundle "A.app" with one resource; its folder is given back.
std::string small_app(const Folder& folder) {
  folder.add("A.app/Contents/MacOS/A", small_program().build());
  folder.add("A.app/Contents/Info.plist", info_plist("A"));
  folder.add("A.app/Contents/Resources/a.txt", "hello\n");
  return join_path(folder.folder.path, "A.app");
}

Words all_names(const std::string& folder) {
  Words out;
  for (const std::string& name : search_folder(folder)) {
    const std::string path = join_path(folder, name);
    out.push_back(path);
    if (is_link(path) || !is_folder(path)) continue;
    for (std::string& inner : all_names(path)) out.push_back(std::move(inner));
  }
  return out;
}

}  // namespace

TEST_CASE("run: a link in place of the seal, or of its folder, is not written through") {
  for (const char* name : {"CodeResources", "folder"}) {
    CAPTURE(name);
    const Folder folder;
    const std::string app = small_app(folder), seal = app + "/Contents/_CodeSignature";
    const std::string victim = folder.add("outside/CodeResources", "precious");
    if (name == std::string("folder")) {
      REQUIRE(::symlink("../../outside", seal.c_str()) == 0);
    } else {
      REQUIRE(make_folders(seal).has_value());
      REQUIRE(::symlink(victim.c_str(), (seal + "/CodeResources").c_str()) == 0);
    }
    const auto before = read_text(app + "/Contents/MacOS/A").value();
    const auto steps = sign_path(app, {});
    REQUIRE_FALSE(steps.has_value());
    // A link among the files of a signature is refused before; one in place of their folder when it
    // is opened.
    const bool is_folder = name == std::string("folder");
    CHECK(steps.error().kind == (is_folder ? FailureKind::file : FailureKind::obstacle));
    if (is_folder) CHECK(steps.error().error == Errc::link);
    SignJob lenient;
    lenient.strict = false;
    CHECK(sign_path(app, lenient).error().error == Errc::link);
    CHECK(read_text(victim).value() == "precious");
    CHECK(read_text(app + "/Contents/MacOS/A").value() == before);
  }
}

TEST_CASE("run: signing a bundle again with the same bytes leaves the seal alone") {
  const Folder folder;
  const std::string app = small_app(folder);
  REQUIRE(sign_path(app + "/", {}).has_value());
  const Words names = all_names(folder.folder.path);
  const auto seal = file_identity(app + "/Contents/_CodeSignature/CodeResources").value();
  REQUIRE(sign_path(app, {}).has_value());
  CHECK(file_identity(app + "/Contents/_CodeSignature/CodeResources").value() == seal);
  CHECK(all_names(folder.folder.path) == names);
}

TEST_CASE("run: a file that somebody else signs is refused and stays undecided") {
  const Folder folder;
  const std::string program = folder.add("tool", small_program().build());
  const auto held = LockedFile::open(program);
  const auto steps = sign_path(program, {});
  REQUIRE_FALSE(steps.has_value());
  CHECK(steps.error().error == Errc::busy);
  CHECK(is_undecided(steps.error()));
}

TEST_CASE("run: the other names of a signed file are counted") {
  const Folder folder;
  const std::string program = folder.add("tool", small_program().build());
  REQUIRE(::link(program.c_str(), (program + "2").c_str()) == 0);
  const auto steps = sign_path(program, {});
  REQUIRE(steps.has_value());
  REQUIRE(steps->front().not_kept.size() == 1);
  CHECK(steps->front().not_kept.front().code == "file.hard-links");
  REQUIRE(loss_findings(steps->front(), true).size() == 1);
  CHECK(loss_findings(steps->front(), true).front().code == Code::signing_file_not_kept);
}

TEST_CASE("run: temporary names lie outside of what a seal covers") {
  const Folder folder;
  const std::string top = real_path(folder.folder.path).value(), app = top + "/A.app";
  const std::string program = folder.add("tool", small_program().build());
  small_app(folder);
  CHECK(staging_folders(top + "/tool").empty());
  // Before there is a seal, only the bundle that gets one counts.
  CHECK(staging_folders(app + "/Contents/MacOS/A").empty());
  CHECK(staging_folders(app) == Words{top, app + "/Contents/_CodeSignature"});
  REQUIRE(sign_path(app, {}).has_value());
  CHECK(staging_folders(app + "/Contents/MacOS/A") == Words{top, app + "/Contents/_CodeSignature"});
}
