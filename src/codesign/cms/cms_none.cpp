// For builds without OpenSSL: what carries no CMS is judged as ever, everything else is unknown.
#include "codesign/cms/causes.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/es256.h"
#include "codesign/cms/package.h"
#include "codesign/cms/signing.h"

namespace tenon::cms {

namespace {

constexpr const char* WITHOUT = "unchecked: built without OpenSSL";
constexpr const char* FIX = "use a build of tenon with OpenSSL";

}  // namespace

SignerReport verify_cms(ByteView cms, std::span<const Directory> /*directories*/,
                        const TrustOptions& /*options*/) {
  SignerReport verdict;
  if (!cms.empty()) verdict.format = unknown("cms.unchecked", WITHOUT, "CMS");
  return verdict;
}

Result<Certificate> parse_certificate(ByteView der) {
  return fail(Errc::unsupported, WITHOUT, der.base());
}

Result<SigningIdentity, Failure> load_identity(std::span<const CredentialFile> /*files*/,
                                               const PasswordCallback& /*password*/,
                                               const LoadOptions& /*options*/) {
  return failed(FailureKind::built_without_cms, WITHOUT, {}, FIX);
}

Result<Bytes, Failure> make_cms(std::span<const Directory> /*directories*/,
                                const SigningIdentity& /*identity*/,
                                const MakeOptions& /*options*/) {
  return failed(FailureKind::built_without_cms, WITHOUT, {}, FIX);
}

Result<TimestampRequest, Failure> make_timestamp_request(ByteView /*signature*/,
                                                         std::string_view /*policy*/) {
  return failed(FailureKind::built_without_cms, WITHOUT, {}, FIX);
}

Result<Bytes, Failure> read_timestamp_response(const TimestampRequest& /*request*/,
                                               ByteView /*response*/,
                                               const TrustOptions& /*options*/,
                                               std::string_view /*policy*/) {
  return failed(FailureKind::built_without_cms, WITHOUT, {}, FIX);
}

TokenCheck check_token(ByteView /*token*/, ByteView /*signature*/,
                       const TrustOptions& /*options*/) {
  return {unknown("timestamp.unchecked", WITHOUT, "timestamp"), {}, {}, {}};
}

Result<std::vector<Bytes>, Failure> read_certificates(const CredentialFile& file) {
  return failed(FailureKind::built_without_cms, WITHOUT, file.name, FIX);
}

PackageSigner verify_package(const PackageSignature& /*package*/, const TrustOptions& /*options*/) {
  PackageSigner out;
  out.signature = unknown("package.unchecked", WITHOUT, "signature of the package");
  return out;
}

Result<Key> read_es256_key(ByteView pem) { return fail(Errc::unsupported, WITHOUT, pem.base()); }

Result<std::string> sign_es256(const Key& /*key*/, std::string_view /*text*/) {
  return fail(Errc::unsupported, WITHOUT);
}

bool ends_in_apple_root(const std::vector<Certificate>& /*chain*/) { return false; }

}  // namespace tenon::cms
