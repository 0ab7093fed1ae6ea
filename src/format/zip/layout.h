// The structures of a zip file, little-endian (APPNOTE.TXT 4.3). Not for other folders.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace tenon::zip {

inline constexpr std::uint32_t LOCAL_MAGIC = 0x04034b50;
inline constexpr std::uint32_t CENTRAL_MAGIC = 0x02014b50;
inline constexpr std::uint32_t END_MAGIC = 0x06054b50;
inline constexpr std::uint32_t END64_MAGIC = 0x06064b50;
inline constexpr std::uint32_t LOCATOR64_MAGIC = 0x07064b50;

inline constexpr std::uint16_t FLAG_ENCRYPTED = 0x1;
inline constexpr std::uint16_t FLAG_UTF8 = 0x800;
inline constexpr std::uint16_t FLAG_MASKED = 0x2000;  // the directory is encrypted

inline constexpr std::uint16_t EXTRA_ZIP64 = 1;
inline constexpr std::uint32_t IN_ZIP64 = 0xffffffff;
inline constexpr std::uint16_t IN_ZIP64_SHORT = 0xffff;
inline constexpr std::uint8_t SYSTEM_UNIX = 3;
inline constexpr std::uint8_t SYSTEM_DARWIN = 19;

struct LocalHeader {
  ul32 magic;
  ul16 version, flags, method, time, date;
  ul32 crc, packed, size;
  ul16 name_size, extra_size;
};

static_assert(sizeof(LocalHeader) == 30);

struct CentralHeader {
  ul32 magic;
  std::uint8_t made_version, made_system;
  ul16 version, flags, method, time, date;
  ul32 crc, packed, size;
  ul16 name_size, extra_size, comment_size, disk, internal;
  ul32 external, offset;
};

static_assert(sizeof(CentralHeader) == 46);

struct EndHeader {
  ul32 magic;
  ul16 disk, directory_disk, count_here, count;
  ul32 directory_size, directory_offset;
  ul16 comment_size;
};

static_assert(sizeof(EndHeader) == 22);

struct End64Header {
  ul32 magic;
  ul64 record_size;
  ul16 made, version;
  ul32 disk, directory_disk;
  ul64 count_here, count, directory_size, directory_offset;
};

static_assert(sizeof(End64Header) == 56);

struct Locator64 {
  ul32 magic, disk;
  ul64 offset;
  ul32 disks;
};

static_assert(sizeof(Locator64) == 20);

struct ExtraHeader {
  ul16 id, size;
};

}  // namespace tenon::zip
