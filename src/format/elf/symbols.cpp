// Symbol tables: where they are, how long they are, and one symbol of them.
#include <algorithm>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/access.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"

namespace tenon::elf {

namespace {

constexpr std::uint16_t hidden_bit = 0x8000;

template <class E>
Symbol widen(const typename E::Sym& raw, ByteView names) {
  Symbol symbol;
  symbol.name = bounded_name(names, raw.st_name);
  symbol.st_value = raw.st_value;
  symbol.st_size = raw.st_size;
  symbol.st_info = raw.st_info;
  symbol.st_other = raw.st_other;
  symbol.st_shndx = raw.st_shndx;
  return symbol;
}

std::uint64_t record_size(const Header& header) {
  return header.ei_class == ELFCLASS64 ? sizeof(Le64::Sym) : sizeof(Le32::Sym);
}

// The second word of DT_HASH, nchain, counts the symbols (gABI "Hash Table"). Its words are 8 bytes
// wide on two machines (glibc, bits/elfclass.h).
template <class E>
Result<std::uint64_t> count_from_hash(const File& file, std::uint64_t address) {
  const Header& header = file.header();
  const bool wide = header.ei_class == ELFCLASS64 &&
                    (header.e_machine == EM_S390 || header.e_machine == EM_ALPHA);
  if (wide) {
    const ByteView words = TENON_TRY(file.at_address(address, 16));
    return std::uint64_t{TENON_TRY(words.array<typename E::Wide>(0, 2))[1]};
  }
  const ByteView words = TENON_TRY(file.at_address(address, 8));
  return std::uint64_t{TENON_TRY(words.array<typename E::Word>(0, 2))[1]};
}

// DT_GNU_HASH names no count: the last chain, which begins at the highest bucket, ends with a word
// whose lowest bit is set (glibc, elf/dl-lookup.c). 0 when no symbol is exported.
template <class E>
Result<std::uint64_t> count_from_gnu_hash(const File& file, std::uint64_t address) {
  using Word = typename E::Word;
  const ByteView table = TENON_TRY(file.from_address(address));
  const auto head = TENON_TRY(table.array<Word>(0, 4, "ELF DT_GNU_HASH"));
  const std::uint64_t first = head[1];
  const std::uint64_t buckets_at = 16 + std::uint64_t{head[2]} * sizeof(typename E::Native);
  const auto buckets = TENON_TRY(table.array<Word>(buckets_at, head[0], "ELF DT_GNU_HASH buckets"));
  std::uint64_t last = 0;
  for (const Word& bucket : buckets) last = std::max(last, std::uint64_t{bucket});
  if (last < first || last == 0) return std::uint64_t{0};
  const std::uint64_t chains_at = buckets_at + buckets.size() * sizeof(Word);
  for (std::uint64_t at = chains_at + (last - first) * sizeof(Word);; at += sizeof(Word), ++last) {
    if (*TENON_TRY(table.at<Word>(at, "ELF DT_GNU_HASH chain")) & 1U) return last + 1;
  }
}

const Section* section_at(const File& file, std::uint32_t type, std::uint64_t address) {
  for (const Section& section : file.sections()) {
    if (section.sh_type == type && section.sh_addr == address) return &section;
  }
  return nullptr;
}

}  // namespace

Result<std::uint64_t> File::dynamic_symbol_count(const Dynamic& dynamic) const {
  if (const Section* section = section_at(*this, SHT_DYNSYM, dynamic.symtab)) {
    return section->sh_size / record_size(header_);
  }
  return with_layout(header_, [&](auto layout) -> Result<std::uint64_t> {
    using E = decltype(layout);
    if (dynamic.hash != 0) return count_from_hash<E>(*this, dynamic.hash);
    if (dynamic.mips_symtabno != 0) return dynamic.mips_symtabno;
    std::uint64_t count = 0;
    if (dynamic.gnu_hash != 0) count = TENON_TRY(count_from_gnu_hash<E>(*this, dynamic.gnu_hash));
    // A file that only imports: every linker seen puts the string table behind the symbols.
    if (count == 0 && dynamic.strtab > dynamic.symtab) {
      count = (dynamic.strtab - dynamic.symtab) / record_size(header_);
    }
    return count;
  });
}

Result<SymbolTable> File::dynamic_symbols() const {
  const Dynamic dynamic = TENON_TRY(this->dynamic());
  SymbolTable table;
  table.header_ = header_;
  if (dynamic.symtab == 0) return table;
  const std::uint64_t size = record_size(header_);
  table.count_ = TENON_TRY(dynamic_symbol_count(dynamic));
  if (table.count_ > bytes_.size() / size) {
    return fail(Errc::malformed, "ELF dynamic symbol count", bytes_.base());
  }
  table.records_ = TENON_TRY(at_address(dynamic.symtab, table.count_ * size));
  table.names_ = TENON_TRY(dynamic_strings(dynamic));
  if (dynamic.versym == 0) return table;
  table.versym_ = TENON_TRY(at_address(dynamic.versym, table.count_ * 2));
  for (const VersionNeed& need : TENON_TRY(version_needs(dynamic))) {
    for (const Version& version : need.versions) {
      table.versions_.push_back({version.index, version.name, need.file});
    }
  }
  for (const Version& version : TENON_TRY(version_definitions(dynamic))) {
    // The base definition names the file itself, not a version of a symbol.
    if (!version.base) table.versions_.push_back({version.index, version.name, {}});
  }
  std::ranges::sort(table.versions_, {}, &SymbolTable::NamedVersion::index);
  return table;
}

Result<SymbolTable> File::symbols() const {
  SymbolTable table;
  table.header_ = header_;
  const auto found = std::ranges::find(sections_, SHT_SYMTAB, &Section::sh_type);
  if (found == sections_.end()) return table;
  if (found->sh_link >= sections_.size()) {
    return fail(Errc::malformed, "ELF .symtab sh_link", bytes_.base() + found->sh_offset);
  }
  table.records_ = TENON_TRY(contents(*found));
  table.names_ = TENON_TRY(contents(sections_[found->sh_link]));
  table.count_ = table.records_.size() / record_size(header_);
  return table;
}

Symbol SymbolTable::operator[](std::uint64_t index) const {
  Symbol symbol = plain(index);
  if (index < count_) name_version(symbol, index);
  return symbol;
}

Symbol SymbolTable::plain(std::uint64_t index) const {
  if (index >= count_) return {};
  return with_layout(header_, [&](auto layout) -> Symbol {
    using E = decltype(layout);
    const auto raw = records_.at<typename E::Sym>(index * sizeof(typename E::Sym));
    return raw ? widen<E>(**raw, names_) : Symbol();
  });
}

std::uint16_t SymbolTable::stored_version(std::uint64_t index) const {
  return with_layout(header_, [&](auto layout) -> std::uint16_t {
    const auto raw = versym_.at<typename decltype(layout)::Half>(index * 2);
    return raw ? static_cast<std::uint16_t>(**raw) : std::uint16_t{0};
  });
}

void SymbolTable::name_version(Symbol& symbol, std::uint64_t index) const {
  if (versym_.empty()) return;
  const std::uint16_t stored = stored_version(index);
  symbol.hidden_version = (stored & hidden_bit) != 0;
  const std::uint16_t wanted = stored & static_cast<std::uint16_t>(~hidden_bit);
  const auto found = std::ranges::lower_bound(versions_, wanted, {}, &NamedVersion::index);
  // 0 and 1 mean local and unversioned.
  if (wanted < 2 || found == versions_.end() || found->index != wanted) return;
  symbol.version = found->name;
  symbol.version_file = found->file;
}

}  // namespace tenon::elf
