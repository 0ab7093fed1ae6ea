#include "trace/forecast.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "trace/event.h"
#include "trace/owners.h"

namespace tenon::trace {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t window = 5;  // seconds that the rate is taken from

bool reuse_applies(const OwnerKey& key, const Limits& limits) {
  return limits.reuse == 1 || (limits.reuse == 2 && is_loopback(key.remote.address));
}

// Entries left in the whole seconds [from, to).
std::int64_t left_between(const Owner& owner, std::int64_t from, std::int64_t to) {
  std::int64_t out = 0;
  for (const auto& [at, count] : owner.seconds)
    if (at >= from && at < to) out += count;
  return out;
}

}  // namespace

std::optional<Forecast> forecast(const OwnerKey& key, const Owner& owner, const Limits& limits,
                                 std::int64_t now, std::int64_t older, std::int64_t began) {
  if (key.role == Role::server || key.remote.port == 0 || limits.ports() == 0) return std::nullopt;
  const std::int64_t today = now / second;
  const std::int64_t start = std::max(today - window, owner.first / second + 1);
  if (today - start < 2) return std::nullopt;
  Forecast out;
  out.owner = key;
  out.at = now;
  out.ports = limits.ports();
  out.stay = reuse_applies(key, limits) ? 1 : entry_seconds;
  out.rate =
      static_cast<double>(left_between(owner, start, today)) / static_cast<double>(today - start);
  out.steady = out.rate * out.stay;
  // Those from before the trace leave evenly over their 60 s.
  const std::int64_t passed = (now - began) / second;
  const auto rest_of_older = [&](std::int64_t ahead) {
    const std::int64_t gone = std::clamp<std::int64_t>(passed + ahead, 0, entry_seconds);
    return out.stay == 1 ? 0 : older * (entry_seconds - gone) / entry_seconds;
  };
  const auto held = [&](std::int64_t ahead) {
    return left_between(owner, today + ahead - out.stay, today + 1) + rest_of_older(ahead);
  };
  out.used = held(0);
  if (out.rate <= 0) return out;
  for (std::int64_t ahead = 0; ahead <= entry_seconds; ++ahead) {
    const double young = out.rate * static_cast<double>(std::min<std::int64_t>(ahead, out.stay));
    const double then = static_cast<double>(held(ahead)) + young;
    if (then < out.ports) continue;
    // Within the second, at the rate.
    const double over = (then - out.ports) / out.rate;
    out.seconds = std::max(0.0, static_cast<double>(ahead) - std::min(over, 1.0));
    break;
  }
  return out;
}

}  // namespace tenon::trace
