// A second home of the cache on the network: how it is named, how a record is kept there, and what
// a program of this machine and the helper that speaks to the network (the door) say to each other.
// Pure.
//
// On the network a record is the result of an action that nobody runs (Remote Execution API 2.2,
// ActionCache): the action's digest is made from the key, the standard output is the record with
// its key in front, and the blobs that the record names are its output files, so that a store which
// checks for completeness keeps them as long as the record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct RemoteAddress {
  std::string host;  // "HOST:PORT"
  bool tls = false;

  auto operator<=>(const RemoteAddress&) const = default;
};

// "grpc://HOST:PORT", or "grpcs://HOST:PORT" with TLS. invalid_argument for anything else.
[[nodiscard]] Result<RemoteAddress> parse_remote(std::string_view text);

// Whether it can stand in a header of HTTP: printable ASCII without blanks (RFC 6750, b64token).
[[nodiscard]] bool is_token(std::string_view text);

// A blob of a record.
struct RemoteBlob {
  std::string digest;  // SHA-256, hex
  std::uint64_t size = 0;

  auto operator<=>(const RemoteBlob&) const = default;
};

inline constexpr std::uint64_t most_remote_record = std::uint64_t{2} << 20U;
inline constexpr std::uint64_t most_remote_blob = std::uint64_t{256} << 20U;

// The bytes whose digest names the record.
[[nodiscard]] std::string remote_action(std::string_view key);
// The record as it is kept: a store that mixes its answers up is found out by the key in it.
[[nodiscard]] std::string remote_record(std::string_view key, std::string_view text);
[[nodiscard]] std::optional<std::string> read_remote_record(std::string_view key,
                                                            std::string_view bytes);

// One question to the door, a line each:
//
//   record KEY                    the record of a key
//   blob DIGEST SIZE PATH         a blob, into a file
//   offer KEY DIGEST SIZE ...     the record of the folder and its blobs may go to the network
//   flush                         waits until everything offered is there, or given up
struct DoorRequest {
  enum class What : unsigned char { record, blob, offer, flush };
  What what = What::flush;
  std::string key;
  RemoteBlob blob;
  std::string path;
  std::vector<RemoteBlob> blobs;

  auto operator<=>(const DoorRequest&) const = default;
};

inline constexpr std::size_t most_door_line = 16'384;

[[nodiscard]] std::string door_text(const DoorRequest& request);
[[nodiscard]] std::optional<DoorRequest> parse_door_request(std::string_view line);

// "found SIZE" with so many bytes behind the line, "missing", or "down": the network is not asked.
struct DoorAnswer {
  enum class How : unsigned char { found, missing, down };
  How how = How::down;
  std::uint64_t size = 0;

  auto operator<=>(const DoorAnswer&) const = default;
};

[[nodiscard]] std::string door_text(const DoorAnswer& answer);
[[nodiscard]] std::optional<DoorAnswer> parse_door_answer(std::string_view line);

}  // namespace tenon
