// What loaders use to bind symbols: the hash tables and the relocations that name symbols.
// Rules: gABI "Hash Table" and "Relocation"; DT_GNU_HASH as glibc's elf/dl-lookup.c reads it.
// Everything borrows the bytes of the file; nothing is copied.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"

namespace tenon::elf {

// A name with both of its hashes.
struct HashedName {
  explicit HashedName(std::string_view text);
  std::string_view name;
  std::uint32_t gnu = 5381, sysv = 0;
};

// The table that loaders prefer: DT_GNU_HASH, else DT_HASH.
class SymbolHash {
 public:
  SymbolHash() = default;
  // Empty when the file has neither.
  static Result<SymbolHash> read(const File& file, const Dynamic& dynamic);

  // Calls `take(index)` for the symbols that may have the name, in the order of the table, until it
  // gives true. Entries outside of the file end the search.
  template <class Take>
  bool each(const HashedName& name, Take take) const {
    std::uint64_t at = first(name);
    for (std::uint64_t steps = 0; at != 0 && steps <= limit_; ++steps) {
      if (matches(name, at) && take(at)) return true;
      at = next(at);
    }
    return false;
  }

  [[nodiscard]] bool empty() const { return bucket_count_ == 0; }

 private:
  [[nodiscard]] std::uint64_t first(const HashedName& name) const;
  [[nodiscard]] std::uint64_t next(std::uint64_t index) const;
  [[nodiscard]] bool matches(const HashedName& name, std::uint64_t index) const;
  [[nodiscard]] std::uint32_t word(ByteView words, std::uint64_t index) const;

  ByteView bloom_, buckets_, chains_;
  std::uint64_t bucket_count_ = 0, bloom_count_ = 0, first_index_ = 0, limit_ = 0;
  std::uint32_t shift_ = 0;
  bool gnu_ = false, wide_ = false, big_ = false;
};

struct Relocation {
  std::uint32_t symbol = 0;  // index into .dynsym; 0: none
  std::uint32_t type = 0;
  bool plt = false;  // of DT_JMPREL: may be bound when it is used first
};

// The relocations in one table, read in place.
class RelocationTable {
 public:
  [[nodiscard]] std::uint64_t size() const { return count_; }

  [[nodiscard]] Relocation operator[](std::uint64_t index) const;

 private:
  friend struct RelocationTables;
  static Result<RelocationTable> read(const File& file, std::uint64_t address, std::uint64_t bytes,
                                      bool addends, bool plt);
  ByteView records_;
  std::uint64_t count_ = 0;
  bool wide_ = false, big_ = false, addends_ = false, plt_ = false;
};

// DT_REL, DT_RELA and DT_JMPREL. What DT_JMPREL shares with another is in `plt` only.
struct RelocationTables {
  RelocationTable rel, rela, plt;
  static Result<RelocationTables> read(const File& file, const Dynamic& dynamic);
};

}  // namespace tenon::elf
