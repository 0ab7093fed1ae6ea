// Would macOS map this file? One judgement for verify, sign, inspect and the gate of a build: of
// the table of a universal file, and of the segments and link-edit data of each slice. Page hashes
// say whether bytes are those that were signed; this says whether the bytes that run are among
// those that have a hash, and whether the system takes the file at all. Pure; knows no hashes.
//
// Rules: xnu bsd/kern/mach_loader.c (load_segment, parse_machfile, load_code_signature), dyld-1378
// mach_o/UnsafeHeader.cpp (validSegment, validSemanticsSegments), mach_o/Image.cpp (validLinkedit),
// mach_o/Universal.cpp, common/MachOFile.cpp (validSegments), Security-61901 macho++.cpp
// (Universal). What dyld asks of new files only (mach_o/Policy.cpp) is asked by the SDK that the
// file names. Objects, dSYMs and kernel extensions are mapped by other rules and not judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codesign/verdict.h"
#include "diag/codes.h"
#include "format/macho/macho.h"

namespace tenon::codesign {

enum class MapFault : std::uint8_t {
  // The table of a universal file.
  table_unreadable,    // it does not lie in the file
  table_64,            // 64-bit offsets
  no_slices,           //
  slice_outside,       // ends after the file, or is empty
  slice_in_table,      // begins within the table
  slice_unaligned,     // off its own alignment, or off the pages of its machine
  slices_overlap,      //
  architecture_twice,  //
  slice_machine,       // the header of the slice names another machine
  // The signature.
  signature_twice,      // two LC_CODE_SIGNATURE
  signature_outside,    // not within __LINKEDIT
  signature_unaligned,  //
  segment_unsealed,     // contents behind the code limit
  data_unsealed,        // link-edit data behind the code limit
  data_outside,         // link-edit data before __LINKEDIT or after it
  data_overlap,         // two pieces of link-edit data share bytes
  // The segments.
  text_missing,
  text_offset,        // __TEXT does not begin the file
  text_short,         // it does not hold the header and the load commands
  text_protection,    // it is not r-x
  linkedit_missing,   //
  segment_outside,    // ends after the slice
  segment_wraps,      // ends after the last address
  segment_too_long,   // more bytes in the file than in memory
  segment_unaligned,  // off the pages of its machine
  protection_bits,    // bits that mean nothing
  memory_overlap,     // two segments at one address
  file_overlap,       // two segments of the same bytes
  order,              // not in the order of the file or of the addresses
  segment_twice,      // two of one name
  command_size,       // a segment command with room for something else
  section_outside,    // a section outside of its segment
  // Mapped, and not what anybody wants.
  writable_code,  // a segment that is writable and executable
};

inline constexpr MapFault last_map_fault = MapFault::writable_code;

struct MapProblem {
  MapFault fault{};
  std::string arch;           // of the slice, as arch_name() has it
  std::string first, second;  // segments, sections, load commands or architectures it is about
  // What is wrong, in bytes of the slice (of the file for the table), or addresses for what is
  // about memory; and the bound that it breaks.
  std::uint64_t start = 0, end = 0, limit = 0;
};

// The problems of the table of a universal file; none for any other file.
[[nodiscard]] std::vector<MapProblem> table_problems(ByteView file);

// The problems of one slice, at most `most_map_problems`.
[[nodiscard]] std::vector<MapProblem> slice_problems(const macho::File& slice);

inline constexpr std::size_t most_map_problems = 32;

// Both, for the whole of a thin or universal file. A slice that cannot be read has none.
[[nodiscard]] std::vector<MapProblem> map_problems(ByteView file);

// Whether the system refuses the file for it; otherwise it is a warning.
[[nodiscard]] bool refuses(MapFault fault);

// Whether signing lays out anew what is wrong, so that it is no reason not to sign.
[[nodiscard]] bool healed_by_signing(const MapProblem& problem);

// "segments-overlap"-like words that never change: the code of a cause, "map.file-overlap".
[[nodiscard]] std::string_view cause_code(MapFault fault);
// The code of its finding.
[[nodiscard]] Code code_of(MapFault fault);
// Of the cause with that code, which may be that the load commands cannot be read at all: none for
// causes of other kinds.
[[nodiscard]] Code finding_code_of_cause(std::string_view cause_code);

// A sentence without its subject, and its place.
[[nodiscard]] std::string message_of(const MapProblem& problem);
[[nodiscard]] std::string place_of(const MapProblem& problem);
[[nodiscard]] Cause cause_of(const MapProblem& problem);

}  // namespace tenon::codesign
