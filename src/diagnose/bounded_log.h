// A log of any length in bounded memory: its begin, where the first error mostly stands, and its
// end, where builds say what failed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenon {

class BoundedLog {
 public:
  // What a line costs beside its bytes while it is judged.
  static constexpr std::size_t line_cost = 96;

  // The begin costs up to `part`: bytes, and line_cost for each line; the end up to twice as much.
  explicit BoundedLog(std::size_t part = std::size_t{8} << 20U) : part_(part) {}

  void add(std::string_view bytes);
  // The log, without what stood between the two parts; whole lines, where lines have an end.
  [[nodiscard]] std::string finish();

  [[nodiscard]] std::uint64_t lines_left_out() const { return lines_ - lines_kept_; }
  [[nodiscard]] std::uint64_t bytes_left_out() const { return bytes_ - bytes_kept_; }

 private:
  // Text and how many lines end in it.
  struct Part {
    std::string text;
    std::size_t lines = 0;

    [[nodiscard]] std::size_t cost() const { return text.size() + lines * line_cost; }
  };

  std::size_t part_;
  Part head_, older_, newer_;  // the end is older_ and newer_
  bool dropped_ = false;       // of the end, to make room
  std::uint64_t lines_ = 0, bytes_ = 0, lines_kept_ = 0, bytes_kept_ = 0;
};

}  // namespace tenon
