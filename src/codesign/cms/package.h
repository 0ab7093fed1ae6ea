// The signature of an installer package (xar): who signed the digest of its table of contents.
// Rules: xar lib/signature.c; Security SecPolicy.c (package signing).
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codesign/cms/cms.h"

namespace tenon::cms {

struct PackageSigner {
  Verdict checksum;   // the stored checksum is that of the table
  Verdict signature;  // RSA over the checksum
  Verdict chain;      // up to a root, valid now or at the time of a timestamp that is not read here
  Anchor anchor = Anchor::none;
  Kind kind = Kind::unknown;  // installer
  bool developer_id = false;  // Developer ID Installer of Apple
  std::vector<Certificate> certificates;

  [[nodiscard]] State state() const;
  [[nodiscard]] std::string_view why() const TENON_LIFETIMEBOUND;
};

// `toc` is what `checksum` is a digest of, by `style` ("sha1", "sha256", "sha512");
// `certificates` has the signer first.
struct PackageSignature {
  ByteView toc, checksum, signature;
  std::string_view style;
  const std::vector<Bytes>* certificates = nullptr;
};

[[nodiscard]] PackageSigner verify_package(const PackageSignature& package,
                                           const TrustOptions& options);

}  // namespace tenon::cms
