#include "loader/elf/header_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "loader/elf/machine.h"
#include "loader/files.h"

namespace tenon::loader {
namespace {

using Kind = HeaderVerdict::Kind;

HeaderVerdict refused(std::string_view text, OsError error = OsError::none) {
  return {Kind::refused, text, error, {}};
}

// Of the fields behind e_ident, at their places in both classes.
struct Fields {
  std::uint16_t type = 0, machine = 0, phentsize = 0, phnum = 0;
  std::uint32_t version = 0;
  std::uint64_t phoff = 0;
};

template <class E>
Fields fields_of(const elf::Ehdr<E>& raw) {
  return {raw.e_type, raw.e_machine, raw.e_phentsize, raw.e_phnum, raw.e_version, raw.e_phoff};
}

template <class E>
Fields read_fields(ByteView bytes) {
  const auto raw = bytes.at<elf::Ehdr<E>>(0);
  return raw ? fields_of<E>(**raw) : Fields();
}

Fields read_fields(ByteView bytes, const ElfKind& kind) {
  const bool big = kind.ei_data == elf::ELFDATA2MSB;
  if (kind.ei_class == elf::ELFCLASS64) {
    return big ? read_fields<elf::Be64>(bytes) : read_fields<elf::Le64>(bytes);
  }
  return big ? read_fields<elf::Be32>(bytes) : read_fields<elf::Le32>(bytes);
}

// ELFOSABI_SYSV and ELFOSABI_GNU; versions of the latter are below LIBC_ABI_MAX.
bool good_abi(const elf::Ident& ident) {
  constexpr std::uint8_t gnu = 3;
  constexpr std::uint8_t abi_end = 4;
  if (ident.ei_osabi != 0 && ident.ei_osabi != gnu) return false;
  return ident.ei_abiversion == 0 || (ident.ei_osabi == gnu && ident.ei_abiversion < abi_end);
}

std::string_view ident_problem(const elf::Ident& ident, const ElfKind& wanted) {
  if (ident.ei_data != wanted.ei_data) {
    return wanted.ei_data == elf::ELFDATA2LSB ? "ELF file data encoding not little-endian"
                                              : "ELF file data encoding not big-endian";
  }
  if (ident.ei_version != 1) return "ELF file version ident does not match current one";
  if (ident.ei_osabi != 0 && ident.ei_osabi != 3) return "ELF file OS ABI invalid";
  if (!good_abi(ident)) return "ELF file ABI version invalid";
  if (!std::ranges::all_of(ident.pad, [](std::uint8_t one) { return one == 0; })) {
    return "nonzero padding in e_ident";
  }
  return {};
}

}  // namespace

HeaderVerdict check_header(const Opened& opened, const ElfKind& wanted) {
  if (opened.folder) return refused("cannot read file data", OsError::is_folder);
  if (opened.special) return refused("file too short");
  const ByteView bytes = opened.bytes();
  const bool wide = wanted.ei_class == elf::ELFCLASS64;
  if (bytes.size() < (wide ? sizeof(elf::Ehdr<elf::Le64>) : sizeof(elf::Ehdr<elf::Le32>))) {
    return refused("file too short");
  }
  const elf::Ident& ident = **bytes.at<elf::Ident>(0);
  if (!bytes.text().starts_with("\177ELF")) return refused("invalid ELF header");
  const auto have = [&](std::uint16_t machine) {
    return ElfKind{machine, ident.ei_class, ident.ei_data};
  };
  if (ident.ei_class != wanted.ei_class) {
    const Fields other = read_fields(bytes, have(0));
    return {Kind::other_class, {}, OsError::no_entry, have(other.machine)};
  }
  if (const auto problem = ident_problem(ident, wanted); !problem.empty()) return refused(problem);
  const Fields fields = read_fields(bytes, wanted);
  if (fields.version != 1) return refused("ELF file version does not match current one");
  if (fields.machine != wanted.machine) {
    return {Kind::other_machine, {}, OsError::no_entry, have(fields.machine)};
  }
  if (fields.type != elf::ET_DYN && fields.type != elf::ET_EXEC) {
    return refused("only ET_DYN and ET_EXEC can be loaded");
  }
  const std::uint64_t entry = wide ? sizeof(elf::Le64::Phdr) : sizeof(elf::Le32::Phdr);
  if (fields.phentsize != entry) return refused("ELF file's phentsize not the expected size");
  if (!bytes.contains(fields.phoff, fields.phnum * entry)) return refused("cannot read file data");
  return {};
}

std::string_view check_segments(ByteView bytes) {
  const auto file = elf::File::parse(bytes);
  if (!file) return {};
  constexpr std::uint64_t page = 4096;
  std::size_t loads = 0;
  bool dynamic = false;
  for (const elf::Segment& one : file->segments()) {
    if (one.p_type == elf::PT_DYNAMIC && one.p_filesz != 0) dynamic = true;
    if (one.p_type != elf::PT_LOAD) continue;
    ++loads;
    if (one.p_align % page != 0) return "ELF load command alignment not page-aligned";
    if (((one.p_vaddr - one.p_offset) & (page - 1)) != 0) {
      return "ELF load command address/offset not page-aligned";
    }
  }
  if (loads == 0) return "object file has no loadable segments";
  if (file->header().e_type == elf::ET_EXEC) return "cannot dynamically load executable";
  if (!dynamic) return "object file has no dynamic section";
  const auto entries = file->dynamic();
  if (entries && entries->pie) return "cannot dynamically load position-independent executable";
  return {};
}

}  // namespace tenon::loader
