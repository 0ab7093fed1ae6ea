#include "format/udif/udif.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::udif {
namespace {

constexpr std::uint32_t MAGIC = 0x6b6f6c79;  // "koly"

struct Checksum {
  ub32 type, bits;
  ub32 words[32];
};

struct TrailerLayout {
  ub32 magic, version, size, flags;
  ub64 running_offset, data_offset, data_size, resource_offset, resource_size;
  ub32 segment, segments;
  std::uint8_t segment_id[16];
  Checksum data_checksum;
  ub64 xml_offset, xml_size;
  std::uint8_t reserved[64];
  ub64 signature_offset, signature_size;
  std::uint8_t reserved2[40];
  Checksum checksum;
  ub32 variant;
  ub64 sectors;
  std::uint8_t reserved3[12];
};

static_assert(sizeof(TrailerLayout) == trailer_size);

Result<const TrailerLayout*> trailer_of(ByteView file) {
  if (file.size() < trailer_size) return fail(Errc::malformed, "disk image", file.base());
  const TrailerLayout* out = TENON_TRY(file.at<TrailerLayout>(file.size() - trailer_size));
  if (out->magic != MAGIC || out->size != trailer_size) {
    return fail(Errc::malformed, "disk image", file.base());
  }
  return out;
}

}  // namespace

bool is_image(ByteView file) { return trailer_of(file).has_value(); }

Result<Image> parse(ByteView file) {
  const TrailerLayout& trailer = *TENON_TRY(trailer_of(file));
  Image out;
  out.trailer_at = file.size() - trailer_size;
  out.signature_at = trailer.signature_offset;
  out.signature_size = trailer.signature_size;
  const ByteView before = TENON_TRY(file.slice(0, out.trailer_at));
  const auto part = [&](std::uint64_t offset, std::uint64_t size) -> Result<void> {
    if (!before.contains(offset, size)) {
      return fail(Errc::malformed, "part of a disk image that is not in it", out.trailer_at);
    }
    if (size != 0) out.data_end = std::max(out.data_end, offset + size);
    return {};
  };
  out.data_at = trailer.data_offset;
  out.data_size = trailer.data_size;
  out.list_at = trailer.xml_offset;
  out.list_size = trailer.xml_size;
  TENON_TRY(part(trailer.data_offset, trailer.data_size));
  TENON_TRY(part(trailer.resource_offset, trailer.resource_size));
  TENON_TRY(part(trailer.xml_offset, trailer.xml_size));
  if (!before.contains(out.signature_at, out.signature_size)) {
    return fail(Errc::malformed, "signature of a disk image that is not in it", out.trailer_at);
  }
  // Nothing may share bytes with the signature, and nothing but the trailer follows it.
  if (out.is_signed() && (out.signature_at < out.data_end ||
                          out.signature_at + out.signature_size != out.trailer_at)) {
    return fail(Errc::malformed, "signature of a disk image that is not at its end",
                out.trailer_at);
  }
  return out;
}

Result<std::string> trailer_with(ByteView file, std::uint64_t signature_at,
                                 std::uint64_t signature_size) {
  TrailerLayout trailer = *TENON_TRY(trailer_of(file));
  trailer.signature_offset = signature_at;
  trailer.signature_size = signature_size;
  return std::string(reinterpret_cast<const char*>(&trailer), sizeof(trailer));
}

Result<std::string> hashed_trailer(ByteView file) {
  const TrailerLayout& trailer = *TENON_TRY(trailer_of(file));
  return trailer_with(file, trailer.signature_offset, 0);
}

}  // namespace tenon::udif
