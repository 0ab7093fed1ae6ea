// What dyld binds when it loads a file: the imports of chained fixups or of bind opcodes. The
// symbol table, which File::imports() reads, plays no part in that and may be stripped. Rules:
// Apple's <mach-o/loader.h> ("opcodes used to encode binding") and <mach-o/fixup-chains.h>; the
// checks are those of dyld (mach_o/BindOpcodes.cpp, ChainedFixups.cpp). Only names are read: the
// places that are bound are neither enumerated nor checked.
//
// Everything returned borrows the bytes of the File. Allocation stays below twice the file and time
// is about linear in it, whatever the counts in it say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/macho/layout_fixups.h"
#include "format/macho/macho.h"

namespace tenon::macho {

// What a library ordinal stands for when it is none of a library (BIND_SPECIAL_DYLIB_*).
inline constexpr int self_ordinal = 0;
inline constexpr int main_executable_ordinal = -1;
inline constexpr int flat_lookup_ordinal = -2;
inline constexpr int weak_lookup_ordinal = -3;  // any image, weak definitions are merged

// Whether dyld takes the ordinal: n for File::dylibs()[n - 1], or one of the above.
[[nodiscard]] bool is_library_ordinal(const File& file, std::int64_t ordinal);

// A symbol to be found in a library.
struct BoundImport {
  std::string_view name;
  int library_ordinal = self_ordinal;
  bool weak = false;  // none of its uses needs it: NULL where it is missing
  bool lazy = false;  // all of its uses wait for the first call (LC_DYLD_INFO only)

  // Bound to one definition for the whole process, whichever image has it. From weak_bind of
  // LC_DYLD_INFO that is a second step, for pointers that bind or rebase has given a value already;
  // from chained fixups it is the only one.
  [[nodiscard]] bool coalesced() const { return library_ordinal == weak_lookup_ordinal; }

  bool operator==(const BoundImport&) const = default;
};

// Each pair of name and ordinal once, in the order of first use: for chained fixups that of the
// import table, for opcodes bind, weak_bind, lazy_bind. A weak_bind entry that only announces a
// strong definition is no import. Empty for a file with neither command: an object, a static
// program, or one for systems before 10.6. malformed for a library that does not exist, a bind
// without library or symbol, an unknown opcode and for tables that unfold to more than twice the
// file; truncated for what lies outside of its table; unsupported for an unknown version or import
// format and for compressed names, which dyld does not take either.
[[nodiscard]] Result<std::vector<BoundImport>> bound_imports(const File& file);

enum class FixupStyle : std::uint8_t {
  none,
  opcodes,  // LC_DYLD_INFO or LC_DYLD_INFO_ONLY
  chained,  // LC_DYLD_CHAINED_FIXUPS; dyld prefers it where both exist
};

// A segment with chained fixups.
struct ChainedSegment {
  std::size_t index = 0;             // in File::segments()
  std::uint16_t pointer_format = 0;  // DYLD_CHAINED_PTR_*
  std::uint16_t page_size = 0;       // in bytes
};

struct FixupInfo {
  FixupStyle style = FixupStyle::none;
  bool threaded = false;             // opcodes: the threaded rebase of the first arm64e, which dyld
                                     // has ceased to read
  std::uint32_t imports_format = 0;  // chained: DYLD_CHAINED_IMPORT*
  std::vector<ChainedSegment> segments;  // chained: those that have fixups, in file order
};

// How the file is fixed up. Errors as for bound_imports().
[[nodiscard]] Result<FixupInfo> fixup_info(const File& file);

// "DYLD_CHAINED_PTR_64_OFFSET"; empty for a format that has no name yet.
[[nodiscard]] std::string_view pointer_format_name(std::uint16_t format);

}  // namespace tenon::macho
