#include "crossbuild/link/link_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/memory_files.h"
#include "crossbuild/object_maker.h"
#include "diag/codes.h"

using namespace tenon;
using namespace tenon::test;
using enum Symbol::Kind;

namespace {

using Words = std::vector<std::string>;
using Contents = std::map<std::string, std::string>;

const std::string lib_system =
    "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\n"
    "install-name: '/usr/lib/libSystem.B.dylib'\n"
    "exports:\n  - targets: [ arm64-macos ]\n    symbols: [ _puts, dyld_stub_binder ]\n...\n";

CcConfig config_for(std::string_view target, Engine engine = Engine::zig) {
  CcConfig config;
  config.target = parse_target(target).value();
  config.toolchain.engine = engine;
  config.toolchain.zig = "/zig/zig";
  config.toolchain.zig_version = {0, 15, 2};
  config.toolchain.clang = "/usr/bin/clang-19";
  config.toolchain.clang_version = {19, 1, 7};
  config.toolchain.lld = "/usr/bin/ld64.lld-19";
  config.cache = "/cache";
  return config;
}

Outcome<LinkPlan> planned(const CcConfig& config, const Words& args, Contents contents) {
  contents.emplace("/zig/lib/libc/darwin/libSystem.tbd", lib_system);
  MemoryFiles files(std::move(contents));
  return plan_macho_link(config, link_arguments(config, parse_driver_args(args, true)), files);
}

LinkPlan plan_of(const CcConfig& config, const Words& args, const Contents& contents) {
  auto plan = planned(config, args, contents);
  if (!plan) FAIL(code_text(plan.error().code) << ": " << plan.error().message);
  return std::move(*plan);
}

Finding refusal(const CcConfig& config, const Words& args, const Contents& contents) {
  const auto plan = planned(config, args, contents);
  REQUIRE_FALSE(plan.has_value());
  return plan.error();
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

const TraceRecord* record(const LinkPlan& plan, TraceRecord::Kind kind) {
  const auto found = std::ranges::find(plan.trace, kind, &TraceRecord::kind);
  return found == plan.trace.end() ? nullptr : &*found;
}

const CcConfig mac = config_for("darwin/arm64:12.0");
const Contents go_object{{"/w/go.o", object({{"_main"}, {"_puts", wanted}, {"_CFRelease", wanted}},
                                            {build_version(12, 0)})}};

}  // namespace

TEST_CASE("link plan: a framework of macOS becomes a stub with just the symbols of this link") {
  const LinkPlan plan =
      plan_of(mac, {"-o", "/out/a", "/w/go.o", "-framework", "CoreFoundation"}, go_object);
  const auto stub = std::ranges::find(plan.stubs, "fw/CoreFoundation.framework/CoreFoundation.tbd",
                                      &StubFile::path);
  REQUIRE(stub != plan.stubs.end());
  CHECK(stub->text.contains("_CFRelease"));
  CHECK_FALSE(stub->text.contains("_puts"));
  CHECK(plan.stub_folder.starts_with("/cache/stubs/"));
  CHECK(plan.argv.front() == "/zig/zig");
  CHECK(has(plan.argv, "-L" + plan.stub_folder + "/lib"));
  CHECK(has(plan.argv, "-F" + plan.stub_folder + "/fw"));
  CHECK(plan.any_folder);
  const TraceRecord* made = record(plan, TraceRecord::Kind::stub);
  REQUIRE(made != nullptr);
  CHECK(made->symbol == "_CFRelease");
  CHECK(made->library.contains("CoreFoundation.framework"));
}

TEST_CASE("link plan: the folder of stubs is named after their contents") {
  const Words args{"-o", "/out/a", "/w/go.o", "-framework", "CoreFoundation"};
  const LinkPlan one = plan_of(mac, args, go_object);
  CHECK(plan_of(mac, args, go_object).stub_folder == one.stub_folder);
  const Contents more{
      {"/w/go.o", object({{"_main"}, {"_CFRetain", wanted}}, {build_version(12, 0)})}};
  CHECK(plan_of(mac, args, more).stub_folder != one.stub_folder);
}

TEST_CASE("link plan: a library that the link finds needs no stub, and its symbols are closed") {
  const Contents with{
      {"/w/go.o", object({{"_main"}, {"_mine", wanted}}, {build_version(12, 0)})},
      {"/l/libmine.tbd",
       "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\ninstall-name: '/l/libmine.dylib'\n"
       "exports:\n  - targets: [ arm64-macos ]\n    symbols: [ _mine ]\n...\n"}};
  const LinkPlan plan = plan_of(mac, {"-o", "/o", "/w/go.o", "-L/l", "-lmine"}, with);
  CHECK(record(plan, TraceRecord::Kind::stub) == nullptr);
  CHECK(has(plan.argv, "-lmine"));
}

TEST_CASE("link plan: only members of an archive that are asked for count") {
  const std::string used = object({{"_f"}, {"_CFRelease", wanted}});
  const std::string unused = object({{"_g"}, {"_no_such_thing", wanted}});
  const Contents files{{"/w/go.o", object({{"_main"}, {"_f", wanted}}, {build_version(12, 0)})},
                       {"/l/liba.a", archive({{"f.o", used}, {"g.o", unused}})}};
  const Words args{"-o", "/o", "/w/go.o", "-L/l", "-la", "-framework", "CoreFoundation"};
  CHECK(record(plan_of(mac, args, files), TraceRecord::Kind::stub)->symbol == "_CFRelease");
  Words whole = args;
  whole.insert(whole.end(), {"-force_load", "/l/liba.a"});
  CHECK(refusal(mac, whole, files).code == Code::sdk_unknown_home);
}

TEST_CASE("link plan: symbols that no named library exports are refused, with what would help") {
  const Finding finding = refusal(mac, {"-o", "/o", "/w/go.o"}, go_object);
  CHECK(finding.code == Code::sdk_unknown_home);
  CHECK(finding.message.contains("_CFRelease"));
  REQUIRE(finding.evidence.size() == 1);
  CHECK(finding.evidence[0].where == "/w/go.o");
  CHECK(finding.evidence[0].text.contains("-framework CoreFoundation"));
}

TEST_CASE("link plan: --flat-lookup binds them at run time instead") {
  CcConfig flat = mac;
  flat.flat_lookup = true;
  const LinkPlan plan = plan_of(flat, {"-o", "/o", "/w/go.o"}, go_object);
  REQUIRE(record(plan, TraceRecord::Kind::flat) != nullptr);
  CHECK(record(plan, TraceRecord::Kind::flat)->symbol == "_CFRelease");
  CHECK(has(plan.argv, "dynamic_lookup"));
}

TEST_CASE("link plan: a library that is nowhere is refused with the folders that were searched") {
  const Finding finding =
      refusal(mac, {"-o", "/o", "/w/go.o", "-L/l", "-L/m", "-lnosuch"}, go_object);
  CHECK(finding.code == Code::sdk_library_missing);
  CHECK(finding.message.contains("-lnosuch"));
  REQUIRE(finding.evidence.size() == 1);
  CHECK(finding.evidence[0].kind == Evidence::Kind::command);
  CHECK(finding.evidence[0].text == "/l, /m");
}

TEST_CASE("link plan: an object for another processor is refused by name") {
  const Contents files{{"/w/x.o", object({{"_main"}}, {}, macho::CPU_TYPE_X86_64)}};
  const Finding finding = refusal(mac, {"-o", "/o", "/w/x.o"}, files);
  CHECK(finding.code == Code::sdk_wrong_format_library);
  CHECK(finding.subject == "x.o");
  CHECK(finding.message.contains("darwin/arm64"));
}

TEST_CASE("link plan: a flag that the engine cannot carry out is refused before files are read") {
  const auto row = std::ranges::find_if(flag_table(), [](const FlagRow& one) {
    return one.action == FlagAction::refuse && one.kind == DriverArg::Kind::linker &&
           (one.tools & static_cast<unsigned>(FlagTool::zig_ld_macho)) != 0 && one.before.empty() &&
           !one.pattern.contains('*');
  });
  REQUIRE(row != flag_table().end());
  const Finding finding =
      refusal(mac, {"-o", "/o", "/none.o", "-Wl," + std::string(row->pattern) + ",x"}, {});
  CHECK(finding.code == Code::zig_unsupported_linker_arg);
  CHECK(finding.message.contains(row->reason));
}

TEST_CASE("link plan: a newer object raises the deployment target only when nobody chose one") {
  const Contents files{{"/w/go.o", object({{"_main"}}, {build_version(14, 0)})}};
  const Words args{"-o", "/o", "/w/go.o"};
  const LinkPlan kept = plan_of(mac, args, files);
  CHECK(has(kept.argv, "aarch64-macos.12.0"));
  REQUIRE(record(kept, TraceRecord::Kind::newer_object) != nullptr);
  CHECK(record(kept, TraceRecord::Kind::newer_object)->version == Version{14, 0, 0});
  CcConfig open = mac;
  open.raise_min = true;
  const LinkPlan raised = plan_of(open, args, files);
  CHECK(has(raised.argv, "aarch64-macos.14.0"));
  CHECK(record(raised, TraceRecord::Kind::minimum)->file == "/w/go.o");
  CHECK(record(raised, TraceRecord::Kind::newer_object) == nullptr);
}

TEST_CASE("link plan: what objects ask for themselves is named and stubbed") {
  const Contents files{
      {"/w/go.o", object({{"_main"}, {"_SecKeyCreateSignature", wanted}},
                         {build_version(12, 0), linker_option({"-framework", "Security"})})}};
  const LinkPlan plan = plan_of(mac, {"-o", "/o", "/w/go.o"}, files);
  CHECK(has(plan.argv, "Security"));
  CHECK(record(plan, TraceRecord::Kind::stub)->library.contains("Security.framework"));
}

TEST_CASE("link plan: many auto-linked libraries do not move the names of inputs") {
  Words commands{build_version(12, 0)};
  Contents files;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "x" + std::to_string(i);
    commands.push_back(linker_option({"-l" + name}));
    files.emplace("/l/lib" + name + ".a", archive({{"a.o", object({{"_" + name}})}}));
  }
  files.emplace("/w/go.o", object({{"_main"}, {"_gone", wanted}}, commands));
  const Finding finding = refusal(mac, {"-o", "/o", "/w/go.o", "-L/l"}, files);
  CHECK(finding.code == Code::sdk_unknown_home);
  CHECK(finding.evidence.at(0).where == "/w/go.o");
}

