#include "codesign/cms/package.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/chain.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"

namespace tenon::cms {
namespace {

using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;

constexpr const char* place = "signature of the package";

const EVP_MD* digest_of_style(std::string_view style) {
  if (style == "sha1") return EVP_sha1();
  if (style == "sha256") return EVP_sha256();
  if (style == "sha512") return EVP_sha512();
  return nullptr;
}

// PKCS #1 v1.5 over the digest itself.
bool signed_by(X509* leaf, const EVP_MD* hash, const PackageSignature& package) {
  EVP_PKEY* key = X509_get0_pubkey(leaf);
  if (key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1) return false;
  const KeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const bool good = context && EVP_PKEY_verify_init(context.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                    EVP_PKEY_CTX_set_signature_md(context.get(), hash) == 1 &&
                    EVP_PKEY_verify(context.get(), raw(package.signature), package.signature.size(),
                                    raw(package.checksum), package.checksum.size()) == 1;
  ERR_clear_error();
  return good;
}

// Of a Developer ID Installer: 6.1.14 in the leaf, 6.2.6 in its issuer, and Apple's root.
bool is_developer_id(const PackageSigner& signer) {
  return signer.anchor == Anchor::apple && signer.certificates.size() > 1 &&
         has_extension(signer.certificates[0], "6.1.14") &&
         has_extension(signer.certificates[1], "6.2.6");
}

}  // namespace

PackageSigner verify_package(const PackageSignature& package, const TrustOptions& options) {
  PackageSigner out;
  const EVP_MD* hash = digest_of_style(package.style);
  const Bytes computed = hash == nullptr ? Bytes() : digest(hash, package.toc);
  const bool same = !computed.empty() && view_of(computed).text() == package.checksum.text();
  out.checksum = same ? valid()
                      : invalid("package.checksum",
                                "the table of contents does not match its checksum", place);
  std::vector<X509Ptr> bag;
  for (const Bytes& der : *package.certificates) {
    if (X509Ptr each = read_x509(view_of(der))) bag.push_back(std::move(each));
  }
  if (bag.empty()) {
    out.signature = invalid("package.certificates", "no certificate can be read", place);
    return out;
  }
  const bool good = hash != nullptr && signed_by(bag.front().get(), hash, package);
  out.signature = good ? valid()
                       : invalid("package.signature",
                                 "the signature does not match the table of contents", place);
  const std::int64_t now = options.now.value_or(static_cast<std::int64_t>(std::time(nullptr)));
  const Chain chain = build_chain(bag.front().get(), bag, now, Purpose::package, options);
  out.certificates = chain.certificates;
  out.anchor = chain.anchor;
  out.kind = kind_of(chain.certificates, chain.anchor);
  out.developer_id = is_developer_id(out);
  out.chain = chain.complete
                  ? valid()
                  : invalid("package.chain", "the chain of certificates is not complete", place);
  for (const Cause& problem : chain.problems) out.chain.blame(State::invalid, problem);
  for (const Cause& problem : chain.time_problems) out.chain.blame(State::invalid, problem);
  return out;
}

}  // namespace tenon::cms
