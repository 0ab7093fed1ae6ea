#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/cms/attributes.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signed_data.h"
#include "codesign/cms/signing.h"
#include "codesign/cms/timestamp.h"

namespace tenon::cms {

namespace {

constexpr std::string_view OID_SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
constexpr std::string_view OID_ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

Bytes integer_one() {
  const std::byte one{1};
  return der(DER_INTEGER, ByteView(&one, 1));
}

Bytes sha256_algorithm() {
  return der(DER_SEQUENCE, {der_oid(OID_SHA256), der(DER_NULL, ByteView())});
}

Bytes attribute(std::string_view oid, std::vector<Bytes> values) {
  return der(DER_SEQUENCE, {der_oid(oid), der_set_of(DER_SET, std::move(values))});
}

Result<Bytes, Failure> digests_attribute(std::span<const Directory> directories) {
  std::vector<Bytes> values;
  for (const Directory& each : directories) {
    const auto hash = directory_digest(each);
    if (!hash) return failed(FailureKind::hash_type, "a CodeDirectory's hash type is not known");
    values.push_back(der(DER_SEQUENCE, {der_oid(digest_oid_of_hash_type(each.hash_type)),
                                        der(DER_OCTETS, view_of(*hash))}));
  }
  return attribute(OID_CD_DIGESTS, std::move(values));
}

Bytes cdhashes_attribute(std::span<const Directory> directories) {
  std::vector<Bytes> hashes;
  for (const Directory* each : by_hash_type(directories)) {
    Bytes hash = directory_digest(*each).value_or(Bytes());
    hash.resize(20);
    hashes.push_back(std::move(hash));
  }
  const std::string plist = write_cdhashes(hashes);
  return attribute(OID_CDHASHES, {der(DER_OCTETS, tenon::view_of(plist))});
}

// SET OF with its own tag, as it is signed; the file has it as [0].
Result<Bytes, Failure> signed_attributes(std::span<const Directory> directories, ByteView slot_zero,
                                         std::int64_t time) {
  const Bytes hash = digest(EVP_sha256(), slot_zero);
  Bytes digests = TENON_TRY(digests_attribute(directories));
  return der_set_of(DER_SET, {attribute(OID_CONTENT_TYPE, {der_oid(OID_DATA)}),
                              attribute(OID_SIGNING_TIME, {der_time(time)}),
                              attribute(OID_MESSAGE_DIGEST, {der(DER_OCTETS, view_of(hash))}),
                              std::move(digests), cdhashes_attribute(directories)});
}

Result<Bytes, Failure> sign(EVP_PKEY* key, const Bytes& bytes) {
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) != 1) {
    ERR_clear_error();
    return failed(FailureKind::key, "the private key cannot sign", "key", "use an RSA or EC key");
  }
  Bytes out(size);
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data,
                     bytes.size()) != 1) {
    ERR_clear_error();
    return failed(FailureKind::key, "the private key cannot sign", "key");
  }
  out.resize(size);
  return out;
}

Result<Bytes, Failure> signature_algorithm(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    return der(DER_SEQUENCE, {der_oid(OID_SHA256_WITH_RSA), der(DER_NULL, ByteView())});
  }
  if (EVP_PKEY_is_a(key, "EC") == 1) return der(DER_SEQUENCE, {der_oid(OID_ECDSA_WITH_SHA256)});
  return failed(FailureKind::key, "the private key is neither RSA nor EC", "key");
}

Bytes signer_name(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int name_size = i2d_X509_NAME(X509_get_issuer_name(certificate), &bytes);
  const Bytes issuer =
      copy_bytes(ByteView(bytes, static_cast<std::size_t>(std::max(name_size, 0))));
  OPENSSL_free(bytes);
  bytes = nullptr;
  const int size = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &bytes);
  const Bytes serial = copy_bytes(ByteView(bytes, static_cast<std::size_t>(std::max(size, 0))));
  OPENSSL_free(bytes);
  return der(DER_SEQUENCE, {issuer, serial});
}

// [1] with the token, or nothing when no timestamp is wanted.
Result<Bytes, Failure> unsigned_attributes(const Bytes& signature, const MakeOptions& options) {
  if (!options.timestamp) return Bytes();
  const TimestampRequest request = TENON_TRY(make_timestamp_request(view_of(signature)));
  const Bytes response = TENON_TRY(options.timestamp(request.der));
  Bytes token =
      TENON_TRY(read_timestamp_response(request, view_of(response), options.timestamp_trust));
  return der_set_of(DER_CONTEXT_1, {attribute(OID_TIMESTAMP_TOKEN, {std::move(token)})});
}

Result<Bytes, Failure> signer_info(const SigningIdentity& identity, X509* leaf, Bytes attributes,
                                   const MakeOptions& options) {
  const Bytes signature = TENON_TRY(sign(identity.key.get(), attributes));
  const Bytes algorithm = TENON_TRY(signature_algorithm(identity.key.get()));
  const Bytes unsigned_part = TENON_TRY(unsigned_attributes(signature, options));
  attributes.front() = std::byte{DER_CONTEXT_0};
  return der(DER_SEQUENCE, {integer_one(), signer_name(leaf), sha256_algorithm(), attributes,
                            algorithm, der(DER_OCTETS, view_of(signature)), unsigned_part});
}

}  // namespace

Result<Bytes, Failure> make_cms(std::span<const Directory> directories,
                                const SigningIdentity& identity, const MakeOptions& options) {
  const auto first = std::find_if(directories.begin(), directories.end(), [](const Directory& d) {
    return d.slot == codesign::CSSLOT_CODEDIRECTORY;
  });
  if (first == directories.end())
    return failed(FailureKind::no_slot_zero, "no CodeDirectory in slot 0");
  if (!identity.key || identity.chain.empty()) {
    return failed(FailureKind::no_identity, "a key and its certificate are needed");
  }
  const X509Ptr leaf = read_x509(view_of(identity.chain.front()));
  if (!leaf || X509_check_private_key(leaf.get(), identity.key.get()) != 1) {
    ERR_clear_error();
    return failed(FailureKind::wrong_key, "the private key does not belong to the certificate",
                  "key");
  }
  const std::int64_t now =
      options.signing_time.value_or(static_cast<std::int64_t>(std::time(nullptr)));
  Bytes attributes = TENON_TRY(signed_attributes(directories, first->bytes, now));
  const Bytes signer = TENON_TRY(signer_info(identity, leaf.get(), std::move(attributes), options));
  const Bytes signed_data =
      der(DER_SEQUENCE, {integer_one(), der(DER_SET, {sha256_algorithm()}),
                         der(DER_SEQUENCE, {der_oid(OID_DATA)}),
                         der_set_of(DER_CONTEXT_0, identity.chain), der(DER_SET, {signer})});
  return der(DER_SEQUENCE, {der_oid(OID_SIGNED_DATA), der(DER_CONTEXT_0, view_of(signed_data))});
}

}  // namespace tenon::cms
