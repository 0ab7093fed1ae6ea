#include "loader/elf/cache.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::loader {
namespace {

// Integers have the byte order of the target; every target with a cache that is read here is
// little-endian, and the flag below refuses the others as the loader does.
struct OldHeader {
  std::array<char, 11> magic;
  std::uint8_t pad;
  ul32 nlibs;
};

struct OldEntry {
  ul32 flags, key, value;
};

struct NewHeader {
  std::array<char, 17> magic;
  std::array<char, 3> version;
  ul32 nlibs, len_strings;
  std::uint8_t flags;
  std::array<std::uint8_t, 3> padding;
  ul32 extension_offset;
  std::array<ul32, 3> unused;
};

struct NewEntry {
  ul32 flags, key, value, osversion;
  ul64 hwcap;
};

struct ExtensionHeader {
  ul32 magic, count;
};

struct ExtensionSection {
  ul32 tag, flags, offset, size;
};

static_assert(sizeof(OldHeader) == 16 && sizeof(OldEntry) == 12);
static_assert(sizeof(NewHeader) == 48 && sizeof(NewEntry) == 24);

constexpr std::string_view old_magic = "ld.so-1.7.0";
constexpr std::string_view new_magic = "glibc-ld.so.cache1.1";
constexpr std::uint32_t extension_magic = 0xeaa42174;  // cache_extension_magic
constexpr std::uint32_t tag_hwcaps = 1;                // cache_extension_tag_glibc_hwcaps
constexpr std::uint8_t little_endian_flag = 2;         // cache_file_new_flags_endian_little
// DL_CACHE_HWCAP_EXTENSION: bit 62, beside ten bits for the level of the instruction set, says that
// the lower half is an index.
constexpr std::uint64_t extension_bit = std::uint64_t{1} << 62U;
constexpr std::uint64_t level_bits = std::uint64_t{0x3ff} << 32U;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A table without names is one in which no entry needs them.
std::vector<std::string_view> read_subfolders(ByteView bytes, std::uint32_t offset) {
  std::vector<std::string_view> out;
  if (offset == 0) return out;
  const auto head = bytes.at<ExtensionHeader>(offset);
  if (!head || (*head)->magic != extension_magic) return out;
  const auto sections =
      bytes.array<ExtensionSection>(offset + sizeof(ExtensionHeader), (*head)->count);
  if (!sections) return out;
  for (const ExtensionSection& section : *sections) {
    if (section.tag != tag_hwcaps) continue;
    const auto names = bytes.array<ul32>(section.offset, section.size / 4);
    if (!names) continue;
    for (const ul32& at : *names) {
      if (out.size() >= 4096) return out;
      out.push_back(bytes.cstr(at).value_or(std::string_view()));
    }
  }
  return out;
}

}  // namespace

int compare_cache_names(std::string_view one, std::string_view other) {
  std::size_t i = 0;
  std::size_t k = 0;
  const auto at = [](std::string_view text, std::size_t index) {
    return index < text.size() ? text[index] : '\0';
  };
  while (i < one.size()) {
    if (is_digit(one[i])) {
      if (!is_digit(at(other, k))) return 1;
      unsigned first = 0;
      unsigned second = 0;
      while (is_digit(at(one, i))) first = first * 10 + static_cast<unsigned>(one[i++] - '0');
      while (is_digit(at(other, k))) second = second * 10 + static_cast<unsigned>(other[k++] - '0');
      if (first != second) return first < second ? -1 : 1;
      continue;
    }
    if (is_digit(at(other, k))) return -1;
    if (one[i] != at(other, k)) {
      return static_cast<unsigned char>(one[i]) < static_cast<unsigned char>(at(other, k)) ? -1 : 1;
    }
    ++i;
    ++k;
  }
  return k < other.size() ? -1 : 0;
}

