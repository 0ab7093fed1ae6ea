// What is said of each fault.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codesign/blob/os_status.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "diag/codes.h"

namespace tenon::codesign {
namespace {

struct Row {
  MapFault fault;
  Code finding;
  std::string_view cause;
  OsStatus os;  // of Security, which looks at few of these things
  std::string_view message;
};

constexpr Code segments = Code::verify_not_mapped;
constexpr Code unsealed = Code::verify_unsealed_contents;
constexpr Code slice_table = Code::verify_slice_table;

using enum MapFault;

// In messages {a} and {b} are the names, {start}, {end} and {limit} the numbers in hexadecimal.
constexpr Row rows[] = {
    {table_unreadable, slice_table, "map.table-unreadable", OS_BAD_OBJECT_FORMAT,
     "the table of slices is longer than the file"},
    {table_64, slice_table, "map.table-64", OS_BAD_OBJECT_FORMAT,
     "the table of slices has 64-bit offsets, which the kernel and codesign do not read"},
    {no_slices, slice_table, "map.no-slices", OS_BAD_OBJECT_FORMAT,
     "a universal file without slices"},
    {slice_outside, slice_table, "map.slice-outside", OS_BAD_OBJECT_FORMAT,
     "the slice {a} ({start} to {end}) does not lie in the file, which ends at {limit}"},
    {slice_in_table, slice_table, "map.slice-in-table", OS_BAD_OBJECT_FORMAT,
     "the slice {a} begins at {start}, within the table of slices, which ends at {limit}"},
    {slice_unaligned, slice_table, "map.slice-unaligned", OS_BAD_OBJECT_FORMAT,
     "the slice {a} begins at {start}, which is not a multiple of its alignment {limit}"},
    {slices_overlap, slice_table, "map.slices-overlap", OS_BAD_OBJECT_FORMAT,
     "the slices {a} and {b} share the bytes {start} to {end}"},
    {architecture_twice, slice_table, "map.architecture-twice", OS_BAD_OBJECT_FORMAT,
     "two slices for {a}: the system and its tools may each take another"},
    {slice_machine, slice_table, "universal.architecture", OS_BAD_OBJECT_FORMAT,
     "listed as {a}, but is {b}"},
    {signature_twice, segments, "map.signature-twice", OS_BAD_OBJECT_FORMAT,
     "{limit} load commands LC_CODE_SIGNATURE: the system and its tools may each take another"},
    {signature_outside, segments, "map.signature-outside", OS_BAD_OBJECT_FORMAT,
     "the signature ({start} to {end}) does not lie in __LINKEDIT"},
    {signature_unaligned, segments, "map.signature-unaligned", OS_NONE,
     "the signature begins at {start}, which is not a multiple of {limit}"},
    {segment_unsealed, unsealed, "map.segment-unsealed", OS_NONE,
     "{a} ({start} to {end}) continues after {limit}, where the signature begins: no hash covers "
     "that part"},
    {data_unsealed, unsealed, "map.data-unsealed", OS_NONE,
     "{a} points to {start} to {end}; after {limit}, where the signature begins, no hash covers "
     "anything"},
    {data_outside, segments, "map.data-outside", OS_NONE,
     "{a} points to {start} to {end}, which does not lie in __LINKEDIT"},
    {data_overlap, segments, "map.data-overlap", OS_NONE,
     "{a} and {b} point to the same bytes, {start} to {end}"},
    {text_missing, segments, "map.text-missing", OS_NONE, "has no __TEXT segment"},
    {text_offset, segments, "map.text-offset", OS_NONE,
     "__TEXT begins at {start} and not at the header"},
    {text_short, segments, "map.text-short", OS_NONE,
     "__TEXT ends at {end}, before the load commands, which end at {limit}"},
    {text_protection, segments, "map.text-protection", OS_NONE,
     "__TEXT is to be mapped {b} instead of r-x"},
    {linkedit_missing, segments, "map.linkedit-missing", OS_NONE, "has no __LINKEDIT segment"},
    {segment_outside, segments, "map.segment-outside", OS_NONE,
     "{a} ({start} to {end}) ends after the slice, which ends at {limit}"},
    {segment_wraps, segments, "map.segment-wraps", OS_NONE,
     "{a} begins at address {start} and ends after the last one"},
    {segment_too_long, segments, "map.segment-too-long", OS_NONE,
     "{a} has {start} bytes in the file and only {limit} in memory"},
    {segment_unaligned, segments, "map.segment-unaligned", OS_NONE,
     "{a} begins at {start}, which is not a multiple of a page ({limit})"},
    {protection_bits, segments, "map.protection-bits", OS_NONE,
     "the protection of {a} is {start}, which has bits without a meaning"},
    {memory_overlap, segments, "map.memory-overlap", OS_NONE,
     "{a} and {b} share the addresses {start} to {end}"},
    {file_overlap, segments, "map.file-overlap", OS_NONE,
     "{a} and {b} share the bytes {start} to {end}"},
    {order, segments, "map.order", OS_NONE,
     "{b} lies before {a}, which stands before it in the load commands"},
    {segment_twice, segments, "map.segment-twice", OS_NONE, "two segments are named {a}"},
    {command_size, segments, "map.command-size", OS_NONE,
     "the load command of {a} has {start} bytes, and its sections take {limit}"},
    {section_outside, segments, "map.section-outside", OS_NONE,
     "{b} ({start} to {end}) does not lie in its segment {a}"},
    {writable_code, segments, "map.writable-code", OS_NONE,
     "{a} is both writable and executable: programs that can be written into are easy to take "
     "over, and arm64 Macs refuse such pages"},
};

static_assert(std::size(rows) == static_cast<std::size_t>(last_map_fault) + 1);

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (static_cast<std::size_t>(rows[i].fault) != i) return false;
  }
  return true;
}

