#include "diagnose/bounded_log.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tenon {
namespace {

std::size_t ends_of_lines(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

void BoundedLog::add(std::string_view bytes) {
  constexpr std::size_t most = 4096;  // at once: a part is not exceeded by more
  for (; !bytes.empty(); bytes.remove_prefix(std::min(most, bytes.size()))) {
    const std::string_view piece = bytes.substr(0, most);
    const std::size_t lines = ends_of_lines(piece);
    bytes_ += piece.size();
    lines_ += lines;
    if (newer_.text.empty() && older_.text.empty() && head_.cost() < part_) {
      head_.text += piece;
      head_.lines += lines;
      continue;
    }
    if (newer_.cost() >= part_) {
      dropped_ = dropped_ || !older_.text.empty();
      older_ = std::exchange(newer_, {});
    }
    newer_.text += piece;
    newer_.lines += lines;
  }
}

std::string BoundedLog::finish() {
  std::string out = std::move(head_.text);
  std::string tail = std::move(older_.text) + newer_.text;
  if (dropped_) {
    // No line is put together from two.
    if (const std::size_t end = out.rfind('\n'); end != out.npos) out.resize(end + 1);
    if (const std::size_t end = tail.find('\n'); end + 1 < tail.size()) tail.erase(0, end + 1);
    if (!out.ends_with('\n')) out += '\n';
  }
  out += tail;
  lines_kept_ = std::min(static_cast<std::uint64_t>(ends_of_lines(out)), lines_);
  bytes_kept_ = std::min(static_cast<std::uint64_t>(out.size()), bytes_);
  return out;
}

}  // namespace tenon
