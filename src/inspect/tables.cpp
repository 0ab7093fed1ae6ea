#include "inspect/tables.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/ar/ar.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/kind/kind.h"
#include "format/macho/exports.h"
#include "format/macho/fixups.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"
#include "inspect/readers.h"

namespace tenon {
namespace {

using inspect::elf_arch;
using inspect::macho_arch;

void add_objects(ByteView bytes, std::string arch, std::vector<ObjectView>& out) {
  if (const auto archive = ar::Archive::parse(bytes)) {
    for (const ar::Member& member : archive->members()) {
      const std::size_t before = out.size();
      if (const auto object = macho::File::parse(member.data)) {
        const macho::Header& header = object->header();
        out.push_back({macho_arch(header.cputype, header.cpusubtype), {}, member.data});
      } else if (const auto elf = elf::File::parse(member.data)) {
        out.push_back({elf_arch(elf->header()), {}, member.data});
      } else if (const auto coff = pe::parse_object(member.data)) {
        out.push_back({inspect::pe_arch(coff->machine), {}, member.data});
      }
      if (out.size() > before) out.back().member = member.name;
    }
    return;
  }
  out.push_back({std::move(arch), {}, bytes});
}

std::string permissions(bool read, bool write, bool execute) {
  return fmt::format("{}{}{}", read ? 'r' : '-', write ? 'w' : '-', execute ? 'x' : '-');
}

// --- Mach-O

// "__TEXT,__text" of each section by its number, from 1.
std::vector<std::string> section_names(const macho::File& file) {
  std::vector<std::string> out{""};
  for (const macho::Segment& segment : file.segments()) {
    for (const macho::Section& section : segment.sections) {
      out.push_back(fmt::format("{},{}", section.segname, section.sectname));
    }
  }
  return out;
}

char section_letter(std::string_view name) {
  if (name == "__TEXT,__text") return 'T';
  if (name == "__DATA,__data") return 'D';
  if (name == "__DATA,__bss") return 'B';
  return 'S';
}

char macho_letter(const macho::Symbol& symbol, std::string_view section) {
  const bool external = macho::is_external(symbol);
  char letter = '?';
  if (macho::is_common(symbol)) return 'C';
  switch (symbol.n_type & macho::N_TYPE) {
    case macho::N_UNDF:
    case macho::N_PBUD: return 'U';
    case 0x2: letter = 'A'; break;                      // N_ABS
    case 0xa: letter = 'I'; break;                      // N_INDR
    case 0xe: letter = section_letter(section); break;  // N_SECT
    default: break;
  }
  return external ? letter : static_cast<char>(letter | 0x20);
}

std::string_view file_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// The sources of functions by address, from debugging entries (mach-o/stab.h): N_SO names a source,
// N_OSO the object that it was compiled to, N_FUN each function of it.
class StabSources {
 public:
  explicit StabSources(const macho::File& file) {
    std::string_view source;
    (void)file.for_each_symbol([&](const macho::Symbol& symbol) {
      if (!macho::is_stab(symbol)) return;
      const std::string_view name = file_part(symbol.name);
      if (symbol.n_type == 0x64) source = name;
      if (symbol.n_type == 0x66 && name.ends_with(')')) source = name;
      const bool function = symbol.n_type == 0x24 && !symbol.name.empty();
      if (function && !source.empty()) known_.emplace(symbol.n_value, source);
    });
  }

  [[nodiscard]] std::string_view of(std::uint64_t address) const {
    const auto found = known_.find(address);
    return found == known_.end() ? std::string_view() : found->second;
  }

