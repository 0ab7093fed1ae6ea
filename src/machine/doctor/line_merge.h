// Taking an edit back from a file that somebody else edited since, line by line.
//
// Three texts: what the file held before our edit, what we made of it, what it holds now. Each
// place where the second differs from the first is put back if its lines are still as we left them.
// Everything else in the file is somebody's own and stays.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// The lines of a text that lives longer, with or without their ends.
struct TextLines {
  enum class Ends : unsigned char { dropped, kept };

  std::vector<std::string_view> lines;
  bool ended = true;  // the last line has its newline

  explicit TextLines(std::string_view text, Ends ends = Ends::dropped);
};

// Lines [from, from_end) of one text stand where the other has [to, to_end).
struct Hunk {
  std::size_t from = 0, from_end = 0, to = 0, to_end = 0;
};

// From the first text to the second, in order.
[[nodiscard]] std::vector<Hunk> hunks_of(const TextLines& from, const TextLines& to);

struct TakenBack {
  std::string text;               // what the file is to hold
  std::vector<std::string> kept;  // edits since ours: "+LINE" came, "-LINE" went
  std::vector<std::string> open;  // lines of `before` that could not be put back
};

[[nodiscard]] TakenBack take_back(std::string_view before, std::string_view after,
                                  std::string_view now);

}  // namespace tenon
