#include <doctest/doctest.h>
#include <openssl/pkcs12.h>

#include "codesign/test_pki.h"

using namespace tenon;
using namespace tenon::cms;
using namespace tenon::cms::test;

namespace {

const World& world() {
  static const World made;
  return made;
}

using Texts = std::vector<std::string>;

Result<SigningIdentity, Failure> load(const Texts& texts, const PasswordCallback& password = {},
                                      std::int64_t now = NOW) {
  std::vector<CredentialFile> files;
  for (const std::string& text : texts) files.push_back({"file", tenon::view_of(text)});
  return load_identity(files, password, {now});
}

std::optional<FailureKind> kind_of(const Result<SigningIdentity, Failure>& result) {
  return result ? std::nullopt : std::optional(result.error().kind);
}

std::string der_text(const Holder& holder) {
  return std::string(view_of(der_of(holder.certificate.get())).text());
}

PasswordCallback always(const char* text) {
  return [text](const std::string&) { return std::optional<std::string>(text); };
}

// As Keychain Access writes it: certificates with RC2-40, the key with 3DES. Empty when OpenSSL's
// legacy provider is not here.
std::string pkcs12(const World& w, const char* password, bool legacy) {
  LibraryPtr library(OSSL_LIB_CTX_new());
  OSSL_PROVIDER* standard = OSSL_PROVIDER_load(library.get(), "default");
  OSSL_PROVIDER* old = OSSL_PROVIDER_load(library.get(), "legacy");
  std::string out;
  if (!legacy || old != nullptr) {
    STACK_OF(X509)* others = sk_X509_new_null();
    sk_X509_push(others, w.intermediate.certificate.get());
    sk_X509_push(others, w.root.certificate.get());
    PKCS12* store = PKCS12_create_ex(password, "name", w.leaf.key.get(), w.leaf.certificate.get(),
                                     others, legacy ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : 0,
                                     legacy ? NID_pbe_WithSHA1And40BitRC2_CBC : 0, 0, 0, 0,
                                     library.get(), nullptr);
    unsigned char* bytes = nullptr;
    const int size = i2d_PKCS12(store, &bytes);
    if (size > 0) out.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    PKCS12_free(store);
    sk_X509_free(others);
  }
  OSSL_PROVIDER_unload(standard);
  if (old != nullptr) OSSL_PROVIDER_unload(old);
  return out;
}

}  // namespace

TEST_CASE("a key and its chain in any order and form") {
  const World& w = world();
  const std::string leaf = pem_of(w.leaf, false), middle = pem_of(w.intermediate, false);
  const std::string root = pem_of(w.root, false), key = pem_of(w.leaf, true);
  for (const Texts& texts : {Texts{key + leaf + middle + root}, Texts{root, middle, leaf, key},
                             Texts{key, der_text(w.root), der_text(w.leaf), middle}}) {
    const auto loaded = load(texts);
    REQUIRE(loaded.has_value());
    REQUIRE(loaded->chain.size() == 3);
    CHECK(loaded->chain == w.identity.chain);
    MakeOptions make;
    make.signing_time = NOW;
    const auto cms = make_cms(w.directories, *loaded, make);
    CHECK(w.verify(*cms).state() == State::valid);
  }
}

TEST_CASE("an encrypted key") {
  const World& w = world();
  const Texts texts{pem_of(w.leaf, true, "secret"), pem_of(w.leaf, false),
                    pem_of(w.intermediate, false), pem_of(w.root, false)};
  CHECK(load(texts, always("secret")).has_value());
  CHECK(load(texts, always("wrong")).error().what == "the password is wrong");
  CHECK(kind_of(load(texts)) == FailureKind::password);
}

TEST_CASE("PKCS#12 of today and of Keychain") {
  const World& w = world();
  for (const bool legacy : {false, true}) {
    for (const char* password : {"secret", ""}) {
      const std::string store = pkcs12(w, password, legacy);
      if (store.empty()) continue;  // no legacy provider to make it with
      CAPTURE(legacy);
      CAPTURE(password);
      const auto loaded = load({store}, always(password));
      CHECK(kind_of(loaded) == std::nullopt);
      if (loaded) CHECK(loaded->chain == w.identity.chain);
    }
    const std::string store = pkcs12(w, "secret", legacy);
    if (!store.empty()) CHECK(kind_of(load({store}, always("wrong"))) == FailureKind::password);
  }
}

