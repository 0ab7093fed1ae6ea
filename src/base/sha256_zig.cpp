#include <cstddef>

#include "base/sha256.h"
#include "base/text.h"

// Made from cmake/sha256.zig: the hash of zig's standard library.
extern "C" void tenon_sha256(const std::byte* data, std::size_t size, std::byte* digest);

namespace tenon {

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  tenon_sha256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
