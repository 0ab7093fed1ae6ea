#include "trace/counters.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "trace/event.h"

namespace tenon::trace {
namespace {

std::optional<std::uint32_t> port(std::string_view text) {
  const auto number = parse_number(trim(text));
  if (!number || *number > 65535) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

std::optional<Counters> parse_netstat(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!lines[i].starts_with("TcpExt:") || !lines[i + 1].starts_with("TcpExt:")) continue;
    const auto names = split_words(lines[i]), values = split_words(lines[i + 1]);
    const auto value = [&](std::string_view name) -> std::optional<std::int64_t> {
      const auto found = std::ranges::find(names, name);
      const auto at = static_cast<std::size_t>(found - names.begin());
      if (found == names.end() || at >= values.size()) return std::nullopt;
      const auto number = parse_number(values[at]);
      if (!number || *number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
      return static_cast<std::int64_t>(*number);
    };
    const auto time_wait = value("TW");
    if (!time_wait) return std::nullopt;
    Counters out;
    out.time_wait = *time_wait;
    out.short_wait = value("TWKilled").value_or(0);
    out.overflow = value("TCPTimeWaitOverflow").value_or(0);
    return out;
  }
  return std::nullopt;
}

bool parse_port_range(std::string_view text, Limits& out) {
  const auto words = split_words(text);
  if (words.size() != 2) return false;
  const auto first = port(words[0]), last = port(words[1]);
  if (!first || !last || *first > *last) return false;
  out.first_port = *first;
  out.last_port = *last;
  return true;
}

std::uint32_t reserved_ports(std::string_view text, const Limits& limits) {
  std::uint32_t out = 0;
  for (const std::string_view part : split(trim(text), ',')) {
    const std::size_t dash = part.find('-');
    const auto first = port(part.substr(0, dash));
    const auto last = dash == part.npos ? first : port(part.substr(dash + 1));
    if (!first || !last) continue;
    const std::uint32_t from = std::max(*first, limits.first_port);
    const std::uint32_t to = std::min(*last, limits.last_port);
    if (from <= to) out += to - from + 1;
  }
  return out;
}

}  // namespace tenon::trace
