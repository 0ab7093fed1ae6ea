// Object identifiers and times, as requirements hold them.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "codesign/requirement/words.h"

namespace tenon::requirement {
namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::int64_t days_to_2001 = 11323;  // from 1970-01-01

// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": days since 1970-01-01.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  const std::int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
  return next - days_of(year, month, 1);
}

}  // namespace

Civil civil_of(std::int64_t seconds) {
  const std::int64_t whole = seconds / day_seconds - (seconds % day_seconds < 0 ? 1 : 0);
  const std::int64_t rest = seconds - whole * day_seconds;
  const std::int64_t z = whole + days_to_2001 + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (month <= 2 ? 1 : 0),
          month,
          doy - (153 * mp + 2) / 5 + 1,
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

std::int64_t seconds_of(const Civil& civil) {
  const std::int64_t days = days_of(civil.year, civil.month, civil.day) - days_to_2001;
  return days * day_seconds + civil.hour * 3600 + civil.minute * 60 + civil.second;
}

std::optional<std::int64_t> read_time(std::string_view text) {
  constexpr std::size_t digits = 14, zulu = 15, with_zone = 19;
  const bool zone = text.size() == with_zone && (text[digits] == '+' || text[digits] == '-');
  if (!zone && (text.size() != zulu || text.back() != 'Z')) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != digits && !is_digit(text[i])) return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t size) {
    return static_cast<std::int64_t>(parse_number(text.substr(at, size)).value_or(0));
  };
  const Civil civil{part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 2), part(12, 2)};
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
      civil.day > days_in_month(civil.year, civil.month)) {
    return std::nullopt;
  }
  // 60: a leap second.
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;
  const std::int64_t ahead = zone ? (part(15, 2) * 60 + part(17, 2)) * 60 : 0;
  const std::int64_t seconds = seconds_of(civil) - (text[digits] == '-' ? -ahead : ahead);
  const std::int64_t year = civil_of(seconds).year;
  if (year < 0 || year > last_year) return std::nullopt;
  return seconds;
}

std::string time_text(std::int64_t seconds) {
  if (!is_near(seconds)) return fmt::format("{}", seconds);
  const Civil at = civil_of(seconds);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} +0000", at.year, at.month, at.day,
                     at.hour, at.minute, at.second);
}

std::string oid_text(std::string_view der) {
  std::string out;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < der.size(); ++i) {
    const auto byte = static_cast<unsigned char>(der[i]);
    // Wraps, as Apple's does.
    value = value << 7U | (byte & 0x7fU);
    if ((byte & 0x80U) != 0 && i + 1 < der.size()) continue;
    if (out.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(value / 40, 2);
      out = fmt::format("{}.{}", first, value - first * 40);
    } else {
      out += fmt::format(".{}", value);
    }
    value = 0;
  }
  return out;
}

std::string oid_der(std::string_view text) {
  std::vector<std::uint64_t> arcs;
  for (const std::string_view part : split(text, '.')) {
    const auto number = parse_number(part);
    if (!number) return {};
    arcs.push_back(*number);
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) ||
      arcs[1] > UINT64_MAX - 80) {
    return {};
  }
  arcs[1] += arcs[0] * 40;
  std::string out;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    std::string digits(1, static_cast<char>(arcs[i] & 0x7fU));
    for (std::uint64_t rest = arcs[i] >> 7U; rest != 0; rest >>= 7U) {
      digits.insert(digits.begin(), static_cast<char>((rest & 0x7fU) | 0x80U));
    }
    out += digits;
  }
  return out;
}

}  // namespace tenon::requirement
