// Which fixes of a machine's findings may be applied, and the edits and commands that they are.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/report.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/shell_lines.h"
#include "machine/snapshot.h"

namespace tenon {

struct FixPlan {
  std::vector<FileChange> changes;     // one a file
  std::vector<ShellCommand> commands;  // that --unsafe-fixes allows
  std::size_t need_unsafe = 0;         // fixes that need --unsafe-fixes
  std::size_t need_shell_files = 0;    // lines that need --shell-files
  std::size_t manual = 0;

  // A line of a start-up file that is left as it is.
  struct Untouched {
    std::string where, why;

    friend bool operator==(const Untouched&, const Untouched&) = default;
  };
  std::vector<Untouched> untouched;

  // Nothing would be changed and nothing run.
  [[nodiscard]] bool empty() const;
};

struct FixesAllowed {
  bool unsafe = false, shell_files = false;
};

// What the plan asks while it is made.
struct FixSources {
  // What a file holds now; nothing for one that is not there.
  std::function<Result<std::string>(const std::string&)> read;
  // Whether a shell accepts a start-up file; empty: not asked.
  ShellCheck check = {};
};

[[nodiscard]] FixPlan plan_fixes(const Snapshot& snapshot, const std::vector<Finding>& findings,
                                 FixesAllowed allowed, const FixSources& sources);

// For scripts.
[[nodiscard]] Data fix_plan_data(const FixPlan& plan);
// For people: the edits as diff marks them, the commands, and what was left out.
[[nodiscard]] Shown fix_plan_text(const FixPlan& plan);

}  // namespace tenon
