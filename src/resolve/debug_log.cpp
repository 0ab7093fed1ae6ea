#include "resolve/debug_log.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "resolve/decision.h"
#include "resolve/godebug.h"
#include "resolve/inputs.h"

namespace tenon::resolve {
namespace {

constexpr std::string_view marker = "go package net: ";

NetDns netdns_of(const Inputs& inputs) {
  return parse_netdns(
      godebug_value(inputs.environment.text("GODEBUG"), inputs.build.default_godebug, "netdns")
          .value_or(std::string()));
}

bool prefers_libc(const Inputs& inputs) {
  Inputs plain = inputs;
  plain.build.netcgo = false;
  plain.fields = {};
  plain.environment.variables.erase("GODEBUG");
  plain.build.default_godebug.clear();
  plain.machine = {};
  const Resolver resolver(plain);
  const Decision one = resolver.decide("a");
  return !resolver.must_use_go() && one.order == Order::cgo;
}

std::string old_headline(const Inputs& inputs, const NetDns& dns) {
  const Build& build = inputs.build;
  if (build.netgo) return "built with netgo build tag; using Go's DNS resolver";
  if (dns.go()) return "GODEBUG setting forcing use of Go's resolver";
  if (!libc_compiled_in(build)) return "cgo resolver not supported; using Go's DNS resolver";
  if (build.netcgo || dns.cgo() || prefers_libc(inputs)) return "using cgo DNS resolver";
  return "dynamic selection of DNS resolver";
}

std::string headline(const Inputs& inputs, const NetDns& dns) {
  const Build& build = inputs.build;
  if (build.go.minor < 24) return old_headline(inputs, dns);
  if (build.netgo || !libc_compiled_in(build)) {
    if (!dns.cgo()) return "using the Go DNS resolver";
    return "ignoring GODEBUG=netdns=cgo as the binary was compiled without support for the cgo "
           "resolver";
  }
  if (dns.go()) return "GODEBUG setting forcing use of the Go resolver";
  if (build.netcgo) return "using the cgo DNS resolver";
  if (dns.cgo()) return "GODEBUG setting forcing use of the cgo resolver";
  return "dynamic selection of DNS resolver";
}

const char* word(bool value) { return value ? "true" : "false"; }

// "hostLookupOrder(NAME) = ORDER"; the name may hold anything, a parenthesis too.
std::optional<LoggedOrder> parse_order(std::string_view text, std::size_t line) {
  LoggedOrder out;
  out.line = line;
  if (text.starts_with("addrLookupOrder(")) {
    out.reverse = true;
  } else if (!text.starts_with("hostLookupOrder(")) {
    return std::nullopt;
  }
  text.remove_prefix(text.find('(') + 1);
  const std::size_t close = text.rfind(") = ");
  if (close == text.npos) return std::nullopt;
  out.name = text.substr(0, close);
  out.order = trim(text.substr(close + 4));
  return out;
}

std::optional<bool> flag_behind(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == text.npos) return std::nullopt;
  return text.substr(at + name.size()).starts_with("true");
}

std::string why_head(std::string_view logged, const Inputs& inputs) {
  const NetDns dns = netdns_of(inputs);
  if (logged.contains("GODEBUG") && !dns.go() && !dns.cgo())
    return "the process had netdns in GODEBUG, which is not in the environment that was given";
  if (!logged.contains("GODEBUG") && (dns.go() || dns.cgo()))
    return "the process did not have this GODEBUG: sudo, systemd and containers drop it";
  return "the program is another build than the one that was given: cgo, tags or Go release differ";
}

std::string why_order(const LoggedOrder& logged, const Decision& decision) {
  const bool files = decision.order_reason >= Reason::resolv_unreadable;
  if ((logged.order == "cgo") != (decision.order == Order::cgo) && !files)
    return "another build, GODEBUG or environment than the one that was given; or the source sets "
           "PreferGo";
  return "resolv.conf or nsswitch.conf changed, or were others where the process ran (a container, "
         "a chroot); or the source sets PreferGo";
}

}  // namespace

std::vector<std::string> predicted_head(const Inputs& inputs) {
  const NetDns dns = netdns_of(inputs);
  const bool net_go = inputs.build.netgo || dns.go();
  const bool net_cgo = inputs.build.netcgo || dns.cgo();
  std::vector<std::string> out;
  out.push_back(std::string(marker) + "confVal.netCgo = " + word(net_cgo) +
                "  netGo = " + word(net_go));
  if (dns.invalid() && inputs.build.go.minor >= 24) {
    out.push_back(std::string(marker) + "GODEBUG=netdns contains an invalid dns mode, ignoring it");
  }
  out.push_back(std::string(marker) + headline(inputs, dns));
  return out;
}

DebugLog parse_debug_log(std::string_view text) {
  DebugLog out;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    const std::size_t at = line.find(marker);
    if (at == line.npos) continue;
    line = line.substr(at + marker.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (auto order = parse_order(line, number)) {
      out.orders.push_back(*std::move(order));
    } else if (line.starts_with("confVal.netCgo = ")) {
      out.net_cgo = flag_behind(line, "netCgo = ");
      out.net_go = flag_behind(line, "netGo = ");
    } else {
      out.head.emplace_back(line);
    }
  }
  return out;
}

std::vector<LogDifference> compare_log(const DebugLog& log, const Resolver& resolver) {
  std::vector<LogDifference> out;
  const std::vector<std::string> predicted = predicted_head(resolver.inputs());
  for (const std::string& sentence : log.head) {
    const bool there = std::ranges::any_of(predicted, [&](const std::string& one) {
      return std::string_view(one).substr(marker.size()) == sentence;
    });
    if (there) continue;
    out.push_back({0, sentence, predicted.back().substr(marker.size()), "the first sentence",
                   why_head(sentence, resolver.inputs())});
  }
  for (const LoggedOrder& one : log.orders) {
    const Decision decision = resolver.decide(one.reverse ? std::string_view() : one.name);
    const std::string_view ours = order_text(decision.order);
    if (ours == one.order) continue;
    out.push_back({one.line, one.order, std::string(ours), "the order of " + one.name,
                   why_order(one, decision)});
  }
  return out;
}

}  // namespace tenon::resolve
