// The two signed attributes by which Apple seals every CodeDirectory, not only that of slot 0:
// 1.2.840.113635.100.9.1 (a property list of cdhashes) and .9.2 (full digests by algorithm).
// Rules: Security StaticCode.cpp verifySignature, signer.cpp, cmssiginfo.c, CodeSigner.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/cms/cms.h"
#include "codesign/cms/signed_data.h"

namespace tenon::cms {

// The whole digest of a CodeDirectory; nullopt when its hash type is not known here.
[[nodiscard]] std::optional<Bytes> directory_digest(const Directory& directory);
// The directories in the order in which cdhashes are listed: by hash type.
[[nodiscard]] std::vector<const Directory*> by_hash_type(std::span<const Directory> directories);
// The 20-byte hashes of key "cdhashes" of an XML property list. nullopt when it is none, or has no
// such list of data.
[[nodiscard]] std::optional<std::vector<Bytes>> parse_cdhashes(std::string_view plist);
// The property list as codesign writes it.
[[nodiscard]] std::string write_cdhashes(std::span<const Bytes> hashes);

[[nodiscard]] Verdict check_cdhashes(const SignerInfo& signer,
                                     std::span<const Directory> directories);
[[nodiscard]] Verdict check_digests(const SignerInfo& signer,
                                    std::span<const Directory> directories);
[[nodiscard]] std::string_view digest_oid_of_hash_type(std::uint8_t hash_type);

}  // namespace tenon::cms
