#include "machine/doctor/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "platform/platforms.h"

namespace tenon::doctor {

Finding of_cause(Code code, Note note) {
  Finding out;
  out.code = code;
  out.severity = note.severity;
  out.subject = std::move(note.subject);
  out.message = Shown::of(note.message);
  out.evidence = std::move(note.evidence);
  out.fixes = std::move(note.fixes);
  const Cause* cause = entry(code).cause;
  if (!out.fixes.empty() || cause == nullptr) return out;
  Fix fix{Fix::Safety::review, Shown::of(cause->fix), {}};
  for (const CommandText& command : cause->commands) {
    if (std::ranges::any_of(command.words, [](auto word) { return word.contains('{'); })) continue;
    // "env CC=clang go build" is a try, and nothing here says that this machine has clang.
    if (!command.words.empty() && command.words.front() == "env") continue;
    fix.commands.push_back(filled_command(command.words, {}));
  }
  if (fix.commands.empty()) fix.safety = Fix::Safety::manual;
  out.fixes.push_back(std::move(fix));
  return out;
}

Finding of_rule(Code code, const Captures& names, std::string subject,
                std::vector<Evidence> evidence) {
  Finding out = make_finding(code, names, std::move(subject));
  out.evidence = std::move(evidence);
  return out;
}

Evidence fact(std::string where, std::string text) {
  return {Evidence::Kind::fact, std::move(where), std::move(text)};
}

Fix unset(const Setting& setting) {
  if (setting.where == "the environment") {
    return {Fix::Safety::manual,
            shown_format("remove {} from the environment, or from the start-up file that sets it",
                         setting.name),
            {}};
  }
  if (setting.where.ends_with("/go.env")) {
    return {Fix::Safety::manual,
            shown_format("{} sets it for this Go; `go env -w` sets another value", setting.where),
            {}};
  }
  return {Fix::Safety::safe,
          shown_format("remove {} from {}", setting.name, setting.where),
          {{"go", "env", "-u", ShellWord::of(setting.name)}}};
}

const Setting* active(const Snapshot& snapshot, std::string_view name) {
  for (const Setting& one : snapshot.settings.list.value) {
    if (one.name == name && one.active) return &one;
  }
  return nullptr;
}

const ShellLine* shell_line_for(const Snapshot& snapshot, std::string_view name,
                                std::string_view value) {
  const ShellLine* found = nullptr;
  for (const ShellLine& one : snapshot.settings.shell_lines.value) {
    if (one.name == name && (one.value == value || one.value.contains('$'))) found = &one;
  }
  return found;
}

const GoInstall* first_go(const Snapshot& snapshot) {
  const auto& installs = snapshot.go.installs;
  return installs.known() && !installs.value.empty() ? installs.value.data() : nullptr;
}

unsigned go_minor(std::string_view version) {
  if (version.starts_with("go")) version.remove_prefix(2);
  if (!version.starts_with("1.")) return 0;
  version.remove_prefix(2);
  return static_cast<unsigned>(
      parse_number(version.substr(0, version.find_first_not_of("0123456789"))).value_or(0));
}

bool project_needs_cgo(const Snapshot& snapshot) {
  // go-sqlite3's second half is a stub that fails when it runs.
  return snapshot.project.cgo.known() &&
         std::ranges::any_of(snapshot.project.cgo.value, [](const CgoPackage& one) {
           return !one.fallback || one.path.contains("sqlite3");
         });
}

std::string cgo_packages(const Snapshot& snapshot) {
  constexpr std::size_t shown = 3;
  std::string out;
  const auto& packages = snapshot.project.cgo.value;
  for (std::size_t i = 0; i < std::min(packages.size(), shown); ++i) {
    out += (i == 0 ? "" : ", ") + packages[i].path;
  }
  if (packages.size() > shown) out += fmt::format(" and {} more", packages.size() - shown);
  return out;
}

Severity without_c(const Snapshot& snapshot) {
  if (project_needs_cgo(snapshot)) return Severity::error;
  const Setting* cgo = active(snapshot, "CGO_ENABLED");
  const bool asked = cgo != nullptr && cgo->value == "0";
  // Who needs no C loses nothing.
  return asked || snapshot.project.cgo.known() ? Severity::note : Severity::warning;
}

std::vector<unsigned> numbers_of(std::string_view version) {
  if (version.starts_with("go")) version.remove_prefix(2);
  std::vector<unsigned> out;
  for (std::string_view part : split(version, '.')) {
    const std::size_t end = part.find_first_not_of("0123456789");
    const auto number = parse_number(part.substr(0, end));
    if (!number) break;
    out.push_back(static_cast<unsigned>(*number));
    if (end != part.npos) break;
  }
  return out;
}

bool c_works(const Snapshot& snapshot) {
  const CompilerState& compiler = snapshot.compiler;
  // Where go was not asked, the compiler alone answers.
  const TextFact& probe = compiler.probe.known() ? compiler.probe : compiler.c_probe;
  return probe.known() && probe.value == "works";
}

unsigned major_of(std::string_view version) {
  return static_cast<unsigned>(parse_number(version.substr(0, version.find('.'))).value_or(0));
}

unsigned oldest_macos(unsigned minor) {
  if (minor == 0) return 0;
  return minor >= 27 ? 13 : minor >= 25 ? 12 : minor >= 23 ? 11 : 10;
}

bool same_folder(std::string_view one, std::string_view other) {
  const auto plain = [](std::string_view path) {
    if (path.starts_with("/private/")) path.remove_prefix(std::string_view("/private").size());
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
  };
  return plain(one) == plain(other);
}

bool unquoted_path(std::string_view command) {
  command = trim(command);
  const std::string_view path = command.substr(0, command.find(" -"));
  return (path.starts_with('/') || path.starts_with("~/")) && path.contains(' ');
}

bool misquoted(std::string_view command) {
  if (unquoted_path(command)) return true;
  const auto words = go_split(command);
  if (!words) return true;
  // 'gcc -m64' in quotes is one name; and flags alone name nothing.
  return !words->empty() && (words->front().starts_with('-') || words->front().contains(" -"));
}

std::string_view target_goos(std::string_view triple) {
  const std::string_view goos = goos_of(triple);
  return goos.empty() ? std::string_view("linux") : goos;
}

bool fits_host(const Snapshot& snapshot, std::string_view triple) {
  const std::string_view goarch = goarch_of(triple);
  if (goarch.empty() || is_bare_metal(triple)) return false;
  const std::string_view goos = target_goos(triple);
  if (snapshot.system.goos != goos) return false;
  if (goarch == snapshot.system.goarch) return true;
  // One clang makes code for both kinds of Mac, and a 32-bit system may run on a 64-bit kernel.
  const GoInstall* go = first_go(snapshot);
  return goos == "darwin" || (go != nullptr && go->goarch == goarch);
}

bool is_bare_metal(std::string_view triple) {
  return triple.contains("-none-eabi") || triple.contains("-none-elf") ||
         triple.ends_with("-elf") || triple.ends_with("-none");
}

}  // namespace tenon::doctor
