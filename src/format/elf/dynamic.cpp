// The dynamic section and what follows from it alone.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/access.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"

namespace tenon::elf {

namespace {

using Field = std::uint64_t Dynamic::*;

struct TagField {
  std::uint64_t tag;
  Field field;
};

constexpr std::array tag_fields = {
    TagField{DT_HASH, &Dynamic::hash},       TagField{DT_GNU_HASH, &Dynamic::gnu_hash},
    TagField{DT_STRTAB, &Dynamic::strtab},   TagField{DT_STRSZ, &Dynamic::strsz},
    TagField{DT_SYMTAB, &Dynamic::symtab},   TagField{DT_FLAGS, &Dynamic::flags},
    TagField{DT_FLAGS_1, &Dynamic::flags_1}, TagField{DT_VERSYM, &Dynamic::versym},
    TagField{DT_VERNEED, &Dynamic::verneed}, TagField{DT_VERNEEDNUM, &Dynamic::verneednum},
    TagField{DT_VERDEF, &Dynamic::verdef},   TagField{DT_VERDEFNUM, &Dynamic::verdefnum},
    TagField{DT_RELA, &Dynamic::rela},       TagField{DT_RELASZ, &Dynamic::relasz},
    TagField{DT_REL, &Dynamic::rel},         TagField{DT_RELSZ, &Dynamic::relsz},
    TagField{DT_JMPREL, &Dynamic::jmprel},   TagField{DT_PLTRELSZ, &Dynamic::pltrelsz},
    TagField{DT_PLTREL, &Dynamic::pltrel},
};

// Offsets into the string table, kept until that table is known.
struct Strings {
  std::vector<std::uint64_t> needed;
  std::optional<std::uint64_t> soname, rpath, runpath;
};

void take(Dynamic& dynamic, std::uint64_t tag, std::uint64_t value, std::uint16_t machine) {
  for (const TagField& entry : tag_fields) {
    if (entry.tag == tag) dynamic.*entry.field = value;
  }
  if (tag == DT_TEXTREL) dynamic.textrel = true;
  if (tag == DT_BIND_NOW) dynamic.bind_now = true;
  if (tag == DT_DEBUG) dynamic.debug = true;
  if (tag == DT_SYMBOLIC) dynamic.symbolic = true;
  if (tag == DT_FILTER || tag == DT_AUXILIARY) dynamic.filter = true;
  // The number belongs to the processor range: it means something else elsewhere.
  if (tag == DT_MIPS_SYMTABNO && machine == EM_MIPS) dynamic.mips_symtabno = value;
}

void take(Strings& strings, std::uint64_t tag, std::uint64_t value) {
  if (tag == DT_NEEDED) strings.needed.push_back(value);
  if (tag == DT_SONAME) strings.soname = value;
  if (tag == DT_RPATH) strings.rpath = value;
  if (tag == DT_RUNPATH) strings.runpath = value;
}

template <class E>
Result<Strings> read_entries(ByteView bytes, std::uint16_t machine, std::size_t limit,
                             Dynamic& dynamic) {
  Strings strings;
  for (std::uint64_t at = 0; bytes.contains(at, sizeof(Dyn<E>)); at += sizeof(Dyn<E>)) {
    const Dyn<E>* entry = TENON_TRY(bytes.at<Dyn<E>>(at));
    if (entry->d_tag == DT_NULL) break;
    take(dynamic, entry->d_tag, entry->d_val, machine);
    take(strings, entry->d_tag, entry->d_val);
    if (strings.needed.size() > limit) {
      return fail(Errc::malformed, "ELF DT_NEEDED count", bytes.base() + at);
    }
  }
  return strings;
}

Result<std::optional<std::string_view>> string_at(ByteView strings,
                                                  std::optional<std::uint64_t> offset) {
  if (!offset) return std::nullopt;
  return TENON_TRY(strings.cstr(*offset, "ELF dynamic string"));
}

Result<void> resolve(ByteView table, const Strings& strings, Dynamic& dynamic) {
  dynamic.needed.reserve(strings.needed.size());
  for (const std::uint64_t offset : strings.needed) {
    dynamic.needed.push_back(TENON_TRY(bounded_cstr(table, offset, "ELF DT_NEEDED")));
  }
  dynamic.soname = TENON_TRY(string_at(table, strings.soname));
  dynamic.rpath = TENON_TRY(string_at(table, strings.rpath));
  dynamic.runpath = TENON_TRY(string_at(table, strings.runpath));
  return {};
}

bool names_nothing(const Strings& strings) {
  return strings.needed.empty() && !strings.soname && !strings.rpath && !strings.runpath;
}

}  // namespace

Result<ByteView> File::dynamic_bytes() const {
  if (const Segment* segment = this->segment(PT_DYNAMIC)) return contents(*segment);
  for (const Section& section : sections_) {
    if (section.sh_type == SHT_DYNAMIC) return contents(section);
  }
  return ByteView();
}

Result<ByteView> File::dynamic_strings(const Dynamic& dynamic) const {
  return at_address(dynamic.strtab, dynamic.strsz);
}

Result<Dynamic> File::dynamic() const {
  const ByteView bytes = TENON_TRY(dynamic_bytes());
  Dynamic dynamic;
  dynamic.present = !bytes.empty();
  const Strings strings = TENON_TRY(with_layout(header_, [&](auto layout) -> Result<Strings> {
    return read_entries<decltype(layout)>(bytes, header_.e_machine, list_limit(), dynamic);
  }));
  dynamic.textrel |= (dynamic.flags & DF_TEXTREL) != 0;
  dynamic.bind_now |= (dynamic.flags & DF_BIND_NOW) != 0 || (dynamic.flags_1 & DF_1_NOW) != 0;
  dynamic.symbolic |= (dynamic.flags & DF_SYMBOLIC) != 0;
  dynamic.pie = (dynamic.flags_1 & DF_1_PIE) != 0;
  if (names_nothing(strings)) return dynamic;
  const ByteView table = TENON_TRY(dynamic_strings(dynamic));
  TENON_TRY(resolve(table, strings, dynamic));
  return dynamic;
}

Result<StaticKind> File::static_kind() const {
  if (header_.e_type == ET_REL) return StaticKind::relocatable;
  if (header_.e_type != ET_EXEC && header_.e_type != ET_DYN) return StaticKind::other;
  const Dynamic dynamic = TENON_TRY(this->dynamic());
  // glibc's libc.so.6 is a library that can be run: it names its loader, and itself.
  const bool library = header_.e_type == ET_DYN && dynamic.soname && !dynamic.pie;
  if (segment(PT_INTERP) != nullptr && !library) {
    return dynamic.needed.empty() ? StaticKind::interp_only : StaticKind::dynamic;
  }
  if (header_.e_type == ET_EXEC) return StaticKind::static_exe;
  // Linkers before DF_1_PIE (binutils 2.26) leave DT_DEBUG, which only programs get.
  const bool program = dynamic.debug && !dynamic.soname && dynamic.needed.empty();
  return dynamic.pie || program ? StaticKind::static_pie : StaticKind::shared_object;
}

Result<Relro> File::relro() const {
  if (segment(PT_GNU_RELRO) == nullptr) return Relro::none;
  const Dynamic dynamic = TENON_TRY(this->dynamic());
  return dynamic.bind_now ? Relro::full : Relro::partial;
}

}  // namespace tenon::elf
