#include "notarize/client/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"

namespace tenon::notarize {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string_view text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Runs of blanks become one.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const std::string_view word : split_words(value)) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

Pairs sorted(Pairs pairs) {
  std::ranges::sort(pairs);
  return pairs;
}

// By name; a header that is there more than once is one line of all its values, in their order.
Pairs joined_headers(const AwsRequest& request) {
  Pairs all = request.headers;
  std::ranges::stable_sort(all, {}, [](const auto& header) { return header.first; });
  Pairs out;
  for (const auto& [name, value] : all) {
    if (out.empty() || out.back().first != name) {
      out.emplace_back(name, trimmed(value));
    } else {
      out.back().second += "," + trimmed(value);
    }
  }
  return out;
}

std::string signed_names(const AwsRequest& request) {
  std::string out;
  for (const auto& [name, value] : joined_headers(request)) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

std::string scope_of(const AwsRequest& request, std::int64_t time) {
  return fmt::format("{}/{}/{}/aws4_request", amz_date(time).substr(0, 8), request.region,
                     request.service);
}

}  // namespace

Sha256 hmac_sha256(std::string_view key, std::string_view text) {
  constexpr std::size_t block = 64;
  std::string padded(key);
  if (padded.size() > block) padded = text_of(sha256(view_of(key).bytes()));
  padded.resize(block);
  std::string inner, outer;
  for (const char c : padded) {
    inner += static_cast<char>(c ^ 0x36);
    outer += static_cast<char>(c ^ 0x5c);
  }
  inner += text;
  outer += text_of(sha256(view_of(inner).bytes()));
  return sha256(view_of(outer).bytes());
}

std::string uri_encode(std::string_view text, bool keep_slashes) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string canonical_query(const AwsRequest& request) {
  Pairs encoded;
  for (const auto& [name, value] : request.query) {
    encoded.emplace_back(uri_encode(name, false), uri_encode(value, false));
  }
  std::string out;
  for (const auto& [name, value] : sorted(std::move(encoded))) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string canonical_request(const AwsRequest& request) {
  std::string out = request.method + "\n" + uri_encode(request.path, true) + "\n" +
                    canonical_query(request) + "\n";
  for (const auto& [name, value] : joined_headers(request)) {
    out.append(name).append(":").append(value).append("\n");
  }
  return out + "\n" + signed_names(request) + "\n" + request.payload_hash;
}

std::string amz_date(std::int64_t time) {
  const std::time_t seconds = time;
  std::tm parts{};
  std::array<char, 32> text{};
  if (gmtime_r(&seconds, &parts) == nullptr) return {};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

std::string string_to_sign(const AwsRequest& request, std::int64_t time) {
  const std::string canonical = canonical_request(request);
  return fmt::format("{}\n{}\n{}\n{}", algorithm, amz_date(time), scope_of(request, time),
                     hex(sha256(view_of(canonical).bytes())));
}

std::string signature_of(const AwsRequest& request, const AwsCredentials& credentials,
                         std::int64_t time) {
  Sha256 key = hmac_sha256("AWS4" + credentials.secret_key, amz_date(time).substr(0, 8));
  for (const std::string_view part :
       {std::string_view(request.region), std::string_view(request.service),
        std::string_view("aws4_request")}) {
    key = hmac_sha256(text_of(key), part);
  }
  return hex(hmac_sha256(text_of(key), string_to_sign(request, time)));
}

std::string authorization(const AwsRequest& request, const AwsCredentials& credentials,
                          std::int64_t time) {
  return fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", algorithm,
                     credentials.access_key, scope_of(request, time), signed_names(request),
                     signature_of(request, credentials, time));
}

}  // namespace tenon::notarize
