// The token by which App Store Connect knows a key: a JSON Web Token signed by ES256.
// Rules: RFC 7515, 7518 (3.4), 7519; Apple, "Generating tokens for API requests".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tenon::notarize {

// 64 bytes r||s over a text. What holds the key is not known here.
using Signer = std::function<Result<std::string>(std::string_view text)>;

struct Account {
  std::string key_id;
  std::string issuer;  // of a team's key; empty for an individual one
  Signer sign;
};

// Shorter than the 20 minutes that are allowed, for clocks that differ.
inline constexpr std::int64_t token_life = 900;

[[nodiscard]] std::string base64url(std::string_view bytes);
// Header and claims as they are signed: "e30.e30".
[[nodiscard]] std::string token_text(const Account& account, std::int64_t now);
[[nodiscard]] Result<std::string> make_token(const Account& account, std::int64_t now);

}  // namespace tenon::notarize
