// Makes the CMS of a code signature, and loads what signs it. Reads no files: callers hand in
// bytes and names for messages.
// Format: Security signer.cpp (signCodeDirectoryWithIdentity), CMSEncoder; RFC 5652.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/cms/cms.h"
#include "codesign/cms/timestamp.h"
#include "codesign/failure.h"

struct evp_pkey_st;

namespace tenon::cms {

// A private key, shared by its copies.
using Key = std::shared_ptr<evp_pkey_st>;

struct SigningIdentity {
  Key key;
  std::vector<Bytes> chain;               // DER, from the certificate of `key` up to the root
  std::vector<Certificate> certificates;  // the same, read
};

// A file that may hold a key, certificates or both: PEM, DER or PKCS#12, recognized by its
// contents.
struct CredentialFile {
  std::string name;
  ByteView bytes;
};

// The password of a file, asked once a file; nullopt when there is none. The text is wiped after
// use as far as it is in our hands.
using PasswordCallback = std::function<std::optional<std::string>(const std::string& file)>;

struct LoadOptions {
  std::optional<std::int64_t> now;  // the clock when not given
};

// Takes the one private key of all files, its certificate, and the chain above it, completed with
// Apple's published intermediates and root. Of several certificates for the key it takes one for
// code signing that is valid now. Failures: no key or two, no certificate for it, a certificate
// that may not sign code (Installer) or has expired, a chain without its root, a wrong password,
// encryption that needs OpenSSL's legacy provider where that is not installed.
[[nodiscard]] Result<SigningIdentity, Failure> load_identity(std::span<const CredentialFile> files,
                                                             const PasswordCallback& password = {},
                                                             const LoadOptions& options = {});

// The DER of every certificate in a file: PEM with one or more, or one in DER. Failures: none, or
// one that cannot be read.
[[nodiscard]] Result<std::vector<Bytes>, Failure> read_certificates(const CredentialFile& file);

struct MakeOptions {
  std::optional<std::int64_t> signing_time;  // the clock when not given
  TimestampFetch timestamp;                  // no timestamp when empty
  TrustOptions timestamp_trust;              // roots for the timestamp authority
};

// The CMS (to be wrapped in a blob of slot 0x10000) over the CodeDirectory of slot 0, with Apple's
// attributes for all of them: detached SignedData of version 1, SHA-256, the chain with its root.
// Fails without slot 0, for hash types that are not known, and with the timestamp's failures.
[[nodiscard]] Result<Bytes, Failure> make_cms(std::span<const Directory> directories,
                                              const SigningIdentity& identity,
                                              const MakeOptions& options = {});

}  // namespace tenon::cms
