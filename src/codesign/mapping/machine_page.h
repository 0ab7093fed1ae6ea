// What the machine of a file maps, and in what pages. Not for other folders.
#pragma once

#include <cstdint>

#include "format/macho/layout.h"

namespace tenon::codesign {

// The page of the machine that runs the slice (vm_page_size): 16 KiB or 4 KiB.
[[nodiscard]] constexpr std::uint64_t machine_page(std::uint32_t cputype) {
  return cputype == macho::CPU_TYPE_ARM64 || cputype == macho::CPU_TYPE_ARM64_32 ? 16384 : 4096;
}

// Files that the kernel or dyld maps into a process.
[[nodiscard]] constexpr bool is_judged(std::uint32_t filetype) {
  return filetype == macho::MH_EXECUTE || filetype == macho::MH_DYLIB ||
         filetype == macho::MH_BUNDLE || filetype == macho::MH_DYLINKER;
}

}  // namespace tenon::codesign
