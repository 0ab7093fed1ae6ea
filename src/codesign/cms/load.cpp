#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/cms/certificate.h"
#include "codesign/cms/chain.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/der.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signing.h"
#include "codesign/cms/timestamp.h"

namespace tenon::cms {

namespace {

using Pkcs12Ptr = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, FreeWith<OSSL_PROVIDER_unload>>;

struct Found {
  std::vector<KeyPtr> keys;
  std::vector<X509Ptr> certificates;
};

BioPtr bio_of(ByteView bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

// Asks at most once a file and forgets the answer properly.
class Password {
 public:
  Password(const PasswordCallback& ask, const std::string& file) : ask_(ask), file_(file) {}
  ~Password() {
    if (text_) OPENSSL_cleanse(text_->data(), text_->size());
  }
  Password(const Password&) = delete;
  Password& operator=(const Password&) = delete;

  const std::optional<std::string>& get() {
    if (!asked_ && ask_) text_ = ask_(file_);
    asked_ = true;
    return text_;
  }

  [[nodiscard]] bool asked() const { return asked_; }

  // pem_password_cb
  static int give(char* to, int room, int /*writing*/, void* self) {
    const auto& text = static_cast<Password*>(self)->get();
    if (!text || text->size() > static_cast<std::size_t>(std::max(room, 0))) return -1;
    std::copy(text->begin(), text->end(), to);
    return static_cast<int>(text->size());
  }

 private:
  const PasswordCallback& ask_;
  const std::string& file_;
  std::optional<std::string> text_;
  bool asked_ = false;
};

std::unexpected<Failure> password_failure(const std::string& file, bool given) {
  return given ? failed(FailureKind::password, "the password is wrong", file)
               : failed(FailureKind::password, "is encrypted, and no password was given", file,
                        "give the password");
}

Result<void, Failure> read_pem_block(ByteView block, std::string_view label,
                                     const std::string& name, Password& password, Found& out) {
  const BioPtr bio = bio_of(block);
  if (label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE") {
    X509Ptr x(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!x)
      return failed(FailureKind::certificate, "holds a certificate that cannot be read", name);
    out.certificates.push_back(std::move(x));
  } else if (label.ends_with("PRIVATE KEY")) {
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, Password::give, &password));
    if (!key && password.asked()) return password_failure(name, password.get().has_value());
    if (!key)
      return failed(FailureKind::private_key, "holds a private key that cannot be read", name);
    out.keys.push_back(std::move(key));
  }
  return {};
}

Result<void, Failure> read_pem(ByteView bytes, const std::string& name, Password& password,
                               Found& out) {
  constexpr std::string_view BEGIN = "-----BEGIN ", DASHES = "-----";
  std::string_view text = bytes.text();
  for (auto at = text.find(BEGIN); at != text.npos; at = text.find(BEGIN)) {
    text.remove_prefix(at);
    const auto label_end = text.find(DASHES, BEGIN.size());
    if (label_end == text.npos) break;
    const std::string label(text.substr(BEGIN.size(), label_end - BEGIN.size()));
    const std::string end = "-----END " + label + "-----";
    const auto stop = text.find(end);
    if (stop == text.npos)
      return failed(FailureKind::identity_pem, "ends within a PEM block", name);
    TENON_TRY(read_pem_block(tenon::view_of(text.substr(0, stop + end.size())), label, name,
                             password, out));
    text.remove_prefix(stop + end.size());
  }
  return {};
}

// A context of its own, so that the legacy algorithms stay out of everything else. Keys leave it
// as bytes: they must not outlive it.
struct Legacy {
  LibraryPtr library{OSSL_LIB_CTX_new()};
  ProviderPtr standard{OSSL_PROVIDER_load(library.get(), "default")};
  ProviderPtr legacy{OSSL_PROVIDER_load(library.get(), "legacy")};
};

KeyPtr into_default_library(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PrivateKey(key, &bytes);
  if (size <= 0) return nullptr;
  const unsigned char* at = bytes;
  KeyPtr out(d2i_AutoPrivateKey(nullptr, &at, size));
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  return out;
}

bool parse_with(OSSL_LIB_CTX* library, ByteView bytes, const char* password, Found& out) {
  Pkcs12Ptr store(PKCS12_init_ex(NID_pkcs7_data, library, nullptr));
  PKCS12* raw_store = store.get();
  const BioPtr bio = bio_of(bytes);
  if (raw_store == nullptr || d2i_PKCS12_bio(bio.get(), &raw_store) == nullptr) {
    if (raw_store == nullptr) static_cast<void>(store.release());  // freed by the reader
    return false;
  }
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool good = PKCS12_parse(raw_store, password, &key, &leaf, &others) == 1;
  const KeyPtr owned_key(key);
  const X509Ptr owned_leaf(leaf);
  std::vector<X509*> all;
  if (leaf != nullptr) all.push_back(leaf);
  for (int i = 0; i < sk_X509_num(others); ++i) all.push_back(sk_X509_value(others, i));
  for (X509* each : good ? all : std::vector<X509*>()) {
    if (X509Ptr copy = read_x509(view_of(der_of(each))))
      out.certificates.push_back(std::move(copy));
  }
  if (good && key != nullptr) {
    if (KeyPtr copy = into_default_library(key)) out.keys.push_back(std::move(copy));
  }
  sk_X509_pop_free(others, X509_free);
  return good;
}

// The password in the form that the integrity check accepts: "" and none differ in PKCS#12.
// nullopt when neither does.
std::optional<const char*> accepted_password(PKCS12* store,
                                             const std::optional<std::string>& text) {
  const char* given = text ? text->c_str() : "";
  if (PKCS12_mac_present(store) == 0) return given;
  if (PKCS12_verify_mac(store, given, -1) == 1) return given;
  if ((!text || text->empty()) && PKCS12_verify_mac(store, nullptr, 0) == 1) return nullptr;
  return {};
}

Result<void, Failure> read_pkcs12(ByteView bytes, const std::string& name, Password& password,
                                  Found& out) {
  const BioPtr bio = bio_of(bytes);
  const Pkcs12Ptr store(d2i_PKCS12_bio(bio.get(), nullptr));
  if (!store)
    return failed(FailureKind::identity_format,
                  "is not a PEM file, certificate, key or PKCS#12 file", name);
  std::optional<const char*> secret = accepted_password(store.get(), std::nullopt);
  if (!secret || PKCS12_mac_present(store.get()) == 0) {
    secret = accepted_password(store.get(), password.get());
  }
  if (!secret) return password_failure(name, password.get().has_value());
  if (parse_with(nullptr, bytes, *secret, out)) return {};
  const Legacy libraries;
  if (!libraries.legacy) {
    return failed(
        FailureKind::legacy_encryption,
        "is encrypted with RC2 or 3DES as Keychain writes it, and OpenSSL's legacy "
        "provider is not installed",
        name,
        "install it, or re-encrypt: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 "
        "-export -out NEW");
  }
  if (parse_with(libraries.library.get(), bytes, *secret, out)) return {};
  return failed(FailureKind::identity_pkcs12, "cannot be decrypted", name,
                "export it again from Keychain Access");
}

Result<void, Failure> read_der(ByteView bytes, const std::string& name, Password& password,
                               Found& out) {
  if (X509Ptr x = read_x509(bytes)) {
    out.certificates.push_back(std::move(x));
    return {};
  }
  const unsigned char* at = raw(bytes);
  if (KeyPtr key{d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size()))}) {
    out.keys.push_back(std::move(key));
    return {};
  }
  return read_pkcs12(bytes, name, password, out);
}

