// How soon a certificate ends, judged the same wherever one is seen: in an identity that signs, in
// a signature, in the keychain of a machine. Times are seconds since 1970 (UTC).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diag/finding.h"

namespace tenon {

inline constexpr std::int64_t expiry_warn_days = 90;

enum class Lifetime : std::uint8_t { long_enough, ends_soon, ended };

// The last second belongs to the life of a certificate (RFC 5280, 4.1.2.5). What has `warn_days`
// whole days left, or fewer, ends soon.
[[nodiscard]] Lifetime lifetime_of(std::int64_t not_after, std::int64_t now,
                                   std::int64_t warn_days = expiry_warn_days);

// TN0805 when it ends soon, TN1009 when it has ended; nothing otherwise. `name`: the certificate's.
[[nodiscard]] std::optional<Finding> expiry_finding(const std::string& name, std::int64_t not_after,
                                                    std::int64_t now);

// When an authority of Apple ends whose certificate is not at hand: "Developer ID Certification
// Authority", for the second one with " G2". nullopt for others. Source: the certificates on
// Apple's page of its public key infrastructure (DeveloperIDCA.cer, DeveloperIDG2CA.cer).
[[nodiscard]] std::optional<std::int64_t> known_authority_end(std::string_view name);

}  // namespace tenon
