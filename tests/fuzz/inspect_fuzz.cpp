// Whatever inspect says about a file, for any bytes.
#include <algorithm>
#include <cstdint>

#include "inspect/abi.h"
#include "inspect/cgo.h"
#include "inspect/diff.h"
#include "inspect/inspect.h"
#include "inspect/size.h"
#include "inspect/tables.h"

using namespace tenon;

namespace {

// Touches every byte, so that a view into the wrong place is seen.
std::uint64_t sum(std::string_view text) {
  std::uint64_t total = text.size();
  for (const char c : text) total += static_cast<unsigned char>(c);
  return total;
}

std::uint64_t report(ByteView file) {
  const InspectOptions options{{11, 0, 0}, {2, 17, 0}};
  const auto facts = inspect_file(file, options);
  if (!facts) return sum(facts.error().what);
  std::uint64_t total = sum(facts->kind);
  for (const Artifact& slice : facts->slices) {
    total += sum(slice.arch) + sum(slice.link_mode.value) + sum(slice.libc.value);
    for (const NeededLibrary& library : slice.needed) total += sum(library.name);
  }
  for (const ArtifactRemark& remark : facts->remarks) total += sum(remark.value);
  return total;
}

std::uint64_t symbols(const ObjectView& object) {
  std::uint64_t total = 0;
  for (const SymbolList list : {SymbolList::all, SymbolList::imports, SymbolList::exports}) {
    (void)list_symbols(object, list, [&](const SymbolRow& row) {
      total += sum(row.name) + sum(row.section) + sum(row.library) + sum(row.version);
    });
  }
  return total;
}

std::uint64_t tables(const ObjectView& object) {
  std::uint64_t total = symbols(object);
  if (const auto sections = list_sections(object)) {
    for (const SectionRow& row : *sections) total += sum(row.name) + sum(row.flags);
  }
  if (const auto sides = cgo_sides(object)) {
    for (const CgoBorder& one : sides->packages) total += sum(one.package) + one.calls.size();
  }
  if (const auto rows = abi_rows(object)) {
    for (const AbiRow& row : *rows) total += sum(row.value);
  }
  if (const auto sizes = size_report(object)) {
    std::uint64_t bytes = 0;
    for (const SizeRow& row : sizes->sections) bytes += row.bytes;
    // The rows are a partition of the object.
    if (bytes != object.bytes.size()) __builtin_trap();
    for (const SizeRow& row : sizes->packages) total += sum(row.name);
  }
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView file(data, size);
  volatile std::uint64_t sink = report(file);
  if (const auto objects = object_views(file)) {
    for (const ObjectView& object : *objects) sink = sink + tables(object);
  }
  // Two halves, and the file against itself with its last byte cut off.
  const ByteView halves[] = {ByteView(data, size / 2), ByteView(data + size / 2, size - size / 2)};
  if (const auto rows = diff_files(halves[0], halves[1])) sink = sink + rows->size();
  if (const auto rows = diff_files(file, ByteView(data, size - std::min<std::size_t>(size, 1)))) {
    sink = sink + rows->size();
  }
  return 0;
}
