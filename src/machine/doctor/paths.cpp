// Settings that name what is not there: SDKs that are gone, folders of Homebrew's from before an
// upgrade, search paths; libraries put before those of the system; and the lines they come from.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"

namespace tenon::doctor {
namespace {

struct Missing {
  std::string_view name, path;
};

std::vector<Missing> missing_of(const Snapshot& snapshot) {
  std::vector<Missing> out;
  for (const std::string& one : snapshot.settings.missing.value) {
    const std::size_t equals = one.find('=');
    if (equals == one.npos) continue;
    const std::string_view text = one;
    out.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return out;
}

bool is_sdk(std::string_view path) { return path.contains(".sdk"); }
bool is_cellar(std::string_view path) { return path.contains("/Cellar/"); }
bool is_pc_path(std::string_view name) {
  return name == "PKG_CONFIG_PATH" || name == "PKG_CONFIG_LIBDIR";
}
// Folders that compilers pass over without a word when they are not there.
bool is_passed_over(std::string_view name) {
  return name == "CPATH" || name == "C_INCLUDE_PATH" || name == "LIBRARY_PATH";
}

// Whether anything is left of a list of folders.
bool all_gone(const Setting& set, const std::vector<Missing>& missing) {
  for (const std::string_view path : split(set.value, ':')) {
    if (path.empty()) continue;
    const bool gone = std::ranges::any_of(
        missing, [&](const Missing& one) { return one.name == set.name && one.path == path; });
    if (!gone) return false;
  }
  return true;
}

Severity weight(const Snapshot& snapshot) {
  const bool broken = snapshot.compiler.probe.known() && !c_works(snapshot);
  return broken || project_needs_cgo(snapshot) ? Severity::error : Severity::warning;
}

// Of one setting, all paths of one kind together.
void report(const Snapshot& snapshot, const Setting& set, const std::vector<Missing>& missing,
            bool (*kind)(std::string_view), Code code, std::string_view what, Findings& out) {
  std::vector<Evidence> evidence{fact(set.where, fmt::format("{}={}", set.name, set.value))};
  std::string first;
  for (const Missing& one : missing) {
    if (one.name != set.name || !kind(one.path)) continue;
    if (first.empty()) first = one.path;
    evidence.push_back({Evidence::Kind::file, std::string(one.path), "not there"});
  }
  if (first.empty()) return;
  out.push_back(of_cause(code, {weight(snapshot),
                                set.name,
                                fmt::format("{} names {}: {}", set.name, what, first),
                                std::move(evidence),
                                {unset(set)}}));
}

bool any_other(std::string_view path) { return !is_sdk(path) && !is_cellar(path); }

bool c_fails(const Snapshot& snapshot) {
  const TextFact& probe = snapshot.compiler.probe;
  return probe.known() && probe.value != "works";
}

void other_paths(const Snapshot& snapshot, const Setting& set, const std::vector<Missing>& missing,
                 Findings& out) {
  std::string paths;
  std::vector<Evidence> evidence{fact(set.where, fmt::format("{}={}", set.name, set.value))};
  for (const Missing& one : missing) {
    if (one.name != set.name || !any_other(one.path)) continue;
    paths += (paths.empty() ? "" : ", ") + std::string(one.path);
    evidence.push_back({Evidence::Kind::file, std::string(one.path), "not there"});
  }
  if (paths.empty()) return;
  Finding found = of_rule(Code::env_path_not_there, {{"name", set.name}, {"paths", paths}},
                          set.name, std::move(evidence));
  const bool some_left = is_pc_path(set.name) || is_passed_over(set.name);
  if (some_left) {
    found.severity = Severity::note;
  } else if (set.name == "GOWORK") {
    found.severity = Severity::error;  // every go command ends with it
  } else if (c_fails(snapshot)) {
    found.severity = without_c(snapshot);
  }
  found.fixes = {unset(set)};
  out.push_back(std::move(found));
}

void pc_path(const Snapshot& snapshot, const Setting& set, Findings& out) {
  const bool only = set.name == "PKG_CONFIG_LIBDIR";
  out.push_back(
      of_cause(Code::pkgconfig_pc_not_in_search_path,
               {only ? weight(snapshot) : Severity::warning,
                set.name,
                fmt::format("no directory of {}={} exists: pkg-config finds nothing in it",
                            set.name, set.value),
                {fact(set.where, fmt::format("{}={}", set.name, set.value))},
                {unset(set)}}));
}

void missing_paths(const Snapshot& snapshot, Findings& out) {
  const auto missing = missing_of(snapshot);
  for (const Setting& set : snapshot.settings.list.value) {
    const bool concerned =
        std::ranges::any_of(missing, [&](const Missing& one) { return one.name == set.name; });
    if (!set.active || !concerned) continue;
    // These have rules of their own.
    if (set.name == "SDKROOT" || set.name == "DEVELOPER_DIR" || set.name == "GOROOT") continue;
    if (set.name == "CXX") {
      out.push_back(of_cause(Code::cc_env_points_to_missing_compiler,
                             {Severity::warning,
                              "CXX",
                              fmt::format("CXX={} names a program that does not exist", set.value),
                              {fact(set.where, "CXX=" + set.value)},
                              {unset(set)}}));
      continue;
    }
    report(snapshot, set, missing, is_sdk, Code::clt_stale_sdk_path, "an SDK that does not exist",
           out);
    report(snapshot, set, missing, is_cellar, Code::cache_stale_cellar_path,
           "a release of a formula that Homebrew has removed", out);
    const bool others = std::ranges::any_of(
        missing, [&](const Missing& one) { return one.name == set.name && any_other(one.path); });
    if (!others) continue;
    if (is_pc_path(set.name) && all_gone(set, missing)) {
      pc_path(snapshot, set, out);
    } else {
      other_paths(snapshot, set, missing, out);
    }
  }
}

// "cc1: error while loading shared libraries: /x/libgmp.so.10: file too short": what it says behind
// the colon, when a folder of the setting gave the library. It was found there, and is broken.
std::string broken_library(const Snapshot& snapshot, const Setting& set) {
  constexpr std::string_view words = "error while loading shared libraries: ";
  const std::string_view said = snapshot.compiler.probe_output.value;
  const std::size_t at = said.find(words);
  if (c_works(snapshot) || at == said.npos) return {};
  std::string_view line = said.substr(at + words.size());
  line = trim(line.substr(0, line.find('\n')));
  for (const std::string_view folder : split(set.value, ':')) {
    if (!folder.empty() && line.starts_with(folder)) return std::string(line);
  }
  return {};
}

void library_paths(const Snapshot& snapshot, Findings& out) {
  const bool mac = snapshot.system.goos == "darwin";
  for (const char* name : {"DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_INSERT_LIBRARIES"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr || !mac) continue;
    out.push_back(of_cause(
        Code::dyld_library_path_shadows_system,
        {Severity::warning,
         name,
         fmt::format("{}={} can put other libraries before those of macOS", name, set->value),
         {fact(set->where, fmt::format("{}={}", name, set->value))},
         {unset(*set)}}));
  }
  for (const char* name : {"LD_LIBRARY_PATH", "LD_PRELOAD"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr || mac) continue;
    Finding found = of_rule(Code::env_library_path_set, {{"name", name}, {"value", set->value}},
                            name, {fact(set->where, fmt::format("{}={}", name, set->value))});
    if (const std::string broken = broken_library(snapshot, *set); !broken.empty()) {
      found.severity = Severity::error;
      found.message = shown_format(
          "{} puts a library before that of the system which cannot be loaded: {}", name, broken);
      found.evidence.push_back({Evidence::Kind::command, snapshot.compiler.probe.source, broken});
    }
    found.fixes = {unset(*set)};
    out.push_back(std::move(found));
  }
}

void deployment_target(const Snapshot& snapshot, Findings& out) {
  const Setting* set = active(snapshot, "MACOSX_DEPLOYMENT_TARGET");
  if (snapshot.system.goos != "darwin" || set == nullptr) return;
  const auto asked = numbers_of(set->value);
  const GoInstall* go = first_go(snapshot);
  const unsigned floor = go == nullptr ? 0 : oldest_macos(go_minor(go->version));
  const auto here = numbers_of(snapshot.system.version.value);
  std::string message;
  if (asked.empty()) {
    message = fmt::format("MACOSX_DEPLOYMENT_TARGET={} is not a version", set->value);
  } else if (!here.empty() && asked.front() > here.front()) {
    message = fmt::format("MACOSX_DEPLOYMENT_TARGET={} is newer than this macOS {}", set->value,
                          snapshot.system.version.value);
  } else if (floor != 0 && asked.front() < floor) {
    message = fmt::format("MACOSX_DEPLOYMENT_TARGET={} is older than macOS {}, the oldest for {}",
                          set->value, floor, go->version);
  } else {
    return;
  }
  out.push_back(of_cause(Code::darwin_deployment_target_mismatch_warning,
                         {Severity::warning,
                          "MACOSX_DEPLOYMENT_TARGET",
                          std::move(message),
                          {fact(set->where, "MACOSX_DEPLOYMENT_TARGET=" + set->value)},
                          {unset(*set)}}));
}

}  // namespace

void diagnose_paths(const Snapshot& snapshot, Findings& out) {
  missing_paths(snapshot, out);
  library_paths(snapshot, out);
  deployment_target(snapshot, out);
}

void point_to_shell_files(const Snapshot& snapshot, Findings& out) {
  for (Finding& finding : out) {
    std::vector<Evidence> more;
    std::vector<Fix> fixes;
    for (const Evidence& one : finding.evidence) {
      const std::size_t equals = one.text.find('=');
      if (one.where != "the environment" || equals == one.text.npos) continue;
      const std::string_view text = one.text;
      const ShellLine* line =
          shell_line_for(snapshot, text.substr(0, equals), text.substr(equals + 1));
      if (line == nullptr) continue;
      more.push_back({Evidence::Kind::file, fmt::format("{}:{}", line->file, line->line),
                      fmt::format("{}={}", line->name, line->value)});
      if (!line->alone) continue;
      fixes.push_back({Fix::Safety::review,
                       shown_format("remove line {} from {}", line->line, line->file),
                       {{"tenon", "doctor", "--fix", "--shell-files"}}});
    }
    finding.evidence.insert(finding.evidence.end(), more.begin(), more.end());
    finding.fixes.insert(finding.fixes.begin(), fixes.begin(), fixes.end());
  }
}

}  // namespace tenon::doctor
