#include "bench/gate/decimal.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::bench {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits and the place of the point, without a look at the value.
struct Parts {
  std::uint64_t digits = 0;
  int scale = 0;  // the power of ten
  bool exact = true;
};

bool read_digits(std::string_view text, std::size_t& at, Parts& out, bool behind_point) {
  const std::size_t from = at;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (out.digits > (std::uint64_t{1} << 53U) / 10 - 1) {
      out.exact = false;
      continue;
    }
    out.digits = out.digits * 10 + static_cast<std::uint64_t>(text[at] - '0');
    if (behind_point) --out.scale;
  }
  return at > from;
}

bool read_exponent(std::string_view text, std::size_t& at, Parts& out) {
  if (at == text.size() || (text[at] != 'e' && text[at] != 'E')) return true;
  ++at;
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  int exponent = 0;
  const std::size_t from = at;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (exponent < 10'000) exponent = exponent * 10 + (text[at] - '0');
  }
  out.scale += negative ? -exponent : exponent;
  return at > from;
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 400) return std::nullopt;
  Parts parts;
  std::size_t at = 0;
  bool any = read_digits(text, at, parts, false);
  if (at < text.size() && text[at] == '.') {
    ++at;
    any = read_digits(text, at, parts, true) || any;
  }
  if (!any || !read_exponent(text, at, parts) || at != text.size()) return std::nullopt;
  // Both factors are exact below 10^22, so one rounding is all (Clinger 1990).
  if (parts.exact && std::abs(parts.scale) <= 22) {
    double power = 1;
    for (int i = 0; i < std::abs(parts.scale); ++i) power *= 10;
    const auto digits = static_cast<double>(parts.digits);
    return parts.scale < 0 ? digits / power : digits * power;
  }
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::string decimal_text(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    return fmt::format("{}", static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", value);
}

}  // namespace tenon::bench
