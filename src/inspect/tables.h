// The long lists of a file: symbols, imports, exports, sections. One row at a time, nothing is
// kept: a file with a million symbols costs no memory but its own pages.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon {

// One object or image in a file: the slice of a universal file, the member of an archive, or all.
struct ObjectView {
  std::string arch;    // as in Artifact
  std::string member;  // of an archive, else empty
  ByteView bytes;
};

// In file order; members of an archive that are no objects are left out. Errors as inspect_file().
[[nodiscard]] Result<std::vector<ObjectView>> object_views(ByteView file);

enum class SymbolList : std::uint8_t {
  all,      // the symbol table, debugging entries left out
  imports,  // what the loader has to find elsewhere
  exports,  // what others can find here
};

// Views borrow the file, or the call.
struct SymbolRow {
  std::string_view name;
  // As nm(1) prints it: T text, D data, B bss, R read-only data, U undefined, W weak, A absolute,
  // C common, I indirect; small for local ones. '-' in the lists of imports and exports of Mach-O.
  char type = '?';
  bool has_address = false;
  std::uint64_t address = 0;  // virtual
  std::uint64_t size = 0;     // ELF only
  std::string_view section;   // Mach-O: "__TEXT,__text"; else ".text"; empty when in none
  std::string_view library;   // of an import: where it is looked for; of a re-export: where it is
  std::string_view version;   // ELF: "GLIBC_2.34"
  // In the list of all: the source file of a local symbol of ELF (STT_FILE), "x.c"; of Mach-O that
  // of the debugging entries (N_SO), or "libx.a(x.o)" (N_OSO). Empty: the table does not say.
  std::string_view source;
  bool weak = false;  // import: may be missing; else: a weak definition
  bool lazy = false;  // import: bound at the first call
};

using SymbolSink = std::function<void(const SymbolRow&)>;

// Calls `sink` for each row in file order. Errors leave the rows before them called.
Result<void> list_symbols(const ObjectView& object, SymbolList list, const SymbolSink& sink);

struct SectionRow {
  std::string name;  // Mach-O: "__TEXT,__text"
  std::uint64_t address = 0, size = 0, offset = 0;
  bool in_file = true;  // false: zeros that take no room
  std::string flags;    // "r-x", "rw-"; "---" for what is not loaded
};

[[nodiscard]] Result<std::vector<SectionRow>> list_sections(const ObjectView& object);

}  // namespace tenon
