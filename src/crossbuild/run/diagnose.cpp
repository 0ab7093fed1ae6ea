#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/template.h"
#include "base/text.h"
#include "crossbuild/compat/undefined.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/go_build.h"
#include "crossbuild/sysroot/record.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/answer.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/commands.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/run/ask.h"
#include "host/files.h"
#include "machine/probe/own_platform.h"
#include "platform/target.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

std::string log_end(std::string_view log) {
  log = trim(log);
  if (log.empty()) return {};
  std::size_t at = log.size();
  for (int i = 0; i < 15 && at != std::string_view::npos && at > 0; ++i)
    at = log.rfind('\n', at - 1);
  return std::string(at == std::string_view::npos || at == 0 ? log : log.substr(at + 1));
}

constexpr std::string_view place_of_log = "go build output";

// The distribution of a sysroot that `tenon sysroot` made, "debian:13"; else that of this machine.
std::string distribution_of_build(const std::string& sysroot) {
  if (sysroot.empty()) return own_distribution();
  const auto text = read_text(join_path(sysroot, record_file), std::size_t{1} << 24U);
  if (!text) return {};
  const auto record = parse_record(*text);
  return record ? record->name.substr(0, record->name.find('/')) : std::string();
}

// What the build knows beside the log.
BuildContext context_of(const Target& target, const std::string& sysroot) {
  const OwnPlatform own = own_platform();
  return {.goos = std::string(target.platform->goos),
          .goarch = std::string(target.platform->goarch),
          .host_goos = own.goos,
          .host_goarch = own.goarch,
          .distribution = distribution_of_build(sysroot),
          .machine = own_distribution(),
          .tenon = true};
}

// What helps on one system does not on another: the clang engine is for macOS.
void adapt_fixes(Finding& finding, const Target& target) {
  if (target.darwin() || finding.code != Code::zig_unsupported_linker_arg) return;
  finding.fixes = {{Fix::Safety::manual,
                    "omit the flag: use a build tag of the module, or fork its #cgo line",
                    {}}};
}

std::string package_or_target(const std::string& package, const Target& target) {
  return package.empty() ? target.name() : package;
}

std::string glibc_target(const Target& target, Version version) {
  const Version least =
      std::max(version, std::max(Version{2, 17, 0}, target.platform->oldest_glibc));
  return fmt::format("{}:gnu{}", target.platform->name, least.text());
}

// Undefined names that betray for which C or C++ library the objects were made.
std::optional<Finding> library_mismatch(const Log& log, const Target& target) {
  std::vector<const LogEvent*> events;
  std::vector<std::string> names;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::symbol_undefined || one.voice.tool != "lld") continue;
    events.push_back(&one);
    names.emplace_back(one.get("name"));
  }
  const UndefinedVerdict verdict = judge_undefined(names, target);
  Code code = Code::none;
  switch (verdict.cause) {
    case UndefinedCause::other: return std::nullopt;
    case UndefinedCause::libstdcxx: code = Code::link_libstdcxx_archive; break;
    case UndefinedCause::glibc_only: code = Code::sdk_glibc_archive_on_musl; break;
    case UndefinedCause::newer_glibc: code = Code::link_newer_glibc_name; break;
  }
  const auto at = std::ranges::find(names, verdict.name) - names.begin();
  const LogEvent& event = *events[static_cast<std::size_t>(at)];
  Captures captures{{"symbol", verdict.name},
                    {"name", verdict.name},
                    {"version", verdict.glibc.text()},
                    {"target", target.name()},
                    {"goarch", log.goarch},
                    {"glibc_target", glibc_target(target, verdict.glibc)}};
  add_target_names(log, captures);
  Finding finding = make_finding(code, captures, package_or_target(event.package, target));
  finding.evidence.push_back({Evidence::Kind::log,
                              fmt::format("{}, line {}", place_of_log, event.line),
                              "undefined symbol: " + verdict.name});
  return finding;
}

