#include "crossbuild/gate/debug_paths.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/path_finder.h"
#include "base/result.h"
#include "format/elf/elf.h"

namespace tenon {
namespace {

constexpr std::uint32_t sht_nobits = 8;          // ELF gABI
constexpr std::uint64_t shf_compressed = 0x800;  // ELF gABI

std::size_t replace_all(std::span<std::byte> bytes, const PathFinder& finder) {
  std::size_t count = 0;
  finder.each(bytes, [&](std::size_t offset, const std::string& folder) {
    std::memset(bytes.data() + offset, '/', folder.size());
    bytes[offset + 1] = std::byte{'-'};
    ++count;
    return true;
  });
  return count;
}

}  // namespace

Result<std::size_t> clean_debug_paths(std::span<std::byte> file,
                                      const std::vector<std::string>& folders) {
  const ByteView view{std::span<const std::byte>(file)};
  if (!view.text().starts_with("\x7f"
                               "ELF"))
    return std::size_t{0};
  const elf::File parsed = TENON_TRY(elf::File::parse(view));
  const PathFinder finder(folders);
  std::size_t count = 0;
  for (const elf::Section& section : parsed.sections()) {
    if (section.sh_type == sht_nobits || (section.sh_flags & shf_compressed) != 0) continue;
    if (!parsed.name(section).starts_with(".debug_")) continue;
    if (!view.contains(section.sh_offset, section.sh_size)) continue;
    const auto bytes = file.subspan(static_cast<std::size_t>(section.sh_offset),
                                    static_cast<std::size_t>(section.sh_size));
    count += replace_all(bytes, finder);
  }
  return count;
}

}  // namespace tenon
