// The one door to HTTP, through libcurl.
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "host/process.h"
#include "notarize/client/transport.h"
#include "notarize/run/curl_functions.h"
#include "notarize/run/transport.h"

namespace tenon::notarize {
namespace {

constexpr std::size_t most_answer = std::size_t{64} << 20U;
constexpr long connect_seconds = 30;
constexpr long stall_seconds = 60;  // without a byte

// One request on its way.
struct Exchange {
  const HttpRequest& request;
  HttpResponse response = {};
  std::span<const std::byte> body = {};
  std::size_t sent = 0;
  bool too_long = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = size * count;
  if (exchange.response.body.size() + bytes > most_answer) {
    exchange.too_long = true;
    return 0;
  }
  exchange.response.body.append(data, bytes);
  return bytes;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line(data, size * count);
  // A status line begins anew: what came before was "100 Continue".
  if (line.starts_with("HTTP/")) exchange.response.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || exchange.response.headers.size() > 1000) {
    return line.size();
  }
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  exchange.response.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return line.size();
}

std::size_t give_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = std::min(size * count, exchange.body.size() - exchange.sent);
  std::memcpy(data, exchange.body.data() + exchange.sent, bytes);
  exchange.sent += bytes;
  return bytes;
}

// A connection that was closed while it waited is opened again, and the body is sent anew.
int rewind_body(void* user, curl_off_t offset, int origin) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (origin != SEEK_SET || offset < 0 ||
      static_cast<std::uint64_t>(offset) > exchange.body.size()) {
    return CURL_SEEKFUNC_FAIL;
  }
  exchange.sent = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int watch(void* user, curl_off_t /*down_total*/, curl_off_t /*down*/, curl_off_t /*up_total*/,
          curl_off_t up) {
  const auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.request.progress && !exchange.request.upload.empty() && up > 0) {
    exchange.request.progress(static_cast<std::uint64_t>(up));
  }
  return interrupted() ? 1 : 0;
}

TransportError::Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return TransportError::Kind::certificate;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return TransportError::Kind::refused;
    case CURLE_ABORTED_BY_CALLBACK: return TransportError::Kind::interrupted;
    default: return TransportError::Kind::network;
  }
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(TransportOptions options) : options_(std::move(options)) {}
  ~CurlTransport() override {
    if (handle_ != nullptr) curl_->cleanup(handle_);
  }

  Result<HttpResponse, TransportError> send(const HttpRequest& request) override {
    using Kind = TransportError::Kind;
    const auto refuse = [](Kind kind, std::string text) {
      return std::unexpected(TransportError{kind, std::move(text)});
    };
    if (!is_allowed_url(request.url)) {
      return refuse(Kind::refused, "only https is spoken, and http to this machine itself: " +
                                       shown_url(request.url));
    }
    if (interrupted()) return refuse(Kind::interrupted, "interrupted");
    if (!load()) {
      return refuse(Kind::unavailable, "libcurl cannot be loaded: " + curl_->error);
    }
    Exchange exchange{request};
    exchange.body = request.upload.empty() ? view_of(request.body).bytes() : request.upload.bytes();
    return perform(exchange);
  }

 private:
  bool load() {
    if (!curl_) curl_ = curl_functions();
    if (curl_->complete() && handle_ == nullptr) handle_ = curl_->easy_init();
    return handle_ != nullptr;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_->setopt(handle_, option, value);
  }

  void set_method(const Exchange& exchange) {
    set(CURLOPT_CUSTOMREQUEST, exchange.request.method.c_str());
    if (exchange.request.method == "GET") {
      set(CURLOPT_HTTPGET, 1L);
    } else if (exchange.request.method == "PUT") {
      set(CURLOPT_UPLOAD, 1L);
      set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
    } else {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
    }
  }

  void set_up(Exchange& exchange, curl_slist* headers, char* why) {
    set(CURLOPT_URL, exchange.request.url.c_str());
    set_method(exchange);
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
    set(CURLOPT_READFUNCTION, &give_body);
    set(CURLOPT_READDATA, static_cast<void*>(&exchange));
    set(CURLOPT_SEEKFUNCTION, &rewind_body);
    set(CURLOPT_SEEKDATA, static_cast<void*>(&exchange));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &watch);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&exchange));
    set(CURLOPT_ERRORBUFFER, why);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, stall_seconds);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set_certificates();
  }

  void set_certificates() {
    const std::string& file = options_.ca_file.empty() ? curl_->ca_file : options_.ca_file;
    if (!file.empty()) set(CURLOPT_CAINFO, file.c_str());
    if (options_.ca_file.empty() && !curl_->ca_folder.empty()) {
      set(CURLOPT_CAPATH, curl_->ca_folder.c_str());
    }
  }

  Result<HttpResponse, TransportError> perform(Exchange& exchange) {
    curl_slist* headers = curl_->append(nullptr, "Expect:");
    for (const auto& [name, value] : exchange.request.headers) {
      std::string line(name);
      line.append(": ").append(value);
      headers = curl_->append(headers, line.c_str());
    }
    std::array<char, CURL_ERROR_SIZE> why{};
    set_up(exchange, headers, why.data());
    const CURLcode code = curl_->perform(handle_);
    long status = 0;
    curl_->getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    set(CURLOPT_UPLOAD, 0L);
    curl_->free_list(headers);
    exchange.response.status = static_cast<int>(status);
    // A server may refuse a body before it is sent and close: its answer counts.
    const bool answered = code == CURLE_SEND_ERROR && status >= 400;
    if (code == CURLE_OK || answered) return std::move(exchange.response);
    if (exchange.too_long) {
      return std::unexpected(
          TransportError{TransportError::Kind::refused, "the answer is longer than 64 MiB"});
    }
    return std::unexpected(
        TransportError{kind_of(code), why[0] == '\0' ? curl_->strerror(code) : why.data()});
  }

  TransportOptions options_;
  std::unique_ptr<CurlFunctions> curl_;
  CURL* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<Transport> make_transport(const TransportOptions& options) {
  return std::make_unique<CurlTransport>(options);
}

}  // namespace tenon::notarize
