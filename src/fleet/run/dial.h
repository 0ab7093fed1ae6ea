// How a service of a fleet is reached: its address, TLS and token.
#pragma once

#include <string>
#include <string_view>

#include "diag/finding.h"
#include "wire/run/link.h"

namespace tenon::fleet {

// The files that secure a link: a token for each call, and the authorities of TLS, PEM. Empty:
// none. The finding names the one that cannot be read, and the variable that `variable` and
// SSL_CERT_FILE are.
[[nodiscard]] Outcome<void> read_credentials(remote::LinkSetting& link,
                                             const std::string& token_file,
                                             std::string_view variable,
                                             const std::string& authorities_file);

// Whether dial() takes it: "HOST:PORT", "grpc://HOST:PORT", or "grpcs://HOST:PORT" with TLS.
[[nodiscard]] bool is_service(const std::string& address);

// TENON_FLEET_TOKEN_FILE, a path; empty where it is not set.
[[nodiscard]] std::string fleet_token_file();

// A link to a service of a fleet, by the credentials of TENON_FLEET_TOKEN_FILE and SSL_CERT_FILE.
// What is no address is taken for one in clear, and does not answer.
[[nodiscard]] Outcome<remote::LinkSetting> dial(const std::string& address);

}  // namespace tenon::fleet
