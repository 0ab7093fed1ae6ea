// Where a line of a shell's start-up file stands, so that it can become a comment and the file
// still means the same.
//
// From beginning to end: the text is read once as its shell reads it, with a stack of what is open
// (quotes, here-documents, parentheses, blocks). A line is a command of its own when nothing but
// blocks is open where it begins, and when it leaves open what it found open. Such a line becomes
// "# LINE"; in a block, or behind an operator that waits for a command, ": # LINE", since an empty
// block is an error. Any other line is left alone, as is a file whose end leaves something open:
// then it was read wrongly, or is broken.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tenon {

enum class ShellKind : std::uint8_t { posix, fish, csh };

// The shell that reads a start-up file, by the name of the file: "bash", "zsh", "sh", "fish",
// "csh".
[[nodiscard]] std::string_view shell_of(std::string_view path);
[[nodiscard]] ShellKind kind_of_shell(std::string_view shell);

// What a shell says of a text when it only reads it.
struct ShellVerdict {
  enum class State : std::uint8_t { accepted, refused, no_answer, not_installed };
  State state = State::accepted;
  std::string said = {};  // why it refuses

  // A shell that is not here reads no file either.
  [[nodiscard]] bool accepts() const {
    return state == State::accepted || state == State::not_installed;
  }
};

using ShellCheck = std::function<ShellVerdict(std::string_view shell, const std::string& text)>;

enum class LinePlace : std::uint8_t {
  top,        // a command outside of every block
  block,      // a command in a block or function, or behind an operator that waits for one
  text,       // part of a here-document, a quoted text or a list
  continued,  // goes on from the line before, or into the next one
  unclear,    // no such line, or something is still open at the end of the file
};

// Lines count from 1.
[[nodiscard]] LinePlace place_of_line(std::string_view text, std::uint64_t number, ShellKind kind);
// Why a line of this place is left alone, for people; empty for `top` and `block`.
[[nodiscard]] std::string_view why_untouched(LinePlace place);

// The text with that line as a comment, as its place demands. For `top` and `block` only.
[[nodiscard]] std::string without_line(std::string_view text, std::uint64_t number,
                                       LinePlace place);

}  // namespace tenon
