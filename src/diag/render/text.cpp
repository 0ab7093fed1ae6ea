#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diag/code.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon {
namespace {

std::string paint(std::string_view text, std::string_view code, const TextStyle& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string_view severity_colour(Severity severity) {
  switch (severity) {
    case Severity::error: return "1;31";
    case Severity::warning: return "1;33";
    case Severity::note: return "1;36";
  }
  return "0";
}

// Every line of `text` behind `indent`.
std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += indent;
    out += line;
    out += '\n';
  }
  return out;
}

// Control bytes of other programs must not reach the terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) {
      out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary(const Report& report) {
  std::array<std::size_t, 3> counts{};
  for (const Finding& finding : report.findings) {
    ++counts.at(static_cast<std::size_t>(finding.severity));
  }
  std::vector<std::string> parts;
  if (counts[0] > 0) parts.push_back(counted(counts[0], "error"));
  if (counts[1] > 0) parts.push_back(counted(counts[1], "warning"));
  if (counts[2] > 0) parts.push_back(counted(counts[2], "note"));
  return join(parts, ", ");
}

}  // namespace

std::string render_finding(const Finding& finding, const TextStyle& style) {
  std::string out =
      paint(fmt::format("{}[{}]", severity_name(finding.severity), code_text(finding.code)),
            severity_colour(finding.severity), style);
  if (!finding.subject.empty()) out += ": " + printable(finding.subject);
  out += ": " + paint(printable(finding.message), "1", style) + "\n";
  const std::string headline = finding.subject + ": " + finding.message;
  for (const Evidence& evidence : finding.evidence) {
    // A message that tells its own evidence does not need it again.
    if (headline.contains(evidence.where) && headline.contains(evidence.text)) continue;
    const std::string text = printable(evidence.text);
    if (text.contains('\n')) {
      out += fmt::format("  {}:\n{}", printable(evidence.where), indented(text, "    "));
    } else {
      out += fmt::format("  {}: {}\n", printable(evidence.where), text);
    }
  }
  for (const Fix& fix : finding.fixes) {
    out += paint("  fix: ", "1;32", style) + printable(fix.text) + "\n";
    for (const auto& command : fix.commands) {
      out += "       $ " + printable(shell_join(command)) + "\n";
    }
  }
  if (finding.code != Code{}) {
    out += fmt::format("  more: tenon explain {}\n", code_text(finding.code));
  }
  return out;
}

std::string render_text(const Report& report, const TextStyle& style) {
  std::string out = report.text;
  std::vector<const Finding*> order;
  for (const Finding& finding : report.findings) order.push_back(&finding);
  std::ranges::stable_sort(order, {}, [](const Finding* finding) { return finding->severity; });
  for (const Finding* finding : order) {
    if (!out.empty()) out += '\n';
    out += render_finding(*finding, style);
  }
  const std::string counts = summary(report);
  if (!counts.empty()) out += "\n" + counts + "\n";
  return out;
}

}  // namespace tenon
