// Keys on the curve P-256 that sign texts, as tokens of App Store Connect need them.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/cms/signing.h"

namespace tenon::cms {

// A private key in PEM (PKCS #8 or SEC 1). malformed for what is none or needs a password,
// unsupported for another curve and in builds without OpenSSL.
[[nodiscard]] Result<Key> read_es256_key(ByteView pem);
// ECDSA with SHA-256 as r||s, 64 bytes (RFC 7518, 3.4).
[[nodiscard]] Result<std::string> sign_es256(const Key& key, std::string_view text);

}  // namespace tenon::cms
