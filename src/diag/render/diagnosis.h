// What a log turned out to show, or a command found, in the forms of machines that put findings
// beside code: SARIF, GitHub's annotations, JUnit. Reads nothing, decides nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {

struct Diagnosis {
  // A file with a line, from 1; `text` is what stands there, or empty.
  struct Place {
    std::string path;
    std::size_t line = 0;
    std::string text;
  };

  Shown log;                         // its name, or the subject of a finding
  const Cause* cause = nullptr;      // nullptr: no known cause fits
  const CodeEntry* entry = nullptr;  // instead of a cause: the code of a finding
  Severity severity = Severity::error;
  // Of a failure without a known cause: "link-failed" and what it is called. Empty: the log shows
  // no failure, and what follows is empty.
  std::string_view kind = {}, kind_words = {};
  Shown message;  // with its fix; without a cause: where it failed
  Shown lines;    // of the log, that prove it, or the evidence; each with its end
  std::vector<Place> places;
  bool failed = false;      // without a cause or a code, and all the same no mere question
  bool in_project = false;  // the places are files, not lines of the log

  // Whether a cause or a code is known.
  [[nodiscard]] bool known() const { return cause != nullptr || entry != nullptr; }
};

// Each failure of a log, in the order to put them right.
using Diagnoses = std::vector<Diagnosis>;

// Each finding of a report. A command that did not succeed and found nothing has one without a
// code, so that no form of it passes for success.
[[nodiscard]] Diagnoses report_diagnoses(const Report& report);

// What a rule is called: that of the cause or the code, else the kind of the failure.
struct RuleName {
  std::string id, slug, title;
};
[[nodiscard]] RuleName rule_name(const Diagnosis& diagnosis);

// SARIF 2.1.0: one run with a result for each failure, and each rule once.
[[nodiscard]] std::string render_sarif(const Diagnoses& diagnoses, std::string_view version);
// A workflow command of GitHub Actions for each; empty when no failure was found.
[[nodiscard]] std::string render_github(const Diagnoses& diagnoses);
// A test case for each: failed, passed (a harmless cause), or skipped when it could not be decided.
// `command` is that of the suite, "explain".
[[nodiscard]] std::string render_junit(const Diagnoses& diagnoses, std::string_view command);

}  // namespace tenon
