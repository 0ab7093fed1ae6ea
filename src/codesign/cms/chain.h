// Certificate chains: built from what the CMS carries, judged at a given time. Whether the last
// certificate is a root to trust follows from its hash, so that a name proves nothing.
// Rules: RFC 5280 through OpenSSL; Security SecPolicy.c (code signing, time stamping).
#pragma once

#include <span>
#include <vector>

#include "codesign/cms/cms.h"
#include "codesign/cms/openssl_ptr.h"

namespace tenon::cms {

enum class Purpose : std::uint8_t { code, timestamp, package };

struct Chain {
  std::vector<Certificate> certificates;  // from the leaf up
  bool complete = false;                  // ends in a self-signed certificate
  Anchor anchor = Anchor::none;
  std::vector<Cause> problems;       // apart from time and trust
  std::vector<Cause> time_problems;  // not valid at that time
  std::vector<Cause> weak;           // short keys, SHA-1
};

// `bag` may hold any certificates in any order; roots are among it or in `options`.
[[nodiscard]] Chain build_chain(X509* leaf, std::span<const X509Ptr> bag, std::int64_t time,
                                Purpose purpose, const TrustOptions& options);
// Certificates of `bag` that are not in `chain`. damaged: the issuer that it names is here and did
// not sign it.
struct Unused {
  Certificate certificate;
  bool damaged = false;
};

[[nodiscard]] std::vector<Unused> find_unused(std::span<const X509Ptr> bag,
                                              const std::vector<Certificate>& chain);
// "certificate 1 (Developer ID Certification Authority)".
[[nodiscard]] std::string certificate_place(std::size_t index, const Certificate& certificate);

}  // namespace tenon::cms
