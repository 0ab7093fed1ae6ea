#include "crossbuild/plan/go_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "diag/codes.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

GoArgs taken(const Words& args) {
  const auto out = split_go_args(args);
  REQUIRE(out.has_value());
  return *out;
}

BuildChoices choices_for(std::string_view target) {
  BuildChoices choices;
  choices.cc.target = parse_target(target).value();
  choices.compiler_folder = "/cache/cc";
  choices.pkg_config_folder = "/cache/empty";
  return choices;
}

GoPlan planned(const BuildChoices& choices, const GoArgs& args = {}) {
  const auto plan = plan_go(args, choices);
  REQUIRE(plan.has_value());
  return *plan;
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string starting(const Words& words, std::string_view prefix) {
  const auto found = std::ranges::find_if(
      words, [&](const std::string& word) { return word.starts_with(prefix); });
  return found == words.end() ? std::string("none") : *found;
}

}  // namespace

TEST_CASE("plan: flags of go build are taken out, the rest stays in order") {
  const GoArgs args = taken({"--target", "darwin/arm64", "-tags", "a,b", "-v", "./cmd/app", "-race",
                             "--trimpath", "-p=2", "--json"});
  CHECK(args.flags == Words{"-tags=a,b", "-v", "-race", "-trimpath", "-p=2"});
  CHECK(args.rest == Words{"--target", "darwin/arm64", "./cmd/app", "--json"});
  CHECK(args.race);
}

TEST_CASE("plan: flags that tenon itself acts on") {
  const GoArgs args =
      taken({"-o", "out/app", "-C=sub", "-ldflags", "-s -w", "-buildmode=c-shared"});
  CHECK(args.output == "out/app");
  CHECK(args.folder == "sub");
  CHECK(args.ldflags == Words{"-s -w"});
  CHECK(args.build_mode == "c-shared");
  CHECK(args.flags == Words{"-buildmode=c-shared"});
  CHECK_FALSE(args.race);
}

TEST_CASE("plan: two dashes end the flags, and a flag needs its value") {
  CHECK(taken({"-v", "--", "-race", "x"}).rest == Words{"--", "-race", "x"});
  CHECK(taken({"-v", "--", "-race", "x"}).flags == Words{"-v"});
  CHECK(taken({"-ldflags="}).ldflags == Words{""});
  CHECK(split_go_args({"-tags"}).error().message.contains("-tags"));
  CHECK(split_go_args({"-tags"}).error().code == Code::usage_bad_option);
  CHECK(taken({"-"}).rest == Words{"-"});
  CHECK(taken({"-unknown", "x"}).rest == Words{"-unknown", "x"});
}

TEST_CASE("plan: go gets the target, and nothing of this machine's search folders") {
  const GoPlan plan = planned(choices_for("darwin/arm64:12.0"));
  CHECK(has(plan.environment, "GOOS=darwin"));
  CHECK(has(plan.environment, "GOARCH=arm64"));
  CHECK(has(plan.environment, "CGO_ENABLED=1"));
  CHECK(has(plan.environment, "CC=/cache/cc/cc"));
  CHECK(has(plan.environment, "CXX=/cache/cc/c++"));
  for (const char* name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH",
                           "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET"}) {
    CAPTURE(name);
    CHECK(has(plan.environment, name));
  }
  BuildChoices off = choices_for("linux/amd64");
  off.cgo = false;
  CHECK(has(planned(off).environment, "CGO_ENABLED=0"));
  CHECK(has(planned(off).environment, "GOARCH=amd64"));
}

TEST_CASE("plan: cmd/go splits CC into the path that was meant") {
  BuildChoices choices = choices_for("linux/arm64");
  for (const char* folder : {"/a b/c", "/it's", "/say \"x\"", "/plain"}) {
    choices.compiler_folder = folder;
    const std::string cc = starting(planned(choices).environment, "CC=").substr(3);
    CHECK(go_split(cc) == Words{std::string(folder) + "/cc"});
  }
  choices.compiler_folder = "/it's \"x\"";
  const auto refused = plan_go({}, choices);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::usage_bad_option);
  CHECK(refused.error().subject == choices.compiler_folder);
}

// PKG_CONFIG_PATH only adds folders; PKG_CONFIG_LIBDIR replaces them.
TEST_CASE("plan: pkg-config sees the target's libraries or none") {
  BuildChoices choices = choices_for("linux/arm64:gnu2.17");
  CHECK(has(planned(choices).environment, "PKG_CONFIG_LIBDIR=/cache/empty"));
  CHECK(has(planned(choices).environment, "PKG_CONFIG_PATH="));
  CHECK(has(planned(choices).environment, "PKG_CONFIG_SYSROOT_DIR"));
  choices.cc.sysroot = "/root";
  const GoPlan plan = planned(choices);
  CHECK(has(plan.environment, "PKG_CONFIG_SYSROOT_DIR=/root"));
  CHECK(has(plan.environment, "PKG_CONFIG_PATH="));
  const auto folders = starting(plan.environment, "PKG_CONFIG_LIBDIR=").substr(18);
  for (const std::string_view folder : split(folders, ':')) CHECK(folder.starts_with("/root/"));
  CHECK(folders.contains("/root/usr/lib/aarch64-linux-gnu/pkgconfig"));
}

