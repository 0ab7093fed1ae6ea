// Universal files: the table of slices.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/macho.h"

namespace tenon::macho {
namespace {

constexpr std::uint32_t most_slices = 42;    // see slices()
constexpr std::uint32_t largest_align = 31;  // as an exponent; Apple's tools write 2 to 15

std::uint32_t magic_of(ByteView file) {
  const auto magic = file.at<ub32>(0);
  return magic ? std::uint32_t{**magic} : 0;
}

template <class Arch>
Result<Slice> read_arch(ByteView file, const Arch& arch, std::uint64_t table_end) {
  if (arch.align > largest_align) return fail(Errc::malformed, "alignment of a slice", file.base());
  Slice slice{arch.cputype, arch.cpusubtype, arch.offset, arch.size, 1ULL << arch.align, {}};
  if (slice.offset % slice.align != 0 || slice.offset < table_end || slice.size == 0) {
    return fail(Errc::malformed, "place of a slice in the universal file", file.base());
  }
  slice.bytes = TENON_TRY(file.slice(slice.offset, slice.size, "slice of the universal file"));
  return slice;
}

bool conflict(const Slice& a, const Slice& b) {
  const bool apart = a.offset + a.size <= b.offset || b.offset + b.size <= a.offset;
  const std::uint32_t kinds = (a.cpusubtype ^ b.cpusubtype) & ~CPU_SUBTYPE_MASK;
  return !apart || (a.cputype == b.cputype && kinds == 0);
}

Result<void> check_apart(const std::vector<Slice>& all, std::uint64_t base) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (conflict(all[i], all[j])) {
        return fail(Errc::malformed, "two slices overlap or have one architecture", base);
      }
    }
  }
  return {};
}

template <class Arch>
Result<std::vector<Slice>> read_table(ByteView file, std::uint32_t count) {
  const auto table = TENON_TRY(file.array<Arch>(sizeof(FatHeader), count, "universal header"));
  const std::uint64_t table_end = sizeof(FatHeader) + table.size_bytes();
  std::vector<Slice> all;
  for (const Arch& arch : table) all.push_back(TENON_TRY(read_arch(file, arch, table_end)));
  if (auto checked = check_apart(all, file.base()); !checked) {
    return std::unexpected(checked.error());
  }
  std::ranges::sort(all, {}, &Slice::offset);
  return all;
}

Result<std::vector<Slice>> thin_slice(ByteView file) {
  const File thin = TENON_TRY(File::parse(file));
  const Header& header = thin.header();
  return std::vector<Slice>{{header.cputype, header.cpusubtype, 0, file.size(), 1, file}};
}

}  // namespace

std::string arch_name(std::uint32_t cputype, std::uint32_t cpusubtype) {
  struct Name {
    std::uint32_t type, subtype;  // 0 stands for any other
    std::string_view name;
  };
  constexpr Name names[] = {{CPU_TYPE_ARM64, 2, "arm64e"},   {CPU_TYPE_ARM64, 0, "arm64"},
                            {CPU_TYPE_X86_64, 8, "x86_64h"}, {CPU_TYPE_X86_64, 0, "x86_64"},
                            {CPU_TYPE_I386, 0, "i386"},      {CPU_TYPE_ARM64_32, 0, "arm64_32"},
                            {CPU_TYPE_ARM, 5, "armv4t"},     {CPU_TYPE_ARM, 6, "armv6"},
                            {CPU_TYPE_ARM, 7, "armv5"},      {CPU_TYPE_ARM, 8, "xscale"},
                            {CPU_TYPE_ARM, 9, "armv7"},      {CPU_TYPE_ARM, 10, "armv7f"},
                            {CPU_TYPE_ARM, 11, "armv7s"},    {CPU_TYPE_ARM, 12, "armv7k"},
                            {CPU_TYPE_ARM, 0, "arm"},        {0x12, 0, "ppc"},
                            {0x1000012, 0, "ppc64"}};
  for (const Name& each : names) {
    if (each.type != cputype) continue;
    if (each.subtype == 0 || each.subtype == (cpusubtype & ~CPU_SUBTYPE_MASK)) {
      return std::string(each.name);
    }
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string number;
  for (std::uint32_t rest = cputype; rest != 0 || number.empty(); rest /= 16) {
    number.insert(number.begin(), digits[rest % 16]);
  }
  return "cpu 0x" + number;
}

bool is_universal(ByteView file) {
  const std::uint32_t magic = magic_of(file);
  if (magic != FAT_MAGIC && magic != FAT_MAGIC_64) return false;
  const auto header = file.at<FatHeader>(0);
  return header && (*header)->nfat_arch <= most_slices;
}

std::uint64_t universal_header_size(ByteView file) {
  if (!is_universal(file)) return 0;
  const auto header = file.at<FatHeader>(0);
  const std::uint64_t entry = magic_of(file) == FAT_MAGIC_64 ? sizeof(FatArch64) : sizeof(FatArch);
  return sizeof(FatHeader) + (*header)->nfat_arch * entry;
}

Result<std::vector<Slice>> slices(ByteView file) {
  const std::uint32_t magic = magic_of(file);
  if (magic != FAT_MAGIC && magic != FAT_MAGIC_64) return thin_slice(file);
  const FatHeader* header = TENON_TRY(file.at<FatHeader>(0, "universal header"));
  const std::uint32_t count = header->nfat_arch;
  if (count == 0) return fail(Errc::malformed, "universal file without slices", file.base());
  if (count > most_slices) {
    return fail(Errc::malformed, "Java class or damaged universal header", file.base());
  }
  return magic == FAT_MAGIC ? read_table<FatArch>(file, count) : read_table<FatArch64>(file, count);
}

}  // namespace tenon::macho
