// Edits of the file of `go env -w`, as the go command makes them, and of shells' start-up files.
// Text in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

}  // namespace tenon