TEST_CASE("plan: paths are trimmed unless they are to stay") {
  BuildChoices choices = choices_for("linux/arm64");
  CHECK(has(planned(choices).flags, "-trimpath"));
  CHECK(std::ranges::count(planned(choices, taken({"-trimpath"})).flags, "-trimpath") == 1);
  CHECK_FALSE(has(planned(choices, taken({"-trimpath=false"})).flags, "-trimpath"));
  choices.keep_paths = true;
  CHECK_FALSE(has(planned(choices).flags, "-trimpath"));
}

// Go's own linker stops at objects of a foreign C library: net with musl.
TEST_CASE("plan: linux with cgo is linked by the C linker") {
  BuildChoices choices = choices_for("linux/arm64");
  CHECK(has(planned(choices).flags, "-ldflags=-linkmode=external"));
  GoArgs args;
  args.ldflags = {"-s -w"};
  CHECK(has(planned(choices, args).flags, "-ldflags=-s -w -linkmode=external"));
  args.ldflags = {"-linkmode=internal"};
  CHECK(has(planned(choices, args).flags, "-ldflags=-linkmode=internal"));
  choices.cgo = false;
  CHECK(starting(planned(choices).flags, "-ldflags") == "none");
  CHECK(starting(planned(choices_for("darwin/arm64:12.0")).flags, "-ldflags") == "none");
}

// `go help build`: "pattern=flags", and the last that fits a package counts.
TEST_CASE("plan: flags for patterns keep their order and ours stand in each") {
  const BuildChoices choices = choices_for("linux/arm64");
  const auto flags_of = [&](const Words& words) {
    Words out = planned(choices, taken(words)).flags;
    std::erase_if(out, [](const std::string& flag) { return !flag.starts_with("-ldflags"); });
    return out;
  };
  CHECK(flags_of({"-ldflags=./...=-s", "-ldflags=runtime=-w"}) ==
        Words{"-ldflags=-linkmode=external", "-ldflags=./...=-s -linkmode=external",
              "-ldflags=runtime=-w -linkmode=external"});
  CHECK(flags_of({"-ldflags=-s", "-ldflags=cmd/...="}) ==
        Words{"-ldflags=-s -linkmode=external", "-ldflags=cmd/...=-linkmode=external"});
}

TEST_CASE("plan: a value that mentions -linkmode is no -linkmode") {
  const BuildChoices choices = choices_for("linux/arm64");
  CHECK(has(planned(choices, taken({"-ldflags=-X=main.v=-linkmode"})).flags,
            "-ldflags=-X=main.v=-linkmode -linkmode=external"));
}

TEST_CASE("plan: the build mode may stand in GOFLAGS") {
  BuildChoices choices = choices_for("linux/arm64");
  CHECK(planned(choices).build_mode.empty());
  choices.goflags = "-mod=mod -buildmode=c-shared";
  CHECK(planned(choices).build_mode == "c-shared");
  CHECK(planned(choices, taken({"-buildmode=pie"})).build_mode == "pie");
}

TEST_CASE("plan: a sysroot is for Linux only") {
  BuildChoices choices = choices_for("darwin/arm64:12.0");
  choices.cc.sysroot = "/root";
  CHECK(has(planned(choices).environment, "PKG_CONFIG_LIBDIR=/cache/empty"));
  CHECK(has(planned(choices).environment, "PKG_CONFIG_SYSROOT_DIR"));
}

TEST_CASE("plan: link flags of GOFLAGS are kept, those of the command line win") {
  BuildChoices choices = choices_for("linux/arm64");
  choices.goflags = "-mod=mod '-ldflags=-X main.v=1'";
  CHECK(has(planned(choices).flags, "-ldflags=-X main.v=1 -linkmode=external"));
  CHECK(has(planned(choices, taken({"-ldflags=-s"})).flags, "-ldflags=-s -linkmode=external"));
  choices.goflags = "'-ldflags=open";
  CHECK(has(planned(choices).flags, "-ldflags=-linkmode=external"));
}

TEST_CASE("plan: without tools for it, DWARF is left out of macOS programs") {
  BuildChoices choices = choices_for("darwin/arm64:12.0");
  choices.strip_dwarf = true;
  CHECK(has(planned(choices).flags, "-ldflags=-w"));
  choices.cgo = false;
  CHECK(starting(planned(choices).flags, "-ldflags") == "none");
  choices.cc.toolchain.ar = "/usr/bin/llvm-ar";
  CHECK(has(planned(choices).environment, "AR=/usr/bin/llvm-ar"));
}

TEST_CASE("go plan: a C library for Linux records its own name, unless one is given") {
  BuildChoices choices = choices_for("linux/amd64:gnu2.28");
  choices.output = "libapp.so";
  const std::string named = "-ldflags=-linkmode=external -extldflags=-Wl,-soname,libapp.so";
  CHECK(has(planned(choices, taken({"-buildmode=c-shared"})).flags, named));
  choices.goflags = "-buildmode=c-shared";
  CHECK(has(planned(choices).flags, named));
  choices.goflags.clear();
  const GoArgs own = taken({"-buildmode=c-shared", "-ldflags", "-extldflags=-Wl,-soname,x.so.1"});
  CHECK(has(planned(choices, own).flags,
            "-ldflags=-extldflags=-Wl,-soname,x.so.1 -linkmode=external"));
  CHECK(has(planned(choices).flags, "-ldflags=-linkmode=external"));
  BuildChoices mac = choices_for("darwin/arm64");
  mac.output = "libapp.dylib";
  CHECK_FALSE(join(planned(mac, taken({"-buildmode=c-shared"})).flags, " ").contains("soname"));
}
