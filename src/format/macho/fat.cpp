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
SliceRow read_row(const Arch& arch) {
  return {arch.cputype, arch.cpusubtype, arch.offset, arch.size, arch.align, false};
}

template <class Arch>
Result<SliceTable> read_table(ByteView file, std::uint32_t count) {
  const auto rows = TENON_TRY(file.array<Arch>(sizeof(FatHeader), count, "universal header"));
  SliceTable table;
  table.size = sizeof(FatHeader) + rows.size_bytes();
  for (const Arch& arch : rows) table.rows.push_back(read_row(arch));
  return table;
}

void add_hidden_row(ByteView file, SliceTable& table) {
  const auto behind = file.at<FatArch>(table.size);
  if (!behind || (*behind)->cputype != CPU_TYPE_ARM64) return;
  table.rows.push_back(read_row(**behind));
  table.rows.back().hidden = true;
  table.size += sizeof(FatArch);
}

Result<Slice> read_slice(ByteView file, const SliceRow& row) {
  const std::uint64_t align = row.align > largest_align ? 1 : std::uint64_t{1} << row.align;
  return Slice{
      row.cputype, row.cpusubtype,
      row.offset,  row.size,
      align,       TENON_TRY(file.slice(row.offset, row.size, "slice of the universal file")),
      row.hidden};
}

Result<Slice> checked_slice(ByteView file, const SliceTable& table, const SliceRow& row) {
  if (row.align > largest_align) return fail(Errc::malformed, "alignment of a slice", file.base());
  const std::uint64_t align = std::uint64_t{1} << row.align;
  if (row.offset % align != 0 || row.offset < table.size || row.size == 0) {
    return fail(Errc::malformed, "place of a slice in the universal file", file.base());
  }
  return read_slice(file, row);
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

Result<std::vector<Slice>> thin_slice(ByteView file) {
  const File thin = TENON_TRY(File::parse(file));
  const Header& header = thin.header();
  return std::vector<Slice>{{header.cputype, header.cpusubtype, 0, file.size(), 1, file, false}};
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

Result<SliceTable> slice_table(ByteView file) {
  const std::uint32_t magic = magic_of(file);
  if (magic != FAT_MAGIC && magic != FAT_MAGIC_64) {
    return fail(Errc::malformed, "not a universal file", file.base());
  }
  const FatHeader* header = TENON_TRY(file.at<FatHeader>(0, "universal header"));
  const std::uint32_t count = header->nfat_arch;
  if (count > most_slices) {
    return fail(Errc::malformed, "Java class or damaged universal header", file.base());
  }
  if (magic == FAT_MAGIC_64) {
    SliceTable table = TENON_TRY(read_table<FatArch64>(file, count));
    table.is_64 = true;
    return table;
  }
  SliceTable table = TENON_TRY(read_table<FatArch>(file, count));
  add_hidden_row(file, table);
  return table;
}

std::vector<Slice> readable_slices(ByteView file, const SliceTable& table) {
  std::vector<Slice> all;
  for (const SliceRow& row : table.rows) {
    if (auto slice = read_slice(file, row)) all.push_back(*slice);
  }
  std::ranges::stable_sort(all, {}, &Slice::offset);
  return all;
}

Result<std::vector<Slice>> slices(ByteView file) {
  const std::uint32_t magic = magic_of(file);
  if (magic != FAT_MAGIC && magic != FAT_MAGIC_64) return thin_slice(file);
  const SliceTable table = TENON_TRY(slice_table(file));
  if (table.rows.empty()) {
    return fail(Errc::malformed, "universal file without slices", file.base());
  }
  std::vector<Slice> all;
  for (const SliceRow& row : table.rows) {
    all.push_back(TENON_TRY(checked_slice(file, table, row)));
  }
  if (auto apart = check_apart(all, file.base()); !apart) return std::unexpected(apart.error());
  std::ranges::sort(all, {}, &Slice::offset);
  return all;
}

}  // namespace tenon::macho
