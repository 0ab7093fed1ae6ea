#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "format/zip/layout.h"
#include "format/zip/zip.h"

namespace tenon::zip {
namespace {

constexpr std::uint16_t version_plain = 20, version_64 = 45;
// 1980-01-01 00:00, the earliest date there is: the archive must not depend on clocks.
constexpr std::uint16_t first_date = 0x21;
constexpr unsigned dos_folder = 0x10;
constexpr unsigned type_mask = 0170000, folder_type = 0040000;

template <class T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

std::uint32_t narrow(std::uint64_t value) {
  return value >= IN_ZIP64 ? IN_ZIP64 : static_cast<std::uint32_t>(value);
}

std::uint16_t short_of(std::size_t size) { return static_cast<std::uint16_t>(size); }

void append_extra(std::string& out, std::span<const std::uint64_t> fields) {
  if (fields.empty()) return;
  append(out, ExtraHeader{EXTRA_ZIP64, short_of(fields.size() * sizeof(ul64))});
  for (const std::uint64_t field : fields) append(out, ul64(field));
}

void append_central(std::string& out, const Written& member) {
  std::vector<std::uint64_t> large;
  for (const std::uint64_t each : {member.size, member.packed, member.offset}) {
    if (each >= IN_ZIP64) large.push_back(each);
  }
  CentralHeader header{};
  header.magic = CENTRAL_MAGIC;
  header.made_version = large.empty() ? version_plain : version_64;
  header.made_system = SYSTEM_UNIX;
  header.version = large.empty() ? version_plain : version_64;
  header.flags = FLAG_UTF8;
  header.method = member.method;
  header.date = first_date;
  header.crc = member.crc;
  header.packed = narrow(member.packed);
  header.size = narrow(member.size);
  header.name_size = short_of(member.name.size());
  header.extra_size =
      short_of(large.empty() ? 0 : sizeof(ExtraHeader) + large.size() * sizeof(ul64));
  const bool folder = (member.mode & type_mask) == folder_type;
  header.external = member.mode << 16U | (folder ? dos_folder : 0U);
  header.offset = narrow(member.offset);
  append(out, header);
  out += member.name;
  append_extra(out, large);
}

}  // namespace

std::string local_header(const Written& member) {
  // Both sizes or none (APPNOTE.TXT 4.5.3).
  const bool large = member.size >= IN_ZIP64 || member.packed >= IN_ZIP64;
  LocalHeader header{};
  header.magic = LOCAL_MAGIC;
  header.version = large ? version_64 : version_plain;
  header.flags = FLAG_UTF8;
  header.method = member.method;
  header.date = first_date;
  header.crc = member.crc;
  header.packed = large ? IN_ZIP64 : narrow(member.packed);
  header.size = large ? IN_ZIP64 : narrow(member.size);
  header.name_size = short_of(member.name.size());
  header.extra_size = short_of(large ? sizeof(ExtraHeader) + 2 * sizeof(ul64) : 0);
  std::string out;
  append(out, header);
  out += member.name;
  const std::uint64_t sizes[] = {member.size, member.packed};
  if (large) append_extra(out, sizes);
  return out;
}

std::string central_directory(std::span<const Written> members, std::uint64_t offset) {
  std::string out;
  for (const Written& member : members) append_central(out, member);
  const std::uint64_t size = out.size();
  const bool large = members.size() >= IN_ZIP64_SHORT || offset >= IN_ZIP64 || size >= IN_ZIP64;
  if (large) {
    End64Header end{};
    end.magic = END64_MAGIC;
    end.record_size = sizeof(End64Header) - 12;
    end.made = version_64;
    end.version = version_64;
    end.count_here = members.size();
    end.count = members.size();
    end.directory_size = size;
    end.directory_offset = offset;
    append(out, end);
    append(out, Locator64{LOCATOR64_MAGIC, 0U, offset + size, 1U});
  }
  EndHeader end{};
  end.magic = END_MAGIC;
  const std::uint16_t count =
      short_of(std::min<std::size_t>(members.size(), std::size_t{IN_ZIP64_SHORT}));
  end.count_here = count;
  end.count = count;
  end.directory_size = narrow(size);
  end.directory_offset = narrow(offset);
  append(out, end);
  return out;
}

}  // namespace tenon::zip