Result<LibraryCache> LibraryCache::parse(ByteView bytes) {
  LibraryCache cache;
  std::uint64_t start = 0;
  if (bytes.text().starts_with(old_magic)) {
    const OldHeader* head = TENON_TRY(bytes.at<OldHeader>(0, "ld.so.cache header"));
    const auto entries =
        bytes.array<OldEntry>(sizeof(OldHeader), head->nlibs, "ld.so.cache entries");
    if (!entries) return std::unexpected(entries.error());
    const std::uint64_t behind = sizeof(OldHeader) + entries->size_bytes();
    start = (behind + 7) / 8 * 8;  // ALIGN_CACHE
    const bool both = bytes.contains(start, sizeof(NewHeader)) &&
                      bytes.text().substr(static_cast<std::size_t>(start)).starts_with(new_magic);
    if (!both) {
      cache.count_ = entries->size();
      cache.entries_ = TENON_TRY(bytes.slice(sizeof(OldHeader), entries->size_bytes()));
      cache.strings_ = TENON_TRY(bytes.from(behind));
      return cache;
    }
  }
  const ByteView whole = TENON_TRY(bytes.from(start));
  const NewHeader* head = TENON_TRY(whole.at<NewHeader>(0, "ld.so.cache header"));
  if (!whole.text().starts_with(new_magic)) {
    return fail(Errc::malformed, "not an ld.so.cache", whole.base());
  }
  // Caches of ldconfig before 2.33 say nothing about their byte order.
  if ((head->flags & 3U) != 0 && (head->flags & 3U) != little_endian_flag) {
    return fail(Errc::unsupported, "ld.so.cache byte order", whole.base());
  }
  cache.wide_ = true;
  const auto entries =
      TENON_TRY(whole.array<NewEntry>(sizeof(NewHeader), head->nlibs, "ld.so.cache entries"));
  cache.count_ = entries.size();
  cache.entries_ = TENON_TRY(whole.slice(sizeof(NewHeader), entries.size_bytes()));
  cache.strings_ = whole;
  cache.subfolders_ = read_subfolders(whole, head->extension_offset);
  return cache;
}

std::string_view LibraryCache::text_at(std::uint64_t offset) const {
  if (offset >= strings_.size()) return {};
  const std::string_view rest = strings_.text().substr(static_cast<std::size_t>(offset), 4096);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

CacheEntry LibraryCache::operator[](std::size_t index) const {
  if (index >= count_) return {};
  if (!wide_) {
    const auto raw = entries_.at<OldEntry>(index * sizeof(OldEntry));
    if (!raw) return {};
    return {(*raw)->flags, text_at((*raw)->key), text_at((*raw)->value), 0, {}};
  }
  const auto raw = entries_.at<NewEntry>(index * sizeof(NewEntry));
  if (!raw) return {};
  CacheEntry out{(*raw)->flags, text_at((*raw)->key), text_at((*raw)->value), (*raw)->hwcap, {}};
  if ((out.hwcap & ~level_bits) >> 32U == extension_bit >> 32U) {
    const auto name = static_cast<std::size_t>(out.hwcap & 0xffffffffU);
    out.subfolder = name < subfolders_.size() ? subfolders_[name] : std::string_view("?");
    out.hwcap = 0;
  }
  return out;
}

std::vector<CacheEntry> LibraryCache::find(std::string_view name) const {
  std::size_t left = 0;
  std::size_t right = count_;
  while (left < right) {  // names descend
    const std::size_t middle = left + (right - left) / 2;
    if (compare_cache_names((*this)[middle].name, name) > 0) {
      left = middle + 1;
    } else {
      right = middle;
    }
  }
  std::vector<CacheEntry> out;
  for (; left < count_ && out.size() < 64; ++left) {
    const CacheEntry entry = (*this)[left];
    if (compare_cache_names(entry.name, name) != 0) break;
    out.push_back(entry);
  }
  return out;
}

}  // namespace tenon::loader
