#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/inflate.h"
#include "base/result.h"

namespace tenon {

Result<std::vector<std::byte>> inflate(std::span<const std::byte> stream, std::uint64_t size) {
  // zlib cannot shrink by more than this factor (zlib's technical details): a header that claims
  // more is false, and nothing is allocated for it.
  constexpr std::uint64_t largest_ratio = 1032;
  if (size > (stream.size() + 64) * largest_ratio) return fail(Errc::malformed, "zlib size");
  std::vector<std::byte> out(static_cast<std::size_t>(size));
  uLongf filled = out.size();
  const int status = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &filled,
                                  reinterpret_cast<const Bytef*>(stream.data()), stream.size());
  if (status != Z_OK || filled != size) return fail(Errc::malformed, "zlib stream");
  return out;
}

}  // namespace tenon
