#include "base/shell_word.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::array<std::string_view, 4> path_names{"path", "file", "folder", "slice"};

bool is_printed_as_it_is(std::string_view value) { return Shown::of(value).text() == value; }

// A capture for the reader: {package} as PACKAGE.
std::string to_put_in(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

bool is_capture_name(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

ShellWord ShellWord::filled(std::string_view pattern, const Captures& captures) {
  ShellWord out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out.word_ += pattern.substr(0, open);
    pattern.remove_prefix(open);
    // A template of go list, "{{end}}", is a word as it is.
    if (const std::size_t end = pattern.find("}}");
        pattern.starts_with("{{") && end != pattern.npos) {
      out.word_ += pattern.substr(0, end + 2);
      pattern.remove_prefix(end + 2);
      continue;
    }
    const std::size_t close = pattern.find('}');
    const std::string_view name =
        close == pattern.npos ? std::string_view() : pattern.substr(1, close - 1);
    if (!is_capture_name(name)) {
      out.word_ += pattern.substr(0, 1);
      pattern.remove_prefix(std::min<std::size_t>(pattern.size(), 1));
      continue;
    }
    pattern.remove_prefix(close + 1);
    const std::string_view value = capture(captures, name);
    const bool dash = out.word_.empty() && value.starts_with('-');
    const bool is_path = std::ranges::find(path_names, name) != path_names.end();
    if (value.empty()) {
      out.word_ += to_put_in(name);
    } else if (!is_printed_as_it_is(value) || (dash && !is_path)) {
      out.word_ += "NAME";
      out.replaced_ = Shown::of(value);
    } else {
      if (dash) out.word_ += "./";
      out.word_ += value;
    }
  }
  return out;
}

ShellWord ShellWord::of(std::string_view value) {
  return filled("{value}", {{"value", std::string(value)}});
}

ShellWord ShellWord::path(std::string_view value) {
  return filled("{path}", {{"path", std::string(value)}});
}

ShellWord ShellWord::again(std::string_view word) {
  if (!is_printed_as_it_is(word)) return of(word);
  ShellWord out;
  out.word_ = word;
  return out;
}

Shown ShellWord::quoted() const { return Shown::of(shell_quote(word_)); }

ShellCommand filled_command(std::span<const std::string_view> patterns, const Captures& captures) {
  ShellCommand out;
  out.reserve(patterns.size());
  for (const std::string_view pattern : patterns)
    out.push_back(ShellWord::filled(pattern, captures));
  return out;
}

Shown quoted(const ShellCommand& command) {
  std::vector<Shown> words;
  words.reserve(command.size());
  for (const ShellWord& word : command) words.push_back(word.quoted());
  return shown_join(words, " ");
}

std::vector<Shown> replaced_names(const ShellCommand& command) {
  std::vector<Shown> out;
  for (const ShellWord& word : command) {
    if (!word.replaced().empty()) out.push_back(shown_format("NAME: {}", word.replaced()));
  }
  return out;
}

bool is_complete(const ShellCommand& command) {
  return std::ranges::all_of(command,
                             [](const ShellWord& word) { return word.replaced().empty(); });
}

std::vector<std::string> arguments_of(const ShellCommand& command) {
  std::vector<std::string> out;
  out.reserve(command.size());
  for (const ShellWord& word : command) out.push_back(word.argument());
  return out;
}

}  // namespace tenon
