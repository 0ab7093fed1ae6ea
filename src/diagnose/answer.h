// What is told of one log, and its forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/report.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/context.h"
#include "diagnose/log.h"
#include "diagnose/project/trace.h"
#include "machine/snapshot.h"

namespace tenon::explain {

// Everything that can be said of one log.
struct Answer {
  std::string name;  // of the log, for people
  Log log;
  LogContext context;
  std::vector<Candidate> candidates;  // best first
  std::vector<ProjectFact> project;
  std::string project_root;  // empty: no project was looked at
  // What the machine says: settings that decide, "CGO_ENABLED=0" and where it stands.
  std::vector<Evidence> settings;

  [[nodiscard]] const Candidate* best() const {
    return candidates.empty() ? nullptr : candidates.data();
  }
};

// `project`: the folder of its go.mod, or empty for none. `command`: what ran on this machine and
// gave the log, or empty.
// `host`: the machine that the log is of; may be null.
[[nodiscard]] Answer answer(std::string_view log, std::string name, const std::string& project,
                            const std::vector<std::string>& command = {},
                            const Snapshot* host = nullptr);

// The folder of go.mod at or above `folder`; empty when there is none.
[[nodiscard]] std::string project_at(const std::string& folder);
// What the project says of a log, and what that makes of the candidates.
void ask_project(Answer& answer);

// The same for the machine that a command ran on.
void ask_machine(Answer& answer, const std::vector<std::string>& command);
// The target that the command was given where its output does not say.
void note_target(Log& log, const std::vector<std::string>& command);

// A snapshot that `tenon doctor --record` wrote.
[[nodiscard]] Outcome<Snapshot> recorded_host(const std::string& path);
// What a machine, as a snapshot tells it, makes of candidates that the log alone cannot decide.
void ask_host(Answer& answer, const Snapshot& host);

[[nodiscard]] Data answer_data(const Answer& answer);
[[nodiscard]] Finding answer_finding(const Answer& answer);
[[nodiscard]] std::string answer_text(const Answer& answer);
[[nodiscard]] std::string line_text(const Log& log, std::size_t number);

}  // namespace tenon::explain