TEST_CASE("the right certificate of several for one key") {
  const World& w = world();
  Holder old = make_certificate(leaf_spec(), &w.intermediate);
  const std::string key = pem_of(w.leaf, true);
  // Another certificate for the same key, which may not sign code.
  X509Ptr other(X509_dup(w.leaf.certificate.get()));
  X509_EXTENSION_free(
      X509_delete_ext(other.get(), X509_get_ext_by_NID(other.get(), NID_ext_key_usage, -1)));
  X509_sign(other.get(), w.intermediate.key.get(), EVP_sha256());
  const Bytes bytes = der_of(other.get());
  const auto loaded =
      load({key, std::string(view_of(bytes).text()), pem_of(old, false), pem_of(w.leaf, false),
            pem_of(w.intermediate, false), pem_of(w.root, false)});
  REQUIRE(loaded.has_value());
  CHECK(loaded->chain.front() == w.identity.chain.front());
}

TEST_CASE("what cannot sign says why") {
  const World& w = world();
  const std::string leaf = pem_of(w.leaf, false), key = pem_of(w.leaf, true);
  const std::string above = pem_of(w.intermediate, false) + pem_of(w.root, false);
  CHECK(kind_of(load({leaf + above})) == FailureKind::no_key);
  CHECK(kind_of(load({key + above})) == FailureKind::no_certificate);
  CHECK(kind_of(load({key + leaf})) == FailureKind::incomplete_chain);
  CHECK(kind_of(load({key + pem_of(w.root, true) + leaf + above})) == FailureKind::two_keys);
  CHECK(kind_of(load({"no credential at all"})) == FailureKind::identity_format);
  CHECK(kind_of(load({key.substr(0, 100)})) == FailureKind::identity_pem);
  CHECK(kind_of(load({key + leaf + above}, {}, NOW + 5000 * DAY)) == FailureKind::expired);
  CertificateSpec spec = leaf_spec();
  spec.extensions.back().second = "critical,1.2.840.113635.100.4.13";
  const Holder installer = make_certificate(spec, &w.intermediate);
  const auto result = load({pem_of(installer, true), pem_of(installer, false), above});
  CHECK(kind_of(result) == FailureKind::installer_certificate);
  CHECK(!result.error().fix.empty());
}

TEST_CASE("keys and certificates that are damaged are told apart") {
  const World& w = world();
  const std::string leaf = pem_of(w.leaf, false), key = pem_of(w.leaf, true);
  const auto block = [](std::string_view label) {
    return "-----BEGIN " + std::string(label) + "-----\nMAMCAQA=\n-----END " + std::string(label) +
           "-----\n";
  };
  CHECK(kind_of(load({key + block("CERTIFICATE")})) == FailureKind::certificate);
  CHECK(kind_of(load({leaf + block("PRIVATE KEY")})) == FailureKind::private_key);
  const auto none = read_certificates({"file", tenon::view_of(key)});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == FailureKind::certificate);
  CHECK(none.error().where == "file");
}

TEST_CASE("a certificate that may not sign code does not sign") {
  const World& w = world();
  CertificateSpec spec = leaf_spec();
  spec.extensions.back().second = "critical,serverAuth";
  const Holder server = make_certificate(spec, &w.intermediate);
  const std::string above = pem_of(w.intermediate, false) + pem_of(w.root, false);
  const auto result = load({pem_of(server, true), pem_of(server, false), above});
  CHECK(kind_of(result) == FailureKind::unusable_chain);
  CHECK(result.error().what.contains("code signing"));
}

TEST_CASE("a certificate read for display") {
  const World& w = world();
  const auto c = parse_certificate(view_of(der_of(w.leaf.certificate.get())));
  REQUIRE(c.has_value());
  CHECK(c->subject.organization() == "Test");
  CHECK(c->issuer.common_name() == "Test Developer ID CA");
  CHECK(c->extension("1.2.840.113635.100.6.1.13")->critical);
  CHECK(c->key_usages == std::vector<std::string>{"1.3.6.1.5.5.7.3.3"});
  CHECK(c->not_after == NOW + 3650 * DAY);
  CHECK_FALSE(c->is_ca);
  CHECK_FALSE(parse_certificate(tenon::view_of("no")).has_value());
}
