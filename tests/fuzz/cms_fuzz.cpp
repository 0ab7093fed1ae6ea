// The CMS of a signature, on any bytes: nothing but what was signed may come out as valid. The
// first byte of an input chooses a signature that the bytes after it change: zero takes the bytes
// as they are, others take them as edits (offset of two bytes, new value).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "codesign/cms/attributes.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/openssl_ptr.h"
#include "codesign/cms/signing.h"

namespace {

using namespace tenon;
using namespace tenon::cms;

constexpr std::int64_t NOW = 1790000000;

void add_extension(X509* x, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  X509_add_ext(x, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Holder {
  X509Ptr certificate;
  KeyPtr key;
};

Holder make(const char* name, const char* constraints, const char* usage, const Holder* issuer) {
  Holder out{X509Ptr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* x = out.certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), issuer == nullptr ? 1 : 2);
  ASN1_TIME_set(X509_getm_notBefore(x), NOW - 86400);
  ASN1_TIME_set(X509_getm_notAfter(x), NOW + 1000 * 86400L);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* above = issuer == nullptr ? x : issuer->certificate.get();
  X509_set_issuer_name(x, X509_get_subject_name(above));
  X509_set_pubkey(x, out.key.get());
  add_extension(x, NID_basic_constraints, constraints);
  if (usage != nullptr) add_extension(x, NID_ext_key_usage, usage);
  X509_sign(x, issuer == nullptr ? out.key.get() : issuer->key.get(), EVP_sha256());
  out.certificate = read_x509(cms::view_of(der_of(x)));
  return out;
}

struct World {
  std::string first = "slot 0", second = "alternate";
  std::vector<Directory> directories;
  TrustOptions options;
  Bytes cms;

  World() {
    const Holder root = make("Fuzz Root", "critical,CA:TRUE", nullptr, nullptr);
    Holder leaf = make("Fuzz Leaf", "critical,CA:FALSE", "critical,codeSigning", &root);
    directories = {{0, codesign::CS_HASHTYPE_SHA1, 0, "", tenon::view_of(first)},
                   {0x1000, codesign::CS_HASHTYPE_SHA256, 0, "", tenon::view_of(second)}};
    SigningIdentity identity;
    identity.chain = {der_of(leaf.certificate.get()), der_of(root.certificate.get())};
    identity.key = Key(leaf.key.release(), EVP_PKEY_free);
    MakeOptions options_of_make;
    options_of_make.signing_time = NOW;
    cms = *make_cms(directories, identity, options_of_make);
    options.roots = {identity.chain.back()};
    options.now = NOW;
  }
};

// Every check that is not right has to say why.
void check(const World& world, const Bytes& bytes) {
  const SignerReport verdict = verify_cms(cms::view_of(bytes), world.directories, world.options);
  for (const SignerReport::Item& item : verdict.items()) {
    const bool good = item.verdict->state == State::valid || item.verdict->state == State::absent;
    if (good != item.verdict->cause().code.empty()) __builtin_trap();
  }
  if (verdict.state() == State::valid && verdict.warnings.empty() && bytes != world.cms) {
    __builtin_trap();
  }
  if (bytes == world.cms && verdict.state() != State::valid) __builtin_trap();
}

Bytes edited(const World& world, const std::uint8_t* data, std::size_t size) {
  Bytes out = world.cms;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    if (out.empty()) break;
    const std::size_t at = (data[i] | static_cast<std::size_t>(data[i + 1]) << 8) % out.size();
    if (data[i] == 0xff && data[i + 1] == 0xff) {
      out.erase(out.begin() + data[i + 2] % static_cast<int>(out.size()));
    } else if (data[i] == 0xfe && data[i + 1] == 0xff) {
      out.push_back(std::byte{data[i + 2]});
    } else {
      out[at] = std::byte{data[i + 2]};
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  check(world, data[0] == 0 ? copy_bytes(rest) : edited(world, data + 1, size - 1));
  (void)check_token(rest, tenon::view_of(world.first), world.options);
  (void)parse_certificate(rest);
  (void)parse_cdhashes(rest.text());
  return 0;
}
