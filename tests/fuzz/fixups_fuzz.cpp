// What dyld binds, the export trie and the function starts, of any bytes.
#include <cstddef>
#include <cstdint>

#include "format/macho/exports.h"
#include "format/macho/fixups.h"

namespace {

using namespace tenon;

volatile std::uint64_t kept = 0;  // what is read must not be optimised away

std::uint64_t read_imports(const macho::File& file) {
  std::uint64_t sum = 0;
  const auto imports = macho::bound_imports(file);
  if (!imports) return 0;
  if (imports->size() * sizeof(macho::BoundImport) > 2 * file.bytes().size() + 4096) {
    __builtin_trap();
  }
  for (const macho::BoundImport& import : *imports) {
    if (!macho::is_library_ordinal(file, import.library_ordinal)) __builtin_trap();
    sum += import.name.size() + import.weak + import.lazy + import.coalesced();
    if (!import.name.empty()) sum += static_cast<std::uint64_t>(import.name.back());
  }
  return sum;
}

std::uint64_t read_exports(const macho::File& file) {
  std::uint64_t sum = 0;
  const auto entries = macho::export_entries(file);
  const auto names = file.exports();
  if (!entries) return 0;
  if (names && names->size() != entries->size()) __builtin_trap();
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const macho::Export& entry = (*entries)[i];
    if (names && (*names)[i] != entry.name) __builtin_trap();
    if (entry.is_reexport() && entry.address != 0) __builtin_trap();
    sum += entry.address + entry.resolver + entry.import_name.size();
  }
  return sum;
}

void read_file(ByteView bytes) {
  const auto file = macho::File::parse(bytes);
  if (!file) return;
  std::uint64_t sum = read_imports(*file) + read_exports(*file);
  if (const auto info = macho::fixup_info(*file)) {
    for (const macho::ChainedSegment& segment : info->segments) {
      if (segment.index >= file->segments().size()) __builtin_trap();
      sum += macho::pointer_format_name(segment.pointer_format).size();
    }
  }
  if (const auto starts = macho::function_starts(*file)) sum += starts->size();
  for (const std::string_view variable : file->dyld_environment()) sum += variable.size();
  kept = sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  read_file(bytes);
  const auto slices = macho::slices(bytes);
  if (!slices) return 0;
  for (const macho::Slice& slice : *slices) read_file(slice.bytes);
  return 0;
}