TEST_CASE("link plan: a missing libSystem stub is said, not guessed around") {
  MemoryFiles none(go_object);
  const auto plan = plan_macho_link(
      mac, link_arguments(mac, parse_driver_args({"-o", "/o", "/w/go.o"}, true)), none);
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == Code::usage_unreadable_input);
  CHECK(plan.error().subject == "/zig/lib/libc/darwin/libSystem.tbd");
}

TEST_CASE("link plan: lld gets its linker and libSystem among the stubs") {
  const CcConfig clang = config_for("darwin/arm64:12.0", Engine::clang);
  const LinkPlan plan =
      plan_of(clang, {"-o", "/o", "/w/go.o", "-framework", "CoreFoundation"}, go_object);
  CHECK(has(plan.argv, "--ld-path=/usr/bin/ld64.lld-19"));
  CHECK(std::ranges::any_of(plan.stubs,
                            [](const StubFile& file) { return file.path.contains("libSystem"); }));
}

TEST_CASE("link plan: for Linux with a sysroot its folders are searched last") {
  CcConfig linux = config_for("linux/arm64:gnu2.17");
  linux.sysroot = "/root";
  const auto arguments = link_arguments(
      linux, parse_driver_args({"-o", "/o", "/a.o", "-L/mine", "-L/usr/lib", "-lx"}, false));
  CHECK(arguments.host_folders == Words{"-L/usr/lib"});
  const auto plan = plan_plain_link(linux, arguments, {"/root/usr/lib"});
  REQUIRE(plan.has_value());
  const Words& argv = plan->argv;
  const auto at = [&](std::string_view word) {
    return std::ranges::find(argv, word) - argv.begin();
  };
  CHECK(at("-L/mine") < at("-L/root/usr/lib"));
  CHECK_FALSE(has(argv, "-L/usr/lib"));
  CHECK(has(argv, "-lx"));
  CHECK(plan->stub_folder.empty());
  CHECK(plan->stubs.empty());
}

