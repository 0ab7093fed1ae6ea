#include "crossbuild/gate/debug_paths.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path_finder.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"

namespace tenon {
namespace {

constexpr std::string_view elf_magic =
    "\x7f"
    "ELF";
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

struct Piece {
  std::uint64_t offset = 0, size = 0;
};

// Sections of debug information that hold plain bytes.
Result<std::vector<Piece>> elf_debug(ByteView view) {
  std::vector<Piece> out;
  const elf::File parsed = TENON_TRY(elf::File::parse(view));
  for (const elf::Section& section : parsed.sections()) {
    if (section.sh_type == sht_nobits || (section.sh_flags & shf_compressed) != 0) continue;
    if (!parsed.name(section).starts_with(".debug_")) continue;
    out.push_back({section.sh_offset, section.sh_size});
  }
  return out;
}

Result<std::vector<Piece>> pe_debug(ByteView view) {
  std::vector<Piece> out;
  const pe::File parsed = TENON_TRY(pe::File::parse(view));
  for (const pe::Section& section : parsed.sections()) {
    if (section.name.starts_with(".debug_")) out.push_back({section.offset, section.size});
  }
  return out;
}

Result<std::vector<Piece>> macho_debug(ByteView view) {
  std::vector<Piece> out;
  const auto parsed = macho::File::parse(view);
  if (!parsed) return out;  // no file with debug information of its own
  for (const macho::Segment& segment : parsed->segments()) {
    for (const macho::Section& section : segment.sections) {
      if (section.segname != "__DWARF" || !section.sectname.starts_with("__debug_")) continue;
      if (section.in_file()) out.push_back({section.offset, section.size});
    }
  }
  return out;
}

}  // namespace

Result<std::size_t> clean_debug_paths(std::span<std::byte> file,
                                      const std::vector<std::string>& folders) {
  const ByteView view{std::span<const std::byte>(file)};
  auto pieces = view.text().starts_with(elf_magic) ? elf_debug(view)
                : view.text().starts_with("MZ")    ? pe_debug(view)
                                                   : macho_debug(view);
  const PathFinder finder(folders);
  std::size_t count = 0;
  for (const Piece& piece : TENON_TRY(std::move(pieces))) {
    if (!view.contains(piece.offset, piece.size)) continue;
    count += replace_all(
        file.subspan(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size)),
        finder);
  }
  return count;
}

}  // namespace tenon
