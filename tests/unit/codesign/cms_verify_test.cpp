#include <doctest/doctest.h>
#include <openssl/cms.h>

#include <algorithm>
#include <string>

#include "codesign/cms/signed_data.h"
#include "codesign/sign/step.h"
#include "codesign/test_pki.h"
#include "diag/code.h"
#include "diag/report.h"
#include "notarize/lint.h"
#include "notarize/lint_report.h"

using namespace tenon;
using namespace tenon::cms;
using namespace tenon::cms::test;

namespace {

const World& world() {
  static const World made;
  return made;
}

bool warns(const SignerReport& verdict, std::string_view code) {
  return std::any_of(verdict.warnings.begin(), verdict.warnings.end(),
                     [&](const Cause& cause) { return cause.code == code; });
}

SignerInfo signer_of(const Bytes& cms) { return parse_signed_data(view_of(cms))->signers.at(0); }

const Element& value_of(const SignerInfo& signer, std::string_view oid) {
  return *only_value(signer.signed_attributes, oid);
}

// A world with another leaf.
struct Signed {
  Bytes cms;
  SignerReport verdict;
};

Signed sign_with(CertificateSpec spec, bool stamped = false, std::int64_t now = NOW) {
  const World& w = world();
  const Holder leaf = make_certificate(spec, &w.intermediate);
  MakeOptions make;
  make.signing_time = w.service.time;
  make.timestamp_trust = w.options;
  if (stamped) make.timestamp = [&](const Bytes& request) { return w.service.answer(request); };
  auto cms = make_cms(w.directories, identity_of(leaf, {&w.intermediate, &w.root}), make);
  REQUIRE(cms.has_value());
  TrustOptions options = w.options;
  options.now = now;
  return {*cms, verify_cms(view_of(*cms), w.directories, options)};
}

SignerReport verify_chain(const Holder& leaf, std::vector<const Holder*> above,
                          const TrustOptions& options) {
  MakeOptions make;
  make.signing_time = NOW;
  const auto cms = make_cms(world().directories, identity_of(leaf, std::move(above)), make);
  REQUIRE(cms.has_value());
  return verify_cms(view_of(*cms), world().directories, options);
}

}  // namespace

TEST_CASE("a good signature is valid in every respect") {
  for (const bool stamped : {false, true}) {
    const SignerReport v = world().verify(world().sign(stamped));
    for (const auto& item : v.items()) {
      CAPTURE(item.name);
      CAPTURE(item.verdict->cause().message);
      const bool absent = item.name == "timestamp" && !stamped;
      CHECK(item.verdict->state == (absent ? State::absent : State::valid));
    }
    CHECK(v.state() == State::valid);
    CHECK(v.kind == Kind::private_chain);  // the marks of a Developer ID, and not Apple's root
    CHECK(v.anchor == Anchor::given);
    CHECK(v.certificates.size() == 3);
    CHECK(v.certificates[0].subject.unit() == "TEAM123456");
    CHECK(v.warnings.empty());
    CHECK(v.token.has_value() == stamped);
    CHECK(v.signing_time == NOW - 5);
  }
}

TEST_CASE("an empty CMS is none") {
  const SignerReport v = world().verify({});
  CHECK(v.state() == State::absent);
  CHECK(v.causes().empty());
}

TEST_CASE("every byte of the signed part matters") {
  const Bytes cms = world().sign();
  const SignerInfo signer = signer_of(cms);
  CHECK(world().verify(flipped(cms, signer.signature, 7)).signature.cause().code ==
        "cms.signature");
  SignerReport v =
      world().verify(flipped(cms, value_of(signer, "1.2.840.113549.1.9.4").content, 3));
  CHECK(v.message_digest.cause().code == "cms.message-digest");
  CHECK(v.signature.state == State::invalid);
  v = world().verify(flipped(cms, value_of(signer, "1.2.840.113549.1.9.5").content, 11));
  CHECK(v.signature.state == State::invalid);
  CHECK(v.signature.cause().os_status == -67061);
}

