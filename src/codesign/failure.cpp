#include "codesign/failure.h"

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon::codesign {

std::unexpected<Failure> failed(FailureKind kind, std::string what, std::string where,
                                std::string fix) {
  return std::unexpected(Failure{kind, std::move(what), std::move(where), std::move(fix)});
}

std::unexpected<Failure> failed(FailureKind kind, const Error& error, std::string where) {
  return std::unexpected(Failure{kind, error.what, std::move(where), {}, error.code});
}

std::string not_macho_text(const Error& error) {
  const std::string_view what = error.what;
  return what == "not a Mach-O file" ? "is not a Mach-O file"
                                     : fmt::format("is not a Mach-O file: {}", what);
}

bool is_undecided(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::not_code:
    case FailureKind::trailing_data:
    case FailureKind::unread: return true;
    case FailureKind::file:
    case FailureKind::bundle: return failure.error == Errc::changed || failure.error == Errc::busy;
    default: return false;
  }
}

Code code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::not_code:
    case FailureKind::trailing_data: return Code::signing_not_code;
    case FailureKind::not_mapped: return Code::verify_not_mapped;
    case FailureKind::unsealed: return Code::verify_unsealed_contents;
    case FailureKind::slice_table: return Code::verify_slice_table;
    case FailureKind::refused:
    case FailureKind::no_identifier:
    case FailureKind::entitlements:
    case FailureKind::file:
    case FailureKind::unread:
    case FailureKind::bundle:
    case FailureKind::too_large:
    case FailureKind::cms_too_large:
    case FailureKind::hash_type:
    case FailureKind::no_slot_zero:
    case FailureKind::no_identity:
    case FailureKind::wrong_key:
    case FailureKind::key:
    case FailureKind::check:
    case FailureKind::obstacle:
    case FailureKind::outer_seal:
    case FailureKind::no_such_code:
    case FailureKind::interrupted: return Code::signing_failed;
    case FailureKind::identity_file:
    case FailureKind::identity_format:
    case FailureKind::identity_pem:
    case FailureKind::identity_pkcs12:
    case FailureKind::legacy_encryption:
    case FailureKind::password:
    case FailureKind::certificate:
    case FailureKind::private_key:
    case FailureKind::no_key:
    case FailureKind::two_keys:
    case FailureKind::no_certificate:
    case FailureKind::incomplete_chain:
    case FailureKind::expired:
    case FailureKind::installer_certificate:
    case FailureKind::unusable_chain:
    case FailureKind::built_without_cms: return Code::signing_identity_not_usable;
    case FailureKind::timestamp_service:
    case FailureKind::timestamp_refused:
    case FailureKind::timestamp_response:
    case FailureKind::timestamp_imprint:
    case FailureKind::timestamp_nonce:
    case FailureKind::timestamp_policy:
    case FailureKind::timestamp_expired:
    case FailureKind::timestamp_token:
    case FailureKind::timestamp_random: return Code::signing_no_timestamp;
  }
  return Code::signing_failed;
}

Finding finding_of(const Failure& failure, const std::string& path) {
  std::string where = failure.where.empty() ? path : failure.where;
  Finding finding = make_finding(
      code_of(failure.kind),
      {{"where", where}, {"reason", failure.what}, {"value", where + ": " + failure.what}}, path);
  finding.evidence.push_back({Evidence::Kind::file, std::move(where), failure.what});
  if (!failure.fix.empty()) {
    finding.fixes.insert(finding.fixes.begin(),
                         Fix{Fix::Safety::manual, Shown::of(failure.fix), {}});
  }
  return finding;
}

}  // namespace tenon::codesign
