#include "cache/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace tenon {
namespace {

constexpr std::string_view record_mark = "tenon record 1\n";
constexpr std::string_view answers[] = {"found", "missing", "down"};

bool is_hex(std::string_view text) {
  constexpr std::size_t digits = 64;
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::optional<std::uint64_t> size_of(std::string_view text, std::uint64_t most) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  const auto number = parse_number(text);
  if (!number || *number > most) return std::nullopt;
  return number;
}

std::optional<RemoteBlob> blob_of(std::string_view digest, std::string_view size) {
  const auto number = size_of(size, most_remote_blob);
  if (!is_hex(digest) || !number) return std::nullopt;
  return RemoteBlob{std::string(digest), *number};
}

// The first words of a line; the last one takes the rest, blanks included.
std::vector<std::string_view> words_of(std::string_view line, std::size_t most) {
  std::vector<std::string_view> out;
  while (out.size() + 1 < most) {
    const std::size_t blank = line.find(' ');
    if (blank == line.npos) break;
    out.push_back(line.substr(0, blank));
    line.remove_prefix(blank + 1);
  }
  out.push_back(line);
  return out;
}

std::optional<DoorRequest> offer_of(std::string_view line) {
  constexpr std::size_t most_blobs = 64;
  DoorRequest out;
  out.what = DoorRequest::What::offer;
  const auto words = words_of(line, 2 * most_blobs + 3);
  if (words.size() < 2 || words.size() % 2 != 0 || !is_hex(words[1])) return std::nullopt;
  out.key = words[1];
  for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
    auto blob = blob_of(words[i], words[i + 1]);
    if (!blob) return std::nullopt;
    out.blobs.push_back(*std::move(blob));
  }
  return out;
}

}  // namespace

Result<RemoteAddress> parse_remote(std::string_view text) {
  constexpr std::string_view plain = "grpc://";
  constexpr std::string_view secured = "grpcs://";
  RemoteAddress out;
  out.tls = text.starts_with(secured);
  if (!out.tls && !text.starts_with(plain)) {
    return fail(Errc::invalid_argument, "a remote cache is named as grpc://HOST:PORT");
  }
  text.remove_prefix(out.tls ? secured.size() : plain.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.rfind(':');
  constexpr std::uint64_t last_port = 65'535;
  const auto port = colon == text.npos ? std::nullopt : size_of(text.substr(colon + 1), last_port);
  const bool plain_host = colon != text.npos && colon > 0 &&
                          std::ranges::all_of(text.substr(0, colon), [](unsigned char c) {
                            return c > ' ' && c < 127 && c != '/' && c != '@';
                          });
  // gRPC takes "ipv4:..." for a scheme; only IPv6 has colons, in brackets.
  const std::string_view host = text.substr(0, plain_host ? colon : 0);
  const bool bare = !host.contains(':') || (host.starts_with('[') && host.ends_with(']'));
  if (!port || *port == 0 || !plain_host || !bare) {
    return fail(Errc::invalid_argument, "a remote cache is named as grpc://HOST:PORT");
  }
  out.host = text;
  return out;
}

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 127; });
}

std::string remote_action(std::string_view key) { return fmt::format("tenon cache 1\n{}\n", key); }

std::string remote_record(std::string_view key, std::string_view text) {
  return fmt::format("{}{}\n{}", record_mark, key, text);
}

std::optional<std::string> read_remote_record(std::string_view key, std::string_view bytes) {
  const std::string start = remote_record(key, "");
  if (!bytes.starts_with(start)) return std::nullopt;
  return std::string(bytes.substr(start.size()));
}

std::string door_text(const DoorRequest& request) {
  switch (request.what) {
    case DoorRequest::What::record: return fmt::format("record {}\n", request.key);
    case DoorRequest::What::blob:
      return fmt::format("blob {} {} {}\n", request.blob.digest, request.blob.size, request.path);
    case DoorRequest::What::flush: return "flush\n";
    case DoorRequest::What::offer: break;
  }
  std::string out = fmt::format("offer {}", request.key);
  for (const RemoteBlob& blob : request.blobs) {
    fmt::format_to(std::back_inserter(out), " {} {}", blob.digest, blob.size);
  }
  return out + "\n";
}

std::optional<DoorRequest> parse_door_request(std::string_view line) {
  const std::string_view name = words_of(line, 2).front();
  DoorRequest out;
  if (line == "flush") return out;
  if (name == "offer") return offer_of(line);
  if (name == "record") {
    const auto words = words_of(line, 2);
    if (words.size() != 2 || !is_hex(words[1])) return std::nullopt;
    out.what = DoorRequest::What::record;
    out.key = words[1];
    return out;
  }
  const auto words = words_of(line, 4);
  if (name != "blob" || words.size() != 4 || !words[3].starts_with('/')) return std::nullopt;
  auto blob = blob_of(words[1], words[2]);
  if (!blob) return std::nullopt;
  out.what = DoorRequest::What::blob;
  out.blob = *std::move(blob);
  out.path = words[3];
  return out;
}

std::string door_text(const DoorAnswer& answer) {
  const std::string_view name = answers[static_cast<std::size_t>(answer.how)];
  if (answer.how != DoorAnswer::How::found) return fmt::format("{}\n", name);
  return fmt::format("{} {}\n", name, answer.size);
}

std::optional<DoorAnswer> parse_door_answer(std::string_view line) {
  if (line == answers[1]) return DoorAnswer{DoorAnswer::How::missing, 0};
  if (line == answers[2]) return DoorAnswer{DoorAnswer::How::down, 0};
  const auto words = words_of(line, 2);
  if (words.size() != 2 || words[0] != answers[0]) return std::nullopt;
  const auto size = size_of(words[1], most_remote_blob);
  if (!size) return std::nullopt;
  return DoorAnswer{DoorAnswer::How::found, *size};
}

}  // namespace tenon