TEST_CASE("attribute 9.1 with another cdhash, signed") {
  const Bytes cms = world().sign();
  const std::string text(value_of(signer_of(cms), OID_CDHASHES).content.text());
  std::string other = text;
  const auto at = other.find("<data>\n\t\t") + 9;
  other[at] = other[at] == 'A' ? 'B' : 'A';
  const SignerReport v = world().verify(signed_again(
      replaced(cms, tenon::view_of(text), tenon::view_of(other)), world().leaf.key.get()));
  CHECK(v.signature.state == State::valid);
  CHECK(v.cdhashes.cause().code == "cms.cdhashes");
  CHECK(v.state() == State::invalid);
}

TEST_CASE("attribute 9.2 with another digest, signed") {
  const Bytes cms = world().sign();
  const SignerInfo signer = signer_of(cms);
  const ByteView value = find_once(signer.signed_attributes, OID_CD_DIGESTS)->values[0].whole;
  const SignerReport v =
      world().verify(signed_again(flipped(cms, value, value.size() - 1), world().leaf.key.get()));
  CHECK(v.signature.state == State::valid);
  CHECK(v.cdhashes.state == State::valid);
  CHECK(v.digests.cause().code == "cms.digests");
}

TEST_CASE("values of 9.2 in another order than DER's, as codesign of 2018 wrote them") {
  const Bytes cms = world().sign();
  const SignerInfo signer = signer_of(cms);
  const auto& values = find_once(signer.signed_attributes, OID_CD_DIGESTS)->values;
  Bytes sorted = copy_bytes(values[0].whole), turned = copy_bytes(values[1].whole);
  const Bytes a = sorted, b = turned;
  sorted.insert(sorted.end(), b.begin(), b.end());
  turned.insert(turned.end(), a.begin(), a.end());
  const SignerReport v = world().verify(
      signed_again(replaced(cms, view_of(sorted), view_of(turned)), world().leaf.key.get()));
  CHECK(v.state() == State::valid);
}

TEST_CASE("CodeDirectories that were changed, left out, added or swapped") {
  const Bytes cms = world().sign();
  const auto verify = [&](std::vector<Directory> directories) {
    return verify_cms(view_of(cms), directories, world().options);
  };
  const std::string other = "another CodeDirectory";
  auto cds = world().directories;
  cds[0].bytes = tenon::view_of(other);
  CHECK(verify(cds).message_digest.state == State::invalid);
  cds = world().directories;
  cds[1].bytes = tenon::view_of(other);
  SignerReport v = verify(cds);
  CHECK(v.message_digest.state == State::valid);
  CHECK(v.cdhashes.state == State::invalid);
  CHECK(v.digests.state == State::invalid);
  cds.pop_back();
  CHECK(verify(cds).digests.cause().message == "holds 2 digests for 1 CodeDirectories");
  cds = world().directories;
  std::swap(cds[0].bytes, cds[1].bytes);
  CHECK(verify(cds).state() == State::invalid);
  cds = world().directories;
  cds[0].slot = codesign::CSSLOT_ALTERNATE_CODEDIRECTORIES + 1;
  CHECK(verify(cds).message_digest.cause().code == "cms.no-slot-0");
  cds = world().directories;
  cds[1].hash_type = codesign::CS_HASHTYPE_SHA1;
  CHECK(verify(cds).sealed.cause().code == "cms.directory-twice");
}

TEST_CASE("the CMS of another program") {
  World other;
  other.first = "another program";
  other.directories[0].bytes = tenon::view_of(other.first);
  const SignerReport v = verify_cms(view_of(other.sign()), world().directories, other.options);
  CHECK(v.signature.state == State::valid);
  CHECK(v.message_digest.cause().code == "cms.message-digest");
}

