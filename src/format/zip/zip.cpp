#include "format/zip/zip.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/zip/layout.h"

namespace tenon::zip {
namespace {

// Where the directory is, and how far everything is moved by what stands before the archive.
struct Directory {
  std::uint64_t begin = 0, end = 0, count = 0, moved = 0;
};

constexpr std::uint64_t max_comment = 0xffff;

// The last end record whose comment fills the file to its end.
Result<std::uint64_t> find_end(ByteView file) {
  constexpr std::uint64_t size = sizeof(EndHeader);
  if (file.size() < size) return fail(Errc::truncated, "zip file", file.base());
  const std::uint64_t last = file.size() - size;
  const std::uint64_t first = last - std::min(last, max_comment);
  for (std::uint64_t at = last + 1; at-- > first;) {
    const EndHeader& end = *TENON_TRY(file.at<EndHeader>(at));
    if (end.magic == END_MAGIC && end.comment_size == last - at) return at;
  }
  return fail(Errc::malformed, "zip file without its end record", file.base());
}

// The record that stands for the fields that are too large for the old one; nullptr without one.
Result<const End64Header*> find_end64(ByteView file, std::uint64_t end_at, std::uint64_t& at) {
  if (end_at < sizeof(Locator64)) return nullptr;
  const Locator64& locator = *TENON_TRY(file.at<Locator64>(end_at - sizeof(Locator64)));
  if (locator.magic != LOCATOR64_MAGIC) return nullptr;
  if (locator.disks > 1) return fail(Errc::unsupported, "zip archive in several files");
  // It stands before the locator, wherever that says: something may stand before the archive.
  const std::uint64_t room = end_at - sizeof(Locator64);
  for (const std::uint64_t place : {std::uint64_t{locator.offset}, room - sizeof(End64Header)}) {
    const auto found = file.at<End64Header>(place);
    if (!found || (*found)->magic != END64_MAGIC || place > room) continue;
    at = place;
    return *found;
  }
  return fail(Errc::malformed, "zip64 end record", file.base() + room);
}

Result<Directory> find_directory(ByteView file) {
  const std::uint64_t end_at = TENON_TRY(find_end(file));
  const EndHeader& end = *TENON_TRY(file.at<EndHeader>(end_at));
  std::uint64_t behind = end_at;
  std::uint64_t count = end.count, size = end.directory_size, offset = end.directory_offset;
  const End64Header* end64 = TENON_TRY(find_end64(file, end_at, behind));
  if (end64 != nullptr) {
    count = end64->count;
    size = end64->directory_size;
    offset = end64->directory_offset;
  }
  const bool several = end.disk != 0 && end.disk != IN_ZIP64_SHORT;
  if (several) return fail(Errc::unsupported, "zip archive in several files", file.base() + end_at);
  if (count > max_members) return fail(Errc::limit, "zip archive with too many members");
  if (size > behind || offset > behind - size) {
    return fail(Errc::malformed, "zip directory", file.base() + end_at);
  }
  return Directory{behind - size, behind, count, behind - size - offset};
}

struct Sizes {
  std::uint64_t size = 0, packed = 0, offset = 0;
};

// Replaces each field that says "in the extra field".
Result<void> read_zip64(ByteView extra, Sizes& out) {
  std::uint64_t at = 0;
  while (at + sizeof(ExtraHeader) <= extra.size()) {
    const ExtraHeader& header = *TENON_TRY(extra.at<ExtraHeader>(at));
    const ByteView body =
        TENON_TRY(extra.slice(at + sizeof(ExtraHeader), header.size, "zip extra field"));
    at += sizeof(ExtraHeader) + header.size;
    if (header.id != EXTRA_ZIP64) continue;
    std::uint64_t field = 0;
    for (std::uint64_t* each : {&out.size, &out.packed, &out.offset}) {
      if (*each != IN_ZIP64) continue;
      *each = *TENON_TRY(body.at<ul64>(field, "zip64 field"));
      field += sizeof(ul64);
    }
    return {};
  }
  return {};
}

struct Placed {
  Member member;
  std::uint64_t begin = 0, end = 0;  // header and data
};

// The name beside the data has to be that of the directory: some readers take the one, some the
// other.
Result<Placed> place(ByteView file, const Directory& directory, const Sizes& sizes, Member member) {
  if (sizes.offset > directory.begin - std::min(directory.begin, directory.moved)) {
    return fail(Errc::malformed, "zip member behind the directory", file.base());
  }
  const std::uint64_t at = sizes.offset + directory.moved;
  const LocalHeader& local = *TENON_TRY(file.at<LocalHeader>(at, "zip member"));
  if (local.magic != LOCAL_MAGIC) return fail(Errc::malformed, "zip member", file.base() + at);
  const ByteView name =
      TENON_TRY(file.slice(at + sizeof(LocalHeader), local.name_size, "zip name"));
  if (name.text() != member.name || local.method != member.method) {
    return fail(Errc::malformed, "zip member that contradicts the directory", file.base() + at);
  }
  const std::uint64_t data =
      at + sizeof(LocalHeader) + std::uint64_t{local.name_size} + local.extra_size;
  member.data = TENON_TRY(file.slice(data, sizes.packed, "zip data"));
  if (data + sizes.packed > directory.begin) {
    return fail(Errc::malformed, "zip data in the directory", file.base() + at);
  }
  return Placed{member, at, data + sizes.packed};
}

Result<Placed> read_member(ByteView file, const Directory& directory, std::uint64_t& at) {
  const CentralHeader& header = *TENON_TRY(file.at<CentralHeader>(at, "zip directory"));
  const std::uint64_t size = sizeof(CentralHeader) + std::uint64_t{header.name_size} +
                             header.extra_size + header.comment_size;
  if (header.magic != CENTRAL_MAGIC || size > directory.end - at) {
    return fail(Errc::malformed, "zip directory", file.base() + at);
  }
  if ((header.flags & FLAG_MASKED) != 0) {
    return fail(Errc::unsupported, "encrypted zip directory", file.base() + at);
  }
  Member member;
  const std::uint64_t name_at = at + sizeof(CentralHeader);
  member.name = TENON_TRY(file.slice(name_at, header.name_size)).text();
  member.method = header.method;
  member.encrypted = (header.flags & FLAG_ENCRYPTED) != 0;
  member.crc = header.crc;
  const bool unix_made = header.made_system == SYSTEM_UNIX || header.made_system == SYSTEM_DARWIN;
  member.mode = unix_made ? header.external >> 16U : 0;
  Sizes sizes{header.size, header.packed, header.offset};
  const ByteView extra = TENON_TRY(file.slice(name_at + header.name_size, header.extra_size));
  TENON_TRY(read_zip64(extra, sizes));
  member.size = sizes.size;
  if (member.method == stored && !member.encrypted && sizes.size != sizes.packed) {
    return fail(Errc::malformed, "stored zip member of two sizes", file.base() + at);
  }
  at += size;
  return place(file, directory, sizes, member);
}

Result<void> check_apart(std::vector<Placed>& placed) {
  std::ranges::sort(placed, {}, &Placed::begin);
  for (std::size_t i = 1; i < placed.size(); ++i) {
    if (placed[i].begin < placed[i - 1].end) {
      return fail(Errc::malformed, "zip members that share their data", placed[i].begin);
    }
  }
  std::ranges::sort(placed, {}, [](const Placed& each) { return each.member.name; });
  for (std::size_t i = 1; i < placed.size(); ++i) {
    if (placed[i].member.name == placed[i - 1].member.name) {
      return fail(Errc::malformed, "zip archive with one name twice", placed[i].begin);
    }
  }
  return {};
}

}  // namespace

Result<Archive> Archive::parse(ByteView file) {
  const Directory directory = TENON_TRY(find_directory(file));
  Archive out;
  std::vector<Placed> placed;
  std::uint64_t at = directory.begin;
  while (at < directory.end) {
    const auto magic = file.at<ul32>(at);
    if (placed.size() == directory.count && magic && **magic != CENTRAL_MAGIC) break;
    placed.push_back(TENON_TRY(read_member(file, directory, at)));
    out.members_.push_back(placed.back().member);
    if (placed.size() > max_members) return fail(Errc::limit, "zip archive with too many members");
  }
  if (placed.size() != directory.count) {
    return fail(Errc::malformed, "zip directory with another count", file.base() + directory.begin);
  }
  TENON_TRY(check_apart(placed));
  return out;
}

bool is_safe_name(std::string_view name) {
  if (name.ends_with('/')) name.remove_suffix(1);
  if (name.empty() || name.find('\0') != name.npos || name.contains('\\')) return false;
  for (const std::string_view part : split(name, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

}  // namespace tenon::zip
