// Signing identities and the days they end on.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "diag/codes.h"
#include "diag/expiry.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"
#include "machine/snapshot.h"

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

constexpr std::int64_t day = 86'400;

void judge(const std::string& name, std::int64_t end_day, std::int64_t today, Evidence evidence,
           Findings& out) {
  // Both are whole days: a certificate lives until the end of its last one.
  auto finding = expiry_finding(name, end_day * day + day - 1, today * day);
  if (!finding) return;
  finding->evidence.push_back(std::move(evidence));
  out.push_back(*std::move(finding));
}

}  // namespace

std::string issuer_end(const SigningIdentity& one) {
  if (!one.issuer_not_after.empty()) return one.issuer_not_after;
  const auto known = known_authority_end(one.issuer);
  if (!known) return {};
  const std::chrono::year_month_day date(std::chrono::sys_days(std::chrono::days(*known / day)));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void diagnose_identities(const Snapshot& snapshot, Findings& out) {
  const auto today = days_of(snapshot.system.day.value);
  std::vector<std::string> issuers;
  for (const SigningIdentity& one : snapshot.identities.list.value) {
    const std::string& source = snapshot.identities.list.source;
    const auto end = days_of(one.not_after);
    const bool ended = end && today && *end < *today;
    if (one.expired && !ended) {
      out.push_back(of_rule(Code::codesign_identity_expired, {{"name", one.name}}, one.name,
                            {fact(source, "CSSMERR_TP_CERT_EXPIRED")}));
    } else if (end && today) {
      judge(one.name, *end, *today, fact(source, "valid until " + one.not_after), out);
    }
    // Once for all that it issued, and not for what has ended anyway.
    const std::string last = issuer_end(one);
    const auto issuer_day = days_of(last);
    if (one.expired || ended || !issuer_day || !today) continue;
    if (std::ranges::find(issuers, one.issuer) != issuers.end()) continue;
    issuers.push_back(one.issuer);
    judge(one.issuer, *issuer_day, *today,
          fact(source, "issued " + one.name + ", valid until " + last), out);
  }
}

}  // namespace tenon::doctor