TEST_CASE("the form of the CMS") {
  Bytes cms = world().sign();
  CHECK(world().verify(with_signers(cms, 1)).state() == State::valid);
  CHECK(world().verify(with_signers(cms, 2)).format.cause().code == "cms.many-signers");
  CHECK(world().verify(with_signers(cms, 0)).format.cause().code == "cms.no-signer");
  cms.push_back(std::byte{0});
  CHECK(world().verify(cms).format.cause().code == "cms.malformed");
  cms.resize(cms.size() - 2);
  CHECK(world().verify(cms).format.state == State::invalid);
  CHECK(world().verify(Bytes(8)).format.state == State::invalid);
}

TEST_CASE("an expired leaf without and with a timestamp") {
  CertificateSpec spec = leaf_spec();
  spec.to = NOW + 10 * DAY;
  SignerReport v = sign_with(spec, false, NOW + 20 * DAY).verdict;
  CHECK(v.state() == State::valid);
  CHECK(warns(v, "identity.expired-tolerated"));
  const Signed stamped = sign_with(spec, true, NOW + 20 * DAY);
  CHECK(stamped.verdict.state() == State::valid);
  CHECK(warns(stamped.verdict, "identity.expired-since"));
  CHECK(stamped.verdict.checked_at == NOW);
  TrustOptions strict = world().options;
  strict.now = NOW + 20 * DAY;
  strict.tolerate_expired = false;
  const Bytes plain = sign_with(spec).cms;
  v = verify_cms(view_of(plain), world().directories, strict);
  CHECK(v.expiry.cause().os_name == "CSSMERR_TP_CERT_EXPIRED");
  auto forced = world().directories;
  forced[0].flags = codesign::CS_CHECK_EXPIRATION;
  strict.tolerate_expired = true;
  CHECK(verify_cms(view_of(plain), forced, strict).expiry.state == State::invalid);
  spec.to = NOW - DAY;  // had expired when it was stamped
  v = sign_with(spec, true).verdict;
  CHECK(v.timestamp.state == State::valid);
  CHECK(v.expiry.cause().code == "identity.expired");
}

TEST_CASE("certificates that expire soon are warned of") {
  CertificateSpec spec = leaf_spec();
  spec.to = NOW + 30 * DAY;
  const SignerReport v = sign_with(spec).verdict;
  CHECK(v.state() == State::valid);
  CHECK(warns(v, "identity.expires"));
}

TEST_CASE("what signs and what is linted is judged by the same day") {
  CertificateSpec spec = leaf_spec();
  spec.to = NOW + 30 * DAY;
  const Holder leaf = make_certificate(spec, &world().intermediate);
  const SigningIdentity identity = identity_of(leaf, {&world().intermediate, &world().root});
  const auto told = [&](std::int64_t now, bool lint) {
    Report report;
    notarize::LintResult result;
    result.certificates = identity.certificates;
    if (lint) notarize::add_to_report(result, now, report);
    auto findings = lint ? report.findings : codesign::expiry_findings(result.certificates, now);
    std::string out;
    for (const Finding& each : findings) out += std::string(code_text(each.code)) + " ";
    return out;
  };
  const auto both = [&](std::int64_t now) { return told(now, false) + "| " + told(now, true); };
  CHECK(both(NOW - 61 * DAY) == "| ");
  CHECK(both(NOW - 60 * DAY) == "TN0805 | TN0805 ");
  CHECK(both(NOW + 30 * DAY) == "TN0805 | TN0805 ");
  // What has ended signs no more; what it signed before may be valid by its timestamp.
  CHECK(both(NOW + 30 * DAY + 1) == "TN1009 | ");
  // The authorities end at last: all three, the root too.
  CHECK(both(NOW + 3600 * DAY) == "TN1009 TN0805 TN0805 | TN0805 TN0805 ");
}

TEST_CASE("the team of another developer") {
  auto cds = world().directories;
  cds[0].team = "OTHER98765";
  const SignerReport v = verify_cms(view_of(world().sign()), cds, world().options);
  CHECK(v.team.cause().os_status == -66997);
}