Result<Found, Failure> read_files(std::span<const CredentialFile> files,
                                  const PasswordCallback& ask) {
  constexpr std::uint64_t MOST = 16U << 20;
  Found out;
  for (const CredentialFile& file : files) {
    Password password(ask, file.name);
    if (file.bytes.size() > MOST)
      return failed(FailureKind::identity_format, "is too large", file.name);
    const bool pem = file.bytes.text().find("-----BEGIN ") != std::string_view::npos;
    TENON_TRY(pem ? read_pem(file.bytes, file.name, password, out)
                  : read_der(file.bytes, file.name, password, out));
  }
  ERR_clear_error();
  return out;
}

Result<void, Failure> judge_keys(Found& found) {
  if (found.keys.empty()) {
    return failed(FailureKind::no_key, "there is no private key", {},
                  "give the .p12, or the key that the certificate request was made with");
  }
  for (std::size_t i = 1; i < found.keys.size(); ++i) {
    if (EVP_PKEY_eq(found.keys.front().get(), found.keys[i].get()) == 1) continue;
    return failed(FailureKind::two_keys, "there is more than one private key", {},
                  "give only the one to sign with");
  }
  return {};
}

// Best first: for code signing, valid now, longest to live.
X509* choose_leaf(const Found& found, std::int64_t now) {
  const auto rank = [now](X509* x) {
    const Certificate c = describe(x);
    const bool live = c.not_before <= now && now <= c.not_after;
    return std::tuple(has_key_usage(c, OID_EKU_CODE_SIGNING), live, c.not_after);
  };
  X509* best = nullptr;
  for (const X509Ptr& each : found.certificates) {
    if (X509_check_private_key(each.get(), found.keys.front().get()) != 1) continue;
    if (best == nullptr || rank(each.get()) > rank(best)) best = each.get();
  }
  ERR_clear_error();
  return best;
}

