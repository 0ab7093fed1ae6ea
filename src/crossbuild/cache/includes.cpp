#include "crossbuild/cache/includes.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace tenon {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Blanks, comments of one line and continued line ends.
void skip_blanks(std::string_view& text) {
  while (!text.empty()) {
    if (is_blank(text.front())) {
      text.remove_prefix(1);
    } else if (text.starts_with("\\\n")) {
      text.remove_prefix(2);
    } else if (text.starts_with("\\\r\n")) {
      text.remove_prefix(3);
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/", 2);
      text.remove_prefix(end == text.npos ? text.size() : end + 2);
    } else {
      return;
    }
  }
}

std::string_view word_of(std::string_view text) {
  return text.substr(
      0, static_cast<std::size_t>(std::ranges::find_if_not(text, is_word) - text.begin()));
}

// The name at the front of `text`; empty when a macro stands there.
IncludeName name_at(std::string_view text, bool everywhere) {
  if (text.empty()) return {};
  const char open = text.front();
  if (open != '"' && open != '<') return {};
  const std::size_t end = text.find_first_of(open == '"' ? "\"\n" : ">\n", 1);
  if (end == text.npos || text[end] == '\n') return {};
  return {std::string(text.substr(1, end - 1)), open == '"', everywhere};
}

// Whether a text ends with "define" and blanks.
bool is_defined(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t'))
    before.remove_suffix(1);
  return before.ends_with("define");
}

class Scanner {
 public:
  IncludeScan run(std::string_view text, bool assembler) {
    directives(text);
    underscores(text);
    reads_file(text, assembler);
    std::ranges::sort(out_.names, {}, [](const IncludeName& each) {
      return std::tie(each.name, each.quoted, each.everywhere);
    });
    const auto [from, to] = std::ranges::unique(out_.names);
    out_.names.erase(from, to);
    return std::move(out_);
  }

 private:
  // The first hazard stays: one is enough.
  void hazard(TextHazard what) {
    if (out_.hazard == TextHazard::none) out_.hazard = what;
  }

  void directives(std::string_view text) {
    for (std::size_t at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
      directive(text.substr(at + 1));
    }
    // "%:" and "??=" stand for "#".
    for (const std::string_view other : {"%:", "?\?="}) {
      for (std::size_t at = text.find(other); at != text.npos; at = text.find(other, at + 1)) {
        directive(text.substr(at + other.size()));
      }
    }
  }

  void directive(std::string_view rest) {
    skip_blanks(rest);
    const std::string_view word = word_of(rest);
    if (word == "embed") hazard(TextHazard::reads_file);
    if (word != "include" && word != "import" && word != "include_next") return;
    rest.remove_prefix(word.size());
    skip_blanks(rest);
    if (IncludeName name = name_at(rest, word == "include_next"); !name.name.empty()) {
      out_.names.push_back(std::move(name));
    } else {
      out_.computed = true;
    }
  }

  // All words with two underscores at once: there are many, and each search is a pass of its own.
  void underscores(std::string_view text) {
    for (std::size_t at = text.find("__"); at != text.npos; at = text.find("__", at + 1)) {
      const std::string_view word = text.substr(at);
      if (word.starts_with("__has_include")) question(text.substr(0, at), word.substr(13));
      if (word.starts_with("__has_embed")) hazard(TextHazard::reads_file);
      if (word.starts_with("__DATE__") || word.starts_with("__TIME__") ||
          word.starts_with("__TIMESTAMP__")) {
        hazard(TextHazard::date_time);
      }
    }
  }

  // "__has_include" between `before` and `rest`.
  void question(std::string_view before, std::string_view rest) {
    if (is_defined(before)) return;  // for compilers that have no such operator
    const bool next = rest.starts_with("_next");
    if (next) rest.remove_prefix(5);
    if (!rest.empty() && is_word(rest.front())) return;  // another word
    skip_blanks(rest);
    if (!rest.starts_with('(')) return;  // #ifdef __has_include
    rest.remove_prefix(1);
    skip_blanks(rest);
    IncludeName name = name_at(rest, next);
    if (!name.name.empty()) {
      out_.names.push_back(std::move(name));
    } else {
      hazard(TextHazard::computed_question);
    }
  }

  void reads_file(std::string_view text, bool assembler) {
    constexpr std::string_view include = ".include";
    for (std::size_t at = text.find(".inc"); at != text.npos; at = text.find(".inc", at + 1)) {
      std::string_view rest = text.substr(at);
      if (rest.starts_with(".incbin")) hazard(TextHazard::reads_file);
      if (!rest.starts_with(include)) continue;
      rest.remove_prefix(include.size());
      skip_blanks(rest);
      if (assembler || rest.starts_with('"') || rest.starts_with("\\\"")) {
        hazard(TextHazard::reads_file);
      }
    }
  }

  IncludeScan out_;
};

}  // namespace

IncludeScan scan_includes(std::string_view text, bool assembler) {
  return Scanner().run(text, assembler);
}

LinePath line_path(std::string_view line) {
  std::string_view rest = line;
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  if (!rest.starts_with('#')) return {};
  rest.remove_prefix(1);
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  if (rest.starts_with("line")) rest.remove_prefix(4);
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits == 0) return {};
  rest.remove_prefix(digits);
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  if (!rest.starts_with('"')) return {};
  const std::size_t end = rest.find('"', 1);
  if (end == rest.npos) return {};
  return {line.size() - rest.size() + 1, end - 1};
}

}  // namespace tenon
