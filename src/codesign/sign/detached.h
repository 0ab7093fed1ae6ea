// Signatures of bundles without a Mach-O executable: Info.plist is the code, and the signature lies
// in files beside CodeResources. Rules: Security libsecurity_codesigning signer.cpp
// (signArchitectureAgnostic), cdbuilder.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/super_blob.h"
#include "codesign/sign/signature.h"

namespace tenon::sign {

struct DetachedRequest {
  std::string identifier, team;  // no team: empty
  std::uint32_t flags = 0;       // CS_ADHOC is added without `cms`
  Bytes requirements;            // a whole blob; empty: an empty set
  ByteView info_plist, code_resources;
  CmsMaker cms;  // empty: ad-hoc
};

struct DetachedSignature {
  // CodeDirectory, requirements, and the CMS without a head.
  Bytes directory, requirements, cms;
  codesign::CdHash cdhash{};

  // All of it as one SuperBlob.
  [[nodiscard]] Bytes super_blob() const;
};

// invalid_argument for an empty identifier, or one with a NUL.
[[nodiscard]] Result<DetachedSignature> sign_detached(const DetachedRequest& request);

}  // namespace tenon::sign
