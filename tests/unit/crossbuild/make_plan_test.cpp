#include "crossbuild/plan/make_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "crossbuild/plan/finish_plan.h"
#include "diag/codes.h"
#include "diag/render/render.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

BuildFacts machine() {
  BuildFacts facts;
  facts.tenon = "/opt/tenon";
  facts.version = "1.0 abc";
  facts.go = "/go/bin/go";
  facts.go_version = "go1.26.8";
  facts.go_minimum = {12, 0, 0};
  facts.home = "/home/u";
  return facts;
}

BuildRequest request_for(std::string_view target, const Words& go_args = {}) {
  BuildRequest request;
  request.targets = {parse_target(target).value()};
  request.go_args = split_go_args(go_args).value();
  request.packages = {"./cmd/app"};
  request.folder = "/home/u/project";
  request.out = "/home/u/project/dist";
  return request;
}

CcConfig compiler(const BuildRequest& request, const Target& target, const BuildFacts& facts) {
  CcConfig cc = wanted_compiler(request, target, choose_minimum(target, request.min, facts));
  if (!cc.engine_given) cc.toolchain.engine = Engine::zig;
  cc.toolchain.zig = "/opt/zig/zig";
  cc.toolchain.zig_version = {0, 15, 2};
  cc.toolchain.strip = "/usr/bin/llvm-strip";
  cc.toolchain.dsymutil = "/usr/bin/dsymutil";
  cc.cache = "/home/u/.cache/tenon";
  return cc;
}

Outcome<Plan> try_plan(const BuildRequest& request, const BuildFacts& facts = machine(),
                       bool warm = true) {
  const Target& target = request.targets.front();
  std::vector<SliceFacts> slices;
  for (const Target& slice : slices_of(target)) {
    slices.push_back({compiler(request, slice, facts), warm, "/home/u/.cache/tenon/warm/x", {}});
  }
  return make_plan(request, target, facts, slices);
}

Plan plan_of(const BuildRequest& request, const BuildFacts& facts = machine(), bool warm = true) {
  auto plan = try_plan(request, facts, warm);
  REQUIRE(plan.has_value());
  return std::move(*plan);
}

const Step& go_of(const SlicePlan& slice) {
  const Step* step = find_step(slice, Step::Kind::go);
  REQUIRE(step != nullptr);
  return *step;
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string json(const Plan& plan) { return render_data(plan_data(plan)); }

}  // namespace

TEST_CASE("build plan: c-shared for both kinds of Mac, exactly") {
  const Plan plan =
      plan_of(request_for("darwin/universal", {"-buildmode=c-shared", "-o", "lib.dylib"}));
  CHECK(plan.target.name() == "darwin/universal");
  CHECK(plan.build_mode == "c-shared");
  REQUIRE(plan.slices.size() == 2);
  const SlicePlan& arm = plan.slices[0];
  CHECK(arm.cc.target.name() == "darwin/arm64");
  CHECK(plan.slices[1].cc.target.name() == "darwin/amd64");
  REQUIRE(arm.steps.size() == 2);
  const Words options{"--target=darwin/arm64",
                      "--min=12.0",
                      "--engine=zig",
                      "--zig=/opt/zig/zig",
                      "--zig-version=0.15.2",
                      "--strip=/usr/bin/llvm-strip",
                      "--dsymutil=/usr/bin/dsymutil",
                      "--cache=/home/u/.cache/tenon",
                      "--raise-min"};
  Words wrapper{"/opt/tenon", "cc"};
  wrapper.insert(wrapper.end(), options.begin(), options.end());
  wrapper.emplace_back("--print-wrapper");
  CHECK(arm.steps[0].kind == Step::Kind::wrapper);
  CHECK(arm.steps[0].argv == wrapper);
  CHECK(arm.steps[0].outputs == Words{arm.wrapper});
  const Step& go = go_of(arm);
  CHECK(go.argv == Words{"/go/bin/go", "build", "-v", "-o", arm.stage + "/bin/lib.dylib",
                         "-buildmode=c-shared", "-trimpath", "--", "./cmd/app"});
  CHECK(go.folder == "/home/u/project");
  CHECK(go.outputs == Words{arm.stage + "/bin/lib.dylib"});
  CHECK(go.environment == Words{"GOOS=darwin", "GOARCH=arm64", "CGO_ENABLED=1",
                                "CC=" + arm.wrapper + "/cc", "CXX=" + arm.wrapper + "/c++", "CPATH",
                                "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH",
                                "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET",
                                "GCC_EXEC_PREFIX", "COMPILER_PATH",
                                "PKG_CONFIG_LIBDIR=/home/u/.cache/tenon/no-pkg-config",
                                "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR"});
  CHECK(has(go_of(plan.slices[1]).environment, "GOARCH=amd64"));
  CHECK(arm.stage != plan.slices[1].stage);
  CHECK(arm.wrapper != plan.slices[1].wrapper);
  CHECK(plan.finish.folder.empty());
  CHECK(destination(plan, "lib.h") == "lib.h");
  CHECK(makes_library(plan));
}

