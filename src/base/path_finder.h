// Finds any of several folders in a large file in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"

namespace tenon {

class PathFinder {
 public:
  // Folders must begin with '/' and have more than one character; others are ignored.
  explicit PathFinder(const std::vector<std::string>& folders);

  // Calls `fn(offset, folder)` for each place where a folder begins, in order, until it gives
  // false.
  template <class Fn>
  void each(std::span<const std::byte> bytes, Fn fn) const {
    std::size_t at = 0;
    while (next_slash(bytes, at)) {
      const std::string* folder = match(bytes, at);
      if (folder != nullptr && !fn(at, *folder)) return;
      at += folder != nullptr ? folder->size() : 1;
    }
  }

 private:
  static bool next_slash(std::span<const std::byte> bytes, std::size_t& at);
  [[nodiscard]] const std::string* match(std::span<const std::byte> bytes,
                                         std::size_t at) const TENON_LIFETIMEBOUND;

  std::vector<std::string> folders_;
  std::array<bool, 256> second_{};  // which bytes can follow the first '/'
};

}  // namespace tenon
