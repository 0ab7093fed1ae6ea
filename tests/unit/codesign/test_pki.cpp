#include "codesign/test_pki.h"

#include <openssl/pem.h>

#include <algorithm>
#include <stdexcept>

#include "codesign/cms/signed_data.h"

namespace tenon::cms::test {

namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return;
  X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
}

void add_extension(X509* x, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr, "extension");
  X509_add_ext(x, extension, -1);
  X509_EXTENSION_free(extension);
}

void add_marker(X509* x, const std::string& oid, bool critical) {
  ASN1_OBJECT* object = OBJ_txt2obj(oid.c_str(), 1);
  ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
  const unsigned char null[] = {5, 0};
  ASN1_OCTET_STRING_set(value, null, 2);
  X509_EXTENSION* extension =
      X509_EXTENSION_create_by_OBJ(nullptr, object, critical ? 1 : 0, value);
  X509_add_ext(x, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(value);
  ASN1_OBJECT_free(object);
}

void fill(X509* x, const CertificateSpec& spec, X509* issuer) {
  static long serial = 1000;
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(x), static_cast<time_t>(spec.from));
  ASN1_TIME_set(X509_getm_notAfter(x), static_cast<time_t>(spec.to));
  X509_NAME* name = X509_get_subject_name(x);
  add_name(name, "CN", spec.name);
  add_name(name, "OU", spec.unit);
  add_name(name, "O", spec.organization);
  X509_set_issuer_name(x, X509_get_subject_name(issuer));
  for (const auto& [nid, value] : spec.extensions) add_extension(x, issuer, nid, value);
  for (const std::string& oid : spec.markers) add_marker(x, oid, false);
  for (const std::string& oid : spec.critical_markers) add_marker(x, oid, true);
}

extern "C" ASN1_INTEGER* next_serial(TS_resp_ctx*, void*) {
  ASN1_INTEGER* out = ASN1_INTEGER_new();
  ASN1_INTEGER_set(out, 77);
  return out;
}

extern "C" int service_time(TS_resp_ctx*, void* data, long* seconds, long* micros) {
  *seconds = static_cast<long>(*static_cast<const std::int64_t*>(data));
  *micros = 0;
  return 1;
}

}  // namespace

Holder make_certificate(const CertificateSpec& spec, const Holder* issuer) {
  Holder out;
  out.key.reset(spec.rsa ? EVP_RSA_gen(static_cast<unsigned>(spec.bits)) : EVP_EC_gen("P-256"));
  out.certificate.reset(X509_new());
  X509* x = out.certificate.get();
  X509_set_pubkey(x, out.key.get());
  fill(x, spec, issuer != nullptr ? issuer->certificate.get() : x);
  EVP_PKEY* signer = issuer != nullptr ? issuer->key.get() : out.key.get();
  require(X509_sign(x, signer, EVP_sha256()) > 0, "sign a certificate");
  // What has been built keeps no caches: read it as anybody else does.
  out.certificate = read_x509(view_of(der_of(x)));
  return out;
}

CertificateSpec root_spec(std::string name) {
  CertificateSpec out{std::move(name), "Test Certification Authority"};
  out.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                    {NID_key_usage, "critical,keyCertSign,cRLSign"}};
  return out;
}

CertificateSpec intermediate_spec() {
  CertificateSpec out = root_spec("Test Developer ID CA");
  out.unit = "G2";
  out.markers = {"1.2.840.113635.100.6.2.6"};
  return out;
}

CertificateSpec leaf_spec(std::string team) {
  CertificateSpec out{"Developer ID Application: Test (" + team + ")", team};
  out.extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                    {NID_key_usage, "critical,digitalSignature"},
                    {NID_ext_key_usage, "critical,codeSigning"}};
  out.critical_markers = {"1.2.840.113635.100.6.1.13"};
  out.rsa = true;
  return out;
}

CertificateSpec authority_spec(std::int64_t from) {
  CertificateSpec out{"Test Timestamp Signer", "Test"};
  out.from = from;
  out.to = from + 42 * DAY;
  out.extensions = {{NID_key_usage, "critical,digitalSignature"},
                    {NID_ext_key_usage, "critical,timeStamping"}};
  return out;
}

Key share_key(const Holder& holder) {
  EVP_PKEY_up_ref(holder.key.get());
  return Key(holder.key.get(), EVP_PKEY_free);
}

SigningIdentity identity_of(const Holder& leaf, std::vector<const Holder*> above) {
  SigningIdentity out;
  out.key = share_key(leaf);
  above.insert(above.begin(), &leaf);
  for (const Holder* each : above) {
    out.chain.push_back(der_of(each->certificate.get()));
    out.certificates.push_back(describe(each->certificate.get()));
  }
  return out;
}

