#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"
#include "diag/report.h"

namespace tenon {
namespace {

// "main.go:12" or "main.go:12:3", else the whole as a path.
Diagnosis::Place place_of(std::string_view where, const std::string& text) {
  const auto number_at_end = [&]() -> std::optional<std::size_t> {
    const std::size_t colon = where.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const auto number = parse_number(where.substr(colon + 1));
    if (!number || *number == 0) return std::nullopt;
    where = where.substr(0, colon);
    return static_cast<std::size_t>(*number);
  };
  const auto last = number_at_end();
  const auto before = last ? number_at_end() : std::nullopt;
  return {std::string(where), before.value_or(last.value_or(0)), last ? text : ""};
}

Diagnosis diagnosis_of(const Finding& finding) {
  Diagnosis out;
  out.log = Shown::of(finding.subject);
  out.severity = finding.severity;
  if (finding.code != Code::none) {
    out.entry = &entry(finding.code);
  } else {
    out.kind = finding.own_slug;
    out.kind_words = finding.own_slug;
    out.failed = finding.severity == Severity::error;
  }
  out.message = finding.message;
  for (const Fix& fix : finding.fixes) {
    out.message += shown_format("\nfix: {}", fix.text);
    for (const ShellCommand& command : fix.commands) out.message += "\n  $ " + quoted(command);
  }
  for (const Evidence& evidence : finding.evidence) {
    out.lines += shown_format("{}: {}\n", evidence.where, evidence.text);
    if (evidence.kind == Evidence::Kind::file) {
      out.places.push_back(place_of(evidence.where, evidence.text));
    }
  }
  out.in_project = !out.places.empty();
  // Readers of SARIF take no result without a place. A subject need not be a file.
  if (out.places.empty() && !finding.subject.empty()) {
    out.places.push_back({finding.subject, 0, ""});
  }
  return out;
}

}  // namespace

Diagnoses report_diagnoses(const Report& report) {
  Diagnoses out;
  bool told = report.ok;
  for (const Finding& finding : report.findings) {
    out.push_back(diagnosis_of(finding));
    told = told || finding.severity == Severity::error;
  }
  if (told) return out;
  Diagnosis failed;
  failed.log = Shown::of(report.command);
  failed.kind = "not-ok";
  failed.kind_words = "the command did not succeed";
  failed.failed = true;
  failed.message = shown_format("tenon {} did not succeed", report.command);
  out.push_back(std::move(failed));
  return out;
}

RuleName rule_name(const Diagnosis& diagnosis) {
  if (diagnosis.cause != nullptr) {
    const Cause& cause = *diagnosis.cause;
    return {std::string(code_text(cause)), std::string(cause.slug), std::string(cause.title)};
  }
  if (diagnosis.entry != nullptr) {
    const CodeEntry& known = *diagnosis.entry;
    return {std::string(known.code), std::string(known.slug), std::string(known.title)};
  }
  const std::string slug = "unknown/" + std::string(diagnosis.kind);
  return {slug, slug, std::string(diagnosis.kind_words)};
}

}  // namespace tenon
