// Trailers of stapled packages: each stands behind the bytes that it is about, so that a file is
// read from its end.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "format/xar/xar.h"

namespace tenon::xar {
namespace {

constexpr std::string_view trailer_magic = "t8lr";
constexpr std::uint16_t trailer_version = 1;
constexpr std::uint64_t magic_size = 4;

struct StoredTrailer {
  char magic[magic_size];
  ul16 version, type;
  ul32 length, unused;
};

static_assert(sizeof(StoredTrailer) == Trailer::size);

}  // namespace

std::optional<Trailer> trailer_at(ByteView file, std::uint64_t end) {
  if (end < Trailer::size || end > file.size()) return std::nullopt;
  const auto found = file.at<StoredTrailer>(end - Trailer::size);
  if (!found || std::string_view((*found)->magic, magic_size) != trailer_magic ||
      (*found)->version != trailer_version) {
    return std::nullopt;
  }
  return Trailer{(*found)->type, (*found)->length};
}

std::string trailer_bytes(const Trailer& trailer) {
  StoredTrailer out{};
  trailer_magic.copy(out.magic, magic_size);
  out.version = trailer_version;
  out.type = trailer.type;
  out.length = trailer.length;
  return {reinterpret_cast<const char*>(&out), sizeof(out)};
}

Result<Stapled> stapled(ByteView file) {
  Stapled out;
  out.archive_end = file.size();
  while (const auto trailer = trailer_at(file, out.archive_end)) {
    const std::uint64_t before = out.archive_end - Trailer::size;
    if (trailer->type == Trailer::terminator) {
      out.archive_end = before;
      return out;
    }
    if (trailer->length > before) return fail(Errc::malformed, "trailer of a package", before);
    out.archive_end = before - trailer->length;
    if (trailer->type == Trailer::ticket) {
      out.ticket = TENON_TRY(file.slice(out.archive_end, trailer->length));
    }
  }
  if (out.archive_end == file.size()) return out;
  return fail(Errc::malformed, "trailers of a package without their beginning", out.archive_end);
}

}  // namespace tenon::xar
