#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/build/request.h"
#include "diag/codes.h"
#include "host/files.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

Outcome<BuildRequest> request_of(const Words& args) {
  Arguments arguments;
  return read_request(args, arguments);
}

std::string refusal(const Words& args) {
  const auto request = request_of(args);
  REQUIRE_FALSE(request.has_value());
  CHECK(request.error().code == Code::usage_bad_option);
  CHECK_FALSE(request.error().fixes.empty());
  return request.error().message.text();
}

BuildRequest accepted(const Words& args) {
  auto request = request_of(args);
  if (!request) FAIL(request.error().message);
  return std::move(*request);
}

}  // namespace

TEST_CASE("build request: combinations that cannot be meant are refused with the reason") {
  CHECK(refusal({"."}).contains("--target is missing"));
  CHECK(refusal({".", "--target", "linux/arm65"}).contains("did you mean"));
  CHECK(refusal({".", "--target", "darwin/arm64:12.0,darwin/arm64:13.0"}).contains("two versions"));
  CHECK(refusal({".", "--target", "linux/arm64,linux/amd64", "-o", "x"})
            .contains("one file for linux/arm64:musl and linux/amd64:musl"));
  CHECK(refusal({".", "--target", "darwin/arm64", "--sysroot", "/"}).contains("--sdk"));
  CHECK(refusal({".", "--target", "linux/arm64", "--sysroot", "/no/such"}).contains("--sysroot"));
  CHECK(refusal({".", "--target", "linux/arm64", "--out", ""}).contains("--out is empty"));
  CHECK(refusal({".", "--target", "linux/arm64", "--engine", "gcc"}).contains("'gcc'"));
  CHECK(refusal({".", "--target", "darwin/arm64", "--min", "9.0"}).contains("'9.0'"));
  CHECK(refusal({".", "--target", "linux/arm64", "--timeout", "soon"}).contains("--timeout"));
  CHECK(refusal({".", "--target", "linux/arm64", "--timeout", "0"}).contains("--timeout"));
  CHECK(refusal({".", "--target", "linux/arm64", "--", "x"}).contains("--smoke"));
  CHECK(refusal({".", "--target", "linux/arm64", "-tags"}).contains("-tags needs a value"));
  CHECK(refusal({".", "--target", "linux/arm64", "--bogus"}).contains("--bogus"));
}

TEST_CASE("build request: :gnu without a version says which one it means") {
  const BuildRequest request =
      accepted({".", "--target", "linux/arm64:gnu,linux/amd64:gnu2.17,linux/386:musl"});
  REQUIRE(request.remarks.size() == 1);
  CHECK(request.remarks.front().text() ==
        "linux/arm64:gnu means linux/arm64:gnu2.28: for glibc 2.28 and newer");
}

TEST_CASE("build request: a target named twice is built once") {
  const BuildRequest request =
      accepted({".", "--target", "linux/arm64, linux/arm64:musl,linux/amd64"});
  REQUIRE(request.targets.size() == 2);
  CHECK(request.targets[0].name() == "linux/arm64:musl");
}

TEST_CASE("build request: paths are absolute and plain, wherever they are given") {
  const BuildRequest request =
      accepted({"./cmd/x", "--target", "linux/arm64", "--out", "a/../b", "-o", "./c/app"});
  CHECK(request.out == current_folder() + "/b");
  CHECK(request.go_args.output == current_folder() + "/c/app");
  CHECK(request.folder == current_folder());
  CHECK(request.packages == Words{"./cmd/x"});
  CHECK(accepted({"--target", "linux/arm64"}).packages == Words{"."});
}

TEST_CASE("build request: times with and without a unit, and -n of go build") {
  using std::chrono::seconds;
  const auto timeout = [](const std::string& text) {
    return accepted({".", "--target", "linux/arm64", "--timeout", text}).timeout;
  };
  CHECK(timeout("90") == seconds(90));
  CHECK(timeout("90s") == seconds(90));
  CHECK(timeout("30m") == seconds(1800));
  CHECK(timeout("2h") == seconds(7200));
  const BuildRequest dry = accepted({".", "--target", "linux/arm64", "-n", "-v"});
  CHECK(dry.dry_run);
  CHECK(dry.go_args.flags == Words{"-v"});
  CHECK_FALSE(accepted({".", "--target", "linux/arm64"}).dry_run);
}
