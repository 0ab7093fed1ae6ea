// The answer for one log, and its forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/render/diagnosis.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/context.h"
#include "diagnose/failures/failures.h"
#include "diagnose/log.h"
#include "diagnose/project/trace.h"
#include "diagnose/search.h"

namespace tenon::explain {

// Everything that can be said of one log.
struct Answer {
  std::string name;  // of the log, for people
  Log log;
  LogContext context;
  std::vector<Candidate> candidates;  // best first; once grouped, those of the first failure
  std::vector<Failure> failures;      // in the order to put them right
  std::vector<Candidate> harmless;    // what the log says beside them, of no weight
  std::vector<ProjectFact> project;
  std::string project_root;  // empty: no project was checked
  // One command for all packages that its failures miss, for each system; empty where one failure
  // alone misses some.
  std::vector<ShellCommand> install;
  // What was looked at on the machine, beside the log.
  std::vector<std::string> looked;
  // What the machine says: settings that decide, "CGO_ENABLED=0" and where it stands.
  std::vector<Evidence> settings;
  // Searches of loaders and linkers that failed in the log, made again.
  std::vector<Search> searches;

  [[nodiscard]] const Candidate* best() const {
    return candidates.empty() ? nullptr : candidates.data();
  }
};

// What the log alone tells, and what is known of the build beside it. Asks nothing of the machine:
// diagnose/run/ask.h goes on from here.
[[nodiscard]] Answer read_answer(std::string_view log, std::string name,
                                 const BuildContext& build = {}, const TeamCauses* team = nullptr);

// Groups the log into failures with the candidates as they stand now: the last step.
void group_failures(Answer& answer, const TeamCauses* team);

[[nodiscard]] Data answer_data(const Answer& answer);
[[nodiscard]] Finding answer_finding(const Answer& answer);
// Each failure, in the order to put them right, for the renderers of findings beside code; one
// where the log has none: what is harmless in it, or nothing known.
[[nodiscard]] Diagnoses answer_diagnoses(const Answer& answer);
[[nodiscard]] Shown answer_text(const Answer& answer, const TextStyle& style = {});
[[nodiscard]] Shown line_text(const Log& log, std::size_t number);

}  // namespace tenon::explain
