#include "inspect/go_bytes.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"

namespace tenon {

namespace {

struct Place {
  std::uint64_t address = 0, size = 0;

  [[nodiscard]] bool has(std::uint64_t at) const { return at >= address && at - address < size; }
};

// runtime.moduledata (runtime/symtab.go) of 64-bit programs: the function table's address first,
// the text's start 22 words on, since Go 1.16. In a file that may be loaded anywhere loaders fill
// it, and the file may hold anything; what does not lie in the code is not taken.
std::uint64_t module_text(ByteView module, std::uint64_t table, std::uint64_t base,
                          const Place& code) {
  const auto words = module.array<ul64>(0, 23);
  if (!words) return 0;
  // A chained fixup keeps its target in the low 36 bits, from 0 or from the image's base.
  constexpr std::uint64_t low = (std::uint64_t{1} << 36) - 1;
  for (const std::uint64_t from : {std::uint64_t{0}, base}) {
    const auto plain = [&](std::uint64_t word) { return from + (word & low); };
    if (plain((*words)[0]) == table && code.has(plain((*words)[22]))) return plain((*words)[22]);
  }
  return 0;
}

}  // namespace

Result<gobin::Pclntab> function_table(const GoBytes& bytes) {
  auto table = TENON_TRY(gobin::Pclntab::parse(bytes.pclntab));
  if (table.text_start() == 0 && bytes.text_start != 0) table.set_text_start(bytes.text_start);
  return table;
}

GoBytes go_bytes(const macho::File& file) {
  GoBytes out;
  const auto add = [&](const macho::Section& section) {
    if (const auto bytes = file.contents(section)) out.regions.push_back({section.addr, *bytes});
  };
  std::vector<const macho::Section*> others;
  Place code;
  ByteView module;
  std::uint64_t table = 0;
  for (const macho::Segment& segment : file.segments()) {
    for (const macho::Section& section : segment.sections) {
      if (section.sectname == "__go_buildinfo") add(section);
      if (section.sectname == "__gopclntab") {
        out.pclntab = file.contents(section).value_or(ByteView());
        table = section.addr;
      }
      if (section.sectname == "__go_module") module = file.contents(section).value_or(ByteView());
      if (section.sectname == "__text" && code.size == 0) code = {section.addr, section.size};
      if (section.sectname == "__text" && out.text.empty()) {
        out.text = file.contents(section).value_or(ByteView());
      }
      // The pointers of old build infos lead here.
      if (section.sectname == "__data" || section.sectname == "__rodata")
        others.push_back(&section);
    }
  }
  if (!out.regions.empty()) {
    for (const macho::Section* section : others) add(*section);
  }
  out.text_start = module_text(module, table, file.base_address(), code);
  // Go's own linker puts nothing in front of its code.
  if (out.text_start == 0 && !file.has_function_starts()) out.text_start = code.address;
  return out;
}

namespace {

std::uint64_t text_start(const elf::File& file, std::uint64_t table) {
  const elf::Section* text = file.section(".text");
  if (text == nullptr) return 0;
  const Place code{text->sh_addr, text->sh_size};
  for (const std::string_view name : {".go.module", ".data.rel.ro.go.module"}) {
    const elf::Section* module = file.section(name);
    const auto bytes = module != nullptr ? file.contents(*module) : ByteView();
    if (!bytes) continue;
    const std::uint64_t found = module_text(*bytes, table, 0, code);
    if (found != 0) return found;
  }
  // Go's own linker puts nothing in front of its code; a C linker puts start files there.
  const bool external = file.section(".init_array") != nullptr || file.section(".init") != nullptr;
  return external ? 0 : code.address;
}

// Up to Go 1.25 a PIE and a c-shared library keep the function table in data that the loader
// changes, and GNU ld and lld put all such data into one section.
void merged_table(const elf::File& file, GoBytes& out) {
  const elf::Section* section = file.section(".data.rel.ro");
  // Other programs have such a section too; only Go's have these.
  if (section == nullptr || (out.regions.empty() && file.section(".note.go.buildid") == nullptr))
    return;
  const ByteView bytes = file.contents(*section).value_or(ByteView());
  const auto table = gobin::Pclntab::find(bytes);
  if (!table) return;
  out.pclntab = table->bytes();
  out.text_start = text_start(file, section->sh_addr + (out.pclntab.base() - bytes.base()));
}

}  // namespace

GoBytes go_bytes(const elf::File& file) {
  GoBytes out;
  const elf::Section* section = file.section(".go.buildinfo");
  if (section != nullptr) {
    if (const auto bytes = file.contents(*section)) {
      out.regions.push_back({section->sh_addr, *bytes});
    }
  }
  // Without sections the build info begins the first writable segment; with them, old ones point
  // into these segments.
  if (section != nullptr || file.sections().empty()) {
    for (const elf::Segment& segment : file.segments()) {
      if (segment.p_type != elf::PT_LOAD) continue;
      const bool writable = (segment.p_flags & elf::PF_W) != 0;
      if (!writable && section == nullptr) continue;
      if (const auto bytes = file.contents(segment)) {
        out.regions.push_back({segment.p_vaddr, *bytes});
      }
    }
  }
  for (const std::string_view name : {".gopclntab", ".data.rel.ro.gopclntab"}) {
    const elf::Section* table = file.section(name);
    if (table == nullptr) continue;
    out.pclntab = file.contents(*table).value_or(ByteView());
    out.text_start = text_start(file, table->sh_addr);
  }
  if (out.pclntab.empty()) merged_table(file, out);
  return out;
}

// Go puts its function table into .rdata, which has no section of its own.
GoBytes go_bytes(const pe::File& file) {
  GoBytes out;
  out.regions = file.regions();
  if (const pe::Section* text = file.section(".text")) {
    out.text = file.contents(*text).value_or(ByteView());
  }
  const bool go = gobin::text_build_id(out.text).has_value();
  if (!go) {
    const auto info = gobin::read_build_info(out.regions);
    if (!info || !*info) return {};
  }
  if (const pe::Section* data = file.section(".rdata")) {
    const ByteView bytes = file.contents(*data).value_or(ByteView());
    if (const auto table = gobin::Pclntab::find(bytes)) out.pclntab = table->bytes();
  }
  return out;
}

GoBytes go_bytes(ByteView object) {
  if (const auto file = elf::File::parse(object)) return go_bytes(*file);
  if (const auto file = macho::File::parse(object)) return go_bytes(*file);
  if (const auto file = pe::File::parse(object)) return go_bytes(*file);
  return {};
}

}  // namespace tenon