TEST_CASE("build plan: glibc with a sysroot") {
  BuildRequest request = request_for("linux/amd64:gnu2.17");
  request.sysroot = "/srv/root";
  const Plan plan = plan_of(request);
  REQUIRE(plan.slices.size() == 1);
  const SlicePlan& slice = plan.slices.front();
  CHECK(has(slice.steps[0].argv, "--target=linux/amd64:gnu2.17"));
  CHECK(has(slice.steps[0].argv, "--sysroot=/srv/root"));
  const Step& go = go_of(slice);
  CHECK(has(go.argv, "-ldflags=-linkmode=external"));
  CHECK(has(go.environment, "PKG_CONFIG_SYSROOT_DIR=/srv/root"));
  CHECK(has(go.environment,
            "PKG_CONFIG_LIBDIR=/srv/root/usr/lib/x86_64-linux-gnu/pkgconfig:"
            "/srv/root/usr/lib/pkgconfig:/srv/root/usr/share/pkgconfig:"
            "/srv/root/usr/local/lib/pkgconfig"));
  CHECK(slice.gate.target.min == Version{2, 17, 0});
  CHECK(plan.finish.folder == "/home/u/project/dist/linux-amd64-gnu2.17");
  CHECK(destination(plan, "app") == "/home/u/project/dist/linux-amd64-gnu2.17/app");
}

TEST_CASE("build plan: a step as a line for a shell removes what must not reach go") {
  Step step;
  step.argv = {"/go/bin/go", "build", "a b"};
  step.environment = {"GOOS=linux", "CPATH", "CC=/x y/cc"};
  CHECK(quoted(command_of(step)) == "env -u CPATH GOOS=linux 'CC=/x y/cc' /go/bin/go build 'a b'");
  step.environment.clear();
  CHECK(quoted(command_of(step)) == "/go/bin/go build 'a b'");
}

TEST_CASE("build plan: the engine is warmed once, by a program in a folder of its own") {
  const Plan cold = plan_of(request_for("linux/arm64"), machine(), false);
  REQUIRE(cold.slices.front().steps.size() == 3);
  const Step& step = cold.slices.front().steps[1];
  CHECK(step.kind == Step::Kind::warm);
  CHECK(step.folder == "/");
  CHECK(step.inputs == Words{"{scratch}/a.c"});
  CHECK(step.outputs == Words{"/home/u/.cache/tenon/warm/x"});
  CHECK(step.argv.back() == "{scratch}/a.c");
  CHECK(step.why.contains("zig 0.15.2"));
  CHECK(find_step(plan_of(request_for("linux/arm64")).slices.front(), Step::Kind::warm) == nullptr);
}

