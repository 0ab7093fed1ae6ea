// What a C source or header may ask of the file system, read from its text alone.
//
// A compile is kept together with the names that its sources spell in #include, #import and
// __has_include, in branches that are compiled and in branches that are not: the preprocessor can
// ask for these names and for no others, so when each of them leads to what it led to before, it
// reads the same files (run/compile_cache.h tells the whole).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

struct IncludeName {
  std::string name;         // between the quotes or the angle brackets
  bool quoted = false;      // "name": the folder of the including file goes first
  bool everywhere = false;  // #include_next, __has_include_next: the search goes on behind a hit

  bool operator==(const IncludeName&) const = default;
};

// What makes the object depend on more than the text that was read.
enum class TextHazard : std::uint8_t {
  none,
  date_time,          // __DATE__, __TIME__, __TIMESTAMP__
  reads_file,         // .incbin, .include, #embed: files that no list of dependencies has
  computed_question,  // __has_include(MACRO): what it asks for is not in the text
};

struct IncludeScan {
  std::vector<IncludeName> names;  // without duplicates
  bool computed = false;           // #include MACRO: a name that is not in the text
  TextHazard hazard = TextHazard::none;
};

// `assembler`: the text is one of an assembler, whose .include counts wherever it stands.
[[nodiscard]] IncludeScan scan_includes(std::string_view text, bool assembler);

// The text with the paths of its line directives (#line 3 "/home/x/m/a.go", # 3 "...") changed by
// `change`. What cgo writes differs between two checkouts in nothing else.
template <class Change>
[[nodiscard]] std::string with_line_paths(std::string_view text, const Change& change);

// The position and the length of the path in a line directive; length 0 when `line` is none.
struct LinePath {
  std::size_t at = 0;
  std::size_t size = 0;
};
[[nodiscard]] LinePath line_path(std::string_view line);

template <class Change>
std::string with_line_paths(std::string_view text, const Change& change) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == text.npos ? text.size() : end + 1);
    text.remove_prefix(line.size());
    const LinePath path = line_path(line);
    if (path.size == 0) {
      out += line;
      continue;
    }
    out += line.substr(0, path.at);
    out += change(line.substr(path.at, path.size));
    out += line.substr(path.at + path.size);
  }
  return out;
}

}  // namespace tenon
