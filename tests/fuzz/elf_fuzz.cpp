// Everything that elf::File can be asked, on any bytes.
#include <cstddef>
#include <cstdint>

#include "format/elf/elf.h"

namespace {

using namespace tenon;

std::uint64_t sum(const Result<elf::SymbolTable>& table) {
  std::uint64_t total = 0;
  if (!table) return total;
  for (const elf::Symbol& symbol : *table) {
    total += symbol.name.size() + symbol.version.size() + symbol.version_file.size();
    total += symbol.st_value + symbol.binding() + symbol.type() + (symbol.defined() ? 1U : 0U);
  }
  return total + (*table)[table->size()].name.size();
}

std::uint64_t contents(const elf::File& file) {
  std::uint64_t total = 0;
  for (const elf::Section& section : file.sections()) {
    total += file.name(section).size();
    if (const auto bytes = file.contents(section); bytes && !bytes->empty()) {
      total += static_cast<std::uint64_t>(bytes->bytes().back());
    }
  }
  for (const elf::Segment& segment : file.segments()) {
    if (const auto bytes = file.contents(segment)) total += bytes->size();
    if (const auto bytes = file.at_address(segment.p_vaddr, 16)) total += bytes->size();
    if (const auto bytes = file.from_address(segment.p_vaddr)) total += bytes->size();
  }
  return total;
}

std::uint64_t dynamic_facts(const elf::File& file) {
  std::uint64_t total = 0;
  if (const auto dynamic = file.dynamic()) {
    for (const std::string_view name : dynamic->needed) total += name.size();
  }
  if (const auto needs = file.version_needs()) {
    for (const elf::VersionNeed& need : *needs) total += need.file.size() + need.versions.size();
  }
  if (const auto floor = file.glibc_floor(); floor && *floor) total += (*floor)->needs.size();
  if (const auto id = file.go_build_id(); id && *id) total += (*id)->size();
  if (const auto id = file.build_id(); id && *id) total += (*id)->size();
  total += file.interpreter().has_value() ? 1U : 0U;
  total += file.static_kind().has_value() ? 1U : 0U;
  total += file.relro().has_value() ? 1U : 0U;
  return total + (file.executable_stack() ? 1U : 0U);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = elf::File::parse(ByteView(data, size));
  if (!file) return 0;
  volatile std::uint64_t sink = contents(*file) + dynamic_facts(*file);
  sink = sink + sum(file->dynamic_symbols()) + sum(file->symbols());
  sink = sink + (file->section(".go.buildinfo") != nullptr ? 1U : 0U);
  return 0;
}
