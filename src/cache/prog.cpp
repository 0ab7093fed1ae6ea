#include "cache/prog.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {
namespace {

constexpr std::string_view record_form = "tenon go 1\n";
constexpr std::size_t id_bytes = 32;

std::string text_of(const Data& data, std::string_view name) {
  const Data* value = wire::find(data, name);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->value());
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_of(const Data& data, std::string_view name) {
  const Data* value = wire::find(data, name);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->value());
  return number == nullptr ? 0 : *number;
}

// go sends digests as base64; they are kept, and named, as hex.
std::string hex_of(const std::string& base64) {
  const auto bytes = from_base64(base64);
  return bytes ? to_hex(bytes->data(), bytes->size()) : std::string();
}

std::string base64_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(parse_number(hex.substr(i, 2), 16).value_or(0));
  }
  return to_base64(view_of(bytes).bytes());
}

std::string line_of(const Data& data) { return render_data(data) + "\n"; }

Data answer(std::int64_t id) {
  Data out = Data::object();
  out.add("ID", id);
  return out;
}

// RFC 3339, UTC.
std::string time_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

bool is_id(std::string_view hex) {
  return hex.size() == 2 * id_bytes && hex.find_first_not_of("0123456789abcdef") == hex.npos;
}

}  // namespace

std::expected<ProgRequest, UnknownCommand> parse_prog_request(std::string_view line) {
  const auto data = parse_data(line);
  if (!data) return std::unexpected(UnknownCommand{0, "the request is not JSON"});
  ProgRequest out;
  out.id = number_of(*data, "ID");
  const std::string command = text_of(*data, "Command");
  out.action = hex_of(text_of(*data, "ActionID"));
  out.output = hex_of(text_of(*data, "OutputID"));
  if (out.output.empty()) out.output = hex_of(text_of(*data, "ObjectID"));  // go 1.24
  const std::int64_t body = number_of(*data, "BodySize");
  if (body < 0) return std::unexpected(UnknownCommand{out.id, "a body of negative size"});
  out.body = static_cast<std::uint64_t>(body);
  if (command == "close") {
    out.command = ProgRequest::Command::close;
    return out;
  }
  if (command == "put") out.command = ProgRequest::Command::put;
  const bool known = command == "get" || command == "put";
  if (!known) return std::unexpected(UnknownCommand{out.id, "unknown command " + command});
  if (!is_id(out.action)) return std::unexpected(UnknownCommand{out.id, "no ActionID"});
  if (command == "put" && !is_id(out.output)) {
    return std::unexpected(UnknownCommand{out.id, "no OutputID"});
  }
  return out;
}

Result<std::string> parse_prog_body(std::string_view line, std::uint64_t size) {
  line = trim(line);
  if (line.size() < 2 || !line.starts_with('"') || !line.ends_with('"')) {
    return fail(Errc::malformed, "the body is not a JSON string");
  }
  auto bytes = from_base64(line.substr(1, line.size() - 2));
  if (!bytes || bytes->size() != size) {
    return fail(Errc::malformed, "the body is not what its size says");
  }
  return *std::move(bytes);
}

std::string prog_greeting() {
  Data out = answer(0);
  Data commands = Data::array();
  for (const char* name : {"get", "put", "close"}) commands.push(name);
  out.add("KnownCommands", std::move(commands));
  return line_of(out);
}

std::string prog_hit(std::int64_t id, const ProgEntry& entry) {
  Data out = answer(id);
  out.add("OutputID", base64_of(entry.output));
  out.add("Size", static_cast<std::int64_t>(entry.size));
  out.add("Time", time_text(entry.time));
  out.add("DiskPath", entry.path);
  return line_of(out);
}

std::string prog_miss(std::int64_t id) {
  Data out = answer(id);
  out.add("Miss", true);
  return line_of(out);
}

std::string prog_stored(std::int64_t id, std::string_view path) {
  Data out = answer(id);
  out.add("DiskPath", path);
  return line_of(out);
}

std::string prog_done(std::int64_t id) { return line_of(answer(id)); }

std::string prog_error(std::int64_t id, std::string_view what) {
  Data out = answer(id);
  out.add("Err", what);
  return line_of(out);
}

std::string prog_record(const ProgEntry& entry) {
  return fmt::format("{}{} {} {}\n", record_form, entry.output, entry.size, entry.time);
}

std::optional<ProgEntry> parse_prog_record(std::string_view text) {
  if (!text.starts_with(record_form) || !text.ends_with('\n')) return std::nullopt;
  text.remove_prefix(record_form.size());
  const auto words = split_words(text);
  if (words.size() != 3 || !is_id(words[0])) return std::nullopt;
  const auto size = parse_number(words[1]);
  const auto time = parse_number(words[2]);
  if (!size || !time) return std::nullopt;
  return ProgEntry{std::string(words[0]), *size, static_cast<std::int64_t>(*time), {}};
}

}  // namespace tenon
