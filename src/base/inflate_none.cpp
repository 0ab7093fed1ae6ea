#include "base/inflate.h"

namespace tenon {

Result<std::vector<std::byte>> inflate(std::span<const std::byte> /*stream*/,
                                       std::uint64_t /*size*/) {
  return fail(Errc::unsupported, "built without zlib");
}

}  // namespace tenon
