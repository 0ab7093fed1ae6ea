// The digests by name cost a look-up of their provider for every call, and its start in every
// process; signatures have one hash for every 4 KiB.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/digest.h"
#include "base/text.h"

namespace tenon {
namespace {

template <class Digest, class Context>
Digest digest_of(std::span<const std::byte> bytes, int (*init)(Context*),
                 int (*update)(Context*, const void*, std::size_t),
                 int (*final)(unsigned char*, Context*)) {
  Digest digest;
  Context context;
  init(&context);
  update(&context, bytes.data(), bytes.size());
  final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace

Sha1 sha1(std::span<const std::byte> bytes) {
  return digest_of<Sha1>(bytes, SHA1_Init, SHA1_Update, SHA1_Final);
}

Sha256 sha256(std::span<const std::byte> bytes) {
  return digest_of<Sha256>(bytes, SHA256_Init, SHA256_Update, SHA256_Final);
}

Sha384 sha384(std::span<const std::byte> bytes) {
  return digest_of<Sha384>(bytes, SHA384_Init, SHA384_Update, SHA384_Final);
}

struct Sha256Stream::State {
  SHA256_CTX context;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::span<const std::byte> bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state_->context);
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
