#include "fleet/run/dial.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/text.h"
#include "cache/remote.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "wire/run/link.h"

namespace tenon::fleet {
namespace {

Finding unreadable(std::string_view variable, const std::string& path, std::string_view reason) {
  Finding out = make_finding(Code::usage_unreadable_input,
                             {{"path", path}, {"reason", std::string(reason)}}, path);
  out.evidence.push_back({Evidence::Kind::fact, "variable", std::string(variable)});
  return out;
}

Result<RemoteAddress> parse(const std::string& address) {
  return parse_remote(address.contains("://") ? address : "grpc://" + address);
}

}  // namespace

Outcome<void> read_credentials(remote::LinkSetting& link, const std::string& token_file,
                               std::string_view variable, const std::string& authorities_file) {
  if (!token_file.empty()) {
    constexpr std::size_t most = 8192;
    const auto text = read_text(token_file, most);
    if (!text) return std::unexpected(unreadable(variable, token_file, text.error().what));
    link.token = trim(*text);
    if (!is_token(link.token)) {
      return std::unexpected(unreadable(variable, token_file, "it holds no token"));
    }
  }
  if (link.tls && !authorities_file.empty()) {
    constexpr std::size_t most = std::size_t{16} << 20U;
    auto text = read_text(authorities_file, most);
    if (!text) {
      return std::unexpected(unreadable("SSL_CERT_FILE", authorities_file, text.error().what));
    }
    // gRPC would take the machine's in place of an empty list.
    if (!text->contains("-----BEGIN ")) {
      return std::unexpected(unreadable("SSL_CERT_FILE", authorities_file, "it holds no PEM"));
    }
    link.authorities = *std::move(text);
  }
  return {};
}

bool is_service(const std::string& address) { return parse(address).has_value(); }

std::string fleet_token_file() {
  return environment_variable("TENON_FLEET_TOKEN_FILE").value_or("");
}

Outcome<remote::LinkSetting> dial(const std::string& address) {
  remote::LinkSetting out;
  out.address = address;
  if (const auto parsed = parse(address)) {
    out.address = parsed->host;
    out.tls = parsed->tls;
  }
  // In clear everybody on the way would have it.
  const std::string token = out.tls ? fleet_token_file() : "";
  TENON_TRY(read_credentials(out, token, "TENON_FLEET_TOKEN_FILE",
                             environment_variable("SSL_CERT_FILE").value_or("")));
  return out;
}

}  // namespace tenon::fleet