static_assert(in_order());

const Row& row_of(MapFault fault) { return rows[static_cast<std::size_t>(fault)]; }

}  // namespace

bool refuses(MapFault fault) { return fault != writable_code; }

// What is only about the signature, and the length of __LINKEDIT, is written anew.
bool healed_by_signing(const MapProblem& problem) {
  switch (problem.fault) {
    case signature_outside:
    case signature_unaligned:
    case writable_code: return true;
    case segment_too_long: return problem.first == "__LINKEDIT";
    default: return false;
  }
}

std::string_view cause_code(MapFault fault) { return row_of(fault).cause; }

Code code_of(MapFault fault) { return row_of(fault).finding; }

Code finding_code_of_cause(std::string_view cause_code) {
  if (cause_code == "file.malformed") return segments;
  const auto* const found = std::ranges::find(rows, cause_code, &Row::cause);
  return found == std::end(rows) ? Code::none : found->finding;
}

std::string message_of(const MapProblem& problem) {
  const auto hex = [](std::uint64_t number) { return fmt::format("{:#x}", number); };
  const std::array<std::array<std::string, 2>, 5> values{{{"{a}", problem.first},
                                                          {"{b}", problem.second},
                                                          {"{start}", hex(problem.start)},
                                                          {"{end}", hex(problem.end)},
                                                          {"{limit}", hex(problem.limit)}}};
  std::string out(row_of(problem.fault).message);
  for (const auto& [key, value] : values) {
    const std::size_t at = out.find(key);
    if (at != std::string::npos) out.replace(at, key.size(), value);
  }
  return out;
}

std::string place_of(const MapProblem& problem) {
  switch (code_of(problem.fault)) {
    case slice_table: return "universal header";
    default: break;
  }
  switch (problem.fault) {
    case signature_twice:
    case signature_outside:
    case signature_unaligned: return "LC_CODE_SIGNATURE";
    case data_unsealed:
    case data_outside:
    case data_overlap: return problem.first;
    default: return problem.first.empty() ? "load commands" : "segment " + problem.first;
  }
}

Cause cause_of(const MapProblem& problem) {
  const Row& row = row_of(problem.fault);
  return make_cause(row.cause, message_of(problem), place_of(problem), row.os);
}

}  // namespace tenon::codesign
