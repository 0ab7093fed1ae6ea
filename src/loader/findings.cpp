// The verdict as findings, with commands that fix what it says.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "loader/files.h"
#include "loader/floor.h"
#include "loader/macho/report.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

// A path of the root as it lies on this machine.
std::string here(const Subject& subject, const std::string& path) {
  if (path == subject.in_root) return subject.file;
  return subject.root == "/" ? path : subject.root + path;
}

Fix by_hand(Shown text) { return {Fix::Safety::manual, std::move(text), {}}; }

// A directory with the library that the search does not reach.
std::string folder_with(const Verdict& verdict, const std::string& library) {
  for (const std::string& found : verdict.elsewhere) {
    if (base_name(found) == base_name(library)) return std::string(folder_of(found));
  }
  return {};
}

Fix run_path_fix(const Subject& subject, const std::string& file, const std::string& folder) {
  return {
      Fix::Safety::review,
      shown_format("add {} to the run path of {}", folder, file),
      {{"patchelf", "--add-rpath", ShellWord::path(folder), ShellWord::path(here(subject, file))}}};
}

Finding missing_library(const Verdict& verdict, const Failure& failure, const Subject& subject) {
  Finding out = make_finding(Code::load_missing_library,
                             {{"by", failure.by}, {"library", failure.library}}, failure.file);
  for (const Tried& one : verdict.tried) {
    if (one.name != failure.library || out.evidence.size() >= 20) continue;
    out.evidence.push_back({Evidence::Kind::file, one.path,
                            std::string(one.result == TryResult::absent ? glibc_text(one.os_error)
                                                                        : try_name(one.result))});
  }
  const std::string folder = folder_with(verdict, failure.library);
  if (!folder.empty() && failure.library.contains('/')) {
    out.fixes.push_back({Fix::Safety::review,
                         shown_format("name the library by its path in the root: {}/{}", folder,
                                      base_name(failure.library)),
                         {{"patchelf", "--replace-needed", ShellWord::of(failure.library),
                           ShellWord::path(join_path(folder, base_name(failure.library))),
                           ShellWord::path(here(subject, failure.by))}}});
  } else if (!folder.empty()) {
    out.fixes.push_back(run_path_fix(subject, failure.by, folder));
  } else {
    out.fixes.push_back(by_hand(shown_format("install {} for {} in a directory of the search",
                                             failure.library, subject.target)));
  }
  return out;
}

Finding missing_version(const Failure& failure, const Subject& subject) {
  Finding out = make_finding(Code::load_missing_version,
                             {{"by", failure.by},
                              {"version", failure.version},
                              {"library", failure.library},
                              {"path", failure.path}},
                             failure.file);
  if (failure.version.starts_with("GLIBC_")) {
    out.fixes.push_back(by_hand(
        shown_format("build {} for the glibc of the target: tenon build --target {}:gnu2.17",
                     failure.by, subject.target)));
  } else {
    out.fixes.push_back(by_hand(
        shown_format("install a release of {} that defines {}", failure.library, failure.version)));
  }
  return out;
}

Finding missing_interpreter(const Verdict& verdict, const Failure& failure,
                            const Subject& subject) {
  Finding out = make_finding(
      Code::load_missing_interpreter,
      {{"file", subject.file}, {"interpreter", failure.file}, {"why", failure.why}}, failure.file);
  for (const std::string& other : verdict.other_loaders) {
    out.fixes.push_back({Fix::Safety::review,
                         shown_format("name the loader of the target: {}", other),
                         {{"patchelf", "--set-interpreter", ShellWord::path(other),
                           ShellWord::path(here(subject, subject.in_root))}}});
  }
  if (!verdict.not_in_musl.empty()) {
    out.evidence.push_back({Evidence::Kind::file, subject.file,
                            "needs of glibc what the musl of the root does not have: " +
                                join(verdict.not_in_musl, ", ")});
  }
  const bool musl = failure.file.contains("ld-musl");
  out.fixes.push_back(by_hand(
      musl ? shown_format("install musl, or build for glibc: tenon build --target {}:gnu",
                          subject.target)
           : shown_format(
                 "run it on a system with glibc, or build for musl: tenon build --target {}",
                 subject.target)));
  return out;
}

