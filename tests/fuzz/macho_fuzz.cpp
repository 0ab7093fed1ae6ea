// Everything that the Mach-O reader offers, on any bytes.
#include <cstddef>
#include <cstdint>

#include "format/macho/macho.h"

namespace {

using namespace tenon;

std::uint64_t read_symbols(const macho::File& file) {
  std::uint64_t sum = 0;
  const auto read = file.for_each_symbol([&](const macho::Symbol& s) {
    sum += s.name.size() + s.n_value;
    sum += macho::is_undefined(s) || macho::is_weak_ref(s) || macho::is_weak_def(s);
    if (macho::is_defined(s) && (macho::is_undefined(s) || macho::is_common(s))) __builtin_trap();
  });
  return read ? sum : 0;
}

std::uint64_t read_contents(const macho::File& file) {
  std::uint64_t sum = 0;
  for (const macho::Segment& segment : file.segments()) {
    sum += segment.segname.size();
    for (const macho::Section& section : segment.sections) {
      const auto contents = file.contents(section);
      if (contents && !contents->empty()) sum += static_cast<std::uint64_t>(*contents->data());
    }
  }
  for (const macho::Dylib& dylib : file.dylibs()) sum += dylib.name.size();
  for (const std::string_view rpath : file.rpaths()) sum += rpath.size();
  for (const macho::BuildVersion& build : file.builds()) {
    for (const macho::BuildToolVersion& tool : build.tools) sum += tool.version;
  }
  return sum;
}

volatile std::uint64_t kept = 0;  // what is read must not be optimised away

void read_file(ByteView bytes) {
  const auto file = macho::File::parse(bytes);
  if (!file) return;
  std::uint64_t sum = read_symbols(*file) + read_contents(*file);
  if (const auto imports = file->imports()) sum += imports->size();
  if (const auto exports = file->exports()) sum += exports->size();
  if (const auto options = file->auto_link_options()) sum += options->size();
  kept = sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  read_file(bytes);
  if (const auto table = macho::slice_table(bytes)) {
    for (const macho::Slice& slice : macho::readable_slices(bytes, *table)) read_file(slice.bytes);
  }
  const auto slices = macho::slices(bytes);
  if (!slices) return 0;
  if (slices->empty()) __builtin_trap();
  for (const macho::Slice& slice : *slices) read_file(slice.bytes);
  return 0;
}
