#include "crossbuild/run/plan_target.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/version.h"
#include "crossbuild/build_request.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/plan/make_plan.h"
#include "crossbuild/plan/output_names.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/engine_choice.h"
#include "crossbuild/run/macos_headers.h"
#include "crossbuild/run/warm.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/go_facts.h"
#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {
namespace {

// go's name for the program, where exactly one is selected.
std::string asked_program(const BuildState& state, const Target& target) {
  const BuildRequest& request = state.request;
  const GoList list = list_packages(state.go, request.folder, request.go_args.flags,
                                    request.packages, go_environment(target));
  return list.mains.size() == 1 ? program_name(list.mains.front(), request.packages) : "";
}

BuildFacts build_facts(const BuildState& state, const Target& target) {
  BuildFacts facts;
  facts.tenon = own_path();
  facts.version = fmt::format("{} {}", tenon_version(), tenon_commit());
  facts.go = state.go.program;
  facts.go_version = state.go.version;
  facts.goflags = state.go.goflags;
  facts.pkg_config = environment_variable("PKG_CONFIG").value_or("");
  facts.go_minimum = go_minimum_macos(state.go);
  facts.cgo_off = state.go.cgo_env == "0";
  facts.output_is_folder = is_folder(output_for(
      state.request.go_args.output, target, build_mode_of(state.request.go_args, facts.goflags)));
  facts.home = environment_variable("HOME").value_or("");
  for (const char* variable : {"ZIG_GLOBAL_CACHE_DIR", "XDG_CACHE_HOME"}) {
    if (auto value = environment_variable(variable)) facts.caches.push_back(std::move(*value));
  }
  if (needs_program_name(state.request, facts)) facts.program = asked_program(state, target);
  return facts;
}

// Names in the library folders of a sysroot.
std::vector<std::string> sysroot_libraries(const CcConfig& cc) {
  std::vector<std::string> names;
  if (cc.sysroot.empty()) return names;
  for (const std::string_view folder : {"/usr/lib", "/lib"}) {
    for (const std::string& part : {std::string(), "/" + std::string(cc.target.platform->debian)}) {
      for (std::string& name : search_folder(cc.sysroot + std::string(folder) + part)) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

Outcome<SliceFacts> slice_facts(BuildState& state, const Target& target, const BuildFacts& facts) {
  Minimum minimum = choose_minimum(target, state.request.min, facts);
  if (minimum.note) state.result.add(std::move(*minimum.note));
  SliceFacts known;
  known.cc = wanted_compiler(state.request, target, minimum);
  TENON_TRY(complete(known.cc, minimum.version));
  if (auto note = missing_macos_headers(known.cc)) state.result.add(std::move(*note));
  for (Finding& note : engine_notes(known.cc)) state.result.add(std::move(note));
  const Toolchain& tools = known.cc.toolchain;
  state.progress.line(shown_format("{}: {} ({})", target.name(), tools.describe(), tools.why));
  known.warm_mark = warm_mark(known.cc);
  known.is_warm = is_warm(known.cc);
  known.sysroot_libraries = sysroot_libraries(known.cc);
  return known;
}

}  // namespace

Outcome<Plan> plan_target(BuildState& state, const Target& target) {
  const BuildFacts facts = build_facts(state, target);
  std::vector<SliceFacts> slices;
  for (const Target& slice : slices_of(target)) {
    slices.push_back(TENON_TRY(slice_facts(state, slice, facts)));
  }
  Plan plan = TENON_TRY(make_plan(state.request, target, facts, slices));
  TENON_TRY(check_mode(plan));
  TENON_TRY(check_sanitizers(state.request, facts, plan));
  for (Finding& note : mode_notes(plan)) state.result.add(std::move(note));
  return plan;
}

}  // namespace tenon
