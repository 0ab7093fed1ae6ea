// For builds without OpenSSL: what carries no CMS is told as ever, everything else is unknown.
#include "codesign/cms/causes.h"
#include "codesign/cms/cms.h"
#include "codesign/cms/signing.h"

namespace tenon::identity {

namespace {

constexpr const char* WITHOUT = "unchecked: built without OpenSSL";
constexpr const char* FIX = "use a build of tenon with OpenSSL";

}  // namespace

Verdict verify_cms(ByteView cms, std::span<const Directory> /*directories*/,
                   const VerifyOptions& /*options*/) {
  Verdict verdict;
  if (!cms.empty()) verdict.format = unknown("cms.unchecked", WITHOUT, "CMS");
  return verdict;
}

Result<Certificate> parse_certificate(ByteView der) {
  return fail(Errc::unsupported, WITHOUT, der.base());
}

Expected<SigningIdentity> load_identity(std::span<const CredentialFile> /*files*/,
                                        const PasswordCallback& /*password*/,
                                        const LoadOptions& /*options*/) {
  return failed("identity.unsupported", WITHOUT, {}, FIX);
}

Expected<Bytes> make_cms(std::span<const Directory> /*directories*/,
                         const SigningIdentity& /*identity*/, const MakeOptions& /*options*/) {
  return failed("identity.unsupported", WITHOUT, {}, FIX);
}

Expected<TimestampRequest> make_timestamp_request(ByteView /*signature*/,
                                                  std::string_view /*policy*/) {
  return failed("identity.unsupported", WITHOUT, {}, FIX);
}

Expected<Bytes> read_timestamp_response(const TimestampRequest& /*request*/, ByteView /*response*/,
                                        const VerifyOptions& /*options*/,
                                        std::string_view /*policy*/) {
  return failed("identity.unsupported", WITHOUT, {}, FIX);
}

TokenCheck check_token(ByteView /*token*/, ByteView /*signature*/,
                       const VerifyOptions& /*options*/) {
  return {unknown("timestamp.unchecked", WITHOUT, "timestamp"), {}, {}, {}};
}

Expected<std::vector<Bytes>> read_certificates(const CredentialFile& file) {
  return failed("identity.unsupported", WITHOUT, file.name, FIX);
}

bool ends_in_apple_root(const std::vector<Certificate>& /*chain*/) { return false; }

}  // namespace tenon::identity
