#include "notarize/client/transport.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace tenon::notarize {
namespace {

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The host alone, without user, port and brackets.
std::string_view bare_host(std::string_view authority) {
  if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
    authority.remove_prefix(at + 1);
  }
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

bool has_no_control(std::string_view url) {
  return std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool is_allowed_url(std::string_view url) {
  const std::string_view authority = host_of(url);
  if (authority.empty() || authority.contains('@') || !has_no_control(url)) return false;
  if (url.starts_with("https://")) return true;
  if (!url.starts_with("http://")) return false;
  const std::string_view host = bare_host(authority);
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

std::string shown_url(std::string_view url) {
  return std::string(url.substr(0, url.find_first_of("?#")));
}

std::optional<std::int64_t> http_date(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  if (words.size() != 6 || words[5] != "GMT") return std::nullopt;
  const auto month = std::ranges::find(months, words[2]);
  const auto day = parse_number(words[1]), year = parse_number(words[3]);
  const std::vector<std::string_view> parts = split(words[4], ':');
  if (month == std::end(months) || !day || !year || parts.size() != 3 || *year > 9999) {
    return std::nullopt;
  }
  std::array<std::int64_t, 3> clock{};
  for (std::size_t i = 0; i < clock.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || *number > 60) return std::nullopt;
    clock[i] = static_cast<std::int64_t>(*number);
  }
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(*year)),
      std::chrono::month(static_cast<unsigned>(month - std::begin(months)) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86'400 + clock[0] * 3600 + clock[1] * 60 + clock[2];
}

std::optional<std::int64_t> retry_after(const HttpResponse& response, std::int64_t now) {
  constexpr std::int64_t longest = 3600;
  const std::string_view text = trim(response.header("retry-after"));
  if (text.empty()) return std::nullopt;
  if (const auto seconds = parse_number(text)) {
    return std::min<std::int64_t>(longest, static_cast<std::int64_t>(std::min<std::uint64_t>(
                                               *seconds, static_cast<std::uint64_t>(longest))));
  }
  const auto date = http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<std::int64_t>(*date - now, 0, longest);
}

}  // namespace tenon::notarize