TEST_CASE("a chain of one's own named like Apple's") {
  CertificateSpec spec = root_spec("Apple Root CA");
  spec.unit = "Apple Certification Authority";
  spec.organization = "Apple Inc.";
  const Holder root = make_certificate(spec);
  const Holder middle = make_certificate(intermediate_spec(), &root);
  const Holder leaf = make_certificate(leaf_spec(), &middle);
  for (const auto& above : {std::vector{&middle, &root}, std::vector{&middle}}) {
    const SignerReport v = verify_chain(leaf, above, world().options);
    CHECK(v.trust.state == State::invalid);
    CHECK(v.state() == State::invalid);
    CHECK(v.kind != Kind::developer_id);
  }
  CHECK(verify_chain(leaf, {&middle, &root}, world().options).trust.cause().code ==
        "identity.false-apple-root");
}

TEST_CASE("chains that do not hold") {
  const World& w = world();
  CertificateSpec not_ca = intermediate_spec();
  not_ca.extensions = {{NID_basic_constraints, "critical,CA:FALSE"}};
  const Holder middle = make_certificate(not_ca, &w.root);
  const Holder leaf = make_certificate(leaf_spec(), &middle);
  CHECK(verify_chain(leaf, {&middle, &w.root}, w.options).chain.state == State::invalid);

  const Holder false_root = make_certificate(root_spec());  // same name, another key
  const SignerReport v = verify_chain(w.leaf, {&w.intermediate, &false_root}, w.options);
  CHECK(v.state() == State::invalid);

  TrustOptions none = w.options;
  none.roots.clear();
  CHECK(verify_chain(w.leaf, {&w.intermediate, &w.root}, none).trust.cause().code ==
        "identity.untrusted-root");
  CHECK(verify_chain(w.leaf, {&w.intermediate}, none).trust.cause().code == "identity.incomplete");
  CHECK(verify_chain(w.leaf, {&w.intermediate}, w.options).state() == State::valid);
}

TEST_CASE("certificates that may not sign code") {
  CertificateSpec spec = leaf_spec();
  spec.extensions.back().second = "critical,1.2.840.113635.100.4.13";
  spec.critical_markers = {"1.2.840.113635.100.6.1.14"};
  SignerReport v = sign_with(spec).verdict;
  CHECK(v.chain.cause().code == "identity.installer-certificate");
  CHECK(v.kind == Kind::installer);
  spec = leaf_spec();
  spec.extensions.pop_back();
  CHECK(sign_with(spec).verdict.chain.cause().code == "identity.key-usage");
  spec = leaf_spec();
  spec.critical_markers.push_back("1.2.3.4.5");
  CHECK(sign_with(spec).verdict.chain.state == State::invalid);
  spec = leaf_spec();
  spec.bits = 1024;
  v = sign_with(spec).verdict;
  CHECK(warns(v, "identity.weak-key"));
}

TEST_CASE("a self-signed certificate is told apart") {
  CertificateSpec spec = leaf_spec();
  spec.critical_markers.clear();
  const Holder own = make_certificate(spec);
  TrustOptions options = world().options;
  SignerReport v = verify_chain(own, {}, options);
  CHECK(v.kind == Kind::self_signed);
  CHECK(v.identity() == State::valid);
  CHECK(v.trust.state == State::invalid);
  options.roots.push_back(der_of(own.certificate.get()));
  CHECK(verify_chain(own, {}, options).state() == State::valid);
}

