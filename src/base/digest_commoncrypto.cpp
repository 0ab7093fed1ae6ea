#include <CommonCrypto/CommonDigest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

#include "base/digest.h"
#include "base/text.h"

namespace tenon {
namespace {

// CC_LONG has 32 bits: larger inputs go in pieces.
template <class Context>
void add_all(Context& context, std::span<const std::byte> bytes,
             int (*update)(Context*, const void*, CC_LONG)) {
  constexpr std::size_t piece = std::size_t{1} << 30U;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::size_t count = std::min(piece, bytes.size() - at);
    update(&context, bytes.data() + at, static_cast<CC_LONG>(count));
  }
}

template <class Digest, class Context>
Digest digest_of(std::span<const std::byte> bytes, int (*init)(Context*),
                 int (*update)(Context*, const void*, CC_LONG),
                 int (*final)(unsigned char*, Context*)) {
  Digest digest;
  Context context;
  init(&context);
  add_all(context, bytes, update);
  final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace

Sha1 sha1(std::span<const std::byte> bytes) {
  return digest_of<Sha1>(bytes, CC_SHA1_Init, CC_SHA1_Update, CC_SHA1_Final);
}

Sha256 sha256(std::span<const std::byte> bytes) {
  return digest_of<Sha256>(bytes, CC_SHA256_Init, CC_SHA256_Update, CC_SHA256_Final);
}

Sha384 sha384(std::span<const std::byte> bytes) {
  return digest_of<Sha384>(bytes, CC_SHA384_Init, CC_SHA384_Update, CC_SHA384_Final);
}

struct Sha256Stream::State {
  CC_SHA256_CTX context;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  CC_SHA256_Init(&state_->context);
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::span<const std::byte> bytes) {
  add_all(state_->context, bytes, CC_SHA256_Update);
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  CC_SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state_->context);
  return digest;
}

std::string hex(const Sha256& digest) { return to_hex(digest.data(), digest.size()); }

}  // namespace tenon
