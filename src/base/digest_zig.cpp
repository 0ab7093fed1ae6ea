#include <cstddef>

#include "base/digest.h"
#include "base/text.h"

// Made from cmake/digest.zig: the digests of zig's standard library.
extern "C" {
void tenon_sha1(const std::byte* data, std::size_t size, std::byte* digest);
void tenon_sha256(const std::byte* data, std::size_t size, std::byte* digest);
void tenon_sha384(const std::byte* data, std::size_t size, std::byte* digest);
}

namespace tenon {

Sha1 sha1(std::span<const std::byte> bytes) {
  Sha1 digest;
  tenon_sha1(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  tenon_sha256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Sha384 sha384(std::span<const std::byte> bytes) {
  Sha384 digest;
  tenon_sha384(bytes.data(), bytes.size(), digest.data());
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