Finding finding_of(const Verdict& verdict, const Failure& failure, const Subject& subject) {
  if (verdict.loader == LoaderKind::dyld) return dyld_finding(verdict, failure, subject);
  switch (failure.cause) {
    case Cause::missing_library: return missing_library(verdict, failure, subject);
    case Cause::wrong_architecture:
    case Cause::wrong_class:
      return make_finding(
          Code::load_wrong_architecture,
          {{"path", failure.path},
           {"have", failure.why.starts_with("is for ") ? failure.why.substr(7) : failure.why},
           {"by", failure.by},
           {"library", failure.library},
           {"want", subject.arch}},
          failure.file);
    case Cause::damaged_library:
    case Cause::crash:
      return make_finding(
          Code::load_damaged_library,
          {{"path", failure.path.empty() ? failure.file : failure.path}, {"why", failure.why}},
          failure.file);
    case Cause::missing_symbol:
      return make_finding(Code::load_missing_symbol,
                          {{"path", failure.file}, {"symbol", failure.symbol}}, failure.file);
    case Cause::missing_version: return missing_version(failure, subject);
    case Cause::no_version_table: {
      Finding out = make_finding(
          Code::load_no_version_information,
          {{"by", failure.by}, {"library", failure.library}, {"path", failure.path}}, failure.file);
      out.severity = Severity::error;
      return out;
    }
    case Cause::missing_interpreter:
    case Cause::bad_interpreter: return missing_interpreter(verdict, failure, subject);
    case Cause::wrong_platform:
    case Cause::refused_header:
    case Cause::bad_signature:
    case Cause::library_validation:
    case Cause::killed:
    case Cause::cannot_execute:
    case Cause::undecided: break;
  }
  return make_finding(Code::load_cannot_execute,
                      {{"file", subject.file}, {"why", failure.why}, {"want", subject.arch}},
                      failure.file);
}

Finding finding_of(const Warning& warning) {
  switch (warning.kind) {
    case Warning::Kind::preload:
      return make_finding(
          Code::load_preload_ignored,
          {{"library", warning.library}, {"source", warning.source}, {"why", warning.why}},
          warning.library);
    case Warning::Kind::environment:
      return make_finding(Code::load_environment_ignored, {{"name", warning.source}},
                          warning.source);
    case Warning::Kind::no_versions:
    case Warning::Kind::weak_version: break;
  }
  return make_finding(Code::load_no_version_information,
                      {{"by", warning.by}, {"library", warning.library}, {"path", warning.path}},
                      warning.path);
}

// The program's DT_RUNPATH has the library, and another file needs it.
void add_not_inherited(const Verdict& verdict, std::vector<Finding>& out) {
  if (verdict.loader != LoaderKind::glibc || verdict.failures.empty()) return;
  const Failure& failure = verdict.failures.front();
  if (failure.cause != Cause::missing_library) return;
  for (const std::string& found : verdict.elsewhere) {
    if (base_name(found) != failure.library || failure.by == verdict.images.front().path) continue;
    out.push_back(make_finding(Code::load_not_inherited,
                               {{"library", failure.library},
                                {"folder", std::string(folder_of(found))},
                                {"program", verdict.images.front().path},
                                {"by", failure.by}},
                               failure.by));
    out.back().fixes.push_back(by_hand("give the library a run path of its own"));
    return;
  }
}

Finding static_finding(const Verdict& verdict, const Subject& subject) {
  std::vector<std::string> what;
  for (const StaticNeed& one : verdict.static_needs) what.push_back(one.what);
  Finding out =
      make_finding(Code::load_static_needs_shared,
                   {{"file", subject.file}, {"what", join(what, "; ")}, {"target", subject.target}},
                   subject.file);
  for (const StaticNeed& one : verdict.static_needs) {
    for (const auto& [where, text] : one.evidence)
      out.evidence.push_back({Evidence::Kind::file, where, text});
  }
  return out;
}

}  // namespace

std::vector<Finding> floor_findings(const Verdict& verdict, const GlibcBase& base,
                                    const Subject& subject) {
  std::vector<Finding> out;
  const bool none = base.version == elf::GlibcVersion{};
  for (const FloorEntry& one : verdict.glibc.files) {
    if (!none && one.version <= base.version) continue;
    out.push_back(
        make_finding(Code::load_glibc_floor,
                     {{"path", one.path},
                      {"version", "glibc " + version_text(one.version)},
                      {"symbols", join(one.symbols, ", ")},
                      {"target", base.name},
                      {"have", none ? "no glibc" : "glibc " + version_text(base.version)}},
                     one.path));
    out.back().fixes.push_back(
        by_hand(none ? shown_format("build for musl: tenon build --target {}", subject.target)
                     : shown_format("build for its glibc: tenon build --target {}:gnu{}",
                                    subject.target, version_text(base.version))));
  }
  return out;
}

std::vector<Finding> verdict_findings(const Verdict& verdict, const Subject& subject) {
  constexpr std::size_t most = 50;
  std::vector<Finding> out;
  for (const Failure& one : verdict.failures) {
    if (out.size() < most) out.push_back(finding_of(verdict, one, subject));
  }
  add_not_inherited(verdict, out);
  for (const LateSymbol& one : verdict.late) {
    if (out.size() < most)
      out.push_back(make_finding(Code::load_missing_when_called,
                                 {{"path", one.path}, {"symbol", one.symbol}}, one.path));
  }
  for (const Warning& one : verdict.warnings) {
    if (out.size() < most) out.push_back(finding_of(one));
  }
  if (!verdict.static_needs.empty()) out.push_back(static_finding(verdict, subject));
  if (!verdict.loads) {
    out.push_back(make_finding(Code::load_undecided,
                               {{"file", subject.file}, {"why", verdict.undecided}}, subject.file));
  }
  return out;
}

}  // namespace tenon::loader