TEST_CASE("link plan: a relative path anywhere ties the link to its folder") {
  const auto independent = [](const Words& args) {
    return folder_independent(parse_driver_args(args, true));
  };
  CHECK(independent({"-o", "/o", "/a.o", "-L/x", "-lz", "-Wl,-rpath,@loader_path/../lib"}));
  CHECK_FALSE(independent({"/a.o"}));  // a.out goes where the linker runs
  CHECK_FALSE(independent({"-o", "/o", "a.o"}));
  CHECK_FALSE(independent({"-o", "o", "/a.o"}));
  CHECK_FALSE(independent({"-o", "/o", "/a.o", "-Lx"}));
  CHECK_FALSE(independent({"-o", "/o", "/a.o", "-F", "x"}));
  CHECK_FALSE(independent({"-o", "/o", "/a.o", "-Wl,-exported_symbols_list,dir/list"}));
}

TEST_CASE("link plan: clang on Linux lacks what @available calls, zig has it") {
  const Contents asks{{"/w/go.o", object({{"_main"}, {"___isPlatformVersionAtLeast", wanted}},
                                         {build_version(12, 0)})}};
  const Words args{"-o", "/out/a", "/w/go.o"};
  CHECK(plan_of(config_for("darwin/arm64:12.0", Engine::clang), args, asks).availability);
  CHECK_FALSE(plan_of(mac, args, asks).availability);
  const Contents other{{"/w/go.o", object({{"_main"}, {"_puts", wanted}}, {build_version(12, 0)})}};
  CHECK_FALSE(plan_of(config_for("darwin/arm64:12.0", Engine::clang), args, other).availability);
}

TEST_CASE("link plan: a program says whose headers of macOS it was built with") {
  CcConfig config = mac;
  config.macos_headers = "/share/macos-headers";
  config.macos_headers_version = "objc2 0.3.2";
  const Words args{"-o", "/o", "/w/go.o", "-framework", "CoreFoundation"};
  const LinkPlan plan = plan_of(config, args, go_object);
  const auto mark = std::ranges::find(plan.stubs, "headers.o", &StubFile::path);
  REQUIRE(mark != plan.stubs.end());
  CHECK(mark->text.contains("tenon's (objc2 0.3.2), not Apple's"));
  CHECK(has(plan.argv, plan.stub_folder + "/headers.o"));

  const auto marked = [&](const CcConfig& other, const Words& words) {
    const auto stubs = plan_of(other, words, go_object).stubs;
    return std::ranges::find(stubs, "headers.o", &StubFile::path) != stubs.end();
  };
  Words object = args;
  object.emplace_back("-r");
  CHECK_FALSE(marked(config, object));
  config.no_macos_headers = true;
  CHECK_FALSE(marked(config, args));
  CHECK_FALSE(marked(mac, args));
}
