#include "fleet/leases.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/values.h"

namespace tenon::fleet {

using remote::Lease;
using remote::LeaseState;

LeaseBook::Step LeaseBook::take(const std::vector<Lease>& answer) {
  Step out;
  std::vector<Lease> next;
  for (const Lease& one : answer) {
    const auto known = std::ranges::find(leases_, one.id, &Lease::id);
    if (one.id.empty() || std::ranges::find(next, one.id, &Lease::id) != next.end()) continue;
    if (known != leases_.end()) {
      if (one.state == LeaseState::cancelled) {
        if (known->state == LeaseState::active) out.stop.push_back(one.id);
        continue;
      }
      next.push_back(*known);  // ours, with its state and result
      continue;
    }
    const bool over = one.state == LeaseState::completed || one.state == LeaseState::cancelled;
    if (over || draining_) continue;
    Lease begun = one;
    begun.state = LeaseState::active;
    out.start.push_back(begun);
    next.push_back(std::move(begun));
  }
  for (const Lease& mine : leases_) {
    const bool listed = std::ranges::find(answer, mine.id, &Lease::id) != answer.end();
    if (!listed && mine.state == LeaseState::active) out.stop.push_back(mine.id);
  }
  leases_ = std::move(next);
  return out;
}

void LeaseBook::finish(const std::string& id, int status, std::string message,
                       std::optional<remote::ActionResult> result) {
  const auto known = std::ranges::find(leases_, id, &Lease::id);
  if (known == leases_.end()) return;
  known->state = LeaseState::completed;
  known->status = status;
  known->message = std::move(message);
  known->result = std::move(result);
}

std::vector<std::string> LeaseBook::forget() {
  std::vector<std::string> out;
  for (const Lease& lease : leases_) {
    if (lease.state == LeaseState::active) out.push_back(lease.id);
  }
  leases_.clear();
  return out;
}

bool LeaseBook::busy() const {
  return std::ranges::any_of(leases_,
                             [](const Lease& lease) { return lease.state == LeaseState::active; });
}

bool LeaseBook::has_news() const {
  return std::ranges::any_of(
      leases_, [](const Lease& lease) { return lease.state == LeaseState::completed; });
}

int status_of(const remote::Failure& failure) {
  // The store was away, or full, or too slow: nothing that the action could help.
  if (failure.retry) return code_unavailable;
  switch (failure.code) {
    case Errc::timeout: return code_deadline;
    case Errc::malformed:
    case Errc::invalid_argument:
    case Errc::limit:
    case Errc::not_found: return code_precondition;
    default: return code_internal;
  }
}

}  // namespace tenon::fleet
