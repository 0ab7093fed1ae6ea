#include "trace/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "diag/code.h"
#include "diag/report.h"
#include "trace/event.h"
#include "trace/forecast.h"
#include "trace/lookups.h"
#include "trace/owners.h"
#include "trace/tally.h"

namespace tenon::trace {
namespace {

constexpr std::size_t most_lookups_shown = 1000;

double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

// A number and where it comes from.
Data sourced(std::int64_t value, std::string_view source) {
  Data out = Data::object();
  out.add("value", value);
  out.add("source", source);
  return out;
}

Data texts(const std::vector<std::string>& list) {
  Data out = Data::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

// null where nothing is known.
Data port_data(std::uint16_t port) { return port == 0 ? Data() : Data(std::int64_t{port}); }

template <class T>
Data number_data(const std::optional<T>& value) {
  return value ? Data(static_cast<std::int64_t>(*value)) : Data();
}

Data word_data(const std::string& word) { return word.empty() ? Data() : Data(word); }

void add_closes(const Owner& owner, Data& out) {
  out.add("connections", owner.connections);
  out.add("entered", owner.entered);
  out.add("fin_wait2", owner.half);
  out.add("closed_here", owner.closed_here);
  out.add("closed_by_peer", owner.closed_by_peer);
  out.add("resets", owner.resets);
  out.add("single", owner.single);
  out.add("unread_closes", owner.unread_closes);
  out.add("early_closes", owner.early_closes);
  out.add("keep_alive_off", owner.keep_alive_off);
  out.add("max_idle_per_host", number_data(owner.idle_max));
  out.add("clients", static_cast<std::int64_t>(owner.transports.size()));
  out.add("peak_open", owner.peak());
}

Data reason_rows(const Owner& owner) {
  Data out = Data::array();
  for (const auto& [reason, count] : owner.reasons) {
    Data row = Data::object();
    row.add("text", reason).add("count", count);
    out.push(std::move(row));
  }
  return out;
}

Data site_rows(const Tally& tally, const Owner& owner) {
  Data out = Data::array();
  for (const Site& site : tally.sites(owner)) {
    Data row = Data::object();
    row.add("count", site.count).add("functions", texts(site.functions));
    out.push(std::move(row));
  }
  return out;
}

Data owner_data(const Tally& tally, const OwnerKey& key, const Owner& owner) {
  Data out = Data::object();
  out.add("pid", std::int64_t{key.process});
  out.add("name", key.name);
  out.add("cgroup", static_cast<std::int64_t>(owner.group & INT64_MAX));
  out.add("role", role_name(key.role));
  out.add("local_port", port_data(key.port));
  out.add("remote", key.remote.address);
  out.add("remote_port", port_data(key.remote.port));
  out.add("traced", owner.inside);
  add_closes(owner, out);
  out.add("reasons", reason_rows(owner));
  out.add("sites", site_rows(tally, owner));
  out.add("source", "tp_btf/inet_sock_set_state");
  return out;
}

Data lookup_seconds(const Lookup& one) {
  return one.ended ? Data(seconds(*one.ended - one.began)) : Data();
}

Data predicted_data(const Lookup& one, const Tally& tally) {
  const auto found = std::ranges::find(tally.predictions(), one.name, &Prediction::name);
  if (found == tally.predictions().end() || !one.from_go) return {};
  return {found->order};
}

Data lookup_data(const Lookup& one, std::int64_t began, const Tally& tally) {
  Data out = Data::object();
  out.add("name", one.name);
  out.add("pid", std::int64_t{one.process});
  out.add("path", one.path.empty() ? "unknown" : one.path.c_str());
  out.add("order", word_data(one.order));
  out.add("at_s", seconds(one.began - began));
  out.add("seconds", lookup_seconds(one));
  out.add("result", number_data(one.result));
  out.add("datagrams_sent", number_data(one.sent));
  out.add("datagrams_received", number_data(one.received));
  out.add("predicted", predicted_data(one, tally));
  out.add("source", one.from_go ? "uprobe net.(*Resolver)" : "uprobe getaddrinfo");
  return out;
}

Data forecast_data(const Forecast& one, std::int64_t began) {
  Data out = Data::object();
  out.add("pid", std::int64_t{one.owner.process});
  out.add("remote", endpoint_text(one.owner.remote));
  out.add("at_s", seconds(one.at - began));
  out.add("ports", std::int64_t{one.ports});
  out.add("used", one.used);
  out.add("rate", one.rate);
  out.add("stay_s", std::int64_t{one.stay});
  out.add("steady", one.steady);
  out.add("seconds_left", one.seconds ? Data(*one.seconds) : Data());
  return out;
}

std::vector<std::pair<const OwnerKey*, const Owner*>> by_entries(const Tally& tally) {
  std::vector<std::pair<const OwnerKey*, const Owner*>> out;
  out.reserve(tally.owners().size());
  for (const auto& [key, owner] : tally.owners()) out.emplace_back(&key, &owner);
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) {
    if (a.second->inside != b.second->inside) return a.second->inside;
    return a.second->entered > b.second->entered;
  });
  return out;
}

std::int64_t present_in(const Tally& tally, Rest rest) {
  return std::ranges::count(tally.present(), rest, &Row::rest);
}

}  // namespace

