// The extended regular expressions of resource rules (POSIX 1003.2, regcomp with REG_EXTENDED), as
// far as rules use them. Time is bounded by length of pattern times length of text: all ways to
// match are followed at once.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::resources {

class Pattern {
 public:
  static constexpr std::size_t max_size = 512;

  // Literals, '.', [sets] with ranges, groups, '|', '*', '+', '?', '^', '$' and escaped
  // punctuation. unsupported for all that may mean something else to the system: bounds {1,2},
  // classes
  // [[:alpha:]], back references, escaped letters, operators without operand, more than max_size
  // bytes; malformed for groups and sets that are not closed.
  static Result<Pattern> compile(std::string_view expression);

  // Whether any part of `text` matches; '.' is any byte.
  [[nodiscard]] bool search(std::string_view text) const;

 private:
  friend class PatternCompiler;

  enum class Op : std::uint8_t { byte, any, set, split, jump, begin, end, match };

  struct Step {
    Op op = Op::match;
    unsigned char byte = 0;
    std::int32_t first = 0, second = 0;  // relative targets of split and jump
    std::uint32_t set = 0;               // index into sets_
  };

  class Run;

  std::vector<Step> steps_;
  std::vector<std::bitset<256>> sets_;
};

}  // namespace tenon::resources
