#include "codesign/cms/certificate.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "codesign/blob/layout.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"

namespace tenon::cms {

namespace {

std::string number_hex(const ASN1_INTEGER* number) {
  return to_hex(ASN1_STRING_get0_data(number),
                static_cast<std::size_t>(ASN1_STRING_length(number)));
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return static_cast<std::int64_t>(timegm(&parts));
}

std::string utf8(const ASN1_STRING* value) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) return {};
  std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return out;
}

Name name_of(const X509_NAME* name) {
  Name out;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    out.fields.emplace_back(oid_text(X509_NAME_ENTRY_get_object(entry)),
                            utf8(X509_NAME_ENTRY_get_data(entry)));
  }
  return out;
}

std::vector<std::string> policies_of(X509* x) {
  std::vector<std::string> out;
  auto* list = static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(x, NID_certificate_policies, nullptr, nullptr));
  for (int i = 0; i < sk_POLICYINFO_num(list); ++i) {
    out.push_back(oid_text(sk_POLICYINFO_value(list, i)->policyid));
  }
  CERTIFICATEPOLICIES_free(list);
  return out;
}

std::vector<std::string> key_usages_of(X509* x) {
  std::vector<std::string> out;
  auto* list =
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(x, NID_ext_key_usage, nullptr, nullptr));
  for (int i = 0; i < sk_ASN1_OBJECT_num(list); ++i) {
    out.push_back(oid_text(sk_ASN1_OBJECT_value(list, i)));
  }
  EXTENDED_KEY_USAGE_free(list);
  return out;
}

void describe_key(X509* x, Certificate& out) {
  EVP_PKEY* key = X509_get0_pubkey(x);
  if (key == nullptr) return;
  const char* name = EVP_PKEY_get0_type_name(key);
  out.key_type = name == nullptr ? "" : name;
  out.key_bits = EVP_PKEY_get_bits(key);
}

}  // namespace

std::string oid_text(const ASN1_OBJECT* object) {
  return oid_text(ByteView(OBJ_get0_data(object), OBJ_length(object)));
}

X509Ptr read_x509(ByteView der) {
  const unsigned char* at = raw(der);
  X509Ptr out(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!out || at != raw(der) + der.size()) {
    ERR_clear_error();
    return nullptr;
  }
  return out;
}

Bytes der_of(X509* x) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(x, &bytes);
  if (size < 0) return {};
  Bytes out = copy_bytes(ByteView(bytes, static_cast<std::size_t>(size)));
  OPENSSL_free(bytes);
  return out;
}

Certificate describe(X509* x) {
  Certificate out;
  out.der = der_of(x);
  const Bytes sha1 = digest(EVP_sha1(), view_of(out.der));
  const Bytes sha256 = digest(EVP_sha256(), view_of(out.der));
  std::copy_n(sha1.begin(), std::min(sha1.size(), out.sha1.size()), out.sha1.begin());
  std::copy_n(sha256.begin(), std::min(sha256.size(), out.sha256.size()), out.sha256.begin());
  out.subject = name_of(X509_get_subject_name(x));
  out.issuer = name_of(X509_get_issuer_name(x));
  out.serial = number_hex(X509_get0_serialNumber(x));
  out.not_before = seconds_of(X509_get0_notBefore(x));
  out.not_after = seconds_of(X509_get0_notAfter(x));
  for (int i = 0; i < X509_get_ext_count(x); ++i) {
    X509_EXTENSION* extension = X509_get_ext(x, i);
    out.extensions.push_back({oid_text(X509_EXTENSION_get_object(extension)),
                              X509_EXTENSION_get_critical(extension) != 0,
                              copy_bytes(view_of(X509_EXTENSION_get_data(extension)))});
  }
  out.policies = policies_of(x);
  out.key_usages = key_usages_of(x);
  describe_key(x, out);
  const X509_ALGOR* algorithm = X509_get0_tbs_sigalg(x);
  out.signature_algorithm = oid_text(algorithm->algorithm);
  out.is_ca = X509_check_ca(x) == 1;
  out.self_issued = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
  ERR_clear_error();
  return out;
}

