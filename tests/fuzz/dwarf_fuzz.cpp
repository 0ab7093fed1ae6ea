// The sections of debug information, cut out of one input: eight lengths of two bytes, a byte for
// the order of bytes, and the sections.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "format/dwarf/units.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  constexpr std::size_t head = 17;
  if (size < head) return 0;
  dwarf::Sections sections;
  sections.big_endian = (data[16] & 1U) != 0;
  const std::array to{&sections.info,   &sections.abbrev,   &sections.str,  &sections.line_str,
                      &sections.ranges, &sections.rnglists, &sections.addr, &sections.str_offsets};
  std::size_t at = head;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::size_t wanted = data[2 * i] | static_cast<std::size_t>(data[2 * i + 1]) << 8U;
    const std::size_t length = wanted < size - at ? wanted : size - at;
    *to[i] = ByteView(data + at, length, at);
    at += length;
  }
  const auto units = dwarf::read_units(sections);
  if (!units) return 0;
  for (const dwarf::Unit& unit : *units) {
    if (unit.ranges.empty()) std::abort();
    for (const dwarf::Range& range : unit.ranges) {
      if (range.end <= range.begin) std::abort();
    }
  }
  return 0;
}
