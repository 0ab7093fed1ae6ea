#include "trace/tally.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "trace/event.h"
#include "trace/forecast.h"
#include "trace/lookups.h"
#include "trace/owners.h"

namespace tenon::trace {
namespace {

constexpr std::size_t most_owners = 10000;
constexpr std::size_t most_rows = 200000;

}  // namespace

std::vector<Cause> causes_of(const OwnerKey& key, const Owner& owner) {
  std::vector<Cause> out;
  if (!owner.inside || owner.connections < enough) return out;
  if (key.role == Role::server) {
    if (owner.closed_here >= enough) out.push_back({key, Why::unknown, owner.closed_here});
    return out;
  }
  // A pool for each request: whatever the single connections say, this is why.
  const auto clients = static_cast<std::int64_t>(owner.transports.size());
  const bool many = clients >= enough && clients * 2 >= owner.with_transport;
  const std::int64_t off = owner.count(Why::keep_alives_off);
  const std::int64_t ended = owner.count(Why::client_ended);
  if (many && owner.keep_alive_off * 2 < owner.with_transport) {
    out.push_back({key, Why::client_ended, owner.with_transport});
    return out;
  }
  const auto add = [&](Why why) {
    if (owner.count(why) >= enough) out.push_back({key, why, owner.count(why)});
  };
  add(Why::pool_full);
  if (off >= enough) out.push_back({key, Why::keep_alives_off, off});
  add(Why::body_left);
  // Of a pool that is closed once, all connections have one transport.
  if (ended >= enough && owner.with_transport == 0) out.push_back({key, Why::client_ended, ended});
  add(Why::idle_time);
  if (owner.count(Why::peer) >= enough && owner.single * 2 >= owner.connections)
    out.push_back({key, Why::peer, owner.count(Why::peer)});
  if (out.empty()) add(Why::single);
  return out;
}

void Tally::add(const Connection& one) {
  ++connections_;
  if (one.rest != Rest::none) ++entered_;
  if (one.rest == Rest::half) ++half_;
  OwnerKey key = owner_of(one);
  auto found = owners_.find(key);
  if (found == owners_.end()) {
    if (owners_.size() >= most_owners) {
      if (one.rest != Rest::none) ++unlisted_;
      return;
    }
    found = owners_.emplace(std::move(key), Owner{}).first;
  }
  found->second.add(one, why_closed(one, functions(one.stack)));
}

void Tally::add(Prediction prediction) {
  if (predictions_.size() < most_lookups) predictions_.push_back(std::move(prediction));
}

void Tally::add_older(const Row& row) {
  ++older_all_;
  if (older_.size() < most_owners || older_.contains(row.remote)) ++older_[row.remote];
}

void Tally::add_present(Row row) {
  if (present_.size() < most_rows) present_.push_back(std::move(row));
}

bool Tally::look_for_causes(const OwnerKey& key, const Owner& owner, std::int64_t now) {
  bool found = false;
  for (Cause& one : causes_of(key, owner)) {
    if (!known_.emplace(key, one.why).second) continue;
    one.known = now;
    causes_.push_back(std::move(one));
    found = true;
  }
  return found;
}

bool Tally::is_foretold(const OwnerKey& key) const {
  for (const Forecast& one : forecasts_)
    if (one.owner == key) return true;
  return false;
}

bool Tally::look(std::int64_t now) {
  bool said = false;
  for (const auto& [key, owner] : owners_) {
    said = look_for_causes(key, owner, now) || said;
    if (!owner.inside) continue;
    const auto older = older_.find(key.remote);
    const auto next = forecast(key, owner, header_.limits, now,
                               older == older_.end() ? 0 : older->second, header_.began);
    if (!next) continue;
    latest_[key] = *next;
    const bool known = is_foretold(key);
    if (!next->seconds || known) continue;
    forecasts_.push_back(*next);
    said = true;
  }
  return said;
}

void Tally::finish(Footer footer) {
  look(footer.ended);
  // Counts grow after the moment at which a cause was known, and a cause that comes to be known
  // better takes the place of what it explains.
  std::vector<Cause> last;
  for (const auto& [key, owner] : owners_) {
    for (Cause& one : causes_of(key, owner)) {
      const auto before = std::ranges::find_if(
          causes_, [&](const Cause& other) { return other.owner == key && other.why == one.why; });
      one.known = before == causes_.end() ? footer.ended : before->known;
      last.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(last, {}, &Cause::known);
  causes_ = std::move(last);
  footer_ = std::move(footer);
}

const std::vector<std::string>& Tally::functions(std::uint32_t stack) const {
  static const std::vector<std::string> none;
  const auto found = stacks_.find(stack);
  return found == stacks_.end() ? none : found->second;
}

std::vector<Site> Tally::sites(const Owner& owner) const {
  std::map<std::vector<std::string>, std::int64_t> counts;
  for (const auto& [stack, count] : owner.stacks) {
    if (!functions(stack).empty()) counts[functions(stack)] += count;
  }
  std::vector<Site> out;
  out.reserve(counts.size());
  for (const auto& [functions, count] : counts) out.push_back({functions, count});
  std::ranges::stable_sort(out, std::ranges::greater(), &Site::count);
  return out;
}

}  // namespace tenon::trace
