#include <fmt/format.h>

#include <algorithm>
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

bool failed(const Diagnosis& diagnosis) {
  return diagnosis.cause != nullptr && !diagnosis.cause->harmless;
}

std::string test_case(const Diagnosis& diagnosis) {
  const Cause* cause = diagnosis.cause;
  std::string out = fmt::format("<testcase name=\"{}\" classname=\"{}\">", xml_text(diagnosis.log),
                                cause == nullptr ? "unknown" : xml_text(Shown::of(cause->slug)));
  if (cause == nullptr) {
    out += fmt::format("<skipped message=\"no known cause fits{}{}\"/>",
                       diagnosis.kind.empty() ? "" : ": ", xml_text(diagnosis.message));
  }
  if (failed(diagnosis)) {
    out += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", code_text(*cause),
                       xml_text(diagnosis.message), xml_text(diagnosis.lines));
  }
  return out + "</testcase>";
}

}  // namespace

std::string render_junit(const Diagnoses& diagnoses) {
  const auto unknown = [](const Diagnosis& one) { return one.cause == nullptr; };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon explain\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
      diagnoses.size(), std::ranges::count_if(diagnoses, failed),
      std::ranges::count_if(diagnoses, unknown));
  for (const Diagnosis& one : diagnoses) out += test_case(one);
  return out + "</testsuite></testsuites>\n";
}

}  // namespace tenon
