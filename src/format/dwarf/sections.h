// Where a file keeps its debug information, and how it is packed there. Rules: ELF gABI
// (SHF_COMPRESSED, Elf32_Chdr, Elf64_Chdr), cmd/link/internal/ld/dwarf.go and
// macho_combine_dwarf.go of Go for
// ".zdebug_" and "__zdebug_".
//
// Ownership: views borrow the file.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "format/macho/fwd.h"

namespace tenon::elf {
class File;
}

namespace tenon::pe {
class File;
}

namespace tenon::dwarf {

struct DebugSection {
  std::string_view name;   // as the file has it: ".debug_info", "__zdebug_info"
  ByteView bytes;          // of a packed one the stream
  bool packed = false;     // by zlib, but for an ELF section of another type of compression
  std::uint64_t size = 0;  // of a packed one, unfolded, as the file says
};

// In file order; a section that lies outside of the file is left out. Of ELF all that is packed.
[[nodiscard]] std::vector<DebugSection> debug_sections(const elf::File& file);
[[nodiscard]] std::vector<DebugSection> debug_sections(const macho::File& file);
[[nodiscard]] std::vector<DebugSection> debug_sections(const pe::File& file);

}  // namespace tenon::dwarf
