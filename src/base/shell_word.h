// Commands that people copy into a shell and that `doctor --fix` runs. A word of one is a literal
// or a captured value: a name out of a file or a log. ShellWord is the only type that commands are
// made of: it prints quoted for a POSIX shell, and cannot be made of a std::string by conversion.
//
// A value that cannot be given safely gives the word NAME, with the shown value beside it: one that
// would not be printed as it is (control characters, NUL, bytes that are no UTF-8, what Shown
// escapes), and one with a leading dash where a program would take it for an option. A path with a
// leading dash gets "./".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lifetime.h"
#include "base/shown.h"
#include "base/template.h"

namespace tenon {

class ShellWord {
 public:
  ShellWord() = default;
  template <std::size_t size>
  ShellWord(const char (&literal)[size]) : word_(literal, size - 1) {}
  template <std::size_t size>
  ShellWord(char (&buffer)[size]) = delete;

  // A value in the place of an operand.
  [[nodiscard]] static ShellWord of(std::string_view value);
  // The same for a path.
  [[nodiscard]] static ShellWord path(std::string_view value);
  // A word of a command that was made of these and written out, read again: its dashes are meant.
  [[nodiscard]] static ShellWord again(std::string_view word);
  // A word of a template: literal text with {captures}. {path}, {file}, {folder} and {slice} are
  // paths; a capture without a value gives its name in capitals, for the reader to put in.
  [[nodiscard]] static ShellWord filled(std::string_view pattern, const Captures& captures);

  // What the program gets.
  [[nodiscard]] const std::string& argument() const TENON_LIFETIMEBOUND { return word_; }

  // What is pasted.
  [[nodiscard]] Shown quoted() const;

  // What NAME stands for; empty when the word is complete.
  [[nodiscard]] const Shown& replaced() const TENON_LIFETIMEBOUND { return replaced_; }

  friend bool operator==(const ShellWord&, const ShellWord&) = default;

 private:
  std::string word_;
  Shown replaced_;
};

// A program and its arguments.
using ShellCommand = std::vector<ShellWord>;

// A command of templates, one for each word.
[[nodiscard]] ShellCommand filled_command(std::span<const std::string_view> patterns,
                                          const Captures& captures);
[[nodiscard]] Shown quoted(const ShellCommand& command);
// "NAME: VALUE" for each word that NAME stands in; empty when the command is complete.
[[nodiscard]] std::vector<Shown> replaced_names(const ShellCommand& command);
[[nodiscard]] bool is_complete(const ShellCommand& command);
[[nodiscard]] std::vector<std::string> arguments_of(const ShellCommand& command);

}  // namespace tenon
