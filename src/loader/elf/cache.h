// /etc/ld.so.cache: where ldconfig writes which library is where. Reads both formats, "ld.so-1.7.0"
// alone or in front of "glibc-ld.so.cache1.1", and the extension that names glibc-hwcaps
// subdirectories. Rules: glibc sysdeps/generic/dl-cache.h and elf/dl-cache.c.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::loader {

struct CacheEntry {
  std::uint32_t flags = 0;
  std::string_view name;  // "libc.so.6"
  std::string_view path;
  std::uint64_t hwcap = 0;     // bits of the processor; 0 in the old format
  std::string_view subfolder;  // "x86-64-v3", of a glibc-hwcaps directory; else empty
};

// Borrows the bytes. Entries are read when they are asked for.
class LibraryCache {
 public:
  // malformed for bytes that the loader would not take for a cache.
  static Result<LibraryCache> parse(ByteView bytes);

  [[nodiscard]] std::size_t size() const { return count_; }

  [[nodiscard]] CacheEntry operator[](std::size_t index) const;

  // The entries of that name which the binary search of the loader reaches, in file order.
  [[nodiscard]] std::vector<CacheEntry> find(std::string_view name) const;

 private:
  [[nodiscard]] std::string_view text_at(std::uint64_t offset) const;

  ByteView entries_, strings_;
  std::size_t count_ = 0;
  bool wide_ = false;  // entries of the new format
  std::vector<std::string_view> subfolders_;
};

// The order of the cache: runs of digits compare as numbers.
[[nodiscard]] int compare_cache_names(std::string_view one, std::string_view other);

}  // namespace tenon::loader
