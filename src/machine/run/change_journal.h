// Writes the edits of `tenon doctor --fix`, and takes them back.
//
// From beginning to end: each change gets a record in the state folder, on the disk before the
// file is touched, so that a process that is killed leaves either the old file and a record of
// nothing, or the new file and its record. A file is replaced only if it still holds what the edit
// was made from. Undo goes from the last record to the first: a file that is as --fix left it gets
// its old bytes back; one that somebody edited since gets back only the lines that --fix changed
// (doctor/line_merge.h). A record goes when all of it was taken back, and not before.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "host/files.h"
#include "machine/doctor/change_record.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/shell_lines.h"

namespace tenon {

// What could not be kept of a file that was replaced, for people.
using Notes = std::vector<std::string>;

struct Undone {
  std::string path;               // or the command, as words of a shell
  std::string record;             // its file
  bool restored = false;          // something was put back
  bool command = false;           // it is a command that was run
  std::vector<std::string> kept;  // edits of somebody else that stay: "+LINE", "-LINE"
  std::vector<std::string> open;  // lines that could not be put back
  Notes notes;
  std::string problem;  // why nothing could be done; the record stays

  [[nodiscard]] bool complete() const { return open.empty() && problem.empty(); }
};

struct UndoRequest {
  bool dry = false;       // say what would be done
  bool commands = false;  // run the commands that take back what was installed or selected
  ShellCheck check = {};  // of start-up files that were edited since
};

class ChangeJournal {
 public:
  // Makes the folder, for this user alone. busy when another process fixes or undoes.
  [[nodiscard]] static Result<ChangeJournal> open(const std::string& folder);

  [[nodiscard]] Result<Notes> apply(const FileChange& change);
  // Before the command runs.
  [[nodiscard]] Result<void> record_command(const std::vector<std::string>& argv,
                                            std::vector<std::string> reverse);
  // Of the command that was recorded last and did not succeed.
  void forget_last();
  [[nodiscard]] Result<std::vector<Undone>> undo(const UndoRequest& request);

 private:
  ChangeJournal(std::string folder, FileLock lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  [[nodiscard]] Result<std::vector<std::string>> records() const;
  [[nodiscard]] Result<std::string> keep(const ChangeRecord& record);

  std::string folder_;
  FileLock lock_;
  std::string last_;
};

}  // namespace tenon
