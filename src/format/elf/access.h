// Shared by the readers of this folder: choice of layout and bounded names. Not for other folders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"

namespace tenon::elf {

// Calls `work` with a value of the layout type of the file: Le32, Be32, Le64 or Be64.
template <class Work>
auto with_layout(const Header& header, Work work) {
  const bool big = header.ei_data == ELFDATA2MSB;
  if (header.ei_class == ELFCLASS64) return big ? work(Be64{}) : work(Le64{});
  return big ? work(Be32{}) : work(Le32{});
}

// Names are cut here: without a limit a table of a million symbols that share one string of many
// megabytes costs hours.
inline constexpr std::size_t longest_name = 16384;

[[nodiscard]] inline std::string_view bounded_name(ByteView strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view room =
      strings.text().substr(static_cast<std::size_t>(offset), longest_name);
  return room.substr(0, room.find('\0'));
}

// The same for names that a cut would falsify: one without a NUL in reach is an error.
[[nodiscard]] inline Result<std::string_view> bounded_cstr(ByteView strings, std::uint64_t offset,
                                                           const char* what) {
  const std::string_view name = bounded_name(strings, offset);
  if (!strings.contains(offset, name.size() + 1) || name.size() == longest_name) {
    return fail(Errc::malformed, what, strings.base() + offset);
  }
  return name;
}

}  // namespace tenon::elf
