#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/build/settings.h"
#include "crossbuild/project_file.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

Project project_of(std::string_view text) {
  Project project;
  project.root = "/module";
  project.file = ".tenon.toml";
  auto read = read_project_file(text);
  REQUIRE(read.has_value());
  project.content = std::move(*read);
  return project;
}

std::string chosen(const Choices& choices, std::string_view name) {
  const BuildSetting* found = choices.find(name);
  return found == nullptr ? "-" : found->value + " by " + found->origin;
}

constexpr std::string_view text =
    "[build]\n"
    "targets = [\"darwin/arm64\"]\n"
    "out = \"bin\"\n"
    "tags = [\"a\", \"b\"]\n"
    "ldflags = \"-s\"\n"
    "race = true\n"
    "flat-lookup = true\n"
    "[[build.target]]\n"
    "name = \"linux/arm64\"\n"
    "tags = [\"c\"]\n"
    "sysroot = \"sys\"\n";

}  // namespace

TEST_CASE("build settings: a flag goes before the file, and the file before the default") {
  const Project project = project_of(text);
  Arguments arguments;
  arguments.values["--out"] = "elsewhere";
  GoArgs go_args;
  go_args.ldflags = {"-w"};
  const Choices choices = merge(arguments, go_args, project, "");
  CHECK(chosen(choices, "out") == "elsewhere by flag");
  CHECK(chosen(choices, "ldflags") == "-w by flag");
  CHECK(chosen(choices, "tags") == "a,b by .tenon.toml:4");
  CHECK(chosen(choices, "race") == "true by .tenon.toml:6");
  CHECK(chosen(choices, "engine") == "auto by default");
  CHECK(chosen(choices, "sysroot") == "-");
  CHECK(choices.own_outputs);
  CHECK(choices.go_args.ldflags == Words{"-w"});
  CHECK(choices.go_args.flags == Words{"-tags=a,b", "-race=true"});
  CHECK(choices.go_args.race);
  CHECK(choices.arguments.has("--flat-lookup"));
  CHECK(choices.arguments.get("--target") == "darwin/arm64,linux/arm64");
}

TEST_CASE("build settings: a target's table goes before [build], and is no target of --target") {
  const Project project = project_of(text);
  Arguments arguments;
  arguments.values["--target"] = "linux/arm64";
  const Choices own = merge(arguments, {}, project, "linux/arm64:musl");
  CHECK(own.go_args.flags == Words{"-tags=c", "-race=true"});
  CHECK(own.arguments.get("--sysroot") == "/module/sys");
  CHECK(own.arguments.get("--out") == "/module/bin");
  CHECK_FALSE(own.own_outputs);
  REQUIRE(own.find("tags") != nullptr);
  CHECK(own.find("tags")->target == "linux/arm64:musl");
  CHECK(own.find("out")->target.empty());
  CHECK(merge(arguments, {}, project, "").arguments.get("--target") == "linux/arm64");
}

TEST_CASE("build settings: a directory of a target's own goes before the pattern of [build]") {
  const Project project = project_of(
      "[build]\noutput = \"bin/{name}\"\nbuildmode = \"pie\"\n"
      "[[build.target]]\nname = \"linux/arm64\"\nout = \"arm\"\nbuildmode = \"c-archive\"\n"
      "[[build.target]]\nname = \"linux/amd64\"\noutput = \"amd\"\n");
  CHECK(merge({}, {}, project, "").go_args.output == "/module/bin/{name}");
  const Choices arm = merge({}, {}, project, "linux/arm64:musl");
  CHECK(arm.go_args.output.empty());
  CHECK(arm.arguments.get("--out") == "/module/arm");
  CHECK(arm.go_args.build_mode == "c-archive");
  CHECK(arm.go_args.flags == Words{"-buildmode=c-archive"});
  const Choices amd = merge({}, {}, project, "linux/amd64:musl");
  CHECK(amd.go_args.output == "/module/amd");
  CHECK(amd.go_args.build_mode == "pie");
  CHECK(chosen(amd, "output") == "amd by .tenon.toml:10");
  GoArgs given;
  given.output = "here";
  CHECK(merge({}, given, project, "linux/amd64:musl").go_args.output == "here");
}

TEST_CASE("build settings: a sysroot of the file is a directory of the module, or a name") {
  const Project project = project_of("[build]\nsysroot = \"debian:12/arm64\"\n");
  CHECK(merge({}, {}, project, "").arguments.get("--sysroot") == "debian:12/arm64");
}

TEST_CASE("build settings: without a file only flags and defaults count") {
  Arguments arguments;
  arguments.values["--target"] = "linux/arm64";
  const Choices choices = merge(arguments, {}, Project{}, "");
  CHECK(choices.arguments.values == arguments.values);
  CHECK(choices.go_args.flags.empty());
  CHECK(chosen(choices, "targets") == "linux/arm64 by flag");
  CHECK(chosen(choices, "out") == "dist by default");
}
