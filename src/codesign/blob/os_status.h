// What Apple's Security framework answers to each way in which a signature is wrong (CSCommon.h,
// SecBase.h, cssmerr.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace tenon {

struct OsStatus {
  std::string_view name;  // empty: the system says nothing
  std::int64_t number = 0;
};

inline constexpr OsStatus OS_NONE{};
inline constexpr OsStatus OS_UNSIGNED{"errSecCSUnsigned", -67062};
inline constexpr OsStatus OS_SIGNATURE_FAILED{"errSecCSSignatureFailed", -67061};
inline constexpr OsStatus OS_SIGNATURE_UNSUPPORTED{"errSecCSSignatureUnsupported", -67059};
inline constexpr OsStatus OS_RESOURCES_NOT_SEALED{"errSecCSResourcesNotSealed", -67057};
inline constexpr OsStatus OS_RESOURCES_NOT_FOUND{"errSecCSResourcesNotFound", -67056};
inline constexpr OsStatus OS_RESOURCES_INVALID{"errSecCSResourcesInvalid", -67055};
inline constexpr OsStatus OS_BAD_RESOURCE{"errSecCSBadResource", -67054};
inline constexpr OsStatus OS_REQ_INVALID{"errSecCSReqInvalid", -67052};
inline constexpr OsStatus OS_REQ_FAILED{"errSecCSReqFailed", -67050};
inline constexpr OsStatus OS_BAD_OBJECT_FORMAT{"errSecCSBadObjectFormat", -67049};
inline constexpr OsStatus OS_SIGNATURE_INVALID{"errSecCSSignatureInvalid", -67045};
inline constexpr OsStatus OS_INFO_PLIST_FAILED{"errSecCSInfoPlistFailed", -67030};
inline constexpr OsStatus OS_BAD_BUNDLE_FORMAT{"errSecCSBadBundleFormat", -67028};
inline constexpr OsStatus OS_RESOURCE_DIRECTORY_FAILED{"errSecCSResourceDirectoryFailed", -67023};
inline constexpr OsStatus OS_UNSIGNED_NESTED_CODE{"errSecCSUnsignedNestedCode", -67022};
inline constexpr OsStatus OS_BAD_NESTED_CODE{"errSecCSBadNestedCode", -67021};
inline constexpr OsStatus OS_RESOURCE_NOT_SUPPORTED{"errSecCSResourceNotSupported", -67016};
inline constexpr OsStatus OS_WEAK_RESOURCE_RULES{"errSecCSWeakResourceRules", -67013};
inline constexpr OsStatus OS_BAD_MAIN_EXECUTABLE{"errSecCSBadMainExecutable", -67010};
inline constexpr OsStatus OS_UNSEALED_APP_ROOT{"errSecCSUnsealedAppRoot", -67014};
inline constexpr OsStatus OS_BAD_FRAMEWORK_VERSION{"errSecCSBadFrameworkVersion", -67009};
inline constexpr OsStatus OS_WEAK_RESOURCE_ENVELOPE{"errSecCSWeakResourceEnvelope", -67007};
inline constexpr OsStatus OS_INVALID_SYMLINK{"errSecCSInvalidSymlink", -67003};
inline constexpr OsStatus OS_BAD_TEAM{"errSecCSBadTeamIdentifier", -66997};
inline constexpr OsStatus OS_INVALID_ENTITLEMENTS{"errSecCSInvalidEntitlements", -66994};
inline constexpr OsStatus OS_TIMESTAMP_INVALID{"errSecTimestampInvalid", -67883};
inline constexpr OsStatus OS_TIMESTAMP_NOT_TRUSTED{"errSecTimestampNotTrusted", -67884};
inline constexpr OsStatus OS_INVALID_DIGEST{"errSecInvalidDigestAlgorithm", -67815};
inline constexpr OsStatus OS_NOT_TRUSTED{"CSSMERR_TP_NOT_TRUSTED", -2147409622};
inline constexpr OsStatus OS_EXPIRED{"CSSMERR_TP_CERT_EXPIRED", -2147409654};
inline constexpr OsStatus OS_NOT_YET_VALID{"CSSMERR_TP_CERT_NOT_VALID_YET", -2147409653};

}  // namespace tenon