TEST_CASE("build plan: a stage is shared by builds with the same inputs only") {
  const auto stage = [](const BuildRequest& request, const BuildFacts& facts = machine()) {
    return plan_of(request, facts).slices.front().stage;
  };
  const std::string one = stage(request_for("linux/arm64"));
  CHECK(stage(request_for("linux/arm64")) == one);
  BuildRequest smoke = request_for("linux/arm64");
  smoke.smoke = true;  // says nothing about what is built
  CHECK(stage(smoke) == one);
  CHECK(stage(request_for("linux/arm64", {"-tags=x"})) != one);
  CHECK(stage(request_for("linux/amd64")) != one);
  BuildRequest other = request_for("linux/arm64");
  other.packages = {"./cmd/other"};
  CHECK(stage(other) != one);
  other = request_for("linux/arm64");
  other.folder = "/home/u/copy";
  CHECK(stage(other) != one);
  BuildFacts newer = machine();
  newer.go_version = "go1.27";
  CHECK(stage(request_for("linux/arm64"), newer) != one);
  newer = machine();
  newer.version = "1.1 def";
  CHECK(stage(request_for("linux/arm64"), newer) != one);
}

TEST_CASE("build plan: -o names a file, a folder that exists, or a folder by its slash") {
  BuildFacts facts = machine();
  Plan plan = plan_of(request_for("linux/arm64", {"-o", "/out/app"}), facts);
  CHECK(plan.finish.folder == "/out");
  CHECK(go_of(plan.slices.front()).outputs.front().ends_with("/bin/app"));
  plan = plan_of(request_for("linux/arm64", {"-o", "/out/"}), facts);
  CHECK(destination(plan, "app") == "/out/app");
  CHECK(go_of(plan.slices.front()).outputs.front().ends_with("/bin/"));
  facts.output_is_folder = true;
  plan = plan_of(request_for("linux/arm64", {"-o", "/out/app"}), facts);
  CHECK(destination(plan, "x") == "/out/app/x");
}

TEST_CASE("build plan: what names this machine is looked for, but no short path") {
  BuildFacts facts = machine();
  facts.caches = {"/xdg/cache", "relative"};
  const Plan plan = plan_of(request_for("linux/arm64"), facts);
  const Words& paths = plan.slices.front().gate.host_paths;
  for (const char* path : {"/home/u/project", "/home/u/.cache/tenon", "/opt/zig", "/home/u/",
                           "/home/u/go/pkg/mod", "/tmp/tenon-", "/tmp/go-build7"}) {
    CAPTURE(path);
    CHECK(has(paths, path));
  }
  CHECK(has(plan.finish.neutral, "/xdg/cache"));
  CHECK_FALSE(has(plan.finish.neutral, "relative"));
  BuildRequest root = request_for("linux/arm64");
  root.folder = "/work";
  facts.home = "/root";
  const Plan short_paths = plan_of(root, facts);
  CHECK_FALSE(has(short_paths.slices.front().gate.host_paths, "/work"));
  CHECK_FALSE(has(short_paths.slices.front().gate.host_paths, "/root/"));
  root.keep_paths = true;
  CHECK(plan_of(root, facts).slices.front().gate.host_paths.empty());
  CHECK(plan_of(root, facts).finish.neutral.empty());
}

TEST_CASE("build plan: the oldest macOS is what was asked for, but not below Go's own") {
  const Target mac = parse_target("darwin/arm64").value();
  const Minimum open = choose_minimum(mac, {}, machine());
  CHECK(open.version == Version{12, 0, 0});
  CHECK(open.raise);
  const Minimum asked = choose_minimum(mac, {13, 0, 0}, machine());
  CHECK(asked.version == Version{13, 0, 0});
  CHECK_FALSE(asked.raise);
  CHECK_FALSE(asked.note.has_value());
  const Minimum named =
      choose_minimum(parse_target("darwin/arm64:14.0").value(), {13, 0, 0}, machine());
  CHECK(named.version == Version{14, 0, 0});
  const Minimum old = choose_minimum(mac, {10, 15, 0}, machine());
  CHECK(old.version == Version{12, 0, 0});
  REQUIRE(old.note.has_value());
  CHECK(old.note->code == Code::gate_deployment_target);
  CHECK(old.note->message.contains("macOS 10.15 was requested"));
  const Minimum linux =
      choose_minimum(parse_target("linux/arm64:gnu2.28").value(), {13, 0, 0}, machine());
  CHECK(linux.version == Version{2, 28, 0});
  CHECK_FALSE(linux.raise);
}

