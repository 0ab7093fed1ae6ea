// Signs one request with the code of tenon, for tests that hold it against AWS's own examples.
// Standard input: lines "NAME HEX [HEX]" with method, path, query, header, hash, region, service,
// access, secret, time. Standard output: canonical request, NUL, string to sign, NUL,
// authorization.
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "notarize/client/sigv4.h"

namespace {

std::string from_hex(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return out;
}

}  // namespace

int main() {
  tenon::notarize::AwsRequest request;
  tenon::notarize::AwsCredentials credentials;
  std::int64_t time = 0;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name, first, second;
    words >> name >> first >> second;
    const std::string value = from_hex(first);
    if (name == "method") request.method = value;
    if (name == "path") request.path = value;
    if (name == "query") request.query.emplace_back(value, from_hex(second));
    if (name == "header") request.headers.emplace_back(value, from_hex(second));
    if (name == "hash") request.payload_hash = value;
    if (name == "region") request.region = value;
    if (name == "service") request.service = value;
    if (name == "access") credentials.access_key = value;
    if (name == "secret") credentials.secret_key = value;
    if (name == "time") time = std::stoll(value);
  }
  const char nul = '\0';
  std::cout << canonical_request(request) << nul << string_to_sign(request, time) << nul
            << authorization(request, credentials, time);
  return 0;
}
