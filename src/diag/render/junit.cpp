#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/render/diagnosis.h"

namespace tenon {
namespace {

// Shown text has no control characters but line breaks.
std::string xml_text(const Shown& text) {
  std::string out;
  for (const char c : text.text()) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string render_junit(const Diagnosis& diagnosis) {
  const Cause* cause = diagnosis.cause;
  const bool failure = cause != nullptr && !cause->harmless;
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon explain\" "
      "tests=\"1\" failures=\"{}\" errors=\"0\" skipped=\"{}\"><testcase name=\"{}\" "
      "classname=\"{}\">",
      failure ? 1 : 0, cause == nullptr ? 1 : 0, xml_text(diagnosis.log),
      cause == nullptr ? "unknown" : xml_text(Shown::of(cause->slug)));
  if (cause == nullptr) {
    out += fmt::format("<skipped message=\"no known cause fits{}{}\"/>",
                       diagnosis.kind.empty() ? "" : ": ", xml_text(diagnosis.message));
  }
  if (failure) {
    out += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", code_text(*cause),
                       xml_text(diagnosis.message), xml_text(diagnosis.lines));
  }
  return out + "</testcase></testsuite></testsuites>\n";
}

}  // namespace tenon
