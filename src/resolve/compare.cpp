#include "resolve/compare.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "diag/report.h"
#include "resolve/address.h"
#include "resolve/decision.h"
#include "resolve/go_client.h"
#include "resolve/go_text.h"
#include "resolve/hosts_file.h"
#include "resolve/nsswitch.h"

namespace tenon::resolve {
namespace {

std::set<std::string> set_of(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}

void by_name(const Resolver& resolver, const BothAnswers& both, std::vector<std::string>& out) {
  if (short_address(both.name))
    out.emplace_back("libc reads the name as a short form of an IP address; Go does not");
  if (go_avoids_dns(both.name))
    out.emplace_back("Go never asks DNS for .onion names: an empty list without an error");
  const HostsAnswer hosts = find_host(resolver.inputs().machine.hosts, both.name);
  if (set_of(both.go.addresses) == set_of(hosts.addresses) && hosts.addresses.size() > 1)
    out.emplace_back("Go gives every line of /etc/hosts; libc follows host.conf");
  else if (both.go.addresses.empty() && !both.libc.addresses.empty() && !go_domain_name(both.name))
    out.emplace_back("Go sends no query for what is not a domain name");
}

void by_server(const BothAnswers& both, std::vector<std::string>& out) {
  const bool go_failed = !both.go.error.empty();
  const bool libc_failed = !both.libc.error.empty();
  if (both.go_without_edns && both.go_without_edns->error.empty())
    out.emplace_back(
        "the server cannot handle EDNS0, which Go sends with each query and libc does not: "
        "GODEBUG=netedns0=0 helps, a newer server is better");
  if (!go_failed && !libc_failed && !both.go.addresses.empty() &&
      both.go.addresses.size() < both.libc.addresses.size())
    out.emplace_back(
        "Go reads at most 1232 bytes of a UDP answer; the server sent more without saying that it "
        "is truncated");
  if (!go_failed && libc_failed && both.libc_code == "EAI_AGAIN")
    out.emplace_back(
        "libc gave up on the server: it asks A and AAAA over one connection and takes less for an "
        "answer than Go does");
  if (go_failed && both.go.timeout && !libc_failed && out.empty())
    out.emplace_back(
        "the server does not answer what Go asks: look at packets over 512 bytes, and at TCP");
}

void by_sources(const Resolver& resolver, const BothAnswers& both, std::vector<std::string>& out) {
  for (const NssSource& source : resolver.nsswitch().hosts) {
    if (source.name == "files" || source.name == "dns") {
      const bool stops = std::ranges::any_of(source.criteria, [](const NssCriterion& one) {
        return one.status != "success" && one.action == "return";
      });
      if (stops && !both.libc.error.empty() && both.go.error.empty())
        out.push_back("libc stops behind \"" + source.name +
                      "\" because of its condition in nsswitch.conf");
    } else if (!both.libc.addresses.empty() && both.go.addresses.empty() && out.empty()) {
      out.push_back("libc also asks the source \"" + source.name +
                    "\" of nsswitch.conf, which Go cannot");
    }
  }
}

Data list_of(const std::vector<std::string>& values) {
  Data out = Data::array();
  for (const std::string& value : values) out.push(value);
  return out;
}

Data result_data(const LookupResult& result, std::uint64_t elapsed_ms) {
  Data out = Data::object();
  out.add("addresses", list_of(result.addresses));
  out.add("error", result.error.empty() ? Data() : Data(result.error));
  out.add("server", result.server.empty() ? Data() : Data(result.server));
  out.add("not_found", result.not_found);
  out.add("timeout", result.timeout);
  out.add("temporary", result.temporary);
  out.add("elapsed_ms", static_cast<std::int64_t>(elapsed_ms));
  return out;
}

Data query_data(const std::vector<SentQuery>& queries) {
  Data out = Data::array();
  for (const SentQuery& query : queries) {
    Data row = Data::object();
    row.add("name", query.name);
    row.add("type", query.type);
    row.add("server", query.server);
    row.add("network", query.tcp ? "tcp" : "udp");
    row.add("result", query.result);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace

bool same_answers(const BothAnswers& both) {
  if (both.go.error.empty() != both.libc.error.empty()) return false;
  if (both.go.error.empty()) return set_of(both.go.addresses) == set_of(both.libc.addresses);
  return both.go.not_found == both.libc.not_found;
}

std::vector<std::string> explain_difference(const Resolver& resolver, const BothAnswers& both) {
  std::vector<std::string> out;
  if (same_answers(both)) return out;
  by_name(resolver, both, out);
  by_server(both, out);
  by_sources(resolver, both, out);
  if (out.empty())
    out.emplace_back(
        "no known cause: compare the queries that are listed with what the server's log shows");
  return out;
}

std::string outcome_text(const LookupResult& result) {
  if (!result.error.empty()) return result.error;
  return result.addresses.empty() ? "an empty list" : join(result.addresses, ", ");
}

Data both_data(const BothAnswers& both, const std::vector<std::string>& why) {
  Data out = Data::object();
  out.add("name", both.name);
  Data go = result_data(both.go, both.go_ms);
  go.add("order", order_text(both.go_order));
  go.add("queries", query_data(both.go.queries));
  out.add("go", std::move(go));
  Data libc = result_data(both.libc, both.libc_ms);
  libc.add("code", both.libc_code.empty() ? Data() : Data(both.libc_code));
  out.add("libc", std::move(libc));
  if (both.go_without_edns) {
    out.add("go_without_edns", result_data(*both.go_without_edns, 0));
  }
  out.add("same", same_answers(both));
  out.add("why", list_of(why));
  return out;
}

Shown both_text(const BothAnswers& both, const std::vector<std::string>& why) {
  Shown out = shown_format("{}\n  go    {:5} ms  {} queries  {}\n", both.name, both.go_ms,
                           both.go.queries.size(), outcome_text(both.go));
  out += shown_format("  libc  {:5} ms             {}\n", both.libc_ms, outcome_text(both.libc));
  for (const std::string& one : why) out += shown_format("  why   {}\n", one);
  return out;
}

}  // namespace tenon::resolve
