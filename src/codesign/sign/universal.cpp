#include "codesign/sign/universal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/sign/image.h"
#include "format/ar/ar.h"
#include "format/macho/macho.h"

namespace tenon::sign {
namespace {

struct Entry {
  std::uint32_t cputype = 0, cpusubtype = 0, align = 0;
  ByteView bytes;
  std::uint64_t offset = 0;

  [[nodiscard]] auto order() const {
    return std::tuple(cputype == macho::CPU_TYPE_ARM64, align, cputype, cpusubtype);
  }

  [[nodiscard]] auto architecture() const {
    return std::tuple(cputype, cpusubtype & ~macho::CPU_SUBTYPE_MASK);
  }
};

// log2 of the segment alignment of cctools libstuff/arch.c.
std::uint32_t slice_align(std::uint32_t cputype) {
  const bool intel = cputype == macho::CPU_TYPE_I386 || cputype == macho::CPU_TYPE_X86_64;
  return intel ? 12 : 14;
}

// A static library stands for the architecture of its objects; lipo aligns it to 8 bytes.
Result<Entry> read_archive(ByteView slice) {
  const auto archive = TENON_TRY(ar::Archive::parse(slice));
  for (const ar::Member& member : archive.members()) {
    const auto object = macho::File::parse(member.data);
    if (object) return Entry{object->header().cputype, object->header().cpusubtype, 3, slice, 0};
  }
  return fail(Errc::invalid_argument, "a static library has to hold Mach-O objects");
}

Result<Entry> read_entry(ByteView slice) {
  if (slice.text().starts_with("!<arch>\n")) return read_archive(slice);
  const auto file = macho::File::parse(slice);
  if (!file) return fail(Errc::invalid_argument, "a slice must be a thin Mach-O file");
  if (file->header().filetype == macho::MH_OBJECT) {
    return fail(Errc::invalid_argument, "a slice must be a linked file, not an object");
  }
  const std::uint32_t cputype = file->header().cputype;
  return Entry{cputype, file->header().cpusubtype, slice_align(cputype), slice, 0};
}

Result<std::vector<Entry>> read_entries(std::span<const ByteView> thin_slices) {
  std::vector<Entry> entries;
  for (const ByteView slice : thin_slices) {
    Entry entry = TENON_TRY(read_entry(slice));
    const auto same = [&](const Entry& e) { return e.architecture() == entry.architecture(); };
    if (std::ranges::any_of(entries, same)) {
      return fail(Errc::invalid_argument, "two slices of one architecture");
    }
    entries.push_back(entry);
  }
  std::ranges::sort(entries, {}, &Entry::order);
  return entries;
}

// Sets the offsets and returns the size of the file.
std::uint64_t place(std::vector<Entry>& entries) {
  std::uint64_t end = sizeof(macho::FatHeader) + entries.size() * sizeof(macho::FatArch);
  for (Entry& entry : entries) {
    entry.offset = align_up(end, std::uint64_t{1} << entry.align);
    end = entry.offset + entry.bytes.size();
  }
  return end;
}

}  // namespace

Result<std::vector<std::byte>> make_universal(std::span<const ByteView> thin_slices) {
  if (thin_slices.empty()) return fail(Errc::invalid_argument, "a universal file needs a slice");
  std::vector<Entry> entries = TENON_TRY(read_entries(thin_slices));
  const std::uint64_t size = place(entries);
  if (size > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Errc::unsupported, "universal file above 4 GiB");
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  put(bytes, 0, macho::FatHeader{macho::FAT_MAGIC, static_cast<std::uint32_t>(entries.size())});
  std::uint64_t at = sizeof(macho::FatHeader);
  for (const Entry& entry : entries) {
    put(bytes, at,
        macho::FatArch{entry.cputype, entry.cpusubtype, static_cast<std::uint32_t>(entry.offset),
                       static_cast<std::uint32_t>(entry.bytes.size()), entry.align});
    at += sizeof(macho::FatArch);
    std::ranges::copy(entry.bytes.bytes(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(entry.offset));
  }
  return bytes;
}

}  // namespace tenon::sign
