// Which fixes of a machine's findings may be applied, and the edits and commands that they are.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "diag/report.h"
#include "machine/doctor/file_edit.h"
#include "machine/snapshot.h"

namespace tenon {

struct FixPlan {
  std::vector<FileChange> changes;                 // one a file
  std::vector<std::vector<std::string>> commands;  // that --unsafe-fixes allows
  std::size_t need_unsafe = 0;                     // fixes that need --unsafe-fixes
  std::size_t need_shell_files = 0;                // lines that need --shell-files
  std::size_t manual = 0;

  // Nothing would be changed and nothing run.
  [[nodiscard]] bool empty() const;
};

struct FixesAllowed {
  bool unsafe = false, shell_files = false;
};

// `read` gives what a file holds now; empty for one that is not there.
[[nodiscard]] FixPlan plan_fixes(const Snapshot& snapshot, const std::vector<Finding>& findings,
                                 FixesAllowed allowed,
                                 const std::function<std::string(const std::string&)>& read);

// For scripts.
[[nodiscard]] Data fix_plan_data(const FixPlan& plan);
// For people: the edits as diff marks them, the commands, and what was left out.
[[nodiscard]] std::string fix_plan_text(const FixPlan& plan);

}  // namespace tenon
