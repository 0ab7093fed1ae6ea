#include <CommonCrypto/CommonDigest.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"

namespace tenon {

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  CC_SHA256_CTX context;
  CC_SHA256_Init(&context);
  // CC_LONG has 32 bits: larger inputs go in pieces.
  constexpr std::size_t piece = std::size_t{1} << 30U;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::size_t count = std::min(piece, bytes.size() - at);
    CC_SHA256_Update(&context, bytes.data() + at, static_cast<CC_LONG>(count));
  }
  CC_SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
