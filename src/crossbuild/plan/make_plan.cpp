#include "crossbuild/plan/make_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/build_request.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/plan/output_names.h"
#include "crossbuild/plan/plan.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/target.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr Version newest_known_zig{0, 18, 0};

std::string short_digest(std::string_view text, std::size_t length) {
  return hex(sha256(view_of(text).bytes())).substr(0, length);
}

bool uses_cgo(const BuildRequest& request, const BuildFacts& facts) {
  return !(facts.cgo_off && request.allow_no_cgo);
}

// zig writes no DWARF that Go's linker can take apart without these.
bool lacks_dwarf_tools(const Toolchain& tools) {
  return tools.engine != Engine::apple && (tools.strip.empty() || tools.dsymutil.empty());
}

bool is_shared(std::string_view mode) { return mode == "c-shared"; }

// What -o names, with an ending where Windows needs one: it runs what ends in ".exe", and looks for
// a library whose name has no ending under NAME.dll. A library may have another (".pyd", ".node").
std::string file_name(std::string_view name, const Target& target, std::string_view mode) {
  const std::string_view ending = output_extension(target, mode);
  const bool has = ending == ".exe" ? name.ends_with(ending) : name.contains('.');
  return std::string(name) + std::string(target.windows() && !has ? ending : std::string_view());
}

// Where the files of a target go.
struct Output {
  std::string name;     // of the only file; empty: go names the files
  std::string folder;   // of the finished files
  std::string pattern;  // FinishPlan::pattern
};

// The name of a library is recorded in it, so go has to know the final one. -o names a folder when
// it ends in a slash or is one, as for go build.
Output choose_output(const BuildRequest& request, const Target& target, const BuildFacts& facts) {
  const std::string mode = build_mode_of(request.go_args, facts.goflags);
  std::string output = output_for(request.go_args.output, target, mode);
  if (output.empty()) {
    const bool named = is_shared(mode) && !facts.program.empty();
    return {named ? shared_library_name(facts.program, target) : std::string(),
            fmt::format("{}/{}", request.out, target.slug()),
            {}};
  }
  if (!facts.program.empty()) output = named_output(output, facts.program);
  if (is_pattern(output)) return {{}, std::string(folder_of(output)), output};
  if (output.ends_with('/') || facts.output_is_folder) return {{}, output, {}};
  return {file_name(base_name(output), target, mode), std::string(folder_of(output)), {}};
}

BuildChoices go_choices(const BuildRequest& request, const BuildFacts& facts, const CcConfig& cc,
                        const std::string& wrapper, const std::string& output) {
  BuildChoices choices;
  choices.output = output;
  choices.cc = cc;
  choices.compiler_folder = wrapper;
  choices.pkg_config_folder = cc.cache + "/no-pkg-config";
  choices.goflags = facts.goflags;
  choices.cgo = uses_cgo(request, facts);
  choices.keep_paths = request.keep_paths;
  choices.strip_dwarf = lacks_dwarf_tools(cc.toolchain);
  return choices;
}

// Builds with the same inputs share a folder, so that go can see that nothing changed.
std::string stage_folder(const BuildRequest& request, const BuildFacts& facts, const CcConfig& cc,
                         const GoPlan& go, const std::string& name) {
  std::string key = fmt::format("{}\n{}\n{}\n{}\n{}\n", request.folder, facts.go_version,
                                facts.goflags, name, facts.version);
  for (const auto* list : {&go.environment, &go.flags, &request.packages}) {
    key += join(*list, "\n") + "\n";
  }
  return fmt::format("{}/stage/{}", cc.cache, short_digest(key, 24));
}

Step wrapper_step(const BuildFacts& facts, const SlicePlan& slice) {
  Step step;
  step.kind = Step::Kind::wrapper;
  step.argv = {facts.tenon, "cc"};
  for (std::string& option : cc_options(slice.cc)) step.argv.push_back(std::move(option));
  step.argv.emplace_back("--print-wrapper");
  step.inputs = {facts.tenon};
  step.outputs = {slice.wrapper};
  step.why = "the C compiler for " + slice.cc.target.name() + " as one file name";
  return step;
}