std::string pem_of(const Holder& holder, bool key, const char* password) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (key) {
    PEM_write_bio_PKCS8PrivateKey(
        bio.get(), holder.key.get(), password != nullptr ? EVP_aes_256_cbc() : nullptr, password,
        password != nullptr ? static_cast<int>(std::string(password).size()) : 0, nullptr, nullptr);
  } else {
    PEM_write_bio_X509(bio.get(), holder.certificate.get());
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Result<Bytes, Failure> TimestampService::answer(const Bytes& request) const {
  TS_RESP_CTX* context = TS_RESP_CTX_new();
  STACK_OF(X509)* others = sk_X509_new_null();
  sk_X509_push(others, root.certificate.get());
  ASN1_OBJECT* policy = OBJ_txt2obj("1.2.3", 1);
  TS_RESP_CTX_set_serial_cb(context, next_serial, nullptr);
  TS_RESP_CTX_set_time_cb(context, service_time, const_cast<std::int64_t*>(&time));
  TS_RESP_CTX_set_signer_cert(context, signer.certificate.get());
  TS_RESP_CTX_set_signer_key(context, signer.key.get());
  TS_RESP_CTX_set_signer_digest(context, digest);
  TS_RESP_CTX_set_certs(context, others);
  TS_RESP_CTX_set_def_policy(context, policy);
  TS_RESP_CTX_add_md(context, EVP_sha256());
  const BioPtr in(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
  TS_RESP* response = TS_RESP_create_response(context, in.get());
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_RESP(response, &bytes);
  Bytes out = copy_bytes(ByteView(bytes, static_cast<std::size_t>(std::max(size, 0))));
  OPENSSL_free(bytes);
  TS_RESP_free(response);
  TS_RESP_CTX_free(context);
  ASN1_OBJECT_free(policy);
  sk_X509_free(others);
  return out;
}

World::World()
    : root(make_certificate(root_spec())),
      intermediate(make_certificate(intermediate_spec(), &root)),
      leaf(make_certificate(leaf_spec(), &intermediate)) {
  service.root = make_certificate(root_spec("Test Timestamp Root"));
  service.signer = make_certificate(authority_spec(NOW - DAY), &service.root);
  directories = {{codesign::CSSLOT_CODEDIRECTORY, codesign::CS_HASHTYPE_SHA1, 0, "TEAM123456",
                  tenon::view_of(first)},
                 {codesign::CSSLOT_ALTERNATE_CODEDIRECTORIES, codesign::CS_HASHTYPE_SHA256, 0,
                  "TEAM123456", tenon::view_of(second)}};
  identity = identity_of(leaf, {&intermediate, &root});
  options.roots = {der_of(root.certificate.get()), der_of(service.root.certificate.get())};
  options.now = NOW;
}

Bytes World::sign(bool stamped) const {
  MakeOptions make;
  make.signing_time = service.time - 5;
  make.timestamp_trust = options;
  if (stamped) make.timestamp = [this](const Bytes& request) { return service.answer(request); };
  auto cms = make_cms(directories, identity, make);
  require(cms.has_value(), cms ? "" : cms.error().what.c_str());
  return *cms;
}

SignerReport World::verify(const Bytes& cms) const {
  return verify_cms(view_of(cms), directories, options);
}

Bytes replaced(Bytes cms, ByteView from, ByteView to) {
  const auto at = std::search(cms.begin(), cms.end(), from.bytes().begin(), from.bytes().end());
  require(at != cms.end() && from.size() == to.size(), "nothing to replace");
  std::copy(to.bytes().begin(), to.bytes().end(), at);
  return cms;
}

Bytes flipped(const Bytes& cms, ByteView part, std::size_t at) {
  Bytes other = copy_bytes(part);
  other[at] ^= std::byte{1};
  return replaced(cms, part, view_of(other));
}

Bytes signed_again(Bytes cms, EVP_PKEY* key) {
  const auto data = parse_signed_data(view_of(cms));
  require(data.has_value() && data->signers.size() == 1, "cms");
  Bytes attributes = copy_bytes(data->signers[0].signed_bytes);
  attributes[0] = std::byte{DER_SET};
  Bytes signature(data->signers[0].signature.size());
  std::size_t size = signature.size();
  const DigestPtr context(EVP_MD_CTX_new());
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         raw(view_of(attributes)), attributes.size()) == 1 &&
              size == signature.size(),
          "sign again");
  const Bytes old = copy_bytes(data->signers[0].signature);
  return replaced(std::move(cms), view_of(old), view_of(signature));
}

Bytes with_signers(const Bytes& cms, int times) {
  DerReader outer(view_of(cms));
  DerReader info(outer.next()->content);
  const Bytes oid = copy_bytes(info.next()->whole);
  DerReader wrapper(info.next()->content);
  DerReader data(wrapper.next()->content);
  Bytes content;
  while (!data.done()) {
    const Element element = *data.next();
    Bytes part = copy_bytes(element.whole);
    if (data.done()) {
      Bytes signers;
      for (int i = 0; i < times; ++i) {
        const auto bytes = element.content.bytes();
        signers.insert(signers.end(), bytes.begin(), bytes.end());
      }
      part = der(DER_SET, view_of(signers));
    }
    content.insert(content.end(), part.begin(), part.end());
  }
  return der(DER_SEQUENCE, {oid, der(DER_CONTEXT_0, {der(DER_SEQUENCE, view_of(content))})});
}

}  // namespace tenon::cms::test
