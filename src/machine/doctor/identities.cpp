// Signing identities and the days they end on.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"

namespace tenon::doctor {
namespace {

// "2027-02-01" as a number of days; nothing for what is no date.
std::optional<std::int64_t> days_of(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 3) return std::nullopt;
  const auto year = parse_number(parts[0]), month = parse_number(parts[1]),
             day = parse_number(parts[2]);
  if (!year || !month || !day || *year > 9999 || *month > 12 || *day > 31) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace

void diagnose_identities(const Snapshot& snapshot, Findings& out) {
  constexpr std::int64_t soon = 30;
  const auto today = days_of(snapshot.system.day.value);
  bool intermediate = false;
  for (const SigningIdentity& one : snapshot.identities.list.value) {
    const auto end = days_of(one.not_after);
    const std::string when = one.not_after.empty() ? std::string("CSSMERR_TP_CERT_EXPIRED")
                                                   : "holds until " + one.not_after;
    const Evidence evidence = fact(snapshot.identities.list.source, when);
    if (one.expired || (end && today && *end < *today)) {
      out.push_back(
          of_rule(Code::codesign_identity_expired, {{"name", one.name}}, one.name, {evidence}));
    } else if (end && today && *end - *today <= soon) {
      out.push_back(of_rule(Code::codesign_identity_expires,
                            {{"name", one.name}, {"day", one.not_after}}, one.name, {evidence}));
    }
    if (intermediate || one.issuer != "Developer ID Certification Authority") continue;
    // Apple, "Developer ID Intermediate Certificate Updates": the first one ends on this day.
    const std::string last = one.issuer_not_after.empty() ? "2027-02-01" : one.issuer_not_after;
    const auto last_day = days_of(last);
    if (one.expired || !last_day || (end && today && *end < *today)) continue;
    Finding ends = of_rule(Code::codesign_intermediate_expires, {{"name", one.name}, {"day", last}},
                           one.name, {fact("issuer", one.issuer + ", until " + last)});
    if (today && *last_day - *today <= soon) ends.severity = Severity::warning;
    out.push_back(std::move(ends));
    intermediate = true;
  }
}

}  // namespace tenon::doctor
