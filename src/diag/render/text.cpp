#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {
namespace {

Shown paint(const Shown& text, std::string_view code, const TextStyle& style) {
  if (!style.colour) return text;
  return shown_format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string_view severity_colour(Severity severity) {
  switch (severity) {
    case Severity::error: return "1;31";
    case Severity::warning: return "1;33";
    case Severity::note: return "1;36";
  }
  return "0";
}

Shown counted(std::size_t count, const Shown& noun) {
  return shown_format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Shown summary(const Report& report) {
  std::array<std::size_t, 3> counts{};
  for (const Finding& finding : report.findings) {
    ++counts.at(static_cast<std::size_t>(finding.severity));
  }
  std::vector<Shown> parts;
  if (counts[0] > 0) parts.push_back(counted(counts[0], "error"));
  if (counts[1] > 0) parts.push_back(counted(counts[1], "warning"));
  if (counts[2] > 0) parts.push_back(counted(counts[2], "note"));
  return shown_join(parts, ", ");
}

// Whether `name` stands in `text` as a word.
bool names(std::string_view text, std::string_view name) {
  constexpr std::string_view before = " '\"(", after = " '\"):;,=";
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::string_view rest = text.substr(at + name.size());
    const bool starts = at == 0 || before.contains(text[at - 1]);
    const bool ends = rest.empty() || after.contains(rest.front()) || rest.starts_with("/:");
    if (starts && ends) return true;
  }
  return false;
}

// A message that names its subject is not put behind it again.
Shown heading(const Finding& finding) {
  const Shown subject = Shown::of(finding.subject);
  if (subject.empty() || names(finding.message, subject)) return {};
  return ": " + subject;
}

// A message that tells its own evidence does not need it again.
bool tells(const Finding& finding, const Evidence& evidence) {
  const Shown headline = shown_format("{}: {}", finding.subject, finding.message);
  return headline.contains(Shown::of(evidence.where)) &&
         headline.contains(Shown::of(evidence.text));
}

Shown evidence_lines(const Evidence& evidence) {
  const bool block = evidence.text.contains('\n');
  return shown_format("  {}:{}{}\n", evidence.where, block ? Shown("\n") : Shown(" "),
                      Shown::lines_of(evidence.text, block ? Shown("    ") : Shown()));
}

Shown fix_lines(const Fix& fix, const TextStyle& style) {
  Shown out = paint("  fix: ", "1;32", style) + fix.text + "\n";
  for (const ShellCommand& command : fix.commands) {
    out += "       $ " + quoted(command) + "\n";
    for (const Shown& name : replaced_names(command)) out += "         " + name + "\n";
  }
  return out;
}

}  // namespace

Shown render_finding(const Finding& finding, const TextStyle& style) {
  Shown out =
      paint(shown_format("{}[{}]", severity_name(finding.severity), code_text(finding.code)),
            severity_colour(finding.severity), style);
  out += heading(finding) + ": " + paint(finding.message, "1", style) + "\n";
  for (const Evidence& evidence : finding.evidence) {
    if (!tells(finding, evidence)) out += evidence_lines(evidence);
  }
  for (const Fix& fix : finding.fixes) out += fix_lines(fix, style);
  if (finding.code != Code{}) {
    out += shown_format("  more: tenon explain {}\n", code_text(finding.code));
  }
  return out;
}

Shown render_text(const Report& report, const TextStyle& style) {
  Shown out = report.text;
  std::vector<const Finding*> order;
  for (const Finding& finding : report.findings) order.push_back(&finding);
  std::ranges::stable_sort(order, {}, [](const Finding* finding) { return finding->severity; });
  for (const Finding* finding : order) {
    if (!out.empty()) out += "\n";
    out += render_finding(*finding, style);
  }
  const Shown counts = summary(report);
  if (!counts.empty()) out += "\n" + counts + "\n";
  return out;
}

}  // namespace tenon