Result<void, Failure> judge_chain(const Chain& chain) {
  if (!chain.problems.empty()) {
    const Cause& cause = chain.problems.front();
    if (kind_of(chain.certificates, chain.anchor) != Kind::installer) {
      return failed(FailureKind::unusable_chain, cause.message, cause.where);
    }
    return failed(FailureKind::installer_certificate, cause.message, cause.where,
                  "use the certificate \"Developer ID Application\"");
  }
  if (!chain.time_problems.empty()) {
    const Cause& cause = chain.time_problems.front();
    return failed(FailureKind::expired, cause.message, cause.where,
                  "use a certificate that is valid today");
  }
  if (!chain.complete) {
    return failed(FailureKind::incomplete_chain,
                  "the certificate of the issuer is missing: " +
                      std::string(chain.certificates.back().issuer.common_name()),
                  certificate_place(chain.certificates.size() - 1, chain.certificates.back()),
                  "add the intermediate and root certificates");
  }
  return {};
}

}  // namespace

Result<SigningIdentity, Failure> load_identity(std::span<const CredentialFile> files,
                                               const PasswordCallback& password,
                                               const LoadOptions& options) {
  const std::int64_t now = options.now.value_or(static_cast<std::int64_t>(std::time(nullptr)));
  Found found = TENON_TRY(read_files(files, password));
  TENON_TRY(judge_keys(found));
  X509* leaf = choose_leaf(found, now);
  if (leaf == nullptr) {
    return failed(FailureKind::no_certificate, "no certificate belongs to the private key", {},
                  "give the certificate that was issued for this key");
  }
  Chain chain = build_chain(leaf, found.certificates, now, Purpose::code, {});
  TENON_TRY(judge_chain(chain));
  SigningIdentity out;
  out.key = Key(found.keys.front().release(), EVP_PKEY_free);
  for (const Certificate& each : chain.certificates) out.chain.push_back(each.der);
  out.certificates = std::move(chain.certificates);
  return out;
}

Result<std::vector<Bytes>, Failure> read_certificates(const CredentialFile& file) {
  Found found;
  const PasswordCallback nobody;
  Password password(nobody, file.name);
  if (X509Ptr x = read_x509(file.bytes)) {
    found.certificates.push_back(std::move(x));
  } else {
    TENON_TRY(read_pem(file.bytes, file.name, password, found));
  }
  if (found.certificates.empty()) {
    return failed(FailureKind::certificate, "holds no certificate", file.name,
                  "give a file in PEM or DER");
  }
  std::vector<Bytes> out;
  for (const X509Ptr& each : found.certificates) out.push_back(der_of(each.get()));
  return out;
}

}  // namespace tenon::cms
