// Edits of one text: ranges of bytes and what stands there afterwards. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::rewrite {

struct Edit {
  std::uint32_t start = 0, end = 0;  // bytes of the old text; equal: an insertion
  std::string text;                  // in their place
  std::string_view rule;             // its name, static
  // Of edits that only make sense together (both ends of a call around an argument), the number
  // that they share; 0: on its own.
  std::uint32_t group = 0;
};

// Edits in the order of the text, without those that overlap another: of these, both are in
// `clashing`, with all of their groups. Insertions at one place keep the order in which they were
// made; a range that begins there follows them.
struct Ordered {
  std::vector<Edit> edits;
  std::vector<Edit> clashing;
};

[[nodiscard]] Ordered ordered(std::vector<Edit> edits);
// The text with edits that ordered() gave.
[[nodiscard]] std::string applied(std::string_view text, const std::vector<Edit>& edits);

// The number of the line in which a byte stands, from 1.
class Lines {
 public:
  explicit Lines(std::string_view text);
  [[nodiscard]] std::uint32_t of(std::uint32_t offset) const;

 private:
  std::vector<std::uint32_t> starts_;
};

// What `diff -u` prints of two texts, with three lines of context; empty where they are equal. The
// edits say where they differ. A line end of the text that is not "\n" stays in the line.
[[nodiscard]] std::string unified_diff(std::string_view name, std::string_view text,
                                       const std::vector<Edit>& edits);

}  // namespace tenon::rewrite