Proof proof_of(const Tally& tally) {
  Proof out;
  const auto& footer = tally.footer();
  if (!footer) {
    out.reason = "the recorded file has no end";
    return out;
  }
  out.kernel_delta = footer->counters.entered() - tally.header().counters.entered();
  out.difference = tally.entered() - out.kernel_delta;
  if (footer->lost > 0) {
    out.reason = fmt::format("{} records were lost, as the buffer was full; the kernel counted {}",
                             footer->lost, out.kernel_delta);
  } else if (out.difference != 0) {
    out.reason = fmt::format("{} entries were seen, and the kernel counted {}", tally.entered(),
                             out.kernel_delta);
  } else {
    out.proved = true;
  }
  return out;
}

namespace {

constexpr const char* state_source = "tp_btf/inet_sock_set_state";

void add_numbers(const Tally& tally, const Proof& proof, Data& out) {
  const Footer footer = tally.footer().value_or(Footer{});
  out.add("entered", sourced(tally.entered(), state_source));
  out.add("fin_wait2", sourced(tally.half(), state_source));
  out.add("kernel_tw_delta", sourced(proof.kernel_delta, "/proc/net/netstat TcpExt TW + TWKilled"));
  out.add("present", sourced(present_in(tally, Rest::time_wait), footer.present_source));
  out.add("present_fin_wait2", sourced(present_in(tally, Rest::half), footer.present_source));
  out.add("ring_lost", sourced(footer.lost, "bpf_ringbuf_reserve"));
  out.add("connections", sourced(tally.connections(), state_source));
  out.add("unlisted", tally.unlisted());
}

void add_lookups(const Tally& tally, Data& out) {
  const auto& list = tally.lookups().list();
  Data rows = Data::array();
  for (std::size_t i = 0; i < std::min(list.size(), most_lookups_shown); ++i)
    rows.push(lookup_data(list[i], tally.header().began, tally));
  out.add("lookups", std::move(rows));
  out.add("lookup_count", tally.lookups().count());
  out.add("address_count", tally.lookups().addresses());
  out.add("datagrams_sent", sourced(tally.lookups().datagrams_sent(), "tp_btf/sock_send_length"));
  out.add("datagrams_received",
          sourced(tally.lookups().datagrams_received(), "tp_btf/sock_recv_length"));
}

void add_judgements(const Tally& tally, Data& out) {
  Data causes = Data::array();
  for (const Cause& one : tally.causes()) {
    Data row = Data::object();
    row.add("code", code_text(finding_of(tally, one).code));
    row.add("pid", std::int64_t{one.owner.process});
    row.add("count", one.count);
    row.add("known_s", seconds(one.known - tally.header().began));
    causes.push(std::move(row));
  }
  out.add("causes", std::move(causes));
  Data forecasts = Data::array();
  for (const Forecast& one : tally.forecasts())
    forecasts.push(forecast_data(one, tally.header().began));
  out.add("forecast", std::move(forecasts));
}

Data limit_data(const Limits& limits) {
  Data out = Data::object();
  out.add("first_port", std::int64_t{limits.first_port});
  out.add("last_port", std::int64_t{limits.last_port});
  out.add("reserved", std::int64_t{limits.reserved});
  out.add("tcp_tw_reuse", std::int64_t{limits.reuse});
  out.add("tcp_max_tw_buckets", std::int64_t{limits.buckets});
  return out;
}

void add_header(const Tally& tally, Data& out) {
  const Header& header = tally.header();
  out.add("subject", header.subject);
  out.add("kernel", header.kernel);
  out.add("arch", header.arch);
  out.add("network", static_cast<std::int64_t>(header.network & INT64_MAX));
  out.add("program", header.program);
  out.add("go", word_data(header.go_version));
  out.add("seconds", tally.footer() ? Data(seconds(tally.footer()->ended - header.began)) : Data());
}

}  // namespace

Data answer_data(const Tally& tally) {
  const Proof proof = proof_of(tally);
  Data out = Data::object();
  out.add("verdict", proof.proved ? "exact" : "unknown");
  add_header(tally, out);
  add_numbers(tally, proof, out);
  Data owners = Data::array();
  for (const auto& [key, owner] : by_entries(tally)) owners.push(owner_data(tally, *key, *owner));
  out.add("owners", std::move(owners));
  add_lookups(tally, out);
  add_judgements(tally, out);
  out.add("limits", limit_data(tally.header().limits));
  out.add("seen", texts(tally.header().seen));
  out.add("not_seen", texts(tally.header().not_seen));
  return out;
}

