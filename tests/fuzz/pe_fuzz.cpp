// Everything that pe::File and parse_object can be asked, on any bytes.
#include <cstddef>
#include <cstdint>

#include "format/gobin/buildinfo.h"
#include "format/pe/pe.h"

namespace {

using namespace tenon;

std::uint64_t sections(const pe::File& file) {
  std::uint64_t total = 0;
  for (const pe::Section& section : file.sections()) {
    total += section.name.size() + section.rva;
    if (const auto bytes = file.contents(section); bytes && !bytes->empty()) {
      total += static_cast<std::uint64_t>(bytes->bytes().back());
    }
    if (const auto bytes = file.from_rva(section.rva)) total += bytes->size();
  }
  total += file.section(".text") != nullptr ? 1U : 0U;
  return total + (file.is_dotnet() ? 1U : 0U);
}

std::uint64_t imports(const pe::File& file) {
  std::uint64_t total = 0, bytes = 0;
  const auto dlls = file.imports();
  if (!dlls) return 0;
  for (const pe::ImportedDll& dll : *dlls) {
    total += dll.dll.size() + (dll.delayed ? 1U : 0U);
    bytes += sizeof(dll) + dll.imports.capacity() * sizeof(pe::Import);
    for (const pe::Import& import : dll.imports) {
      for (const char c : import.name) total += static_cast<unsigned char>(c);
    }
  }
  // What pe.h promises, with the room that even an empty file has.
  if (bytes > 2 * file.bytes().size() + 4096) __builtin_trap();
  return total;
}

std::uint64_t exports(const pe::File& file) {
  std::uint64_t total = 0;
  const auto table = file.exports();
  if (!table || !*table) return 0;
  for (std::uint64_t i = 0; i <= (*table)->size(); ++i) {
    const pe::Export entry = (**table)[i];
    total += entry.name.size() + entry.forwarder.size() + entry.rva + entry.ordinal;
  }
  return total + (*table)->dll().size() + (*table)->function_count();
}

std::uint64_t tables(const pe::File& file) {
  std::uint64_t total = 0;
  if (const auto entries = file.debug_entries()) total += entries->size();
  if (const auto found = file.code_view(); found && *found) {
    total += (*found)->pdb.size() + pe::guid_text((*found)->guid).size();
  }
  if (const auto found = file.certificates(); found && *found) total += (*found)->size();
  (void)file.for_each_symbol([&](const pe::Symbol& symbol) { total += symbol.name.size(); });
  total += file.has_rich_header() ? 1U : 0U;
  const auto info = gobin::read_build_info(file.regions());
  return total + (info && *info ? (*info)->go_version.size() : 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  volatile std::uint64_t sink = 0;
  if (const auto sections = pe::object_sections(ByteView(data, size))) {
    for (const pe::Section& section : *sections) sink = sink + section.name.size();
  }
  (void)pe::for_each_object_symbol(
      ByteView(data, size), [&](const pe::Symbol& symbol) { sink = sink + symbol.name.size(); });
  if (const auto object = pe::parse_object(ByteView(data, size))) {
    sink = sink + pe::machine_name(object->machine).size() + object->section_count;
  }
  const auto file = pe::File::parse(ByteView(data, size));
  if (!file) return 0;
  sink = sink + sections(*file) + imports(*file) + exports(*file) + tables(*file);
  sink = sink + pe::machine_name(file->header().machine).size();
  sink = sink + pe::subsystem_name(file->header().subsystem).size();
  return 0;
}
