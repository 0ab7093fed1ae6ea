// Reads cpio archives in their portable forms: odc ("070707"), which installer packages of macOS
// hold, and newc ("070701", "070702").
// Rules: cpio(5) of libarchive.
//
// Ownership: members borrow the bytes given to parse(). Offsets in errors are file offsets.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::cpio {

inline constexpr std::size_t max_members = 1'000'000;

struct Member {
  std::string_view name;
  unsigned mode = 0;  // with the type
  ByteView data;      // of a link: its target

  [[nodiscard]] bool is_file() const { return (mode & 0170000U) == 0100000U; }
  [[nodiscard]] bool is_folder() const { return (mode & 0170000U) == 0040000U; }
  [[nodiscard]] bool is_link() const { return (mode & 0170000U) == 0120000U; }
};

// In file order, without the trailer. malformed for another magic, a number that is none, and an
// archive without its trailer.
[[nodiscard]] Result<std::vector<Member>> parse(ByteView file);

}  // namespace tenon::cpio