TEST_CASE("build plan: Apple's engine and an SDK are for macOS only") {
  BuildRequest request = request_for("linux/arm64");
  request.engine = Engine::apple;
  request.sdk = "/sdk";
  const CcConfig linux = wanted_compiler(request, request.targets.front(), {});
  CHECK_FALSE(linux.engine_given);
  CHECK(linux.sdk.empty());
  const CcConfig mac =
      wanted_compiler(request, parse_target("darwin/arm64").value(), {{12, 0, 0}, true, {}});
  CHECK(mac.engine_given);
  CHECK(mac.toolchain.engine == Engine::apple);
  CHECK(mac.sdk == "/sdk");
  CHECK(mac.raise_min);
}

TEST_CASE("build plan: notes on the engine and on the build mode") {
  CcConfig cc =
      compiler(request_for("darwin/arm64"), parse_target("darwin/arm64").value(), machine());
  CHECK(engine_notes(cc).empty());
  cc.toolchain.zig_version = {0, 18, 0};
  cc.toolchain.strip.clear();
  const auto notes = engine_notes(cc);
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].code == Code::zig_newer_than_known);
  CHECK(notes[1].code == Code::engine_no_dwarf_tools);
  CHECK(mode_notes(plan_of(request_for("linux/arm64", {"-buildmode=c-shared"}))).size() == 1);
  CHECK(mode_notes(plan_of(request_for("linux/arm64:gnu2.17", {"-buildmode=c-shared"}))).empty());
  CHECK(mode_notes(plan_of(request_for("linux/arm64"))).empty());
}

TEST_CASE("build plan: a folder that cannot be written into CC is refused") {
  BuildRequest request = request_for("linux/arm64");
  const BuildFacts facts = machine();
  CcConfig cc = compiler(request, request.targets.front(), facts);
  cc.cache = "/a b/it's \"here\"";
  const auto plan = make_plan(request, request.targets.front(), facts, {{cc, true, "", {}}});
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == Code::usage_bad_option);
}

TEST_CASE("build plan: a second build shares neither stage nor cache with the first") {
  const Plan plan = plan_of(request_for("linux/arm64", {"-o", "/out/app"}));
  const SlicePlan& slice = plan.slices.front();
  const Step again = go_step_again(slice, "/tmp/x");
  CHECK(again.outputs == Words{"/tmp/x/bin/app"});
  CHECK(has(again.argv, "/tmp/x/bin/app"));
  CHECK_FALSE(has(again.argv, slice.stage + "/bin/app"));
  CHECK(has(again.environment, "GOCACHE=/tmp/x/go"));
  CHECK(has(again.environment, "TENON_COMPILE_CACHE=off"));
  CHECK(again.argv.size() == go_of(slice).argv.size());
}

TEST_CASE("build plan: goes to another machine and comes back whole") {
  BuildRequest request =
      request_for("darwin/universal", {"-tags=a,b", "-ldflags", "-X 'main.v=a\tb'"});
  request.identifier = "com.example.\"x\"";
  for (const Plan& plan : {plan_of(request, machine(), false), plan_of(request_for("linux/arm64")),
                           plan_of(request_for("linux/amd64:gnu2.31"))}) {
    const auto data = parse_data(json(plan));
    REQUIRE(data.has_value());
    const auto read = plan_from(*data);
    REQUIRE(read.has_value());
    CHECK(json(*read) == json(plan));
    CHECK(read->slices.front().cc.target.min == plan.slices.front().cc.target.min);
  }
}

