#include "format/udif/partitions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/plist/plist.h"
#include "format/plist/value.h"
#include "format/udif/udif.h"

namespace tenon::udif {
namespace {

constexpr std::uint32_t MISH = 0x6d697368;
constexpr std::uint32_t ZEROS = 0, RAW = 1, IGNORED = 2, COMMENT = 0x7ffffffe, END = 0xffffffff;
constexpr std::uint32_t ADC = 0x80000004, ZLIB = 0x80000005, BZIP2 = 0x80000006, LZFSE = 0x80000007,
                        LZMA = 0x80000008;

struct TableHead {
  ub32 magic, version;
  ub64 first_sector, sectors, data_offset;
  ub32 buffers, descriptors;
  std::uint8_t reserved[24], checksum[136];
  ub32 chunks;
};
static_assert(sizeof(TableHead) == 204);

struct TableRow {
  ub32 kind, comment;
  ub64 sector, sectors, offset, size;
};

ChunkKind kind_of(std::uint32_t value) {
  switch (value) {
    case ZEROS:
    case IGNORED: return ChunkKind::zeros;
    case RAW: return ChunkKind::raw;
    case ADC: return ChunkKind::adc;
    case ZLIB: return ChunkKind::zlib;
    case BZIP2: return ChunkKind::bzip2;
    case LZFSE: return ChunkKind::lzfse;
    case LZMA: return ChunkKind::lzma;
    default: return ChunkKind::other;
  }
}

std::unexpected<Error> bad_table(const char* what) { return fail(Errc::malformed, what); }

Result<Chunk> chunk_of(const TableRow& row, std::uint64_t sectors, ByteView data,
                       std::uint64_t data_offset) {
  if (row.sector > sectors || row.sectors > sectors - row.sector) {
    return bad_table("a part of the image lies outside of its partition");
  }
  Chunk out{kind_of(row.kind), row.sector * sector_size, row.sectors * sector_size, {}};
  if (out.kind == ChunkKind::zeros) return out;
  if (row.offset > UINT64_MAX - data_offset || !data.contains(row.offset + data_offset, row.size)) {
    return bad_table("a part of the image lies outside of the file");
  }
  out.packed = TENON_TRY(data.slice(row.offset + data_offset, row.size));
  if (out.kind != ChunkKind::raw && out.size > max_chunk_size) {
    return fail(Errc::limit, "a part of the image is packed in one piece of more than 64 MiB");
  }
  if (out.kind == ChunkKind::raw && out.packed.size() != out.size) {
    return bad_table("a part of the image has another size than it says");
  }
  return out;
}

Result<Partition> partition_of(ByteView table, ByteView data, std::size_t& left) {
  const TableHead& head = *TENON_TRY(table.at<TableHead>(0));
  if (head.magic != MISH) return bad_table("a table of the image is none");
  const std::uint64_t sectors = head.sectors;
  if (sectors > UINT64_MAX / sector_size) return bad_table("a partition of the image is too large");
  Partition out;
  out.size = sectors * sector_size;
  for (const TableRow& row : TENON_TRY(table.array<TableRow>(sizeof(TableHead), head.chunks))) {
    if (row.kind == END) break;
    if (row.kind == COMMENT || row.sectors == 0) continue;
    if (left-- == 0) return fail(Errc::limit, "an image of too many parts");
    out.chunks.push_back(TENON_TRY(chunk_of(row, sectors, data, head.data_offset)));
  }
  return out;
}

const plist::Value* member(const plist::Value* of, const char* key) {
  const plist::Dict* dict = of == nullptr ? nullptr : of->dict();
  return dict == nullptr ? nullptr : dict->find(key);
}

}  // namespace

const char* name_of(ChunkKind kind) {
  switch (kind) {
    case ChunkKind::zeros: return "zeros";
    case ChunkKind::raw: return "nothing";
    case ChunkKind::adc: return "ADC";
    case ChunkKind::zlib: return "zlib";
    case ChunkKind::bzip2: return "bzip2";
    case ChunkKind::lzfse: return "lzfse";
    case ChunkKind::lzma: return "lzma";
    case ChunkKind::other: break;
  }
  return "a method without a name";
}

Result<std::vector<Partition>> partitions(ByteView file) {
  const Image image = TENON_TRY(parse(file));
  if (image.list_size == 0) {
    return fail(Errc::unsupported, "it has no list of its partitions");
  }
  const ByteView text = TENON_TRY(file.slice(image.list_at, image.list_size));
  const ByteView data = TENON_TRY(file.slice(image.data_at, image.data_size));
  const auto list = plist::parse_xml(text, plist::Mode::lenient);
  if (!list) return bad_table("the list of its partitions cannot be read");
  const plist::Value* fork = member(&*list, "resource-fork");
  const plist::Value* tables = member(fork, "blkx");
  const plist::Array* rows = tables == nullptr ? nullptr : tables->array();
  if (rows == nullptr) return bad_table("the list of its partitions has none");
  std::vector<Partition> out;
  std::size_t left = max_chunks;
  for (const plist::Value& row : *rows) {
    const plist::Value* table = member(&row, "Data");
    const plist::Data* bytes = table == nullptr ? nullptr : table->data();
    if (bytes == nullptr) return bad_table("a partition of the image has no table");
    out.push_back(TENON_TRY(partition_of(ByteView(*bytes), data, left)));
    for (const char* key : {"CFName", "Name"}) {
      const std::string* name = row.string_at(key);
      if (out.back().name.empty() && name != nullptr) out.back().name = *name;
    }
  }
  return out;
}

Result<std::vector<std::byte>> unpack_adc(ByteView packed, std::uint64_t size) {
  constexpr unsigned plain = 0x80, long_copy = 0x40, low_six = 0x3f;
  if (size > max_chunk_size) return fail(Errc::limit, "a part of the image is too large");
  std::vector<std::byte> out;
  out.reserve(static_cast<std::size_t>(size));
  const std::span<const std::byte> in = packed.bytes();
  const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(in[at]); };
  std::size_t at = 0;
  while (at < in.size() && out.size() < size) {
    const unsigned head = byte(at);
    std::size_t count = 0, used = 1, back = 0;
    if ((head & plain) != 0) {
      count = (head & ~plain) + 1;
      if (count > in.size() - at - 1) return bad_table("a part of the image ends early");
      used += count;
    } else if ((head & long_copy) != 0) {
      if (in.size() - at < 3) return bad_table("a part of the image ends early");
      count = (head & low_six) + 4;
      back = (std::size_t{byte(at + 1)} << 8U | byte(at + 2)) + 1;
      used = 3;
    } else {
      if (in.size() - at < 2) return bad_table("a part of the image ends early");
      count = (head >> 2U) + 3;
      back = (std::size_t{head & 3U} << 8U | byte(at + 1)) + 1;
      used = 2;
    }
    if (count > size - out.size() || back > out.size()) {
      return bad_table("a part of the image repeats what is not there");
    }
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(back == 0 ? in[at + 1 + i] : out[out.size() - back]);
    }
    at += used;
  }
  if (out.size() != size) return bad_table("a part of the image ends early");
  return out;
}

}  // namespace tenon::udif
