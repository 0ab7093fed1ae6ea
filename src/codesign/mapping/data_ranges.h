// The link-edit data of a Mach-O file: what its load commands point to, outside of segments and
// sections. Not for other rooms.
#pragma once

#include <cstdint>
#include <vector>

#include "format/macho/macho.h"

namespace tenon::codesign {

// Bytes of the slice that one field of load command `cmd` points to. An end beyond all numbers is
// the largest one.
struct DataRange {
  std::uint32_t cmd = 0;
  std::uint64_t start = 0, end = 0;
};

struct DataRanges {
  std::vector<DataRange> all;  // in the order of the commands; none is empty
  bool complete = true;  // false after a command that is not known, which may point to anything
};

[[nodiscard]] DataRanges data_ranges(const macho::File& file);

}  // namespace tenon::codesign
