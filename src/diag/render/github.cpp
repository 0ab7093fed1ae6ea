#include <fmt/format.h>

#include <string>

#include "base/shown.h"
#include "diag/catalog.h"
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

std::string annotation(const Diagnosis& diagnosis) {
  const Cause* cause = diagnosis.cause;
  if (cause == nullptr && diagnosis.kind.empty()) return {};
  std::string head = cause != nullptr && cause->harmless ? "notice" : "error";
  // Lines of the log are no lines of the repository.
  if (diagnosis.in_project && !diagnosis.places.empty()) {
    const Diagnosis::Place& place = diagnosis.places.front();
    head += fmt::format(" file={},line={},", escaped(Shown::of(place.path), true), place.line);
  } else {
    head += ' ';
  }
  const Shown title = cause == nullptr ? shown_format("unknown cause: {}", diagnosis.kind_words)
                                       : shown_format("{} {}", code_text(*cause), cause->title);
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