TEST_CASE("build plan: hostile text is refused, a newer one is read") {
  const auto refused = [](std::string_view text) {
    const auto data = parse_data(text);
    return !data || !plan_from(*data);
  };
  for (const char* text :
       {"", "[]", "3", "null", "{\"target\":3}", "{\"target\":\"amiga/68k\"}", "{\"slices\":{}}",
        "{\"slices\":[[]]}", "{\"slices\":[{\"steps\":[{\"kind\":\"rm\"}]}]}",
        "{\"slices\":[{\"steps\":[{\"argv\":\"go build\"}]}]}",
        "{\"slices\":[{\"steps\":[{\"argv\":[1]}]}]}", "{\"slices\":[{\"cc\":{\"cxx\":\"yes\"}}]}",
        "{\"slices\":[{\"cc\":{\"toolchain\":{\"zig_version\":\"new\"}}}]}",
        "{\"finish\":{\"neutral\":[null]}}"}) {
    CAPTURE(text);
    CHECK(refused(text));
  }
  CHECK(refused(std::string(100'000, '[')));
  CHECK(refused("{\"slices\":" + std::string(90, '[') + std::string(90, ']') + "}"));
  const auto newer = plan_from(
      *parse_data("{\"target\":\"linux/"
                  "arm64:musl\",\"colour\":{\"a\":[1]},\"slices\":[{\"steps\":[{\"retry\":2}]}]}"));
  REQUIRE(newer.has_value());
  CHECK(newer->slices.front().steps.size() == 1);
  std::string huge = "{\"finish\":{\"folder\":\"" + std::string(1'000'000, 'x') + "\"}}";
  CHECK(plan_from(*parse_data(huge))->finish.folder.size() == 1'000'000);
}

TEST_CASE("finish plan: every slice is staged, and a raised deployment target is what is asked") {
  const Plan plan = plan_of(request_for("darwin/universal"));
  const std::vector<std::vector<TraceRecord>> traces{
      {{.kind = TraceRecord::Kind::minimum, .file = "a.o", .version = {14, 0, 0}}},
      {{.kind = TraceRecord::Kind::newer_object, .file = "b.o", .version = {15, 0, 0}}}};
  const FinishRequest request = finish_request(plan, "app", traces);
  CHECK(request.staged ==
        Words{plan.slices[0].stage + "/bin/app", plan.slices[1].stage + "/bin/app"});
  CHECK(request.destination == "/home/u/project/dist/darwin-universal/app");
  REQUIRE(request.gates.size() == 2);
  CHECK(request.gates[0].target.min == Version{14, 0, 0});
  CHECK(request.gates[1].target.min == Version{12, 0, 0});
  const BuildOutput output = new_output(plan, "app", traces);
  CHECK(output.target == "darwin/universal");
  REQUIRE(output.gates.size() == 2);
  CHECK(output.gates[0].slice == "darwin/arm64");
  CHECK(output.gates[1].slice == "darwin/amd64");
  CHECK(output.trace.size() == 2);
  CHECK_FALSE(output.built);
}

TEST_CASE("finish plan: headers and libraries") {
  CHECK(is_header("lib.h"));
  CHECK_FALSE(is_header("lib.a"));
  for (const char* mode : {"c-archive", "c-shared", "plugin", "archive"}) {
    CHECK(makes_library(plan_of(request_for("linux/arm64", {std::string("-buildmode=") + mode}))));
  }
  CHECK_FALSE(makes_library(plan_of(request_for("linux/arm64", {"-buildmode=pie"}))));
}

TEST_CASE("build plan: a shared library gets the name that a C linker looks for, and its ending") {
  BuildFacts facts = machine();
  facts.program = "app";
  const auto file = [&](std::string_view target, const Words& args) {
    const Plan plan = plan_of(request_for(target, args), facts);
    return destination(plan, std::string(base_name(go_of(plan.slices.front()).outputs.front())));
  };
  const Words shared{"-buildmode=c-shared"};
  const std::string dist = "/home/u/project/dist/";
  CHECK(file("linux/arm64:gnu2.28", shared) == dist + "linux-arm64-gnu2.28/libapp.so");
  CHECK(file("darwin/arm64", shared) == dist + "darwin-arm64/libapp.dylib");
  CHECK(file("darwin/universal", shared) == dist + "darwin-universal/libapp.dylib");
  facts.goflags = "-buildmode=c-shared";
  CHECK(file("linux/amd64:gnu2.28", {}) == dist + "linux-amd64-gnu2.28/libapp.so");
  CHECK(needs_program_name(request_for("linux/amd64:gnu2.28"), facts));
  facts.goflags.clear();
  CHECK_FALSE(needs_program_name(request_for("linux/amd64:gnu2.28"), facts));
  CHECK_FALSE(needs_program_name(
      request_for("linux/amd64:gnu2.28", {"-o", "x.so", "-buildmode=c-shared"}), facts));
}

TEST_CASE("build plan: -o as a pattern names the file of each target") {
  const auto plan = [](std::string_view target, const Words& args) {
    return plan_of(request_for(target, args));
  };
  // Go names the program, and the finished file gets its own name.
  const Plan named = plan("linux/arm/v7:musl", {"-o", "/o/{name}_{os}_{arch}_{libc}{ext}"});
  CHECK(go_of(named.slices.front()).outputs.front().ends_with("/bin/"));
  CHECK(destination(named, "app") == "/o/app_linux_armv7_musl");
  const Plan universal = plan("darwin/universal", {"-o", "/o/{target}/{name}"});
  CHECK(destination(universal, "app") == "/o/darwin-universal/app");
  // A library records its name, so go has to know it.
  BuildFacts facts = machine();
  facts.program = "app";
  const BuildRequest library =
      request_for("darwin/arm64", {"-buildmode=c-shared", "-o", "/o/lib{name}-{arch}{ext}"});
  CHECK(needs_program_name(library, facts));
  const Plan shared = plan_of(library, facts);
  CHECK(go_of(shared.slices.front()).outputs.front().ends_with("/bin/libapp-arm64.dylib"));
  CHECK(destination(shared, "libapp-arm64.dylib") == "/o/libapp-arm64.dylib");
}

TEST_CASE("build plan: a sanitizer that zig has no library for is refused by its name") {
  const BuildRequest request = request_for("linux/amd64:gnu2.28", {"-msan"});
  const auto refused = check_sanitizers(request, {}, plan_of(request));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::project_sanitizer_without_library);
  CHECK(refused.error().message.text().contains("-msan"));
  const BuildRequest race = request_for("linux/amd64:gnu2.28", {"-race"});
  CHECK(check_sanitizers(race, {}, plan_of(race)).has_value());
  BuildFacts environment;
  environment.goflags = "-mod=mod -asan";
  CHECK_FALSE(check_sanitizers(race, environment, plan_of(race)).has_value());
}

TEST_CASE("build plan: a plugin for musl, which nothing can load, is refused") {
  const Plan musl = plan_of(request_for("linux/arm64", {"-buildmode=plugin"}));
  const auto refused = check_mode(musl);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::project_plugin_for_musl);
  CHECK(refused.error().fixes.front().text.text().contains("linux/arm64:gnu2.28"));
  CHECK(check_mode(plan_of(request_for("linux/arm64:gnu2.28", {"-buildmode=plugin"}))).has_value());
  CHECK(check_mode(plan_of(request_for("darwin/arm64", {"-buildmode=plugin"}))).has_value());
}
