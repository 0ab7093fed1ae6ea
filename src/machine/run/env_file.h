// Changes the file of `go env -w` as the go command would, with a way back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

// cmd/go/internal/envcmd: lines of NAME=value; comments and order stay.
[[nodiscard]] std::string without_setting(std::string_view text, std::string_view name);
[[nodiscard]] std::string with_setting(std::string_view text, std::string_view name,
                                       std::string_view value);

// Line `number` (from 1) of a shell's start-up file as a comment; the text as it is when it has no
// such line. A line of a block keeps a command there, as an empty block is an error.
[[nodiscard]] std::string without_line(std::string_view text, std::uint64_t number);

struct FileChange {
  std::string path, before, after;

  [[nodiscard]] bool empty() const { return before == after; }
};

// Lines that go and come, as diff -u marks them.
[[nodiscard]] std::string change_text(const FileChange& change);

// Keeps what the file holds now in `store`, then replaces it. Nothing is written when that fails.
[[nodiscard]] Result<void> apply_change(const FileChange& change, const std::string& store);

// Puts back what the last changes replaced, and forgets them. The paths that were restored.
[[nodiscard]] Result<std::vector<std::string>> undo_changes(const std::string& store);

}  // namespace tenon
