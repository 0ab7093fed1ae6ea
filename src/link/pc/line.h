// Lines of a .pc file or a personality: NAME = VALUE, NAME: VALUE, comments, lines that continue.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::pc {

struct Line {
  std::string key;  // may be empty
  char mark = 0;    // '=' or ':', or another character
  std::string value;
  std::size_t number = 0;       // where it begins in the file, from 1
  int blanks_in_key = 0;        // blanks where none belong
  int blanks_behind_value = 0;  // at the end of the line
};

class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  // The next line with a key, or with blanks where a key should begin.
  [[nodiscard]] std::optional<Line> next();

 private:
  [[nodiscard]] std::string take_logical();

  std::string_view rest_;
  std::size_t number_ = 1;
};

}  // namespace tenon::pc