Step warm_step(const BuildFacts& facts, const SlicePlan& slice, const std::string& mark) {
  const std::string scratch(scratch_folder);
  Step step;
  step.kind = Step::Kind::warm;
  step.argv = {facts.tenon, "cc"};
  for (std::string& option : cc_options(slice.cc)) step.argv.push_back(std::move(option));
  step.argv.insert(step.argv.end(), {"-O2", "-g", "-o", scratch + "/a.out", scratch + "/a.c"});
  // zig writes its working folder into the C library that it keeps.
  step.folder = "/";
  step.inputs = {scratch + "/a.c"};
  step.outputs = {mark};
  step.why = fmt::format("first use of {}: building its C library once (about a minute)",
                         slice.cc.toolchain.describe());
  return step;
}

Step go_step(const BuildRequest& request, const BuildFacts& facts, const SlicePlan& slice,
             const GoPlan& go, const std::string& name) {
  Step step;
  step.kind = Step::Kind::go;
  step.argv = {facts.go, "build", "-v", "-o", slice.stage + "/bin/" + name};
  step.argv.insert(step.argv.end(), go.flags.begin(), go.flags.end());
  step.argv.emplace_back("--");
  step.argv.insert(step.argv.end(), request.packages.begin(), request.packages.end());
  step.environment = go.environment;
  step.folder = request.folder;
  step.inputs = {request.folder, slice.wrapper};
  step.outputs = {slice.stage + "/bin/" + name};
  step.why = "the packages for " + slice.cc.target.name();
  return step;
}

std::string zig_folder(const CcConfig& cc) { return std::string(folder_of(cc.toolchain.zig)); }

// A single component, such as /work, would be found by chance.
void erase_short(std::vector<std::string>& paths) {
  std::erase_if(paths, [](const std::string& path) {
    return !path.starts_with('/') || std::ranges::count(path, '/') < 2;
  });
}

// Folders that say something about this machine.
std::vector<std::string> host_paths(const BuildRequest& request, const BuildFacts& facts,
                                    const CcConfig& cc) {
  if (request.keep_paths) return {};
  std::vector<std::string> paths{request.folder, cc.cache, zig_folder(cc), cc.macos_headers,
                                 "/tmp/tenon-"};
  // Go writes /tmp/go-build for its work folder, whose real name has digits behind that.
  for (char digit = '0'; digit <= '9'; ++digit) {
    paths.push_back("/tmp/go-build" + std::string(1, digit));
  }
  for (const std::string_view part : {"/go/pkg/mod", "/.cache/", "/Library/Caches/"}) {
    if (!facts.home.empty()) paths.push_back(facts.home + std::string(part));
  }
  if (std::ranges::count(facts.home, '/') > 1) paths.push_back(facts.home + "/");
  erase_short(paths);
  return paths;
}

// Where zig's C library and what it compiled came from.
std::vector<std::string> debug_folders(const BuildRequest& request, const BuildFacts& facts,
                                       const CcConfig& cc) {
  if (request.keep_paths) return {};
  std::vector<std::string> folders{zig_folder(cc), cc.cache, request.folder};
  folders.insert(folders.end(), facts.caches.begin(), facts.caches.end());
  if (!facts.home.empty()) folders.push_back(facts.home + "/.cache/zig");
  erase_short(folders);
  return folders;
}

// Options of tenon pkg-config for a sysroot of Linux, unless the user has a program for that.
std::vector<std::string> pkg_config_options(const BuildRequest& request, const BuildFacts& facts,
                                            const CcConfig& cc) {
  const bool own = !cc.sysroot.empty() && !cc.target.darwin() && facts.pkg_config.empty();
  if (!own || !uses_cgo(request, facts)) return {};
  std::vector<std::string> out{"--target=" + cc.target.name(), "--sysroot=" + cc.sysroot};
  if (!request.closure.empty()) {
    out.push_back("--closure=" + request.closure);
    // The engine brings its own libraries.
    out.push_back(cc.toolchain.engine == Engine::zig ? "--linker=zig" : "--linker=none");
  }
  return out;
}

