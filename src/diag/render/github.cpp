#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/shown.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"

namespace tenon {
namespace {

// In a property of a workflow command ':' and ',' end it as well.
std::string escaped(const Shown& shown, bool property) {
  std::string out;
  for (const char c : shown.text()) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view level_word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "notice";
  }
  return "error";
}

std::string annotation(const Diagnosis& diagnosis) {
  if (!diagnosis.known() && diagnosis.kind.empty()) return {};
  std::string head(level_word(diagnosis.severity));
  // Lines of the log are no lines of the repository.
  if (diagnosis.in_project && !diagnosis.places.empty()) {
    const Diagnosis::Place& place = diagnosis.places.front();
    head += fmt::format(" file={},", escaped(Shown::of(place.path), true));
    if (place.line > 0) head += fmt::format("line={},", place.line);
  } else {
    head += ' ';
  }
  const RuleName rule = rule_name(diagnosis);
  const Shown title = diagnosis.known() ? shown_format("{} {}", rule.id, rule.title)
                                        : shown_format("unknown cause: {}", rule.title);
  return fmt::format("::{}title={}::{}\n", head, escaped(title, true),
                     escaped(diagnosis.message, false));
}

}  // namespace

std::string render_github(const Diagnoses& diagnoses) {
  std::string out;
  for (const Diagnosis& one : diagnoses) out += annotation(one);
  return out;
}

}  // namespace tenon
