#include "diag/expiry.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"

namespace tenon {
namespace {

constexpr std::int64_t day = 86'400;

struct Authority {
  std::string_view name;
  std::int64_t not_after;
};

constexpr Authority authorities[] = {
    {"Developer ID Certification Authority", 1'801'519'935},     // 2027-02-01 22:12:15
    {"Developer ID Certification Authority G2", 1'947'369'600},  // 2031-09-17 00:00:00
};

std::string day_text(std::int64_t time) {
  const auto days =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time)));
  const std::chrono::year_month_day date(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string left_text(std::int64_t seconds) {
  const std::int64_t days = seconds / day;
  if (days == 0) return "in less than a day";
  return days == 1 ? "in 1 day" : fmt::format("in {} days", days);
}

}  // namespace

Lifetime lifetime_of(std::int64_t not_after, std::int64_t now, std::int64_t warn_days) {
  if (not_after < now) return Lifetime::ended;
  return (not_after - now) / day <= warn_days ? Lifetime::ends_soon : Lifetime::long_enough;
}

std::optional<Finding> expiry_finding(const std::string& name, std::int64_t not_after,
                                      std::int64_t now) {
  switch (lifetime_of(not_after, now)) {
    case Lifetime::long_enough: break;
    case Lifetime::ends_soon:
      return make_finding(
          Code::signing_certificate_expires,
          {{"name", name}, {"day", day_text(not_after)}, {"left", left_text(not_after - now)}},
          name);
    case Lifetime::ended:
      return make_finding(Code::codesign_identity_expired, {{"name", name}}, name);
  }
  return std::nullopt;
}

std::optional<std::int64_t> known_authority_end(std::string_view name) {
  for (const Authority& each : authorities) {
    if (each.name == name) return each.not_after;
  }
  return std::nullopt;
}

}  // namespace tenon
