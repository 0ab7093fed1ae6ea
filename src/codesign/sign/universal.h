// Joins thin files to a universal one, as `lipo -create` does.
// Rules: <mach-o/fat.h>; cctools misc/lipo.c and LLVM's MachOUniversalWriter for order and
// alignment, which codesign and dyld expect.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::sign {

// arm64 slices come last, the others in the order of their alignment: 16 KiB for ARM, 4 KiB for
// Intel. Each slice keeps its own bytes and signature.
// invalid_argument: no slice, something else than a thin linked Mach-O file, or one architecture
// twice. unsupported: an offset or size above 4 GiB.
[[nodiscard]] Result<std::vector<std::byte>> make_universal(std::span<const ByteView> thin_slices);

}  // namespace tenon::sign
