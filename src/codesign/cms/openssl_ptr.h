// Owners of OpenSSL objects, for the files of this folder only.
#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <vector>

#include "codesign/cms/cms.h"

namespace tenon::cms {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using LibraryPtr = std::unique_ptr<OSSL_LIB_CTX, FreeWith<OSSL_LIB_CTX_free>>;

inline X509Ptr share(X509* certificate) {
  X509_up_ref(certificate);
  return X509Ptr(certificate);
}

[[nodiscard]] inline const unsigned char* raw(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[nodiscard]] inline ByteView view_of(const ASN1_STRING* string) {
  return ByteView(ASN1_STRING_get0_data(string),
                  static_cast<std::size_t>(ASN1_STRING_length(string)));
}

// nullptr when the bytes are no certificate or go on after it.
[[nodiscard]] X509Ptr read_x509(ByteView der);
[[nodiscard]] Bytes der_of(X509* certificate);
[[nodiscard]] Certificate describe(X509* certificate);
[[nodiscard]] std::string oid_text(const ASN1_OBJECT* object);
// The digest of an algorithm's OID or of a CS_HASHTYPE; nullptr when it is not known here.
[[nodiscard]] const EVP_MD* digest_of_oid(std::string_view oid);
[[nodiscard]] const EVP_MD* digest_of_hash_type(std::uint8_t hash_type);
[[nodiscard]] Bytes digest(const EVP_MD* algorithm, ByteView bytes);

}  // namespace tenon::cms
