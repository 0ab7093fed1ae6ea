// What a disk image (UDIF) holds: its partitions, as chunks that are each packed by themselves.
// Rules: the property list at the end of an image and its tables "mish", as hdiutil(1) writes them
// and other readers of the form describe them; Apple has not published them.
//
// Ownership: chunks borrow the bytes given to partitions().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::udif {

inline constexpr std::uint64_t sector_size = 512;
inline constexpr std::size_t max_chunks = 4'000'000;
// Writers pack at most 1 MiB at a time.
inline constexpr std::uint64_t max_chunk_size = std::uint64_t{64} << 20U;

enum class ChunkKind : std::uint8_t { zeros, raw, adc, zlib, bzip2, lzfse, lzma, other };

// "lzfse"
[[nodiscard]] const char* name_of(ChunkKind kind);

struct Chunk {
  ChunkKind kind = ChunkKind::other;
  std::uint64_t at = 0, size = 0;  // unpacked, in bytes of the partition
  ByteView packed;
};

struct Partition {
  std::string name;  // "disk image (Apple_HFS : 4)"
  std::uint64_t size = 0;
  std::vector<Chunk> chunks;
};

// In the order of the image. malformed for tables that do not lie in the file or say what cannot
// be; unsupported for an image without such a list.
[[nodiscard]] Result<std::vector<Partition>> partitions(ByteView file);

// Unpacks a chunk of the kind adc. malformed when it is not exactly of `size`.
[[nodiscard]] Result<std::vector<std::byte>> unpack_adc(ByteView packed, std::uint64_t size);

}  // namespace tenon::udif
