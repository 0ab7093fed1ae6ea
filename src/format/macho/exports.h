// What a file gives to others, with all that dyld knows of it, and where its functions begin.
// Rules: Apple's <mach-o/loader.h> ("The symbols exported by a dylib are encoded in a trie") and
// dyld (mach_o/ExportsTrie.cpp, FunctionStarts.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/macho/layout_fixups.h"
#include "format/macho/macho.h"

namespace tenon::macho {

// A name of the export trie. Addresses are virtual, as those of symbols.
struct Export {
  std::string name;
  std::uint64_t flags = 0;     // EXPORT_SYMBOL_FLAGS_*
  std::uint64_t address = 0;   // the value of an absolute symbol, the stub of one with a resolver,
                               // the default of one with variants; 0 for a re-export
  std::uint64_t resolver = 0;  // the function that finds the address; 0 unless has_resolver()
  int library_ordinal = 0;     // of a re-export, as in BoundImport
  std::string_view import_name;  // of a re-export: its name in that library, empty when it is the
                                 // same. Borrows the file

  [[nodiscard]] bool is_reexport() const { return (flags & EXPORT_SYMBOL_FLAGS_REEXPORT) != 0; }

  [[nodiscard]] bool is_weak_definition() const {
    return (flags & EXPORT_SYMBOL_FLAGS_WEAK_DEFINITION) != 0;
  }

  [[nodiscard]] bool is_thread_local() const {
    return (flags & EXPORT_SYMBOL_FLAGS_KIND_MASK) == EXPORT_SYMBOL_FLAGS_KIND_THREAD_LOCAL;
  }

  [[nodiscard]] bool is_absolute() const {
    return (flags & EXPORT_SYMBOL_FLAGS_KIND_MASK) == EXPORT_SYMBOL_FLAGS_KIND_ABSOLUTE;
  }

  [[nodiscard]] bool has_resolver() const {
    return !is_reexport() && (flags & EXPORT_SYMBOL_FLAGS_STUB_AND_RESOLVER) != 0;
  }
};

// The export trie in its own order; empty without one. Errors as for File::exports(), and
// unsupported for flags without a meaning yet, malformed for a re-export from a library that does
// not exist, truncated for an entry that ends within a number or a name.
[[nodiscard]] Result<std::vector<Export>> export_entries(const File& file);

// The virtual addresses in LC_FUNCTION_STARTS, ascending; empty without the command. Bit 0 of one
// of 32-bit ARM tells Thumb code. malformed for a number of functions that the file cannot hold.
[[nodiscard]] Result<std::vector<std::uint64_t>> function_starts(const File& file);

// Bytes in code that are no instructions: jump tables and constants of which a compiler told.
struct DataInCode {
  std::uint64_t address = 0, size = 0;
};

// LC_DATA_IN_CODE, in file order; empty without the command.
[[nodiscard]] Result<std::vector<DataInCode>> data_in_code(const File& file);

}  // namespace tenon::macho