Result<Certificate> parse_certificate(ByteView der) {
  const X509Ptr x = read_x509(der);
  if (!x) return fail(Errc::malformed, "certificate", der.base());
  return describe(x.get());
}

const EVP_MD* digest_of_oid(std::string_view oid) {
  if (oid == OID_SHA1) return EVP_sha1();
  if (oid == OID_SHA256) return EVP_sha256();
  if (oid == OID_SHA384) return EVP_sha384();
  if (oid == OID_SHA512) return EVP_sha512();
  return nullptr;
}

const EVP_MD* digest_of_hash_type(std::uint8_t hash_type) {
  switch (hash_type) {
    case codesign::CS_HASHTYPE_SHA1: return EVP_sha1();
    case codesign::CS_HASHTYPE_SHA256:
    case codesign::CS_HASHTYPE_SHA256_TRUNCATED: return EVP_sha256();
    case codesign::CS_HASHTYPE_SHA384: return EVP_sha384();
    default: return nullptr;
  }
}

Bytes digest(const EVP_MD* algorithm, ByteView bytes) {
  std::array<std::byte, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
                 algorithm, nullptr) != 1) {
    return {};
  }
  return Bytes(out.begin(), out.begin() + size);
}

bool has_extension(const Certificate& certificate, std::string_view suffix) {
  return certificate.extension(std::string(APPLE_ARC) + std::string(suffix)) != nullptr;
}

bool has_key_usage(const Certificate& certificate, std::string_view oid) {
  return std::find(certificate.key_usages.begin(), certificate.key_usages.end(), oid) !=
         certificate.key_usages.end();
}

namespace {

struct Marker {
  std::string_view extension;  // after APPLE_ARC, in the leaf
  Kind kind;
};

// Apple's "Certificate Profile" numbers as the requirements in StaticCode.cpp and drmaker.cpp
// use them.
constexpr Marker LEAF_MARKERS[] = {
    {"6.1.13", Kind::developer_id},      {"6.1.18", Kind::developer_id_kext},
    {"6.1.14", Kind::installer},         {"6.1.8", Kind::installer},
    {"6.1.9", Kind::mac_app_store},      {"6.1.10", Kind::installer},
    {"6.1.2", Kind::apple_development},  {"6.1.12", Kind::apple_development},
    {"6.1.4", Kind::apple_distribution}, {"6.1.7", Kind::apple_distribution},
    {"6.22", Kind::apple_system},
};

}  // namespace

Kind kind_of(const std::vector<Certificate>& chain, Anchor anchor) {
  if (chain.empty()) return Kind::unknown;
  const Certificate& leaf = chain.front();
  for (const Marker& marker : LEAF_MARKERS) {
    if (!has_extension(leaf, marker.extension)) continue;
    // Anybody can put a marker into a chain of his own, and trusting its root makes it no chain of
    // Apple's ("anchor apple generic"); to warn of an Installer it need not be real.
    if (anchor != Anchor::apple && marker.kind != Kind::installer) continue;
    const bool developer_id = marker.kind == Kind::developer_id;
    if (developer_id && (chain.size() < 2 || !has_extension(chain[1], "6.2.6"))) continue;
    return marker.kind;
  }
  if (has_key_usage(leaf, OID_EKU_INSTALLER) || has_key_usage(leaf, OID_EKU_STORE_INSTALLER)) {
    return Kind::installer;
  }
  if (chain.size() == 1 && leaf.self_issued) return Kind::self_signed;
  if (anchor == Anchor::apple) {
    const bool software = leaf.subject.common_name() == "Software Signing";
    return software ? Kind::apple_system : Kind::unknown;
  }
  return chain.back().self_issued ? Kind::private_chain : Kind::unknown;
}

bool is_apple_developer(const std::vector<Certificate>& chain) {
  const auto leaf_has = [&](std::string_view oid) { return has_extension(chain.front(), oid); };
  if (chain.empty()) return false;
  return leaf_has("6.1.2") || leaf_has("6.1.12") || leaf_has("6.1.7") || leaf_has("6.1.4") ||
         (leaf_has("6.1.13") && chain.size() > 1 && has_extension(chain[1], "6.2.6"));
}

}  // namespace tenon::cms
