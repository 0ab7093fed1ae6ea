// Certificates, a timestamp authority and signatures made while the tests run. Nothing of it is a
// file, and no key outlives the program.
#pragma once

#include <openssl/ts.h>

#include <string>
#include <utility>
#include <vector>

#include "codesign/cms/attributes.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signing.h"

namespace tenon::cms::test {

inline constexpr std::int64_t NOW = 1790000000;  // 2026-09-21
inline constexpr std::int64_t DAY = 86400;

struct Holder {
  X509Ptr certificate;
  KeyPtr key;
};

struct CertificateSpec {
  std::string name = {}, unit = {}, organization = "Test";
  std::int64_t from = NOW - 365 * DAY, to = NOW + 3650 * DAY;
  std::vector<std::pair<int, std::string>> extensions = {};  // NID and value in OpenSSL's notation
  std::vector<std::string> markers = {}, critical_markers = {};  // OIDs
  bool rsa = false;
  int bits = 2048;
};

// Signed by `issuer`, or by itself.
[[nodiscard]] Holder make_certificate(const CertificateSpec& spec, const Holder* issuer = nullptr);
[[nodiscard]] CertificateSpec root_spec(std::string name = "Test Root");
[[nodiscard]] CertificateSpec intermediate_spec();
[[nodiscard]] CertificateSpec leaf_spec(std::string team = "TEAM123456");
[[nodiscard]] CertificateSpec authority_spec(std::int64_t from);
[[nodiscard]] SigningIdentity identity_of(const Holder& leaf, std::vector<const Holder*> above);
[[nodiscard]] Key share_key(const Holder& holder);
[[nodiscard]] std::string pem_of(const Holder& holder, bool key, const char* password = nullptr);

// Answers requests as a timestamp service does, at the time it is told.
struct TimestampService {
  Holder root, signer;
  std::int64_t time = NOW;
  const EVP_MD* digest = EVP_sha256();
  [[nodiscard]] Result<Bytes, Failure> answer(const Bytes& request) const;
};

// A private world in which everything is right.
struct World {
  World();
  Holder root, intermediate, leaf;
  TimestampService service;
  std::string first = "the CodeDirectory of slot 0", second = "an alternate CodeDirectory";
  std::vector<Directory> directories;
  SigningIdentity identity;
  TrustOptions options;

  [[nodiscard]] Bytes sign(bool stamped = false) const;
  [[nodiscard]] SignerReport verify(const Bytes& cms) const;
};

// `cms` with the first `from` replaced by `to`, which must be as long.
[[nodiscard]] Bytes replaced(Bytes cms, ByteView from, ByteView to);
// `cms` with a byte of `part`, which lies in it, changed.
[[nodiscard]] Bytes flipped(const Bytes& cms, ByteView part, std::size_t at = 0);
// `cms` signed again by an RSA key after its attributes were changed.
[[nodiscard]] Bytes signed_again(Bytes cms, EVP_PKEY* key);
// `cms` with its signer `times` times.
[[nodiscard]] Bytes with_signers(const Bytes& cms, int times);

}  // namespace tenon::cms::test
