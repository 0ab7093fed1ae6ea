#include "format/dwarf/sections.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"

namespace tenon::dwarf {
namespace {

constexpr std::uint64_t shf_compressed = 0x800;

// Elf32_Chdr and Elf64_Chdr: type, [reserved,] size, alignment.
std::optional<std::uint64_t> size_in_header(const elf::Header& header, ByteView bytes) {
  const bool wide = header.ei_class == elf::ELFCLASS64;
  const bool big = header.ei_data == elf::ELFDATA2MSB;
  const auto value = [](const auto& number) {
    return number ? std::optional<std::uint64_t>(**number) : std::nullopt;
  };
  if (wide) return big ? value(bytes.at<ub64>(8)) : value(bytes.at<ul64>(8));
  return big ? value(bytes.at<ub32>(4)) : value(bytes.at<ul32>(4));
}

// "ZLIB", the size as 8 bytes with the high one first, the stream.
std::optional<DebugSection> old_form(std::string_view name, ByteView bytes) {
  const auto size = bytes.at<ub64>(4);
  const auto stream = bytes.from(12);
  if (!size || !stream || !bytes.text().starts_with("ZLIB")) return std::nullopt;
  return DebugSection{name, *stream, true, **size};
}

void add(std::string_view name, const Result<ByteView>& bytes, std::vector<DebugSection>& out) {
  if (!bytes || bytes->empty()) return;
  if (!name.contains("zdebug_")) {
    out.push_back({name, *bytes});
  } else if (const auto one = old_form(name, *bytes)) {
    out.push_back(*one);
  }
}

}  // namespace

std::vector<DebugSection> debug_sections(const elf::File& file) {
  std::vector<DebugSection> out;
  for (const elf::Section& section : file.sections()) {
    const std::string_view name = file.name(section);
    const bool packed = (section.sh_flags & shf_compressed) != 0;
    if (!packed && !name.starts_with(".debug_") && !name.starts_with(".zdebug_")) continue;
    const auto bytes = file.contents(section);
    if (!packed) {
      add(name, bytes, out);
      continue;
    }
    if (!bytes) continue;
    const auto size = size_in_header(file.header(), *bytes);
    const auto stream = bytes->from(file.header().ei_class == elf::ELFCLASS64 ? 24 : 12);
    if (size && stream) out.push_back({name, *stream, true, *size});
  }
  return out;
}

std::vector<DebugSection> debug_sections(const macho::File& file) {
  std::vector<DebugSection> out;
  for (const macho::Segment& segment : file.segments()) {
    for (const macho::Section& section : segment.sections) {
      if (section.sectname.starts_with("__debug_") || section.sectname.starts_with("__zdebug_"))
        add(section.sectname, file.contents(section), out);
    }
  }
  return out;
}

std::vector<DebugSection> debug_sections(const pe::File& file) {
  std::vector<DebugSection> out;
  for (const pe::Section& section : file.sections()) {
    if (section.name.starts_with(".debug_") || section.name.starts_with(".zdebug_"))
      add(section.name, file.contents(section), out);
  }
  return out;
}

}  // namespace tenon::dwarf
