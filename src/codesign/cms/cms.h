// Who signed, and whether that may be believed: the values that verification gives. Times are
// seconds since 1970 (UTC). Everything here owns its bytes and texts unless it says otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "codesign/blob/codesign.h"
#include "codesign/cms/der.h"
#include "codesign/verdict.h"

namespace tenon::cms {

using codesign::Cause;
using codesign::make_cause;
using codesign::State;
using codesign::Verdict;

// A name's fields in the order of the certificate, as OID and text in UTF-8.
using NameFields = std::vector<std::pair<std::string, std::string>>;

struct Name {
  NameFields fields;
  // The first field of an OID; empty when there is none.
  [[nodiscard]] std::string_view get(std::string_view oid) const TENON_LIFETIMEBOUND;
  [[nodiscard]] std::string_view common_name() const TENON_LIFETIMEBOUND { return get("2.5.4.3"); }
  [[nodiscard]] std::string_view organization() const TENON_LIFETIMEBOUND {
    return get("2.5.4.10");
  }
  [[nodiscard]] std::string_view unit() const TENON_LIFETIMEBOUND { return get("2.5.4.11"); }
  [[nodiscard]] std::string_view country() const TENON_LIFETIMEBOUND { return get("2.5.4.6"); }
  [[nodiscard]] std::string_view uid() const TENON_LIFETIMEBOUND {
    return get("0.9.2342.19200300.100.1.1");
  }
  [[nodiscard]] std::string_view email() const TENON_LIFETIMEBOUND {
    return get("1.2.840.113549.1.9.1");
  }
};

// For display and for the evaluator of requirements.
struct Certificate {
  struct Extension {
    std::string oid;
    bool critical = false;
    Bytes value;  // the content of the OCTET STRING
  };

  Bytes der;
  std::array<std::byte, 20> sha1{};
  std::array<std::byte, 32> sha256{};
  Name subject, issuer;
  std::string serial;  // hexadecimal, lower case
  std::int64_t not_before = 0, not_after = 0;
  std::vector<Extension> extensions;
  std::vector<std::string> policies;    // OIDs of certificatePolicies
  std::vector<std::string> key_usages;  // OIDs of extendedKeyUsage
  std::string key_type;                 // "RSA", "EC", ...
  int key_bits = 0;
  std::string signature_algorithm;  // OID
  bool is_ca = false, self_issued = false;

  [[nodiscard]] const Extension* extension(std::string_view oid) const TENON_LIFETIMEBOUND;
};

// malformed when `der` is no certificate or has bytes after it; unsupported without OpenSSL.
[[nodiscard]] Result<Certificate> parse_certificate(ByteView der);

// Whether the last certificate is a root of Apple, by its hash.
[[nodiscard]] bool ends_in_apple_root(const std::vector<Certificate>& chain);

enum class Kind : std::uint8_t {
  unknown,
  developer_id,  // Developer ID Application: distribution outside of the store
  apple_development,
  apple_distribution,
  mac_app_store,  // signed by Apple for its store
  apple_system,   // software of Apple itself
  installer,      // for packages, not for code
  developer_id_kext,
  self_signed,
  private_chain,  // a chain to a root that is not Apple's
};

// "Developer ID Application"
[[nodiscard]] std::string_view kind_name(Kind kind);

enum class Anchor : std::uint8_t { none, apple, given };

struct Timestamp {
  std::int64_t time = 0;
  std::string policy;                     // OID
  std::string serial;                     // hexadecimal
  std::string imprint_algorithm;          // OID
  std::string digest_algorithm;           // OID; SHA-1 is Apple's own practice
  std::vector<Certificate> certificates;  // from the signer up
  Anchor anchor = Anchor::none;
};

// One CodeDirectory as the CMS sees it. `bytes` is the whole blob and is borrowed.
struct Directory {
  std::uint32_t slot = 0;
  std::uint8_t hash_type = 0;  // CS_HASHTYPE_...
  std::uint32_t flags = 0;     // CS_...
  std::string team;
  ByteView bytes;
};

[[nodiscard]] std::vector<Directory> directories_of(std::span<const codesign::CodeDirectory> cds);

struct TrustOptions {
  std::vector<Bytes> roots;  // DER of roots to trust beside Apple's
  bool trust_apple = true;
  // As codesign does: without a timestamp, certificates may have expired unless the code asks
  // otherwise (CS_CHECK_EXPIRATION). false is kSecCSConsiderExpiration.
  bool tolerate_expired = true;
  std::optional<std::int64_t> now;  // the clock when not given
  int warn_days = 90;               // expiry within so many days is a warning
};

// The code of a complete chain whose root is neither Apple's nor one that was given.
inline constexpr std::string_view untrusted_root_code = "identity.untrusted-root";

struct SignerReport {
  Verdict format;          // one signer, every byte read
  Verdict signature;       // over the signed attributes as they lie there
  Verdict message_digest;  // of the CodeDirectory in slot 0
  Verdict cdhashes;        // attribute 1.2.840.113635.100.9.1
  Verdict digests;         // attribute 1.2.840.113635.100.9.2
  Verdict sealed;          // every CodeDirectory is covered by one of the three above
  Verdict chain;           // signatures, CA flags and key usage, up to a root
  Verdict expiry;          // at the time of the timestamp, or now
  Verdict team;            // of the CodeDirectory against the certificate
  Verdict timestamp;       // RFC 3161
  Verdict trust;           // the root is Apple's or one that was given

  Kind kind = Kind::unknown;
  Anchor anchor = Anchor::none;
  std::string digest_algorithm, signature_algorithm;  // OIDs
  std::optional<std::int64_t> signing_time;           // as the signer says
  std::optional<Timestamp> token;                     // as found, also when it is not valid
  std::int64_t checked_at = 0;                        // at which time the chain was judged
  std::vector<Certificate> certificates;              // from the signer up to the root
  std::vector<Certificate> unused;                    // others that the CMS carries
  std::vector<Cause> warnings;

  struct Item {
    std::string_view name;
    const Verdict* verdict;
  };

  // Every check with its name, in the order above.
  [[nodiscard]] std::vector<Item> items() const;
  // The worst of all checks but `trust`: what codesign --verify judges.
  [[nodiscard]] State identity() const;
  // The worst of all checks. absent: there is no CMS.
  [[nodiscard]] State state() const;
  // The causes of all checks that are invalid or unknown, trust last.
  [[nodiscard]] std::vector<Cause> causes() const;
};

// Checks the CMS of a signature (the payload of the blob in slot 0x10000) against all of its
// CodeDirectories. Never fails: what cannot be read is an invalid `format`; empty bytes, as ad-hoc
// signatures have them, are absent everywhere. Does not compare pages or slots with the file.
// Rules: Security libsecurity_codesigning StaticCode.cpp (verifySignature), libsecurity_smime
// cmssiginfo.c and tsaSupport.c, RFC 5652, 5280, 3161.
[[nodiscard]] SignerReport verify_cms(ByteView cms, std::span<const Directory> directories,
                                      const TrustOptions& options = {});

}  // namespace tenon::cms
