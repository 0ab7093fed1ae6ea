#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/inflate.h"
#include "base/result.h"

namespace tenon {

Result<std::vector<std::byte>> inflate(std::span<const std::byte> /*stream*/,
                                       std::uint64_t /*size*/) {
  return fail(Errc::unsupported, "built without zlib");
}

Result<std::unique_ptr<Coder>> make_inflater(Wrapping /*wrapping*/) {
  return fail(Errc::unsupported, "built without zlib");
}

Result<std::unique_ptr<Coder>> make_deflater() {
  return fail(Errc::unsupported, "built without zlib");
}

}  // namespace tenon
