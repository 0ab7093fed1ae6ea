#include "format/elf/lookup.h"

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"

namespace tenon::elf {
namespace {

std::uint64_t load(ByteView bytes, std::uint64_t offset, bool wide, bool big) {
  if (wide) {
    if (big) {
      const auto word = bytes.at<ub64>(offset);
      return word ? std::uint64_t{**word} : 0;
    }
    const auto word = bytes.at<ul64>(offset);
    return word ? std::uint64_t{**word} : 0;
  }
  if (big) {
    const auto word = bytes.at<ub32>(offset);
    return word ? std::uint64_t{**word} : 0;
  }
  const auto word = bytes.at<ul32>(offset);
  return word ? std::uint64_t{**word} : 0;
}

std::uint64_t cut(std::uint64_t count, ByteView bytes) {
  return count < bytes.size() / 4 ? count : bytes.size() / 4;
}

}  // namespace

HashedName::HashedName(std::string_view text) : name(text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    gnu = gnu * 33 + byte;
    sysv = (sysv << 4U) + byte;
    const std::uint32_t top = sysv & 0xf0000000U;
    sysv = (sysv ^ (top >> 24U)) & 0x0fffffffU;
  }
}

Result<SymbolHash> SymbolHash::read(const File& file, const Dynamic& dynamic) {
  SymbolHash out;
  out.wide_ = file.header().ei_class == ELFCLASS64;
  out.big_ = file.header().ei_data == ELFDATA2MSB;
  if (dynamic.gnu_hash != 0) {
    const ByteView table = TENON_TRY(file.from_address(dynamic.gnu_hash));
    TENON_TRY(table.slice(0, 16, "ELF DT_GNU_HASH"));
    out.gnu_ = true;
    out.bucket_count_ = out.word(table, 0);
    out.first_index_ = out.word(table, 1);
    out.bloom_count_ = out.word(table, 2);
    out.shift_ = out.word(table, 3);
    const std::uint64_t bloom_size = out.bloom_count_ * (out.wide_ ? 8 : 4);
    out.bloom_ = TENON_TRY(table.slice(16, bloom_size, "ELF DT_GNU_HASH filter"));
    out.buckets_ =
        TENON_TRY(table.slice(16 + bloom_size, out.bucket_count_ * 4, "ELF DT_GNU_HASH buckets"));
    out.chains_ = TENON_TRY(table.from(16 + bloom_size + out.bucket_count_ * 4));
    out.limit_ = out.chains_.size() / 4;
    return out;
  }
  if (dynamic.hash == 0) return out;
  const ByteView table = TENON_TRY(file.from_address(dynamic.hash));
  TENON_TRY(table.slice(0, 8, "ELF DT_HASH"));
  out.bucket_count_ = out.word(table, 0);
  out.limit_ = cut(out.word(table, 1), table);
  out.buckets_ = TENON_TRY(table.slice(8, out.bucket_count_ * 4, "ELF DT_HASH buckets"));
  out.chains_ = TENON_TRY(table.from(8 + out.bucket_count_ * 4));
  return out;
}

std::uint32_t SymbolHash::word(ByteView words, std::uint64_t index) const {
  return static_cast<std::uint32_t>(load(words, index * 4, false, big_));
}

std::uint64_t SymbolHash::first(const HashedName& name) const {
  if (bucket_count_ == 0) return 0;
  if (!gnu_) return word(buckets_, name.sysv % bucket_count_);
  const std::uint32_t bits = wide_ ? 64 : 32;
  if (bloom_count_ != 0) {
    // A power of two by definition; the mask is what the loader computes for any number.
    const std::uint64_t at = (name.gnu / bits) & (bloom_count_ - 1);
    const std::uint64_t filter = load(bloom_, at * (bits / 8), wide_, big_);
    const std::uint32_t second = shift_ < 32 ? name.gnu >> shift_ : 0;
    if (((filter >> (name.gnu % bits)) & (filter >> (second % bits)) & 1U) == 0) return 0;
  }
  const std::uint64_t at = word(buckets_, name.gnu % bucket_count_);
  return at < first_index_ ? 0 : at;
}

std::uint64_t SymbolHash::next(std::uint64_t index) const {
  if (!gnu_) return index < limit_ ? word(chains_, index) : 0;
  const std::uint64_t at = index - first_index_;
  if (at + 1 >= limit_ || (word(chains_, at) & 1U) != 0) return 0;
  return index + 1;
}

bool SymbolHash::matches(const HashedName& name, std::uint64_t index) const {
  if (!gnu_) return true;
  return ((word(chains_, index - first_index_) ^ name.gnu) >> 1U) == 0;
}

Result<RelocationTable> RelocationTable::read(const File& file, std::uint64_t address,
                                              std::uint64_t bytes, bool addends, bool plt) {
  RelocationTable out;
  out.wide_ = file.header().ei_class == ELFCLASS64;
  out.big_ = file.header().ei_data == ELFDATA2MSB;
  out.addends_ = addends;
  out.plt_ = plt;
  if (address == 0 || bytes == 0) return out;
  out.records_ = TENON_TRY(file.at_address(address, bytes));
  const std::uint64_t word = out.wide_ ? 8 : 4;
  out.count_ = bytes / (word * (addends ? 3 : 2));
  return out;
}

Relocation RelocationTable::operator[](std::uint64_t index) const {
  if (index >= count_) return {};
  const std::uint64_t word = wide_ ? 8 : 4;
  const std::uint64_t info = load(records_, index * word * (addends_ ? 3 : 2) + word, wide_, big_);
  Relocation out;
  out.plt = plt_;
  out.symbol = static_cast<std::uint32_t>(wide_ ? info >> 32U : info >> 8U);
  out.type = static_cast<std::uint32_t>(wide_ ? info & 0xffffffffU : info & 0xffU);
  return out;
}

Result<RelocationTables> RelocationTables::read(const File& file, const Dynamic& dynamic) {
  RelocationTables out;
  std::uint64_t relsz = dynamic.relsz;
  std::uint64_t relasz = dynamic.relasz;
  const bool with_addends = dynamic.pltrel != DT_REL;
  // Some linkers count the PLT's in the other table as well (glibc, elf/dynamic-link.h).
  std::uint64_t& shared = with_addends ? relasz : relsz;
  const std::uint64_t start = with_addends ? dynamic.rela : dynamic.rel;
  if (dynamic.pltrelsz != 0 && dynamic.jmprel >= start && dynamic.jmprel - start < shared) {
    shared = dynamic.jmprel - start;
  }
  out.rel = TENON_TRY(RelocationTable::read(file, dynamic.rel, relsz, false, false));
  out.rela = TENON_TRY(RelocationTable::read(file, dynamic.rela, relasz, true, false));
  out.plt =
      TENON_TRY(RelocationTable::read(file, dynamic.jmprel, dynamic.pltrelsz, with_addends, true));
  return out;
}

}  // namespace tenon::elf
