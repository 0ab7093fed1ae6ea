// Which source file each address of a program was compiled from, as the debug information says:
// the compilation units of DWARF 2 to 5 with their names and addresses, and nothing below them.
// Rules: DWARF Debugging Information Format, Version 5 (sections 3.1.1, 7.5, 7.25) and Version 4
// (2.17.3, 7.5).
//
// Ownership: names borrow the sections, which have to be whole and not compressed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::dwarf {

// Contents by name without its dot: info is ".debug_info". Empty: the file has none.
struct Sections {
  ByteView info, abbrev, str, line_str, ranges, rnglists, addr, str_offsets;
  bool big_endian = false;
};

struct Range {
  std::uint64_t begin = 0, end = 0;  // virtual addresses; end is behind the last byte
};

struct Unit {
  std::string_view name;       // of the source file, as the compiler was given it
  std::string_view directory;  // that the compiler ran in; empty: not said
  std::uint64_t language = 0;  // DW_LANG_...; 0: not said
  std::vector<Range> ranges;   // none is empty
};

inline constexpr std::uint64_t language_go = 0x16;  // DW_LANG_Go

// Units that have code, in file order. A unit that cannot be read is left out, and so is all behind
// one whose length is wrong. Errors: limit (more than a million units or ranges).
[[nodiscard]] Result<std::vector<Unit>> read_units(const Sections& sections);

}  // namespace tenon::dwarf
