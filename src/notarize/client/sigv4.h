// Requests to the storage service, signed as AWS asks.
// Rules: AWS, "Create a signed AWS API request" (Signature Version 4), and the exceptions of S3: a
// path is encoded once and not normalized.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace tenon::notarize {

struct AwsCredentials {
  std::string access_key, secret_key, session_token;
};

// Not yet signed. `headers` has names in lower case, "host" among them.
struct AwsRequest {
  std::string method = "GET";
  std::string path = "/";                                  // not encoded
  std::vector<std::pair<std::string, std::string>> query;  // not encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string payload_hash;  // hexadecimal SHA-256 of the body
  std::string region, service;
};

[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view text);
// All but unreserved characters as %XX; of a path the slashes stay.
[[nodiscard]] std::string uri_encode(std::string_view text, bool keep_slashes);
// "partNumber=1&uploadId=X", sorted.
[[nodiscard]] std::string canonical_query(const AwsRequest& request);
[[nodiscard]] std::string canonical_request(const AwsRequest& request);
// `time` is seconds since 1970.
[[nodiscard]] std::string amz_date(std::int64_t time);
[[nodiscard]] std::string string_to_sign(const AwsRequest& request, std::int64_t time);
[[nodiscard]] std::string signature_of(const AwsRequest& request, const AwsCredentials& credentials,
                                       std::int64_t time);
// The value of the header "authorization". The request has its date among its headers already.
[[nodiscard]] std::string authorization(const AwsRequest& request,
                                        const AwsCredentials& credentials, std::int64_t time);

}  // namespace tenon::notarize
