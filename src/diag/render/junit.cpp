#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/shown.h"
#include "diag/finding.h"
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
  return diagnosis.failed || (diagnosis.known() && diagnosis.severity == Severity::error);
}

bool skipped(const Diagnosis& diagnosis) { return !diagnosis.known() && !diagnosis.failed; }

std::string test_case(const Diagnosis& diagnosis) {
  const RuleName rule = rule_name(diagnosis);
  std::string out = fmt::format("<testcase name=\"{}\" classname=\"{}\">", xml_text(diagnosis.log),
                                skipped(diagnosis) ? "unknown" : xml_text(Shown::of(rule.slug)));
  if (skipped(diagnosis)) {
    out += fmt::format("<skipped message=\"no known cause fits{}{}\"/>",
                       diagnosis.kind.empty() ? "" : ": ", xml_text(diagnosis.message));
  }
  if (failed(diagnosis)) {
    out += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>",
                       xml_text(Shown::of(rule.id)), xml_text(diagnosis.message),
                       xml_text(diagnosis.lines));
  }
  return out + "</testcase>";
}

}  // namespace

std::string render_junit(const Diagnoses& diagnoses, std::string_view command) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon {}\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
      command, std::max<std::size_t>(1, diagnoses.size()), std::ranges::count_if(diagnoses, failed),
      std::ranges::count_if(diagnoses, skipped));
  // A suite without a test is an error to those who read it.
  if (diagnoses.empty()) {
    out += fmt::format("<testcase name=\"{0}\" classname=\"tenon\"></testcase>", command);
  }
  for (const Diagnosis& one : diagnoses) out += test_case(one);
  return out + "</testsuite></testsuites>\n";
}

}  // namespace tenon
