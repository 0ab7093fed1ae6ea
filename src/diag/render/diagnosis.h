// What a log turned out to show, in the forms of machines that put findings beside code: SARIF,
// GitHub's annotations, JUnit. Reads nothing, decides nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "diag/catalog.h"

namespace tenon {

struct Diagnosis {
  // A file with a line; `text` is what stands there, or empty.
  struct Place {
    std::string path;
    std::size_t line = 0;
    std::string text;
  };

  Shown log;                     // its name
  const Cause* cause = nullptr;  // nullptr: no known cause fits
  // Of a failure without a known cause: "link-failed" and what it is called. Empty: the log shows
  // no failure, and what follows is empty.
  std::string_view kind = {}, kind_words = {};
  Shown message;  // with its fix; without a cause: where it failed
  Shown lines;    // of the log, that prove it; each with its end
  std::vector<Place> places;
  bool in_project = false;  // the places are files of the project, not lines of the log
};

// Each failure of a log, in the order to put them right.
using Diagnoses = std::vector<Diagnosis>;

// SARIF 2.1.0: one run with a result for each failure, and each rule once.
[[nodiscard]] std::string render_sarif(const Diagnoses& diagnoses, std::string_view version);
// A workflow command of GitHub Actions for each; empty when no failure was found.
[[nodiscard]] std::string render_github(const Diagnoses& diagnoses);
// A test case for each: failed, passed (a harmless cause), or skipped when it could not be decided.
[[nodiscard]] std::string render_junit(const Diagnoses& diagnoses);

}  // namespace tenon
