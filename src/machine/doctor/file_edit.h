// Edits of the file of `go env -w`, as the go command makes them. Text in, text out.
#pragma once

#include <string>
#include <string_view>

namespace tenon {

// cmd/go/internal/envcmd: lines of NAME=value; comments, order and line ends stay.
[[nodiscard]] std::string without_setting(std::string_view text, std::string_view name);
[[nodiscard]] std::string with_setting(std::string_view text, std::string_view name,
                                       std::string_view value);

struct FileChange {
  std::string path, before, after;
  std::string shell = {};  // that reads the file when it starts; empty: none does

  [[nodiscard]] bool empty() const { return before == after; }
};

// Lines that go and come, and a last line without its end, as diff -u marks them.
[[nodiscard]] std::string change_text(const FileChange& change);

}  // namespace tenon
