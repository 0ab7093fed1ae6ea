// What `doctor --fix` did, one record a change: kept until `--undo` has taken it back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct ChangeRecord {
  std::string path;     // of the file, links resolved; empty: a command was run
  bool existed = true;  // the file was there before
  std::string before, after;
  std::string shell;  // that reads the file when it starts
  std::vector<std::string> command;
  std::vector<std::string> reverse;  // the command that takes it back; empty: none is known

  friend bool operator==(const ChangeRecord&, const ChangeRecord&) = default;
};

// Lines "NAME LENGTH", each with so many bytes behind it; the last is the SHA-256 of what stands
// before. Any bytes can stand in a start-up file, so it is no JSON.
[[nodiscard]] std::string record_text(const ChangeRecord& record);
// malformed for a record that was cut short or edited: what it says must not be written anywhere.
[[nodiscard]] Result<ChangeRecord> read_record(std::string_view text);

// The command that undoes one: what was installed is removed, the developer directory that was
// selected (empty: none) is selected again. nullopt where none is known.
[[nodiscard]] std::optional<std::vector<std::string>> reverse_command(
    const std::vector<std::string>& argv, const std::string& developer_folder);

}  // namespace tenon
