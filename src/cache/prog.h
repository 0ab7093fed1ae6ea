// The protocol by which cmd/go asks a program for its build cache (GOCACHEPROG, Go 1.24): a JSON
// object a line each way, the body of a put as a base64 string on the line behind it.
// Source: the documentation of cmd/go/internal/cacheprog. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tenon {

struct ProgRequest {
  enum class Command : unsigned char { get, put, close };
  std::int64_t id = 0;
  Command command = Command::get;
  std::string action;      // hex
  std::string output;      // hex, of a put
  std::uint64_t body = 0;  // bytes of a put; a line with them follows unless it is 0
};

// unsupported for a command of another name: `id` in the answer says which.
struct UnknownCommand {
  std::int64_t id = 0;
  std::string what;
};
[[nodiscard]] std::expected<ProgRequest, UnknownCommand> parse_prog_request(std::string_view line);

// The bytes of the line behind a put. malformed when it is no base64 string of `size` bytes.
[[nodiscard]] Result<std::string> parse_prog_body(std::string_view line, std::uint64_t size);

// The first line: which commands are understood.
[[nodiscard]] std::string prog_greeting();

struct ProgEntry {
  std::string output;  // hex
  std::uint64_t size = 0;
  std::int64_t time = 0;  // seconds since the epoch
  std::string path;       // of the file with the bytes
};
[[nodiscard]] std::string prog_hit(std::int64_t id, const ProgEntry& entry);
[[nodiscard]] std::string prog_miss(std::int64_t id);
[[nodiscard]] std::string prog_stored(std::int64_t id, std::string_view path);
[[nodiscard]] std::string prog_done(std::int64_t id);
[[nodiscard]] std::string prog_error(std::int64_t id, std::string_view what);

// What is kept under an action: "tenon go 1\nOUTPUT SIZE TIME\n".
[[nodiscard]] std::string prog_record(const ProgEntry& entry);
[[nodiscard]] std::optional<ProgEntry> parse_prog_record(std::string_view text);

}  // namespace tenon