namespace {

// Owners that differ by their process only, as those of a program that is started for each request.
struct OwnerGroup {
  OwnerKey key;
  bool inside = false;
  std::int64_t processes = 0, entered = 0, connections = 0, here = 0, by_peer = 0;
};

std::vector<OwnerGroup> groups_of(const Tally& tally) {
  std::map<std::pair<bool, OwnerKey>, OwnerGroup> sums;
  for (const auto& [key, owner] : tally.owners()) {
    OwnerKey alike = key;
    alike.process = key.process == 0 ? 0 : 1;
    OwnerGroup& sum = sums[{owner.inside, alike}];
    if (sum.processes++ == 0) sum.key = key;
    sum.inside = owner.inside;
    sum.entered += owner.entered;
    sum.connections += owner.connections;
    sum.here += owner.closed_here;
    sum.by_peer += owner.closed_by_peer;
  }
  std::vector<OwnerGroup> out;
  out.reserve(sums.size());
  for (auto& [key, sum] : sums) out.push_back(std::move(sum));
  std::ranges::stable_sort(out, [](const OwnerGroup& a, const OwnerGroup& b) {
    return std::pair(a.inside, a.entered) > std::pair(b.inside, b.entered);
  });
  return out;
}

Shown owner_line(const OwnerGroup& group) {
  const OwnerKey& key = group.key;
  const std::string name = key.process == 0 ? "not known" : key.name;
  const std::string process = group.processes == 1 ? std::to_string(key.process)
                                                   : fmt::format("{} processes", group.processes);
  const std::string place = key.role == Role::server
                                ? fmt::format("port {} from {}", key.port, key.remote.address)
                                : "to " + endpoint_text(key.remote);
  return shown_format("  {:>8}  {} ({}) {}: {} connections, {} closed here, {} by the peer\n",
                      group.entered, name, process, place, group.connections, group.here,
                      group.by_peer);
}

Shown lookup_lines(const Tally& tally) {
  const auto& list = tally.lookups().list();
  if (list.empty()) return {};
  Shown out = shown_format("\nlookups  {} ({} datagrams to port 53, {} from there)\n",
                           tally.lookups().count(), tally.lookups().datagrams_sent(),
                           tally.lookups().datagrams_received());
  struct Sum {
    std::int64_t count = 0, timed = 0;
    double longest = 0;
  };
  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const Lookup& one : list) {
    const std::string way = one.path.empty() ? "unknown" : one.path;
    Sum& sum = sums[{one.name, one.order.empty() || one.path == "cgo"
                                   ? way
                                   : fmt::format("{} ({})", way, one.order)}];
    ++sum.count;
    if (!one.ended) continue;
    ++sum.timed;
    sum.longest = std::max(sum.longest, seconds(*one.ended - one.began));
  }
  std::size_t shown = 0;
  for (const auto& [key, sum] : sums) {
    if (++shown > 20) {
      out += shown_format("  and {} more\n", sums.size() - 20);
      break;
    }
    out += shown_format("  {:>8}  {} by {}{}\n", sum.count, key.first, key.second,
                        sum.timed == 0 ? std::string(", time not seen")
                                       : fmt::format(", at most {:.1f} ms", sum.longest * 1e3));
  }
  return out;
}

}  // namespace

Shown answer_text(const Tally& tally) {
  const Proof proof = proof_of(tally);
  const Footer footer = tally.footer().value_or(Footer{});
  Shown out = shown_format("traced   {}, {:.1f} s\n", tally.header().subject,
                           seconds(footer.ended - tally.header().began));
  out += shown_format("entered  {}{} into TIME_WAIT{}; the kernel counted {}\n",
                      proof.proved ? "" : "at least ", tally.entered(),
                      tally.half() == 0
                          ? std::string()
                          : fmt::format(" ({} of them as orphans in FIN_WAIT2)", tally.half()),
                      proof.kernel_delta);
  out += shown_format("present  {} (by {})\n", present_in(tally, Rest::time_wait),
                      footer.present_source.empty() ? "nothing" : footer.present_source);
  const std::vector<OwnerGroup> groups = groups_of(tally);
  std::size_t shown = 0;
  for (const OwnerGroup& group : groups) {
    if (shown == 0) out += "owners\n";
    if (++shown > 20) {
      out += shown_format("  and {} more\n", groups.size() - 20);
      break;
    }
    out += owner_line(group);
  }
  return out + lookup_lines(tally);
}

}  // namespace tenon::trace
