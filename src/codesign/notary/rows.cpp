#include "codesign/notary/rows.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "diag/codes.h"

namespace tenon::codesign {
namespace {

// The first row of a code has the message that the lint gives; of those that begin alike the longer
// one comes first.
constexpr NotaryRow all_rows[] = {
    {Code::notarize_no_developer_id,
     "The binary is not signed with a valid Developer ID certificate."},
    {Code::notarize_not_signed, "The binary is not signed."},
    {Code::notarize_signature_invalid, "The signature of the binary is invalid."},
    {Code::notarize_no_secure_timestamp, "The signature does not include a secure timestamp."},
    {Code::notarize_no_hardened_runtime,
     "The executable does not have the hardened runtime enabled."},
    {Code::notarize_get_task_allow,
     "The executable requests the com.apple.security.get-task-allow entitlement."},
    {Code::notarize_old_sdk, "The binary uses an SDK older than the 10.9 SDK."},
    {Code::notarize_weak_algorithm, "The signature algorithm used is too weak."},
    {Code::notarize_entitlements_invalid, "Embedded entitlements are invalid"},
    {Code::notarize_static_library, "The binary is not signed."},
};

}  // namespace

std::span<const NotaryRow> notary_rows() { return all_rows; }

std::string_view notary_message(Code code) {
  const auto found = std::ranges::find(all_rows, code, &NotaryRow::code);
  return found == std::end(all_rows) ? std::string_view() : found->message;
}

Code notary_code(std::string_view message) {
  const auto found = std::ranges::find_if(
      all_rows, [&](const NotaryRow& row) { return message.starts_with(row.message); });
  return found == std::end(all_rows) ? Code::notarize_reported : found->code;
}

}  // namespace tenon::codesign