// Windows has no development packages: what MinGW-w64 has no import library for is a library that
// the user brings.
Finding no_import_library(const Finding& found, const std::string& library) {
  Finding finding =
      make_finding(Code::sdk_library_missing, {{"library", "-l" + library}}, found.subject);
  finding.evidence = found.evidence;
  finding.fixes = {{Fix::Safety::manual,
                    "name the directory of its .a, .lib or .dll.a for Windows: CGO_LDFLAGS=-LDIR",
                    {}}};
  return finding;
}

// The same answer as `tenon explain` gives for this log.
Finding from_answer(const explain::Answer& answer, const Target& target) {
  Finding finding = explain::answer_finding(answer);
  const std::size_t line = answer.best()->lines.empty() ? 0 : answer.best()->lines.front();
  const LogEvent* event = answer.log.event_at(line);
  if (target.windows() && event != nullptr && event->kind == EventKind::library_missing) {
    finding = no_import_library(finding, std::string(event->get("name")));
  }
  finding.subject =
      package_or_target(event == nullptr ? answer.context.package : event->package, target);
  for (Evidence& one : finding.evidence) {
    if (one.kind != Evidence::Kind::log) continue;
    one.where = fmt::format("{}, {}", place_of_log, one.where);
  }
  return finding;
}

bool is_missing_header(const Finding& finding) {
  return finding.code == Code::sdk_framework_header_missing ||
         finding.code == Code::sdk_header_missing;
}

// A cause explains one header. Packages compile beside one another, so that a log often has more of
// them: each is named now, and nobody meets the next one after a build tag took the first away.
void add_other_headers(const explain::Answer& answer, const Target& target,
                       const BuildContext& context, std::vector<Finding>& findings) {
  const auto& first_lines = answer.best()->lines;
  const LogEvent* first = first_lines.empty() ? nullptr : answer.log.event_at(first_lines.front());
  std::vector<std::string> known{first == nullptr ? "" : std::string(first->get("header"))};
  for (const LogEvent& event : answer.log.events) {
    std::string header(event.get("header"));
    if (event.kind != EventKind::header_missing || std::ranges::find(known, header) != known.end())
      continue;
    const explain::Answer alone = explain::read_answer(
        fmt::format("# {}\n{}\n", event.package, event.text), target.name(), context);
    known.push_back(std::move(header));
    if (alone.best() == nullptr) continue;
    Finding finding = from_answer(alone, target);
    if (!is_missing_header(finding)) continue;
    for (Evidence& one : finding.evidence) {
      if (one.kind == Evidence::Kind::log) {
        one.where = fmt::format("{}, line {}", place_of_log, event.line);
      }
    }
    findings.push_back(std::move(finding));
  }
}

Finding unknown(const GoBuildResult& result, const Target& target) {
  Finding finding =
      make_finding(Code::project_build_failed, {{"target", target.name()}}, target.name());
  finding.confidence = Confidence::possible;
  finding.evidence.push_back(
      {Evidence::Kind::log, "end of go build's output", log_end(result.log)});
  return finding;
}

}  // namespace

// What the wrapper refused is known exactly; the log is read as `tenon explain` reads it, and what
// the build knows of its target sharpens the answer.
std::vector<Finding> diagnose(const GoBuildResult& result, const Target& target,
                              const std::string& sysroot) {
  for (const TraceRecord& record : result.trace) {
    if (!record.finding) continue;
    Finding finding = completed(*record.finding);
    adapt_fixes(finding, target);
    return {std::move(finding)};
  }
  BuildContext context = context_of(target, sysroot);
  explain::Answer answer = explain::read_answer(result.log, target.name(), context);
  if (explain::look_up_missing(answer.log, context)) {
    answer = explain::read_answer(result.log, target.name(), context);
  }
  if (auto finding = library_mismatch(answer.log, target)) return {std::move(*finding)};
  const Candidate* best = answer.best();
  if (best == nullptr || best->cause->harmless) return {unknown(result, target)};
  std::vector<Finding> findings{from_answer(answer, target)};
  if (is_missing_header(findings.front())) add_other_headers(answer, target, context, findings);
  return findings;
}

}  // namespace tenon
