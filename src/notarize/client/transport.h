// How pure code reaches a service: one request, one answer, and a clock. libcurl implements it, and
// tests play every answer that a service can give.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"

namespace tenon::notarize {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  HttpHeaders headers = {};
  std::string body = {};
  ByteView upload = {};  // in place of `body`; borrowed
  std::function<void(std::uint64_t sent)> progress = {};
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers = {};  // names in lower case
  std::string body = {};

  // Empty without one.
  [[nodiscard]] std::string_view header(std::string_view name) const TENON_LIFETIMEBOUND;
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

// Why there is no answer. The text names no secret.
struct TransportError {
  enum class Kind : std::uint8_t {
    network,      // worth another try
    certificate,  // the service did not prove who it is
    interrupted,  // the user asked to stop
    refused,      // an address that is not asked, an answer that is too long
    unavailable,  // this build, or this machine, has no transport
  };
  Kind kind = Kind::network;
  std::string text;
};

class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;
  [[nodiscard]] virtual Result<HttpResponse, TransportError> send(const HttpRequest& request) = 0;
};

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  // Seconds since 1970.
  [[nodiscard]] virtual std::int64_t now() = 0;
  // False when the user asked to stop.
  [[nodiscard]] virtual bool sleep(std::chrono::milliseconds time) = 0;
};

// Whether a service may be asked at this address: https, or http on this machine itself.
[[nodiscard]] bool is_allowed_url(std::string_view url);
// The address without what stands behind '?', which may be a secret.
[[nodiscard]] std::string shown_url(std::string_view url);
// "storage.example:8080" of "https://storage.example:8080/a".
[[nodiscard]] std::string_view host_of(std::string_view url TENON_LIFETIMEBOUND);

// Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); nullopt for other texts.
[[nodiscard]] std::optional<std::int64_t> http_date(std::string_view text);
// How long a service asks to wait (RFC 9110, 10.2.3): seconds, or a date.
[[nodiscard]] std::optional<std::int64_t> retry_after(const HttpResponse& response,
                                                      std::int64_t now);

}  // namespace tenon::notarize
