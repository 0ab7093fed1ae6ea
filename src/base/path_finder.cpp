#include "base/path_finder.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tenon {

PathFinder::PathFinder(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    if (folder.size() < 2 || folder.front() != '/') continue;
    folders_.push_back(folder);
    second_.at(static_cast<unsigned char>(folder[1])) = true;
  }
  // The longest first: /home/u/.cache before /home/u.
  std::ranges::sort(folders_, std::greater<>(), &std::string::size);
}

bool PathFinder::next_slash(std::span<const std::byte> bytes, std::size_t& at) {
  if (at >= bytes.size()) return false;
  const void* hit = std::memchr(bytes.data() + at, '/', bytes.size() - at);
  if (hit == nullptr) return false;
  at = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - bytes.data());
  return true;
}

const std::string* PathFinder::match(std::span<const std::byte> bytes, std::size_t at) const {
  const std::size_t room = bytes.size() - at;
  if (room < 2 || !second_.at(static_cast<unsigned char>(bytes[at + 1]))) return nullptr;
  for (const std::string& folder : folders_) {
    if (folder.size() <= room &&
        std::memcmp(bytes.data() + at, folder.data(), folder.size()) == 0) {
      return &folder;
    }
  }
  return nullptr;
}

}  // namespace tenon
