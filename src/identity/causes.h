// The answers of Apple's Security framework to each way of being wrong.
#pragma once

#include <string>
#include <string_view>

#include "identity/identity.h"

namespace tenon::identity {

struct OsStatus {
  std::string_view name;
  std::int64_t number = 0;
};

inline constexpr OsStatus OS_NONE{};
inline constexpr OsStatus OS_SIGNATURE_FAILED{"errSecCSSignatureFailed", -67061};
inline constexpr OsStatus OS_SIGNATURE_INVALID{"errSecCSSignatureInvalid", -67045};
inline constexpr OsStatus OS_UNSIGNED{"errSecCSUnsigned", -67062};
inline constexpr OsStatus OS_BAD_TEAM{"errSecCSBadTeamIdentifier", -66997};
inline constexpr OsStatus OS_TIMESTAMP_INVALID{"errSecTimestampInvalid", -67883};
inline constexpr OsStatus OS_TIMESTAMP_NOT_TRUSTED{"errSecTimestampNotTrusted", -67884};
inline constexpr OsStatus OS_INVALID_DIGEST{"errSecInvalidDigestAlgorithm", -67815};
inline constexpr OsStatus OS_NOT_TRUSTED{"CSSMERR_TP_NOT_TRUSTED", -2147409622};
inline constexpr OsStatus OS_EXPIRED{"CSSMERR_TP_CERT_EXPIRED", -2147409654};
inline constexpr OsStatus OS_NOT_YET_VALID{"CSSMERR_TP_CERT_NOT_VALID_YET", -2147409653};

[[nodiscard]] inline Cause make_cause(std::string_view code, std::string message, std::string where,
                                      OsStatus status = OS_SIGNATURE_FAILED) {
  return {std::string(code), std::move(message), std::move(where), std::string(status.name),
          status.number};
}

[[nodiscard]] inline Check valid() { return {State::valid, {}}; }

[[nodiscard]] inline Check invalid(std::string_view code, std::string message, std::string where,
                                   OsStatus status = OS_SIGNATURE_FAILED) {
  return {State::invalid, make_cause(code, std::move(message), std::move(where), status)};
}

[[nodiscard]] inline Check unknown(std::string_view code, std::string message, std::string where) {
  return {State::unknown, make_cause(code, std::move(message), std::move(where), OS_NONE)};
}

}  // namespace tenon::identity
