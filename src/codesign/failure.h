// Why a signature could not be made, or what it needs not be loaded: a typed reason with the way
// out. One table turns the kind into the code of a finding.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "base/result.h"
#include "diag/finding.h"

namespace tenon::codesign {

enum class FailureKind : std::uint8_t {
  // What was named is not code that can be signed.
  not_code,       // a static library, an object, a script ...
  trailing_data,  // bytes follow the program, which no signature can seal
  // The file was not signed.
  refused,        // its layout has no place for a signature
  not_mapped,     // macOS would not map it, signed or not
  unsealed,       // it uses bytes behind what a signature seals
  slice_table,    // the table of a universal file is wrong
  no_identifier,  // no identifier follows from the file, and none was given
  entitlements,   // entitlements that the system would not read
  file,           // reading or writing failed
  unread,         // something in a bundle could not be read
  bundle,         // the resources of a bundle cannot be sealed
  too_large,      // a universal file above 4 GiB
  cms_too_large,  // the CMS does not fit the reserved room
  hash_type,      // a CodeDirectory with a hash type that is not known here
  no_slot_zero,   // no CodeDirectory in slot 0
  no_identity,    // a CMS needs a key and its certificate
  wrong_key,      // the private key does not belong to the certificate
  key,            // the private key cannot sign
  check,          // what was written does not verify
  obstacle,       // strict validation would refuse the bundle, whatever its signature
  outer_seal,     // the valid seal of the bundle around it would break
  no_such_code,   // an option is for code that is not in the bundle
  interrupted,
  // The key or the certificates cannot be used.
  identity_file,          // cannot be read
  identity_format,        // neither PEM, DER nor PKCS#12
  identity_pem,           // ends within a block
  identity_pkcs12,        // cannot be decrypted
  legacy_encryption,      // needs the legacy provider of OpenSSL, which is not installed
  password,               // missing or wrong
  certificate,            // a certificate that cannot be read, or none
  private_key,            // a private key that cannot be read
  no_key,                 // no private key in any file
  two_keys,               // more than one
  no_certificate,         // none for the private key
  incomplete_chain,       // an issuer is missing
  expired,                // outside of the validity of the chain
  installer_certificate,  // signs packages, not code
  unusable_chain,         // another fault of the chain
  built_without_cms,      // this build has no OpenSSL
  // There is no timestamp.
  timestamp_service,   // the service gave no answer
  timestamp_refused,   // it gave a refusal
  timestamp_response,  // the answer is no answer of RFC 3161
  timestamp_imprint,   // the token is for another signature
  timestamp_nonce,     // the answer is to another request
  timestamp_policy,    // stamped under another policy
  timestamp_expired,   // its certificate was not valid at that time
  timestamp_token,     // the token does not verify for another reason
  timestamp_random,    // no random numbers for the nonce
};

inline constexpr FailureKind last_failure_kind = FailureKind::timestamp_random;

struct Failure {
  FailureKind kind = FailureKind::refused;
  std::string what;       // a sentence without its subject
  std::string where;      // a file, a field; may be empty
  std::string fix;        // may be empty
  Errc error = Errc::io;  // of `file` and `bundle`: the code of the error below
};

[[nodiscard]] std::unexpected<Failure> failed(FailureKind kind, std::string what,
                                              std::string where = {}, std::string fix = {});
// Of an error of a reader or of the system.
[[nodiscard]] std::unexpected<Failure> failed(FailureKind kind, const Error& error,
                                              std::string where);

// "is not a Mach-O file", with what is wrong where a reader knows more.
[[nodiscard]] std::string not_macho_text(const Error& error);

// Whether another try, or another tool, may do it: it is no code that is signed here, somebody else
// changed the file meanwhile, or something could not be read.
[[nodiscard]] bool is_undecided(const Failure& failure);

// The code of its finding.
[[nodiscard]] Code code_of(FailureKind kind);

// `path` is what was to be signed; it stands in where the failure names no place of its own.
[[nodiscard]] Finding finding_of(const Failure& failure, const std::string& path);

}  // namespace tenon::codesign
