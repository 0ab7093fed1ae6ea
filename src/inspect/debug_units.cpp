#include "inspect/debug_units.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/inflate.h"
#include "format/dwarf/sections.h"
#include "format/dwarf/units.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

constexpr std::uint16_t elf_exec = 2, elf_dyn = 3;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;  // of a section, unfolded

using Buffers = std::vector<std::vector<std::byte>>;

ByteView unfolded(const dwarf::DebugSection& section, Buffers& buffers) {
  if (!section.packed) return section.bytes;
  // Deflate makes at most about a thousand bytes of one.
  if (section.size > most_bytes || section.size / 1100 > section.bytes.size()) return {};
  auto bytes = inflate(section.bytes.bytes(), section.size);
  if (!bytes) return {};
  buffers.push_back(*std::move(bytes));
  return ByteView(std::span<const std::byte>(buffers.back()));
}

// The place for a section that is called ".debug_NAME", "__debug_NAME" or ".zdebug_NAME".
ByteView* place(dwarf::Sections& sections, std::string_view name) {
  const std::size_t at = name.find("debug_");
  if (at == std::string_view::npos) return nullptr;
  name = name.substr(at + 6);
  if (name == "info") return &sections.info;
  if (name == "abbrev") return &sections.abbrev;
  if (name == "str") return &sections.str;
  if (name == "line_str") return &sections.line_str;
  if (name == "ranges") return &sections.ranges;
  if (name == "rnglists") return &sections.rnglists;
  if (name == "addr") return &sections.addr;
  // Mach-O cuts names at 16 bytes.
  if (name == "str_offsets" || name == "str_offs") return &sections.str_offsets;
  return nullptr;
}

dwarf::Sections sections_of(const ObjectView& object, Buffers& buffers) {
  dwarf::Sections out;
  std::vector<dwarf::DebugSection> all;
  if (const auto elf = elf::File::parse(object.bytes)) {
    const auto type = elf->header().e_type;
    if (type != elf_exec && type != elf_dyn) return out;
    out.big_endian = elf->header().ei_data == elf::ELFDATA2MSB;
    all = dwarf::debug_sections(*elf);
  } else if (const auto macho = macho::File::parse(object.bytes)) {
    all = dwarf::debug_sections(*macho);
  } else if (const auto pe = pe::File::parse(object.bytes)) {
    all = dwarf::debug_sections(*pe);
  }
  for (const dwarf::DebugSection& one : all) {
    if (ByteView* to = place(out, one.name)) *to = unfolded(one, buffers);
  }
  return out;
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool ends_in(std::string_view directory, std::string_view path) {
  if (path.empty() || !directory.ends_with(path)) return false;
  return directory.size() == path.size() || directory[directory.size() - path.size() - 1] == '/';
}

// As a path stands in the module cache.
std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital) out += '!';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// How much of the directory says that it is the package's; 0: nothing does.
std::size_t fit(std::string_view directory, const std::string& package,
                const std::vector<std::string>& modules) {
  std::size_t best = ends_in(directory, package) ? package.size() : 0;
  for (const std::string& module : modules) {
    const std::string_view path = std::string_view(module).substr(0, module.find('@'));
    if (!package.starts_with(path) || (package.size() > path.size() && package[path.size()] != '/'))
      continue;
    const std::string_view below = std::string_view(package).substr(path.size());
    for (const std::string& whole : {module, escaped(module)}) {
      const std::string in_cache = whole + std::string(below);
      if (ends_in(directory, in_cache)) best = std::max(best, in_cache.size());
    }
    // A checkout may be called anything, and what lies below it is called as in the path.
    if (below.size() > 1 && ends_in(directory, below.substr(1)))
      best = std::max(best, below.size());
    if (below.empty() && last_part(directory) == last_part(path))
      best = std::max(best, last_part(path).size());
  }
  return best;
}

}  // namespace

DebugUnits::DebugUnits(const ObjectView& object) {
  if (!object.member.empty()) return;
  auto units = dwarf::read_units(sections_of(object, inflated_));
  if (!units) return;
  units_ = *std::move(units);
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (units_[i].language == dwarf::language_go) continue;
    for (const dwarf::Range& range : units_[i].ranges)
      ranges_.push_back({range.begin, range.end, i});
  }
  std::ranges::stable_sort(ranges_, {}, &Range::begin);
  // Hostile ones overlap: the first has the address.
  std::uint64_t taken = 0;
  std::erase_if(ranges_, [&](Range& range) {
    range.begin = std::max(range.begin, taken);
    if (range.end <= range.begin) return true;
    taken = range.end;
    return false;
  });
}

DebugUnits::Source DebugUnits::of(std::uint64_t address) const {
  const auto next = std::ranges::upper_bound(ranges_, address, {}, &Range::begin);
  if (next == ranges_.begin() || address >= std::prev(next)->end) return {};
  const dwarf::Unit& unit = units_[std::prev(next)->unit];
  return {unit.name, unit.directory};
}

std::string package_in(std::string_view directory, const std::vector<std::string>& packages,
                       const std::vector<std::string>& modules) {
  std::string best;
  std::size_t most = 0;
  bool twice = false;
  for (const std::string& package : packages) {
    const std::size_t found = fit(directory, package, modules);
    if (found == 0 || found < most) continue;
    twice = found == most && package != best;
    most = found;
    best = package;
  }
  return twice ? std::string() : best;
}

}  // namespace tenon
