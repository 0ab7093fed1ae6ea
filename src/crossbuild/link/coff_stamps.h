// What differs between two links of the same inputs for Windows, and how it is settled. Pure.
//
// zig has lld-link write a PDB file, which holds the names of its inputs; those of cmd/link lie in
// a temporary directory. A hash of the PDB file is its GUID, the GUID stands in the program, and
// the program's time stamp is a hash of all that. Nobody keeps this PDB file: the debug information
// of Go and C is DWARF and lies in the program. So the link ends with the removal of the file, and
// its GUID and every time stamp become a hash of the program without them. That is before go
// computes its build ID from the program, so that this is the same too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon {

// Replaces the time stamps of an image by a hash, and its GUID too unless a PDB file is kept that
// has it. A checksum is computed anew where the image has one. malformed or truncated as
// pe::File::parse says it; then nothing was changed.
[[nodiscard]] Result<void> settle_stamps(std::span<std::byte> image, bool keeps_pdb);

// The checksum of Microsoft's "PE Format"; `field` is where the number itself lies, which counts as
// zero.
[[nodiscard]] std::uint32_t pe_checksum(ByteView image, std::uint64_t field);

}  // namespace tenon