 private:
  std::unordered_map<std::uint64_t, std::string_view> known_;
};

Result<void> macho_symbols(const macho::File& file, const SymbolSink& sink) {
  const std::vector<std::string> sections = section_names(file);
  const StabSources sources(file);
  return file.for_each_symbol([&](const macho::Symbol& symbol) {
    if (macho::is_stab(symbol)) return;
    SymbolRow row;
    row.name = symbol.name;
    if ((symbol.n_type & macho::N_TYPE) == 0xe && symbol.n_sect < sections.size()) {
      row.section = sections[symbol.n_sect];
    }
    row.type = macho_letter(symbol, row.section);
    row.has_address = macho::is_defined(symbol);
    row.address = symbol.n_value;
    row.weak = macho::is_weak_def(symbol) || macho::is_weak_ref(symbol);
    if (row.has_address) row.source = sources.of(symbol.n_value);
    sink(row);
  });
}

std::string library_of(const macho::File& file, int ordinal) {
  switch (ordinal) {
    case macho::self_ordinal: return "this image";
    case macho::main_executable_ordinal: return "main executable";
    case macho::flat_lookup_ordinal: return "flat lookup";
    case macho::weak_lookup_ordinal: return "weak lookup";
    default: break;
  }
  const auto index = static_cast<std::size_t>(ordinal) - 1;
  return index < file.dylibs().size() ? std::string(file.dylibs()[index].name) : "?";
}

Result<void> macho_imports(const macho::File& file, const SymbolSink& sink) {
  for (const macho::BoundImport& import : TENON_TRY(inspect::loader_imports(file))) {
    const std::string library = library_of(file, import.library_ordinal);
    SymbolRow row;
    row.name = import.name;
    row.type = '-';
    row.library = library;
    row.weak = import.weak;
    row.lazy = import.lazy;
    sink(row);
  }
  return {};
}

Result<void> macho_exports(const macho::File& file, const SymbolSink& sink) {
  for (const macho::Export& entry : TENON_TRY(inspect::loader_exports(file))) {
    const std::string library =
        entry.is_reexport() ? library_of(file, entry.library_ordinal) : std::string();
    SymbolRow row;
    row.name = entry.name;
    row.type = '-';
    row.has_address = !entry.is_reexport();
    row.address = entry.address;
    row.library = library;
    row.weak = entry.is_weak_definition();
    sink(row);
  }
  return {};
}

std::vector<SectionRow> macho_sections(const macho::File& file) {
  std::vector<SectionRow> out;
  for (const macho::Segment& segment : file.segments()) {
    const std::string flags = permissions((segment.initprot & 1) != 0, (segment.initprot & 2) != 0,
                                          (segment.initprot & 4) != 0);
    for (const macho::Section& section : segment.sections) {
      out.push_back({fmt::format("{},{}", section.segname, section.sectname), section.addr,
                     section.size, section.offset, section.in_file(), flags});
    }
  }
  return out;
}

// --- ELF

// nm's letters, from the section's flags (binutils, bfd/syms.c).
char elf_letter(const elf::File& file, const elf::Symbol& symbol) {
  const bool local = symbol.binding() == elf::STB_LOCAL;
  const bool weak = symbol.binding() == elf::STB_WEAK;
  if (symbol.defined() && symbol.type() == 10) return 'i';  // STT_GNU_IFUNC
  if (!symbol.defined()) return weak ? (symbol.type() == elf::STT_OBJECT ? 'v' : 'w') : 'U';
  if (weak) return symbol.type() == elf::STT_OBJECT ? 'V' : 'W';
  if (symbol.binding() == 10) return 'u';  // STB_GNU_UNIQUE
  char letter = '?';
  if (symbol.st_shndx == elf::SHN_ABS) {
    letter = 'A';
  } else if (symbol.st_shndx == 0xfff2) {
    letter = 'C';
  } else if (symbol.st_shndx < file.sections().size()) {
    const elf::Section& section = file.sections()[symbol.st_shndx];
    if ((section.sh_flags & elf::SHF_ALLOC) == 0) {
      letter = 'N';
    } else if ((section.sh_flags & elf::SHF_EXECINSTR) != 0) {
      letter = 'T';
    } else if ((section.sh_flags & elf::SHF_WRITE) == 0) {
      letter = 'R';
    } else {
      letter = section.sh_type == elf::SHT_NOBITS ? 'B' : 'D';
    }
  }
  return local ? static_cast<char>(letter | 0x20) : letter;
}

// "$x", "$d.7": where code and data begin, thousands in a file, and no names of anything (AAELF64,
// 5.5.5; RISC-V ELF psABI). nm leaves them out too.
bool is_mapping(const elf::File& file, const elf::Symbol& symbol) {
  const std::uint16_t machine = file.header().e_machine;
  if (machine != 183 && machine != 40 && machine != 243) return false;
  const std::string_view name = symbol.name;
  if (name.size() < 2 || name[0] != '$' || symbol.binding() != elf::STB_LOCAL) return false;
  const bool letter = std::string_view("xdat").find(name[1]) != std::string_view::npos;
  return letter && (name.size() == 2 || name[2] == '.' || machine == 243);
}

constexpr int stt_file = 4;

bool wanted(const elf::Symbol& symbol, SymbolList list) {
  if (symbol.name.empty()) return false;
  if (list == SymbolList::imports) return !symbol.defined();
  if (list == SymbolList::exports) return symbol.defined() && symbol.binding() != elf::STB_LOCAL;
  return symbol.type() != elf::STT_SECTION && symbol.type() != stt_file;
}

Result<void> elf_symbols(const elf::File& file, SymbolList list, const SymbolSink& sink) {
  const auto dynamic = [&] { return file.dynamic_symbols(); };
  const elf::SymbolTable table =
      list == SymbolList::all ? TENON_TRY(file.symbols()) : TENON_TRY(dynamic());
  std::string_view source;  // of the local symbols that follow
  for (std::uint64_t i = 1; i < table.size(); ++i) {
    const elf::Symbol symbol = table[i];
    if (symbol.type() == stt_file) source = symbol.name;
    if (!wanted(symbol, list) || is_mapping(file, symbol)) continue;
    SymbolRow row;
    row.name = symbol.name;
    row.type = elf_letter(file, symbol);
    row.has_address = symbol.defined();
    row.address = symbol.st_value;
    row.size = symbol.st_size;
    if (symbol.defined() && symbol.st_shndx < file.sections().size()) {
      row.section = file.name(file.sections()[symbol.st_shndx]);
    }
    row.library = symbol.version_file;
    row.version = symbol.version;
    row.weak = symbol.binding() == elf::STB_WEAK;
    if (symbol.binding() == elf::STB_LOCAL) row.source = source;
    sink(row);
  }
  return {};
}

std::vector<SectionRow> elf_sections(const elf::File& file) {
  std::vector<SectionRow> out;
  for (const elf::Section& section : file.sections()) {
    if (&section == file.sections().data()) continue;  // the null section
    const bool loaded = (section.sh_flags & elf::SHF_ALLOC) != 0;
    const std::string flags =
        permissions(loaded, loaded && (section.sh_flags & elf::SHF_WRITE) != 0,
                    loaded && (section.sh_flags & elf::SHF_EXECINSTR) != 0);
    out.push_back({std::string(file.name(section)), section.sh_addr, section.sh_size,
                   section.sh_offset, section.sh_type != elf::SHT_NOBITS, flags});
  }
  return out;
}

}  // namespace

Result<std::vector<ObjectView>> object_views(ByteView file) {
  std::vector<ObjectView> out;
  if (file.text().starts_with("!<")) {
    TENON_TRY(ar::Archive::parse(file));
    add_objects(file, {}, out);
  } else if (const auto elf = elf::File::parse(file)) {
    out.push_back({elf_arch(elf->header()), {}, file});
  } else if (const auto pe = pe::File::parse(file)) {
    out.push_back({inspect::pe_arch(pe->header().machine), {}, file});
  } else if (const auto slices = macho::slices(file)) {
    for (const macho::Slice& slice : *slices) {
      add_objects(slice.bytes, macho_arch(slice.cputype, slice.cpusubtype), out);
    }
  } else {
    const kind::FileKind kind = kind::identify(file);
    if (kind == kind::FileKind::elf) return std::unexpected(elf.error());
    if (kind == kind::FileKind::pe) return std::unexpected(pe.error());
    if (kind == kind::FileKind::coff_object) {
      out.push_back({inspect::pe_arch(TENON_TRY(pe::parse_object(file)).machine), {}, file});
      return out;
    }
    if (kind != kind::FileKind::macho && kind != kind::FileKind::macho_universal) {
      return fail(Errc::unsupported, "files of this kind have no such lists");
    }
    return std::unexpected(slices.error());
  }
  return out;
}

Result<void> list_symbols(const ObjectView& object, SymbolList list, const SymbolSink& sink) {
  if (const auto elf = elf::File::parse(object.bytes)) return elf_symbols(*elf, list, sink);
  if (inspect::is_pe(object.bytes)) return inspect::pe_symbols(object.bytes, list, sink);
  const auto file = TENON_TRY(macho::File::parse(object.bytes));
  switch (list) {
    case SymbolList::all: return macho_symbols(file, sink);
    case SymbolList::imports: return macho_imports(file, sink);
    case SymbolList::exports: return macho_exports(file, sink);
  }
  return {};
}

Result<std::vector<SectionRow>> list_sections(const ObjectView& object) {
  if (const auto elf = elf::File::parse(object.bytes)) return elf_sections(*elf);
  if (inspect::is_pe(object.bytes)) return inspect::pe_sections(object.bytes);
  return macho_sections(TENON_TRY(macho::File::parse(object.bytes)));
}

}  // namespace tenon
