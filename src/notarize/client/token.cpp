#include "notarize/client/token.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/result.h"
#include "diag/render/render.h"
#include "diag/report.h"

namespace tenon::notarize {

std::string base64url(std::string_view bytes) {
  std::string out = to_base64(view_of(bytes).bytes());
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

std::string token_text(const Account& account, std::int64_t now) {
  Data header = Data::object();
  header.add("alg", "ES256");
  header.add("kid", account.key_id);
  header.add("typ", "JWT");
  Data claims = Data::object();
  if (account.issuer.empty()) {
    claims.add("sub", "user");
  } else {
    claims.add("iss", account.issuer);
  }
  claims.add("iat", now);
  claims.add("exp", now + token_life);
  claims.add("aud", "appstoreconnect-v1");
  return base64url(render_data(header)) + "." + base64url(render_data(claims));
}

Result<std::string> make_token(const Account& account, std::int64_t now) {
  const std::string text = token_text(account, now);
  const std::string signature = TENON_TRY(account.sign(text));
  return text + "." + base64url(signature);
}

}  // namespace tenon::notarize
