#include <openssl/sha.h>

#include "base/sha256.h"
#include "base/text.h"

namespace tenon {

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