Outcome<SlicePlan> plan_slice(const BuildRequest& request, const BuildFacts& facts,
                              const SliceFacts& known, const std::string& name,
                              std::string& build_mode) {
  SlicePlan slice;
  slice.cc = known.cc;
  slice.wrapper = wrapper_folder(slice.cc.cache, facts.tenon, cc_options(slice.cc));
  slice.pkg_config = pkg_config_options(request, facts, slice.cc);
  BuildChoices choices = go_choices(request, facts, slice.cc, slice.wrapper, name);
  if (!slice.pkg_config.empty()) {
    choices.pkg_config =
        wrapper_folder(slice.cc.cache, facts.tenon, slice.pkg_config) + "/pkg-config";
  }
  const GoPlan go = TENON_TRY(plan_go(request.go_args, choices));
  build_mode = go.build_mode;
  slice.stage = stage_folder(request, facts, slice.cc, go, name);
  slice.steps.push_back(wrapper_step(facts, slice));
  const bool apple = slice.cc.toolchain.engine == Engine::apple;
  if (!apple && !known.is_warm) slice.steps.push_back(warm_step(facts, slice, known.warm_mark));
  slice.steps.push_back(go_step(request, facts, slice, go, name));
  slice.gate.target = slice.cc.target;
  slice.gate.build_mode = go.build_mode;
  slice.gate.cgo = uses_cgo(request, facts);
  slice.gate.host_paths = host_paths(request, facts, slice.cc);
  slice.gate.given_libraries = known.sysroot_libraries;
  if (!slice.cc.target.darwin()) slice.gate.sysroot = slice.cc.sysroot;
  slice.gate.windows_gui = go.windows_gui;
  return slice;
}

}  // namespace

std::vector<Target> slices_of(const Target& target) {
  if (!target.universal) return {target};
  Target arm = target;
  arm.universal = false;
  Target intel = arm;
  intel.platform = parse_target("darwin/amd64")->platform;
  return {arm, intel};
}

Minimum choose_minimum(const Target& target, Version asked, const BuildFacts& facts) {
  if (!target.darwin()) return {target.min, false, std::nullopt};
  const Version wanted = target.min.empty() ? asked : target.min;
  const Version least = facts.go_minimum;
  if (wanted.empty()) return {least, true, std::nullopt};
  if (wanted >= least) return {wanted, false, std::nullopt};
  Finding finding;
  finding.code = Code::gate_deployment_target;
  finding.severity = Severity::warning;
  finding.subject = target.name();
  finding.message = shown_format("macOS {} was requested, but {} needs {}, which is used",
                                 wanted.text(), facts.go_version, least.text());
  finding.fixes.push_back({Fix::Safety::manual, "use an older Go for older systems", {}});
  finding.evidence.push_back(
      {Evidence::Kind::fact, "minimum of " + facts.go_version, "macOS " + least.text()});
  return {least, false, std::move(finding)};
}

CcConfig wanted_compiler(const BuildRequest& request, Target target, const Minimum& minimum) {
  CcConfig cc;
  cc.target = target;
  cc.target.min = minimum.version;
  cc.flat_lookup = request.flat_lookup;
  cc.raise_min = minimum.raise;
  cc.sysroot = request.sysroot;
  if (!request.sysroot.empty() && !target.darwin())
    cc.package_key = short_digest(request.closure + "\n" + request.sysroot_state, 16);
  if (target.darwin()) cc.sdk = request.sdk;
  cc.no_macos_headers = request.no_macos_headers;
  cc.keep_paths = request.keep_paths;
  if (request.engine && (target.darwin() || *request.engine != Engine::apple)) {
    cc.engine_given = true;
    cc.toolchain.engine = *request.engine;
  }
  return cc;
}

