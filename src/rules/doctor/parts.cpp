#include "rules/doctor/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/causes/causes.h"
#include "rules/rules.h"

namespace tenon::doctor {

Finding of_cause(std::string_view slug, Note note) {
  Finding out;
  const Cause* cause = find_cause(slug);
  out.cause = slug;
  out.code = cause == nullptr ? std::string_view() : cause->code;
  out.severity = note.severity;
  out.subject = std::move(note.subject);
  out.message = std::move(note.message);
  out.evidence = std::move(note.evidence);
  out.fixes = std::move(note.fixes);
  if (!out.fixes.empty() || cause == nullptr) return out;
  Fix fix{Fix::Safety::review, std::string(cause->fix), {}};
  for (const std::string_view command : cause->commands) {
    if (command.empty() || command.contains('{')) continue;
    auto& argv = fix.commands.emplace_back();
    for (const std::string_view word : split_words(command)) argv.emplace_back(word);
  }
  if (fix.commands.empty()) fix.safety = Fix::Safety::manual;
  out.fixes.push_back(std::move(fix));
  return out;
}

Finding of_rule(std::string_view code, const Captures& names, std::string subject,
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
            fmt::format("remove {} from the environment, or from the start-up file that sets it",
                        setting.name),
            {}};
  }
  return {Fix::Safety::safe,
          fmt::format("remove {} from {}", setting.name, setting.where),
          {{"go", "env", "-u", setting.name}}};
}

const Setting* active(const Snapshot& snapshot, std::string_view name) {
  for (const Setting& one : snapshot.settings.list.value) {
    if (one.name == name && one.active) return &one;
  }
  return nullptr;
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
  return snapshot.project.cgo.known() && !snapshot.project.cgo.value.empty();
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
  return project_needs_cgo(snapshot) ? Severity::error : Severity::warning;
}

unsigned major_of(std::string_view version) {
  return static_cast<unsigned>(parse_number(version.substr(0, version.find('.'))).value_or(0));
}

}  // namespace tenon::doctor
