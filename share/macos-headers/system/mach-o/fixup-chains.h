/* mach-o/fixup-chains.h: chains of fixups: LC_DYLD_CHAINED_FIXUPS.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_FIXUP_CHAINS_H
#define TENON_MACH_O_FIXUP_CHAINS_H

#include <stdint.h>

struct dyld_chained_fixups_header {
  uint32_t fixups_version;
  uint32_t starts_offset;
  uint32_t imports_offset;
  uint32_t symbols_offset;
  uint32_t imports_count;
  uint32_t imports_format;
  uint32_t symbols_format;
};

struct dyld_chained_starts_in_image {
  uint32_t seg_count;
  uint32_t seg_info_offset[1];
};

struct dyld_chained_starts_in_segment {
  uint32_t size;
  uint16_t page_size;
  uint16_t pointer_format;
  uint64_t segment_offset;
  uint32_t max_valid_pointer;
  uint16_t page_count;
  uint16_t page_start[1];
};

enum {
  DYLD_CHAINED_PTR_START_NONE = 0xFFFF,
  DYLD_CHAINED_PTR_START_MULTI = 0x8000,
  DYLD_CHAINED_PTR_START_LAST = 0x8000
};

enum {
  DYLD_CHAINED_PTR_ARM64E = 1,
  DYLD_CHAINED_PTR_64 = 2,
  DYLD_CHAINED_PTR_32 = 3,
  DYLD_CHAINED_PTR_32_CACHE = 4,
  DYLD_CHAINED_PTR_32_FIRMWARE = 5,
  DYLD_CHAINED_PTR_64_OFFSET = 6,
  DYLD_CHAINED_PTR_ARM64E_KERNEL = 7,
  DYLD_CHAINED_PTR_64_KERNEL_CACHE = 8,
  DYLD_CHAINED_PTR_ARM64E_USERLAND = 9,
  DYLD_CHAINED_PTR_ARM64E_FIRMWARE = 10,
  DYLD_CHAINED_PTR_X86_64_KERNEL_CACHE = 11,
  DYLD_CHAINED_PTR_ARM64E_USERLAND24 = 12
};

enum {
  DYLD_CHAINED_IMPORT = 1,
  DYLD_CHAINED_IMPORT_ADDEND = 2,
  DYLD_CHAINED_IMPORT_ADDEND64 = 3
};

struct dyld_chained_import {
  uint32_t lib_ordinal : 8, weak_import : 1, name_offset : 23;
};

struct dyld_chained_ptr_64_rebase {
  uint64_t target : 36, high8 : 8, reserved : 7, next : 12, bind : 1;
};

struct dyld_chained_ptr_64_bind {
  uint64_t ordinal : 24, addend : 8, reserved : 19, next : 12, bind : 1;
};
#endif