bool needs_program_name(const BuildRequest& request, const BuildFacts& facts) {
  const std::string& output = request.go_args.output;
  const std::string mode = build_mode_of(request.go_args, facts.goflags);
  const bool records_name = is_shared(mode) || mode == "plugin" || mode == "c-archive";
  return output.empty() ? is_shared(mode) : records_name && is_pattern(output);
}

std::vector<Finding> engine_notes(const CcConfig& cc) {
  std::vector<Finding> notes;
  const Toolchain& tools = cc.toolchain;
  if (tools.engine == Engine::zig && tools.zig_version >= newest_known_zig) {
    notes.push_back(make_finding(Code::zig_newer_than_known,
                                 {{"version", tools.zig_version.text()}}, tools.zig));
  }
  if (cc.target.darwin() && lacks_dwarf_tools(tools)) {
    notes.push_back(make_finding(Code::engine_no_dwarf_tools, {{"target", cc.target.name()}},
                                 cc.target.name()));
  }
  return notes;
}

std::vector<Finding> mode_notes(const Plan& plan) {
  const bool for_c = plan.build_mode == "c-archive" || plan.build_mode == "c-shared";
  if (!for_c || plan.target.libc != Libc::musl) return {};
  return {make_finding(Code::project_library_for_musl, {{"mode", plan.build_mode}},
                       plan.target.name())};
}

Outcome<void> check_mode(const Plan& plan) {
  if (plan.build_mode != "plugin" || plan.target.libc != Libc::musl) return {};
  return std::unexpected(make_finding(Code::project_plugin_for_musl,
                                      {{"glibc_target", usual_glibc(plan.target)}},
                                      plan.target.name()));
}

Outcome<void> check_sanitizers(const BuildRequest& request, const BuildFacts& facts,
                               const Plan& plan) {
  const CcConfig& cc = plan.slices.front().cc;
  if (cc.toolchain.engine != Engine::zig) return {};
  std::vector<std::string> flags = go_split(facts.goflags).value_or(std::vector<std::string>());
  flags.insert(flags.end(), request.go_args.flags.begin(), request.go_args.flags.end());
  for (const std::string_view flag : {"-msan", "-asan"}) {
    if (std::ranges::find(flags, flag) == flags.end()) continue;
    return std::unexpected(make_finding(
        Code::project_sanitizer_without_library,
        {{"flag", std::string(flag)}, {"engine", cc.toolchain.describe()}}, plan.target.name()));
  }
  return {};
}

Outcome<Plan> make_plan(const BuildRequest& request, const Target& target, const BuildFacts& facts,
                        const std::vector<SliceFacts>& slices) {
  Plan plan;
  plan.target = target;
  Output output = choose_output(request, target, facts);
  for (const SliceFacts& known : slices) {
    plan.slices.push_back(
        TENON_TRY(plan_slice(request, facts, known, output.name, plan.build_mode)));
    plan.finish.neutral = debug_folders(request, facts, known.cc);
  }
  plan.finish.folder = std::move(output.folder);
  plan.finish.pattern = std::move(output.pattern);
  plan.finish.identifier = request.identifier;
  return plan;
}

Step go_step_again(const SlicePlan& slice, const std::string& folder) {
  Step step = *find_step(slice, Step::Kind::go);
  const std::string output = folder + step.outputs.front().substr(slice.stage.size());
  std::ranges::replace(step.argv, step.outputs.front(), output);
  step.outputs = {output};
  step.environment.push_back("GOCACHE=" + folder + "/go");
  // Objects that the first build kept would prove nothing.
  step.environment.emplace_back("TENON_COMPILE_CACHE=off");
  step.why = "the same again in an empty cache";
  return step;
}

std::string wrapper_folder(const std::string& cache, const std::string& tenon,
                           const std::vector<std::string>& options) {
  const std::string text = join(options, "\n") + "\n";
  return fmt::format("{}/cc/{}", cache, short_digest(tenon + "\n" + text, 16));
}

}  // namespace tenon
