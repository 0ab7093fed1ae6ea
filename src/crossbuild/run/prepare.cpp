#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/template.h"
#include "base/text.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/run/build.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "platform/target.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

constexpr Version oldest_go{1, 21, 0};

Outcome<GoFacts> usable_go(const BuildRequest& request) {
  auto go = probe_go(request.folder, private_cache());
  if (!go) {
    Finding finding = make_finding(Code::go_not_installed, {}, "go");
    finding.evidence.push_back(
        {Evidence::Kind::fact, "PATH", environment_variable("PATH").value_or("not set")});
    return std::unexpected(std::move(finding));
  }
  if (go->interrupted)
    return std::unexpected(make_finding(Code::usage_interrupted, {}, go->program));
  if (!go->error.empty()) {
    Finding finding = make_finding(Code::go_env_failed, {}, go->program);
    finding.evidence.push_back({Evidence::Kind::command, "go env", go->error});
    return std::unexpected(std::move(finding));
  }
  if (go->release < oldest_go && !go->release.empty()) {
    return std::unexpected(make_finding(
        Code::go_too_old, {{"version", go->version}, {"path", go->program}}, go->program));
  }
  return *go;
}

// Folders of another system in pkg-config's variables would mix its libraries in.
void check_pkg_config(BuildState& state) {
  for (const char* variable : {"PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"}) {
    const auto value = environment_variable(variable);
    if (!value || value->empty()) continue;
    const std::string& root = state.request.sysroot;
    if (!root.empty() && value->starts_with(root)) continue;
    Finding finding = make_finding(Code::pkgconfig_cross_uses_host_pc,
                                   {{"variable", variable}, {"value", *value}}, variable);
    finding.severity = Severity::warning;
    finding.message += "; it is not used";
    state.result.findings.push_back(std::move(finding));
  }
}

// Packages of the build, without the standard library, whose C code cgo=0 would drop.
std::vector<std::string> packages_with_c(const GoList& list) {
  std::vector<std::string> names;
  for (const GoPackage& package : list.packages) {
    if (!package.standard && !package.cgo_files.empty()) names.push_back(package.path);
  }
  return names;
}

Outcome<void> check_cgo_off(BuildState& state) {
  const GoFacts& go = state.go;
  for (const Target& target : state.request.targets) {
    const BuildRequest& request = request_for(state.request, target);
    const GoList list = list_packages(go, request.folder, request.go_args.flags, request.packages,
                                      go_environment(target));
    const auto names = packages_with_c(list);
    if (names.empty()) continue;
    const Captures captures{
        {"value", go.cgo_env}, {"where", go.cgo_where}, {"packages", join(names, ", ")}};
    const bool allowed = request.allow_no_cgo;
    Finding finding = make_finding(allowed ? Code::cgo_left_out : Code::cgo_disabled_needs_cgo,
                                   captures, target.name());
    finding.evidence.push_back({Evidence::Kind::fact, go.cgo_where, "CGO_ENABLED=" + go.cgo_env});
    if (!allowed && go.cgo_where.starts_with('/')) {
      finding.fixes.front() = {Fix::Safety::review,
                               "remove the setting that `go env -w` stored",
                               {{"go", "env", "-u", "CGO_ENABLED"}}};
    }
    for (const GoPackage& package : list.packages) {
      if (package.standard || package.cgo_files.empty()) continue;
      finding.evidence.push_back(
          {Evidence::Kind::file, package.path, join(package.cgo_files, " ")});
    }
    if (!allowed) return std::unexpected(std::move(finding));
    state.result.findings.push_back(std::move(finding));
  }
  return {};
}

}  // namespace

Outcome<void> check_before(BuildState& state) {
  state.go = TENON_TRY(usable_go(state.request));
  check_pkg_config(state);
  const std::string& value = state.go.cgo_env;
  if (value == "0") return check_cgo_off(state);
  if (!value.empty() && value != "1") {
    state.result.findings.push_back(make_finding(
        Code::cgo_value_ignored, {{"value", value}, {"where", state.go.cgo_where}}, "CGO_ENABLED"));
  }
  return {};
}

}  // namespace tenon
