// Writes edits into files, and takes them back: with the journal of `tenon doctor --fix`, in a
// directory of its own.
//
// From beginning to end: before the first file is touched, each file must still hold the text that
// was planned on, and must be no link. Each change has its record in the journal, on the disk,
// before its file is replaced; a process that is killed leaves some files old and some new, and a
// record of each new one, from which undo restores every byte.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "machine/run/change_journal.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {

struct NotWritten {
  std::string path;
  std::string reason;
};

struct Applied {
  std::size_t written = 0;
  std::vector<std::string> notes;  // "PATH: its owner could not be kept"
  std::vector<NotWritten> problems;
};

[[nodiscard]] Result<Applied> apply(const std::vector<FilePlan>& plans);
[[nodiscard]] Result<std::vector<Undone>> undo(bool dry);
// Files below a path that git lists as changed; none where the path is in no work tree. An error
// where git cannot tell.
[[nodiscard]] Result<std::vector<std::string>> uncommitted(const std::string& path);

}  // namespace tenon::rewrite
