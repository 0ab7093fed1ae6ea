#include "codesign/cms/es256.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signing.h"

namespace tenon::cms {
namespace {

using EcdsaPtr = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

constexpr int half = 32;

// A key behind a password must not ask on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

bool is_p256(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") != 1) return false;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
  const std::string_view found(name.data(), size);
  return found == "prime256v1" || found == "P-256";
}

}  // namespace

Result<Key> read_es256_key(ByteView pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr;
  ERR_clear_error();
  if (key == nullptr) return fail(Errc::malformed, "it has no private key in PEM");
  Key out(key, EVP_PKEY_free);
  if (!is_p256(key)) return fail(Errc::unsupported, "its key is not on the curve P-256");
  return out;
}

Result<std::string> sign_es256(const Key& key, std::string_view text) {
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* bytes = raw(tenon::view_of(text));
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) {
    return fail(Errc::io, "the key does not sign");
  }
  std::vector<unsigned char> der(size);
  if (EVP_DigestSign(context.get(), der.data(), &size, bytes, text.size()) != 1) {
    return fail(Errc::io, "the key does not sign");
  }
  const unsigned char* at = der.data();
  const EcdsaPtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  std::array<unsigned char, 2UL * half> out{};
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), half) != half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + half, half) != half) {
    return fail(Errc::io, "the signature cannot be read");
  }
  return std::string(reinterpret_cast<const char*>(out.data()), out.size());
}

}  // namespace tenon::cms
