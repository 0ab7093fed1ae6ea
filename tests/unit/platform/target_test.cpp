#include "platform/target.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace tenon;

namespace {

Target target(std::string_view text) {
  const ParsedTarget parsed = parse_target(text);
  REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
  return *parsed;
}

std::string nearest_of(std::string_view text) {
  const ParsedTarget parsed = parse_target(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK_FALSE(parsed.error().message.empty());
  return parsed.error().nearest;
}

}  // namespace

TEST_CASE("target: versions") {
  CHECK(parse_version("12") == Version{12, 0, 0});
  CHECK(parse_version("2.17") == Version{2, 17, 0});
  CHECK(parse_version("11.7.1") == Version{11, 7, 1});
  for (const char* wrong : {"", "a", "12.", ".1", "1.2.3.4", "-1", "12.x", "70000"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_version(wrong).has_value());
  }
  CHECK(Version{2, 9, 0} < Version{2, 17, 0});
  CHECK(Version{12, 0, 0}.text() == "12.0");
  CHECK(Version{11, 7, 1}.text() == "11.7.1");
  CHECK(Version{}.empty());
  CHECK_FALSE(Version{0, 14, 0}.empty());
}

TEST_CASE("target: darwin, with and without a version") {
  const Target plain = target("darwin/arm64");
  CHECK(plain.darwin());
  CHECK(plain.libc == Libc::apple);
  CHECK(plain.min.empty());
  CHECK(plain.name() == "darwin/arm64");
  const Target old = target("darwin/amd64:11.7.1");
  CHECK(old.min == Version{11, 7, 1});
  CHECK(old.zig_triple() == "x86_64-macos.11.7.1");
  CHECK(old.clang_triple() == "x86_64-apple-macos11.7.1");
  const Target arm = target("darwin/arm64:12.0");
  CHECK(arm.zig_triple() == "aarch64-macos.12.0");
  CHECK(arm.clang_triple() == "arm64-apple-macos12.0");
  CHECK(arm.slug() == "darwin-arm64");
}

TEST_CASE("target: linux is musl unless glibc is named") {
  CHECK(target("linux/arm64").libc == Libc::musl);
  CHECK(target("linux/arm64").name() == "linux/arm64:musl");
  CHECK(target("linux/arm64").zig_triple() == "aarch64-linux-musl");
  const Target old = target("linux/arm64:gnu2.17");
  CHECK(old.libc == Libc::glibc);
  CHECK(old.zig_triple() == "aarch64-linux-gnu.2.17");
  CHECK(old.clang_triple() == "aarch64-linux-gnu");
  CHECK(old.slug() == "linux-arm64-gnu2.17");
  CHECK(target("linux/amd64:gnu.2.31").min == Version{2, 31, 0});
  CHECK_FALSE(target("linux/amd64:gnu").min.empty());
}

TEST_CASE("target: a system without a processor, and a glibc that does not exist, name what does") {
  CHECK(nearest_of("linux") == "linux/amd64");
  CHECK(nearest_of("darwin") == "darwin/arm64");
  CHECK(nearest_of("linux/arm64:gnu2.99") == "linux/arm64:gnu2.42");
  CHECK(nearest_of("linux/arm64:gnu3.0") == "linux/arm64:gnu2.42");
  CHECK(nearest_of("linux/arm64:gnuold").empty());
}

TEST_CASE("target: glibc came to aarch64 with 2.17, to x86-64 with 2.2.5") {
  CHECK_FALSE(parse_target("linux/arm64:gnu2.16").has_value());
  CHECK(parse_target("linux/amd64:gnu2.5").has_value());
  CHECK_FALSE(parse_target("linux/amd64:gnu2.2").has_value());
  CHECK_FALSE(parse_target("linux/amd64:gnu3.0").has_value());
  CHECK_FALSE(parse_target("linux/amd64:gnu2.999").has_value());
}

TEST_CASE("target: darwin/universal is the arm64 half and says so") {
  const Target both = target("darwin/universal");
  CHECK(both.universal);
  CHECK(both.platform->goarch == "arm64");
  CHECK(both.name() == "darwin/universal");
  CHECK(both.slug() == "darwin-universal");
  CHECK(target("darwin/universal:13.0").min == Version{13, 0, 0});
}

TEST_CASE("target: wrong spellings name the nearest right one") {
  CHECK(nearest_of("darwin/arm46") == "darwin/arm64");
  CHECK(nearest_of("linux/aarch64") == "linux/arm64");
  CHECK(nearest_of("darwin/univresal") == "darwin/universal");
  CHECK(nearest_of("linux/arm64:mussl") == "musl");
  CHECK(nearest_of("linux/arm64:") == "linux/arm64");
  CHECK(nearest_of("plan9").empty());
  CHECK(nearest_of("").empty());
  CHECK_FALSE(parse_target("darwin/arm64:musl").has_value());
  CHECK_FALSE(parse_target("darwin/arm64:9.0").has_value());
  CHECK_FALSE(parse_target("DARWIN/ARM64").has_value());
}

TEST_CASE("target: every name that is offered is taken and comes back as it was") {
  std::set<std::string> slugs;
  for (const std::string& name : target_names()) {
    CAPTURE(name);
    const Target parsed = target(name);
    CHECK(parsed.name() == name);
    CHECK(slugs.insert(parsed.slug()).second);
    CHECK(parsed.slug().find_first_of("/: ") == std::string::npos);
  }
}

// How `docker build --platform` names them.
TEST_CASE("target: arm is named with its version, and without one it is 7") {
  CHECK(target("linux/arm").name() == "linux/arm/v7:musl");
  CHECK(target("linux/arm/v7:gnu2.31").name() == "linux/arm/v7:gnu2.31");
  CHECK(target("linux/arm/v7").slug() == "linux-arm-v7-musl");
  CHECK(target("linux/arm/v7").zig_triple() == "arm-linux-musleabihf");
  CHECK(target("linux/arm/v6:gnu2.28").zig_triple() == "arm-linux-gnueabihf.2.28");
  CHECK(target("linux/arm/v6").clang_triple() == "armv6-linux-musleabihf");
  CHECK(nearest_of("linux/arm/v5") == "linux/arm/v6");
  CHECK(target("linux/arm64/v8").name() == "linux/arm64:musl");
  CHECK(nearest_of("linux/armv7") == "linux/arm/v7");
  CHECK(nearest_of("linux/arm:v7").empty());
}

TEST_CASE("target: zig is told the processor where its default is another") {
  CHECK(target("linux/arm64").zig_flags() ==
        std::vector<std::string>{"-target", "aarch64-linux-musl"});
  CHECK(target("linux/arm/v6").zig_flags().back() == "-mcpu=arm1176jzf_s");
  CHECK(target("linux/386").zig_triple() == "x86-linux-musl");
}

TEST_CASE("target: glibc is at least the first that has the processor") {
  CHECK(target("linux/amd64:gnu").min == Version{2, 28, 0});
  CHECK(target("linux/loong64:gnu").min == Version{2, 36, 0});
  CHECK_FALSE(parse_target("linux/loong64:gnu2.31").has_value());
  CHECK_FALSE(parse_target("linux/riscv64:gnu2.17").has_value());
}

TEST_CASE("target: Windows has one C library and no suffix") {
  CHECK(target("windows/amd64").zig_triple() == "x86_64-windows-gnu");
  CHECK(target("windows/arm64").zig_triple() == "aarch64-windows-gnu");
  CHECK(target("windows/arm64").clang_triple() == "aarch64-w64-windows-gnu");
  CHECK(target("windows/amd64").name() == "windows/amd64");
  CHECK(target("windows/amd64").slug() == "windows-amd64");
  CHECK_FALSE(parse_target("windows/amd64:gnu").has_value());
  CHECK_FALSE(parse_target("windows/amd64:10.0").has_value());
}

TEST_CASE("target: FreeBSD has one C library, of the version that zig has") {
  CHECK(target("freebsd/amd64").zig_triple() == "x86_64-freebsd.14.0");
  CHECK(target("freebsd/arm64").clang_triple() == "aarch64-unknown-freebsd14.0");
  CHECK(target("freebsd/arm64").name() == "freebsd/arm64");
  CHECK(target("freebsd/arm64").slug() == "freebsd-arm64");
  CHECK(nearest_of("freebsd/amd64:13.0") == "freebsd/amd64");
  CHECK_FALSE(parse_target("freebsd/386").has_value());
}

TEST_CASE("target: what tenon only reads about is no target") {
  for (const char* name : {"windows/386", "netbsd/amd64", "android/arm64", "js/wasm"}) {
    CAPTURE(name);
    CHECK(find_platform(name) != nullptr);
    CHECK_FALSE(parse_target(name).has_value());
  }
}
