// What the link-edit data of dyld is made of: bind opcodes, chained fixups, flags of the export
// trie. Names and values are those of Apple's <mach-o/loader.h> and <mach-o/fixup-chains.h>.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace tenon::macho {

inline constexpr std::uint8_t BIND_OPCODE_MASK = 0xf0;
inline constexpr std::uint8_t BIND_IMMEDIATE_MASK = 0x0f;
inline constexpr std::uint8_t BIND_OPCODE_DONE = 0x00;
inline constexpr std::uint8_t BIND_OPCODE_SET_DYLIB_ORDINAL_IMM = 0x10;
inline constexpr std::uint8_t BIND_OPCODE_SET_DYLIB_ORDINAL_ULEB = 0x20;
inline constexpr std::uint8_t BIND_OPCODE_SET_DYLIB_SPECIAL_IMM = 0x30;
inline constexpr std::uint8_t BIND_OPCODE_SET_SYMBOL_TRAILING_FLAGS_IMM = 0x40;
inline constexpr std::uint8_t BIND_OPCODE_SET_TYPE_IMM = 0x50;
inline constexpr std::uint8_t BIND_OPCODE_SET_ADDEND_SLEB = 0x60;
inline constexpr std::uint8_t BIND_OPCODE_SET_SEGMENT_AND_OFFSET_ULEB = 0x70;
inline constexpr std::uint8_t BIND_OPCODE_ADD_ADDR_ULEB = 0x80;
inline constexpr std::uint8_t BIND_OPCODE_DO_BIND = 0x90;
inline constexpr std::uint8_t BIND_OPCODE_DO_BIND_ADD_ADDR_ULEB = 0xa0;
inline constexpr std::uint8_t BIND_OPCODE_DO_BIND_ADD_ADDR_IMM_SCALED = 0xb0;
inline constexpr std::uint8_t BIND_OPCODE_DO_BIND_ULEB_TIMES_SKIPPING_ULEB = 0xc0;
inline constexpr std::uint8_t BIND_OPCODE_THREADED = 0xd0;
inline constexpr std::uint8_t BIND_SUBOPCODE_THREADED_SET_BIND_ORDINAL_TABLE_SIZE_ULEB = 0x00;
inline constexpr std::uint8_t BIND_SUBOPCODE_THREADED_APPLY = 0x01;
inline constexpr std::uint8_t BIND_SYMBOL_FLAGS_WEAK_IMPORT = 0x1;
inline constexpr std::uint8_t BIND_SYMBOL_FLAGS_NON_WEAK_DEFINITION = 0x8;

inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_KIND_MASK = 0x03;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_KIND_REGULAR = 0x00;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_KIND_THREAD_LOCAL = 0x01;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_KIND_ABSOLUTE = 0x02;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_WEAK_DEFINITION = 0x04;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_REEXPORT = 0x08;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_STUB_AND_RESOLVER = 0x10;
inline constexpr std::uint64_t EXPORT_SYMBOL_FLAGS_FUNCTION_VARIANT = 0x20;

inline constexpr std::uint32_t DYLD_CHAINED_IMPORT = 1;
inline constexpr std::uint32_t DYLD_CHAINED_IMPORT_ADDEND = 2;
inline constexpr std::uint32_t DYLD_CHAINED_IMPORT_ADDEND64 = 3;

inline constexpr std::uint16_t DYLD_CHAINED_PTR_ARM64E = 1;
inline constexpr std::uint16_t DYLD_CHAINED_PTR_64 = 2;
inline constexpr std::uint16_t DYLD_CHAINED_PTR_32 = 3;
inline constexpr std::uint16_t DYLD_CHAINED_PTR_64_OFFSET = 6;
inline constexpr std::uint16_t DYLD_CHAINED_PTR_ARM64E_USERLAND = 9;
inline constexpr std::uint16_t DYLD_CHAINED_PTR_ARM64E_USERLAND24 = 12;

struct ChainedFixupsHeader {
  ul32 fixups_version, starts_offset, imports_offset, symbols_offset, imports_count, imports_format,
      symbols_format;
};

static_assert(sizeof(ChainedFixupsHeader) == 28);

// Followed by seg_count times the offset of a ChainedStartsInSegment from here; 0: no fixups.
struct ChainedStartsInImage {
  ul32 seg_count;
};

static_assert(sizeof(ChainedStartsInImage) == 4);

// Followed by the starts of its pages.
struct ChainedStartsInSegment {
  ul32 size;
  ul16 page_size, pointer_format;
  ul64 segment_offset;
  ul32 max_valid_pointer;
  ul16 page_count;
};

static_assert(sizeof(ChainedStartsInSegment) == 22);

// The three formats of an entry of the import table. `bits`, from the lowest: library ordinal (8,
// in the last format 16), weak import (1), unused (in the last format 15), offset of the name.
struct ChainedImport {
  ul32 bits;
};

static_assert(sizeof(ChainedImport) == 4);

struct ChainedImportAddend {
  ul32 bits, addend;
};

static_assert(sizeof(ChainedImportAddend) == 8);

struct ChainedImportAddend64 {
  ul64 bits, addend;
};

static_assert(sizeof(ChainedImportAddend64) == 16);

}  // namespace tenon::macho
