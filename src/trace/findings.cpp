// Causes, forecasts and lookups as findings.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "trace/answer.h"
#include "trace/event.h"
#include "trace/forecast.h"
#include "trace/lookups.h"
#include "trace/owners.h"
#include "trace/tally.h"

namespace tenon::trace {
namespace {

std::string count_text(std::int64_t value) { return std::to_string(value); }

std::string process_text(const OwnerKey& key) {
  return key.process == 0 ? "an unknown process" : key.name.empty() ? "?" : key.name;
}

std::string remote_text(const OwnerKey& key) {
  return key.remote.port == 0 ? key.remote.address : endpoint_text(key.remote);
}

Code code_of(const Cause& cause) {
  if (cause.owner.role == Role::server) return Code::trace_server_closes;
  switch (cause.why) {
    case Why::pool_full: return Code::trace_idle_pool;
    case Why::keep_alives_off: return Code::trace_keep_alive_off;
    case Why::body_left: return Code::trace_body_not_drained;
    case Why::client_ended: return Code::trace_client_per_request;
    case Why::idle_time: return Code::trace_idle_timeout;
    case Why::peer: return Code::trace_peer_closes;
    case Why::single:
    case Why::unknown: return Code::trace_short_connections;
  }
  return Code::trace_short_connections;
}

// How keep-alive came to be off, as far as it was seen.
std::string off_evidence(const Owner& owner) {
  if (owner.keep_alive_off > 0) return "Transport.DisableKeepAlives is true";
  for (const auto& [reason, count] : owner.reasons)
    if (reason.contains("keep alives disabled")) return "Go says: " + reason;
  return "Request.Close, or Connection: close in the answer";
}

// How many idle connections the pool keeps, as far as it was seen.
std::string kept_text(const Owner& owner) {
  for (const auto& [reason, count] : owner.reasons)
    if (reason.ends_with("too many idle connections")) return "MaxIdleConns in all";
  const std::uint32_t most = owner.idle_max.value_or(0);
  return fmt::format("{} for each host", most == 0 ? 2 : most);
}

void add_evidence(const Tally& tally, const Owner& owner, Finding& out) {
  for (const auto& [reason, count] : owner.reasons) {
    out.evidence.push_back(
        {Evidence::Kind::fact, "reason in Go's words", fmt::format("{} times: {}", count, reason)});
  }
  for (const Site& site : tally.sites(owner)) {
    std::string line = site.functions.front();
    for (std::size_t i = 1; i < std::min<std::size_t>(site.functions.size(), 5); ++i)
      line += " <- " + site.functions[i];
    out.evidence.push_back(
        {Evidence::Kind::fact, "closed by", fmt::format("{} times: {}", site.count, line)});
    if (out.evidence.size() >= 8) break;
  }
}

}  // namespace

Finding finding_of(const Tally& tally, const Cause& cause) {
  static const Owner none;
  const auto found = tally.owners().find(cause.owner);
  const Owner& owner = found == tally.owners().end() ? none : found->second;
  const std::int64_t peak = std::max<std::int64_t>(owner.peak(), 1);
  Finding out = make_finding(
      code_of(cause),
      {{"process", process_text(cause.owner)},
       {"pid", count_text(cause.owner.process)},
       {"count", count_text(cause.count)},
       {"remote", remote_text(cause.owner)},
       {"port", count_text(cause.owner.port)},
       {"kept", kept_text(owner)},
       {"needed", count_text(peak)},
       {"clients",
        count_text(owner.transports.empty() ? cause.count
                                            : static_cast<std::int64_t>(owner.transports.size()))},
       {"evidence", off_evidence(owner)}},
      fmt::format("{} ({})", process_text(cause.owner), cause.owner.process));
  add_evidence(tally, owner, out);
  const bool told = cause.why != Why::single && !owner.reasons.empty();
  out.confidence = told ? Confidence::certain : Confidence::likely;
  return out;
}

Finding finding_of(const Forecast& forecast) {
  Finding out = make_finding(
      Code::trace_ports_run_out,
      {{"process", process_text(forecast.owner)},
       {"pid", count_text(forecast.owner.process)},
       {"ports", count_text(forecast.ports)},
       {"remote", remote_text(forecast.owner)},
       {"seconds", fmt::format("{:.0f}", forecast.seconds.value_or(0))},
       {"used", count_text(forecast.used)},
       {"rate", fmt::format("{:.1f}", forecast.rate)},
       {"stay", count_text(forecast.stay)},
       {"limit", fmt::format("{:.0f}", static_cast<double>(forecast.ports) / forecast.stay)}},
      remote_text(forecast.owner));
  out.confidence = Confidence::likely;
  return out;
}

std::vector<Difference> differences_of(const Tally& tally) {
  std::vector<Difference> out;
  std::set<std::string> said;
  for (const Lookup& one : tally.lookups().list()) {
    if (!one.from_go || one.order.empty()) continue;
    const auto predicted = std::ranges::find(tally.predictions(), one.name, &Prediction::name);
    if (predicted == tally.predictions().end() || predicted->order == one.order) continue;
    if (predicted->order == "unknown" || !said.insert(one.name).second) continue;
    out.push_back({one.name, one.order, predicted->order});
  }
  return out;
}

std::vector<Finding> findings_of(const Tally& tally) {
  std::vector<Finding> out;
  const Proof proof = proof_of(tally);
  if (!proof.proved)
    out.push_back(make_finding(Code::trace_counts_unknown, {{"reason", proof.reason}}, "counts"));
  for (const Forecast& one : tally.forecasts()) out.push_back(finding_of(one));
  for (const Cause& one : tally.causes()) out.push_back(finding_of(tally, one));
  for (const Difference& one : differences_of(tally)) {
    out.push_back(make_finding(
        Code::trace_resolver_differs,
        {{"name", one.name}, {"seen", one.seen}, {"predicted", one.predicted}}, one.name));
  }
  const auto& footer = tally.footer();
  if (footer && footer->counters.overflow > tally.header().counters.overflow) {
    out.push_back(make_finding(
        Code::trace_table_full,
        {{"count", count_text(footer->counters.overflow - tally.header().counters.overflow)},
         {"limit", count_text(tally.header().limits.buckets)}},
        "net.ipv4.tcp_max_tw_buckets"));
  }
  for (const std::string& one : tally.header().not_seen) {
    const std::size_t colon = one.find(": ");
    out.push_back(
        make_finding(Code::trace_not_seen,
                     {{"what", one.substr(0, colon)},
                      {"reason", colon == one.npos ? "it has no address" : one.substr(colon + 2)}},
                     one.substr(0, colon)));
  }
  return out;
}

}  // namespace tenon::trace
