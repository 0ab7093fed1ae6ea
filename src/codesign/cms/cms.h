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
#include "codesign/blob/codesign.h"
#include "codesign/cms/der.h"

namespace tenon::identity {

enum class State : std::uint8_t {
  none,     // there is nothing to check
  valid,    // checked, right
  unknown,  // could not be decided; the cause says why
  invalid,  // checked, wrong; the cause says why
};

[[nodiscard]] std::string_view state_name(State state);

// Why something is not valid. `code` never changes its meaning; `os_name` and `os_status` are what
// Apple's Security framework answers in this case (SecBase.h, CSCommon.h, cssmerr.h), empty and 0
// when it says nothing.
struct Cause {
  std::string code;
  std::string message;
  std::string where;
  std::string os_name;
  std::int64_t os_status = 0;
};

struct Check {
  State state = State::none;
  Cause cause;  // of unknown and invalid: the first that was found
};

// A name's fields in the order of the certificate, as OID and text in UTF-8.
using NameFields = std::vector<std::pair<std::string, std::string>>;

struct Name {
  NameFields fields;
  // The first field of an OID; empty when there is none.
  [[nodiscard]] std::string_view get(std::string_view oid) const;
  [[nodiscard]] std::string_view common_name() const { return get("2.5.4.3"); }
  [[nodiscard]] std::string_view organization() const { return get("2.5.4.10"); }
  [[nodiscard]] std::string_view unit() const { return get("2.5.4.11"); }
  [[nodiscard]] std::string_view country() const { return get("2.5.4.6"); }
  [[nodiscard]] std::string_view uid() const { return get("0.9.2342.19200300.100.1.1"); }
  [[nodiscard]] std::string_view email() const { return get("1.2.840.113549.1.9.1"); }
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

  [[nodiscard]] const Extension* extension(std::string_view oid) const;
};

// malformed when `der` is no certificate or has bytes after it; unsupported without OpenSSL.
[[nodiscard]] Result<Certificate> parse_certificate(ByteView der);

// Whether the last certificate is a root of Apple, told by its hash.
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

struct VerifyOptions {
  std::vector<Bytes> roots;  // DER of roots to trust beside Apple's
  bool trust_apple = true;
  // As codesign does: without a timestamp, certificates may have expired unless the code asks
  // otherwise (CS_CHECK_EXPIRATION). false is kSecCSConsiderExpiration.
  bool tolerate_expired = true;
  std::optional<std::int64_t> now;  // the clock when not given
  int warn_days = 90;               // expiry within so many days is a warning
};

struct Verdict {
  Check format;          // one signer, every byte read
  Check signature;       // over the signed attributes as they lie there
  Check message_digest;  // of the CodeDirectory in slot 0
  Check cdhashes;        // attribute 1.2.840.113635.100.9.1
  Check digests;         // attribute 1.2.840.113635.100.9.2
  Check sealed;          // every CodeDirectory is covered by one of the three above
  Check chain;           // signatures, CA flags and key usage, up to a root
  Check expiry;          // at the time of the timestamp, or now
  Check team;            // of the CodeDirectory against the certificate
  Check timestamp;       // RFC 3161
  Check trust;           // the root is Apple's or one that was given

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
    const Check* check;
  };

  // Every check with its name, in the order above.
  [[nodiscard]] std::vector<Item> items() const;
  // The worst of all checks but `trust`: what codesign --verify judges.
  [[nodiscard]] State identity() const;
  // The worst of all checks. none: there is no CMS.
  [[nodiscard]] State state() const;
  // The causes of all checks that are invalid or unknown, trust last.
  [[nodiscard]] std::vector<Cause> causes() const;
};

// Checks the CMS of a signature (the payload of the blob in slot 0x10000) against all of its
// CodeDirectories. Never fails: what cannot be read is an invalid `format`; empty bytes, as ad-hoc
// signatures have them, give `none` everywhere. Does not compare pages or slots with the file.
// Rules: Security libsecurity_codesigning StaticCode.cpp (verifySignature), libsecurity_smime
// cmssiginfo.c and tsaSupport.c, RFC 5652, 5280, 3161.
[[nodiscard]] Verdict verify_cms(ByteView cms, std::span<const Directory> directories,
                                 const VerifyOptions& options = {});

}  // namespace tenon::identity
