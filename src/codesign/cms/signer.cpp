#include "codesign/cms/signer.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "codesign/cms/causes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"

namespace tenon::cms {

namespace {

struct SignatureAlgorithm {
  std::string_view oid;
  std::string_view key_type;
  std::string_view digest;  // empty: whichever the signer names
};

constexpr SignatureAlgorithm ALGORITHMS[] = {
    {"1.2.840.113549.1.1.1", "RSA", ""},          {"1.2.840.113549.1.1.5", "RSA", OID_SHA1},
    {"1.2.840.113549.1.1.11", "RSA", OID_SHA256}, {"1.2.840.113549.1.1.12", "RSA", OID_SHA384},
    {"1.2.840.113549.1.1.13", "RSA", OID_SHA512}, {"1.2.840.10045.2.1", "EC", ""},
    {"1.2.840.10045.4.1", "EC", OID_SHA1},        {"1.2.840.10045.4.3.2", "EC", OID_SHA256},
    {"1.2.840.10045.4.3.3", "EC", OID_SHA384},    {"1.2.840.10045.4.3.4", "EC", OID_SHA512},
};

const SignatureAlgorithm* find_algorithm(const SignerInfo& signer) {
  for (const SignatureAlgorithm& each : ALGORITHMS) {
    if (each.oid == signer.signature_algorithm.oid) return &each;
  }
  return nullptr;
}

bool names(const SignerInfo& signer, X509* certificate) {
  if (!signer.key_identifier.empty()) {
    const ASN1_OCTET_STRING* key = X509_get0_subject_key_id(certificate);
    return key != nullptr && view_of(key).text() == signer.key_identifier.text();
  }
  // By their bytes: whoever names a certificate copies them, and nothing else may stand for them.
  const unsigned char* issuer = nullptr;
  std::size_t size = 0;
  const unsigned char* at = raw(signer.serial);
  const IntegerPtr serial(d2i_ASN1_INTEGER(nullptr, &at, static_cast<long>(signer.serial.size())));
  return serial && X509_NAME_get0_der(X509_get_issuer_name(certificate), &issuer, &size) == 1 &&
         ByteView(issuer, size).text() == signer.issuer.text() &&
         ASN1_INTEGER_cmp(serial.get(), X509_get0_serialNumber(certificate)) == 0;
}

// What a signature covers: attributes with the tag of a SET in place of [0] (RFC 5652, 5.4).
bool verify_bytes(const SignerInfo& signer, const EVP_MD* algorithm, EVP_PKEY* key,
                  ByteView content) {
  const DigestPtr context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestVerifyInit(context.get(), nullptr, algorithm, nullptr, key) == 1;
  if (good && !signer.signed_bytes.empty()) {
    const unsigned char tag = DER_SET;
    content = signer.signed_bytes.from(1).value_or(ByteView());
    good = EVP_DigestVerifyUpdate(context.get(), &tag, 1) == 1;
  }
  good = good && EVP_DigestVerifyUpdate(context.get(), content.data(), content.size()) == 1 &&
         EVP_DigestVerifyFinal(context.get(), raw(signer.signature), signer.signature.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

X509* find_signer(const SignerInfo& signer, std::span<const X509Ptr> bag) {
  for (const X509Ptr& each : bag) {
    if (names(signer, each.get())) return each.get();
  }
  ERR_clear_error();
  return nullptr;
}

Verdict check_signature(const SignerInfo& signer, X509* certificate, ByteView content) {
  const std::string where = "signer, algorithm " + signer.signature_algorithm.oid;
  const SignatureAlgorithm* algorithm = find_algorithm(signer);
  const EVP_MD* hash = digest_of_oid(signer.digest.oid);
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (algorithm == nullptr || hash == nullptr || !signer.signature_algorithm.is_plain() ||
      !signer.digest.is_plain()) {
    return invalid("cms.algorithm",
                   "an algorithm that code signatures do not use: digest " + signer.digest.oid,
                   where);
  }
  if (!algorithm->digest.empty() && algorithm->digest != signer.digest.oid) {
    return invalid("cms.algorithm", "signature and digest algorithm disagree", where);
  }
  if (key == nullptr || EVP_PKEY_is_a(key, std::string(algorithm->key_type).c_str()) != 1) {
    return invalid("cms.algorithm", "the certificate's key is not of this algorithm", where);
  }
  if (!verify_bytes(signer, hash, key, content)) {
    return invalid(
        "cms.signature",
        signer.signed_bytes.empty()
            ? "the signature does not match the content and the certificate's key"
            : "the signature does not match the signed attributes and the certificate's key",
        where);
  }
  return valid();
}

Verdict check_message_digest(const SignerInfo& signer, std::string_view content_type,
                             ByteView content) {
  if (signer.signed_bytes.empty()) return {};
  const Element* type = only_value(signer.signed_attributes, OID_CONTENT_TYPE);
  if (type == nullptr || type->tag != DER_OID || oid_text(type->content) != content_type) {
    return invalid("cms.content-type", "the attribute is missing, duplicated or names another type",
                   "attribute contentType");
  }
  const Element* stored = only_value(signer.signed_attributes, OID_MESSAGE_DIGEST);
  if (stored == nullptr || stored->tag != DER_OCTETS) {
    return invalid("cms.message-digest", "the attribute is missing or duplicated",
                   "attribute messageDigest");
  }
  const EVP_MD* hash = digest_of_oid(signer.digest.oid);
  if (hash == nullptr) {
    return invalid("cms.algorithm", "digest algorithm " + signer.digest.oid + " is not known",
                   "signer");
  }
  const Bytes computed = digest(hash, content);
  if (view_of(computed).text() != stored->content.text()) {
    return invalid("cms.message-digest",
                   "signed is the digest " +
                       to_hex(stored->content.data(), stored->content.size()) +
                       ", the content has " + to_hex(computed.data(), computed.size()),
                   "attribute messageDigest");
  }
  return valid();
}

}  // namespace tenon::cms
