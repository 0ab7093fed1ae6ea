#include "crossbuild/plan/output_names.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "diag/codes.h"

using namespace tenon;

namespace {

std::vector<Target> targets(const std::vector<std::string_view>& names) {
  std::vector<Target> out;
  for (const std::string_view name : names) out.push_back(parse_target(name).value());
  return out;
}

}  // namespace

TEST_CASE("output names: what go calls the program of an import path") {
  // `go help install`: the last element, or the one before it for a major version.
  CHECK(program_name("example.com/app", {"."}) == "app");
  CHECK(program_name("example.com/app/v2", {"."}) == "app");
  CHECK(program_name("example.com/app/cmd/v1", {"./cmd/v1"}) == "v1");
  CHECK(program_name("example.com/app/vault", {"."}) == "vault");
  CHECK(program_name("v2", {"."}) == "v2");
  CHECK(program_name("command-line-arguments", {"cmd/tool.go", "cmd/b.go"}) == "tool");
}

TEST_CASE("output names: each target gets a file of its own") {
  const auto apart = [](std::string_view output, const std::vector<std::string_view>& names,
                        std::string_view mode = "") {
    std::vector<TargetOutput> all;
    for (const Target& target : targets(names)) {
      all.push_back({target, std::string(output), std::string(mode)});
    }
    return check_apart(all);
  };
  const std::vector<std::string_view> both{"linux/arm64:musl", "linux/arm64:gnu2.28"};
  const std::vector<std::string_view> systems{"linux/arm64:gnu2.28", "darwin/arm64"};
  CHECK(apart("dist/{name}-{target}", both).has_value());
  CHECK(apart("dist/{libc}/", both).has_value());
  const auto same = apart("dist/app-{arch}", both);
  REQUIRE_FALSE(same.has_value());
  CHECK(same.error().message.text().contains("linux/arm64:musl and linux/arm64:gnu2.28"));
  CHECK(apart("app", {"linux/arm64"}).has_value());
  CHECK(apart("lib{ext}", systems, "c-shared").has_value());
  CHECK_FALSE(apart("x{ext}", systems).has_value());
  // One of them has an output of its own, in a table of the project's file.
  const auto mixed = targets(both);
  CHECK(check_apart({{mixed[0], "app", ""}, {mixed[1], "app-gnu", ""}}).has_value());
  CHECK_FALSE(check_apart({{mixed[0], "app{ext}", ""}, {mixed[1], "app", "pie"}}).has_value());
}

TEST_CASE("output names: a placeholder that does not exist is refused, with the nearest") {
  const auto wrong = check_output("app-{archs}");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().code == Code::usage_bad_option);
  CHECK(wrong.error().message.text().contains("did you mean {arch}?"));
  // A brace alone is part of a name.
  CHECK(check_output("a{b").has_value());
}

TEST_CASE("output names: endings by system and mode") {
  const Target linux = parse_target("linux/amd64:gnu2.28").value();
  const Target mac = parse_target("darwin/arm64").value();
  CHECK(output_extension(linux, "") == "");
  CHECK(output_extension(linux, "c-shared") == ".so");
  CHECK(output_extension(linux, "c-archive") == ".a");
  CHECK(output_extension(mac, "c-shared") == ".dylib");
  CHECK(output_extension(mac, "plugin") == ".so");  // as go names it
  CHECK(shared_library_name("app", linux) == "libapp.so");
  CHECK(shared_library_name("libapp", mac) == "libapp.dylib");
}
