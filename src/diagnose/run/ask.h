// One log, its project and the machine that it is of: what `tenon explain`, `explain -- COMMAND`
// and `tenon build` ask.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnose/answer.h"
#include "machine/snapshot.h"

namespace tenon::explain {

// `project`: the folder of its go.mod, or empty for none. `command`: what ran on this machine and
// gave the log, or empty.
// `host`: the machine that the log is of; `team`: causes beside the built-in ones; both may be
// null.
[[nodiscard]] Answer answer(std::string_view log, std::string name, const std::string& project,
                            const std::vector<std::string>& command = {},
                            const Snapshot* host = nullptr, const TeamCauses* team = nullptr);

// The causes in the *.toml files of a folder.
[[nodiscard]] TeamCauses::Made team_causes(const std::string& folder);

// The folder of go.mod at or above `folder`; empty when there is none.
[[nodiscard]] std::string project_at(const std::string& folder);
// Looks the log's names up in the module and re-ranks the candidates.
void ask_project(Answer& answer);

// The same for the machine that a command ran on.
void ask_machine(Answer& answer, const std::vector<std::string>& command);
// The target and the machine of a command that ran here.
[[nodiscard]] BuildContext build_of(const std::vector<std::string>& command);

// Asks this machine's index which packages have the headers, .pc files and libraries that the log
// of a build for Linux misses; whether there was anything to ask. The log is read again with it.
[[nodiscard]] bool look_up_missing(const Log& log, BuildContext& build);

// What a machine, as a snapshot tells it, makes of candidates that the log alone cannot decide.
void ask_host(Answer& answer, const Snapshot& host);

}  // namespace tenon::explain
