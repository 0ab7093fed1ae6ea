// Page hashes of several CodeDirectories, compared in one walk over the code. Not for other
// folders.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "codesign/blob/codesign.h"

namespace tenon::codesign {

// The pages of each directory that differ, in order. Directories of a hash type without a digest
// here have none. The caller has checked that each has as many slots as its code limit asks for.
[[nodiscard]] std::vector<std::vector<std::uint64_t>> differing_pages(
    ByteView slice, std::span<const CodeDirectory* const> directories, const HashOptions& options);

}  // namespace tenon::codesign
