#include "resolve/query_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolve/decision.h"
#include "resolve/go_text.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {
namespace {

constexpr std::size_t longest_name = 254;
constexpr std::uint64_t types = 2;  // A and AAAA

void count(QueryPlan& plan) {
  plan.queries = plan.names.size() * types;
  plan.packets = plan.queries * plan.servers.size() * plan.attempts;
}

}  // namespace

std::vector<std::string> go_name_list(const ResolvConf& conf, std::string_view name) {
  const bool rooted = name.ends_with('.');
  if (name.size() > longest_name || (name.size() == longest_name && !rooted)) return {};
  if (rooted) {
    if (go_avoids_dns(name)) return {};
    return {std::string(name)};
  }
  const bool first = static_cast<std::size_t>(std::ranges::count(name, '.')) >= conf.ndots;
  const std::string absolute = std::string(name) + '.';
  std::vector<std::string> out;
  if (first && !go_avoids_dns(absolute)) out.push_back(absolute);
  for (const std::string& suffix : conf.search) {
    std::string longer = absolute + suffix;
    if (!go_avoids_dns(longer) && longer.size() <= longest_name) out.push_back(std::move(longer));
  }
  if (!first && !go_avoids_dns(absolute)) out.push_back(absolute);
  return out;
}

QueryPlan go_plan(const ResolvConf& conf, Order order, std::string_view name) {
  QueryPlan out;
  if (order == Order::files || order == Order::cgo || order == Order::unknown) return out;
  if (!go_domain_name(name)) return out;
  out.names = go_name_list(conf, name);
  out.servers = conf.servers;
  out.attempts = conf.attempts;
  out.sequential = conf.single_request;
  out.tcp = conf.use_tcp;
  count(out);
  out.worst_ms = std::uint64_t{out.names.size()} * out.servers.size() * out.attempts *
                 conf.timeout_s * 1000 * (out.sequential ? types : 1);
  return out;
}

QueryPlan glibc_plan(const ResolvConf& conf, std::string_view name) {
  constexpr std::uint32_t most_timeout = 30, most_attempts = 5;  // RES_MAXRETRANS, RES_MAXRETRY
  QueryPlan out;
  const bool rooted = name.ends_with('.');
  const bool first = static_cast<std::size_t>(std::ranges::count(name, '.')) >= conf.ndots;
  const std::string absolute = rooted ? std::string(name) : std::string(name) + '.';
  if (rooted || first) out.names.push_back(absolute);
  for (const std::string& suffix : conf.search) {
    if (!rooted) out.names.push_back(absolute + suffix);
  }
  if (!rooted && !first) out.names.push_back(absolute);
  out.servers = conf.servers;
  if (conf.default_servers) out.servers = {"127.0.0.1:53"};
  out.attempts = std::min(conf.attempts, most_attempts);
  out.sequential = conf.single_request;
  out.tcp = conf.use_tcp;
  count(out);
  // Each server behind the first waits twice as long, shared among all.
  std::uint64_t round = 0;
  for (std::size_t i = 0; i < out.servers.size(); ++i) {
    std::uint64_t seconds = std::uint64_t{std::min(conf.timeout_s, most_timeout)} << i;
    if (i > 0) seconds = std::max<std::uint64_t>(seconds / out.servers.size(), 1);
    round += seconds;
  }
  out.worst_ms = round * out.attempts * out.names.size() * 1000;
  return out;
}

}  // namespace tenon::resolve