namespace {

// A CMS as another program makes it: no attributes of Apple, or none at all.
Bytes plain_cms(const World& w, unsigned flags) {
  STACK_OF(X509)* others = sk_X509_new_null();
  sk_X509_push(others, w.intermediate.certificate.get());
  sk_X509_push(others, w.root.certificate.get());
  const BioPtr content(BIO_new_mem_buf(w.first.data(), static_cast<int>(w.first.size())));
  CMS_ContentInfo* cms = CMS_sign(w.leaf.certificate.get(), w.leaf.key.get(), others, content.get(),
                                  CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | flags);
  const BioPtr out(BIO_new(BIO_s_mem()));
  i2d_CMS_bio(out.get(), cms);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  Bytes bytes = copy_bytes(ByteView(data, static_cast<std::size_t>(size)));
  CMS_ContentInfo_free(cms);
  sk_X509_free(others);
  return bytes;
}

// The four outer elements with indefinite lengths, as Apple's encoder streams them.
Bytes streamed(const Bytes& cms) {
  DerReader outer(view_of(cms));
  DerReader info(outer.next()->content);
  const ByteView oid = info.next()->whole;
  DerReader wrapper(info.next()->content);
  const ByteView data = wrapper.next()->content;
  std::string out("\x30\x80", 2);
  out += oid.text();
  out += std::string("\xa0\x80\x30\x80", 4);
  out += data.text();
  out += std::string(6, '\0');
  return copy_bytes(tenon::view_of(out));
}

}  // namespace

TEST_CASE("a CMS of OpenSSL, without Apple's attributes") {
  const World& w = world();
  const std::vector<Directory> one(w.directories.begin(), w.directories.begin() + 1);
  for (const unsigned flags : {0U, static_cast<unsigned>(CMS_NOATTR)}) {
    const Bytes cms = plain_cms(w, flags);
    SignerReport v = verify_cms(view_of(cms), one, w.options);
    CHECK(v.state() == State::valid);
    CHECK(v.cdhashes.state == State::absent);
    CHECK(v.message_digest.state == (flags == 0 ? State::valid : State::absent));
    CHECK(warns(v, "cms.no-apple-attributes") == (flags == 0));  // by the time that it names
    v = verify_cms(view_of(cms), w.directories, w.options);
    CHECK(v.sealed.cause().code == "cms.directories-unsealed");
    const std::string other = "another CodeDirectory";
    auto changed = one;
    changed[0].bytes = tenon::view_of(other);
    CHECK(verify_cms(view_of(cms), changed, w.options).state() == State::invalid);
  }
}

TEST_CASE("indefinite lengths, as Apple's encoder writes them") {
  const Bytes cms = streamed(world().sign(true));
  CHECK(world().verify(cms).state() == State::valid);
  Bytes cut = cms;
  cut.resize(cut.size() - 2);
  CHECK(world().verify(cut).format.state == State::invalid);
}

TEST_CASE("an elliptic curve signs too") {
  CertificateSpec spec = leaf_spec();
  spec.rsa = false;
  CHECK(sign_with(spec, true).verdict.state() == State::valid);
}

TEST_CASE("certificates beside the chain") {
  const World& w = world();
  const Holder stranger = make_certificate(root_spec("Stranger"));
  SigningIdentity identity = w.identity;
  identity.chain.push_back(der_of(stranger.certificate.get()));
  MakeOptions make;
  make.signing_time = NOW;
  SignerReport v = w.verify(*make_cms(w.directories, identity, make));
  CHECK(v.state() == State::valid);
  CHECK(warns(v, "cms.unused-certificate"));
  CHECK(v.unused.size() == 1);
  identity.chain.back().back() ^= std::byte{1};  // its signature
  v = w.verify(*make_cms(w.directories, identity, make));
  CHECK(v.state() == State::invalid);
}

TEST_CASE("what cannot be made says why") {
  const World& w = world();
  auto cds = w.directories;
  cds[0].slot = 5;
  CHECK(make_cms(cds, w.identity).error().kind == FailureKind::no_slot_zero);
  cds = w.directories;
  cds[1].hash_type = 99;
  CHECK(make_cms(cds, w.identity).error().kind == FailureKind::hash_type);
  SigningIdentity wrong = w.identity;
  wrong.key = share_key(w.root);
  CHECK(make_cms(w.directories, wrong).error().kind == FailureKind::wrong_key);
  CHECK(make_cms(w.directories, {}).error().kind == FailureKind::no_identity);
}
