// What certificates are for: Apple's object identifiers and the kinds of signers that follow.
// Sources: Security StaticCode.cpp (isAppleDeveloperCert), drmaker.cpp, SecPolicy.c; Apple's
// certification practice statements.
#pragma once

#include <string_view>
#include <vector>

#include "codesign/cms/cms.h"

namespace tenon::cms {

inline constexpr std::string_view APPLE_ARC = "1.2.840.113635.100.";
inline constexpr std::string_view OID_SHA1 = "1.3.14.3.2.26";
inline constexpr std::string_view OID_SHA256 = "2.16.840.1.101.3.4.2.1";
inline constexpr std::string_view OID_SHA384 = "2.16.840.1.101.3.4.2.2";
inline constexpr std::string_view OID_SHA512 = "2.16.840.1.101.3.4.2.3";
inline constexpr std::string_view OID_EKU_CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
inline constexpr std::string_view OID_EKU_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
inline constexpr std::string_view OID_EKU_INSTALLER = "1.2.840.113635.100.4.13";
inline constexpr std::string_view OID_EKU_STORE_INSTALLER = "1.2.840.113635.100.4.9";
inline constexpr std::string_view OID_KEY_USAGE = "2.5.29.15";
inline constexpr std::string_view OID_EXTENDED_KEY_USAGE = "2.5.29.37";

// Whether `certificate` has the extension APPLE_ARC + `suffix`.
[[nodiscard]] bool has_extension(const Certificate& certificate, std::string_view suffix);
[[nodiscard]] bool has_key_usage(const Certificate& certificate, std::string_view oid);
// From the markers of the leaf and its issuer; says nothing about trust.
[[nodiscard]] Kind kind_of(const std::vector<Certificate>& chain, Anchor anchor);
// Certificates whose team the CodeDirectory must repeat.
[[nodiscard]] bool is_apple_developer(const std::vector<Certificate>& chain);

}  // namespace tenon::cms
