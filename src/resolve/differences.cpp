#include "resolve/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "resolve/address.h"
#include "resolve/answer.h"
#include "resolve/binary.h"
#include "resolve/config_file.h"
#include "resolve/decision.h"
#include "resolve/from_snapshot.h"
#include "resolve/go_text.h"
#include "resolve/godebug.h"
#include "resolve/inputs.h"
#include "resolve/nsswitch.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {
namespace {

using Findings = std::vector<Finding>;
using State = ConfigFile::State;

constexpr const char* nsswitch_path = "/etc/nsswitch.conf";

void add(Findings& out, Code code, const Captures& captures, std::string subject,
         Evidence::Kind kind = Evidence::Kind::fact, std::string where = {},
         std::string text = {}) {
  Finding one = make_finding(code, captures, std::move(subject));
  one.evidence.push_back({kind, std::move(where), std::move(text)});
  out.push_back(std::move(one));
}

bool reads_files(const Build& build) {
  return build.goos != "windows" && build.goos != "plan9" && build.goos != "android" &&
         build.goos != "ios";
}

// --- the program and its environment

void find_netdns(const Resolver& resolver, Findings& out) {
  const Inputs& inputs = resolver.inputs();
  const Build& build = inputs.build;
  const std::string value =
      godebug_value(inputs.environment.text("GODEBUG"), build.default_godebug, "netdns")
          .value_or(std::string());
  const NetDns dns = parse_netdns(value);
  if (dns.invalid())
    add(out, Code::resolve_netdns_invalid, {{"value", value}}, "GODEBUG", Evidence::Kind::fact,
        "GODEBUG", "netdns=" + value);
  if (dns.cgo() && !libc_compiled_in(build))
    add(out, Code::resolve_netdns_ignored,
        {{"why",
          build.netgo ? "it was built with -tags netgo" : "it was built with CGO_ENABLED=0"}},
        "GODEBUG", Evidence::Kind::fact, "GODEBUG", "netdns=" + value);
}

void find_both_tags(const Resolver& resolver, Findings& out) {
  const Build& build = resolver.inputs().build;
  if (build.netgo && build.netcgo)
    add(out, Code::resolve_both_tags, {}, "-tags", Evidence::Kind::fact, "-tags", "netgo,netcgo");
}

// --- files

void find_unusable(const char* path, const ConfigFile& file, Findings& out) {
  std::string problem;
  if (file.state == State::permission) problem = "permission denied";
  if (file.state == State::failed) problem = file.error;
  if (file.state == State::folder) problem = "is a directory, which Go reads as an empty file";
  if (problem.empty()) return;
  add(out, Code::resolve_file_unusable, {{"path", path}, {"problem", problem}}, path,
      Evidence::Kind::file, path, problem);
}

void find_cut(const char* path, const ConfigFile& file, Findings& out) {
  if (file.state != State::text) return;
  GoLines lines(file.text);
  while (lines.next()) {
  }
  if (!lines.cut()) return;
  add(out, Code::resolve_long_line, {{"path", path}}, path, Evidence::Kind::file,
      fmt::format("{}:{}", path, lines.number() + 1), "64 KiB or more");
}

void find_nsswitch_problems(const Resolver& resolver, Findings& out) {
  const Nsswitch& nss = resolver.nsswitch();
  if (!nss.problem.empty()) {
    const std::string problem = fmt::format("line {}: {}", nss.line, nss.problem);
    add(out, Code::resolve_file_unusable, {{"path", nsswitch_path}, {"problem", problem}},
        nsswitch_path, Evidence::Kind::file, fmt::format("{}:{}", nsswitch_path, nss.line),
        nss.problem);
    return;
  }
  for (const NssSource& source : nss.hosts) {
    if (!source.name.contains('\t')) continue;
    const std::string where = fmt::format("{}:{}", nsswitch_path, source.line);
    add(out, Code::resolve_tab_in_nsswitch, {{"where", where}, {"source", source.name}},
        nsswitch_path, Evidence::Kind::file, where, source.name);
  }
}

std::string criteria_text(const NssSource& source) {
  std::string out;
  for (const NssCriterion& one : source.criteria) {
    if (!out.empty()) out += ' ';
    out += fmt::format("{}{}={}", one.negated ? "!" : "", one.status, one.action);
  }
  return out;
}

// Whether libc does something else than without the brackets.
bool changes_libc(const NssSource& source) {
  return std::ranges::any_of(source.criteria, [](const NssCriterion& one) {
    const char* usual = one.status == "success" ? "return" : "continue";
    return one.negated || one.action != usual;
  });
}

void find_criteria(const Resolver& resolver, Findings& out) {
  const Nsswitch& nss = resolver.nsswitch();
  if (!nss.problem.empty()) return;
  // A name that libc looks up meets them; the answer is about names that Go looks up.
  const bool go = resolver.must_use_go() || resolver.decide("a.example").order != Order::cgo;
  for (std::size_t i = 0; go && i + 1 < nss.hosts.size(); ++i) {
    const NssSource& source = nss.hosts[i];
    // Multicast DNS does not know other names than .local, so that its condition is not met.
    if (!changes_libc(source) || source.name.starts_with("mdns")) continue;
    const std::string where = fmt::format("{}:{}", nsswitch_path, source.line);
    const std::string text = criteria_text(source);
    add(out, Code::resolve_criteria,
        {{"where", where}, {"criteria", text}, {"source", source.name}}, nsswitch_path,
        Evidence::Kind::file, where, source.name + " [" + text + "]");
  }
}

std::vector<std::string> host_conf_lines(const ConfigFile& file) {
  std::vector<std::string> out;
  if (file.state != State::text) return out;
  for (const std::string_view line : split(file.text, '\n')) {
    const auto words = split_words(line.substr(0, line.find('#')));
    if (words.size() < 2) continue;
    out.push_back(fmt::format("{} {}", words[0], words[1]));
  }
  return out;
}

void find_host_conf(const Resolver& resolver, Findings& out) {
  for (const std::string& line : host_conf_lines(resolver.inputs().machine.host_conf)) {
    if (line != "reorder on" && !line.starts_with("trim ")) continue;
    add(out, Code::resolve_host_conf, {{"line", line}}, "/etc/host.conf", Evidence::Kind::file,
        "/etc/host.conf", line);
  }
}

// --- one name

std::string what_is_wrong(std::string_view name) {
  if (name.size() > 253) return "longer than 253 bytes";
  if (name.contains("://")) return "a URL";
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return "bytes that are not ASCII; international names are written xn--";
  if (name.contains("..") || name.starts_with('.')) return "an empty label";
  if (name.find_first_not_of("0123456789.") == name.npos) return "only digits and dots";
  for (const std::string_view label : split(name, '.')) {
    if (label.size() > 63) return "a label longer than 63 bytes";
    if (label.starts_with('-') || label.ends_with('-'))
      return "a label begins or ends with a hyphen";
  }
  return name.contains(':') ? "a colon; a port does not belong to a name"
                            : "a character that host names do not have";
}

void find_short_address(const NameAnswer& answer, Findings& out) {
  const auto address = short_address(answer.name);
  if (!address) return;
  add(out, Code::resolve_short_address,
      {{"name", answer.name}, {"address", address_text(*address)}}, answer.name,
      Evidence::Kind::fact, "inet_aton(3)", address_text(*address));
}

void find_invalid(const NameAnswer& answer, Findings& out) {
  if (go_domain_name(answer.name) || short_address(answer.name)) return;
  if (!answer.hosts.addresses.empty()) return;
  const std::string reason = what_is_wrong(answer.name);
  add(out, Code::resolve_invalid_name, {{"name", answer.name}, {"reason", reason}}, answer.name,
      Evidence::Kind::fact, "isDomainName", reason);
}

void find_hosts_lines(const Resolver& resolver, const NameAnswer& answer, Findings& out) {
  const std::set<std::size_t> lines(answer.hosts.lines.begin(), answer.hosts.lines.end());
  const Order order = answer.decision.order;
  if (lines.size() < 2 || order == Order::dns || order == Order::unknown) return;
  const auto conf = host_conf_lines(resolver.inputs().machine.host_conf);
  const std::string where = fmt::format("/etc/hosts:{}", *lines.begin());
  if (std::ranges::find(conf, "multi on") != conf.end()) {
    add(out, Code::resolve_host_conf, {{"line", "multi on"}}, answer.name, Evidence::Kind::file,
        where, answer.name);
    return;
  }
  add(out, Code::resolve_several_hosts_lines,
      {{"name", answer.name}, {"count", std::to_string(answer.hosts.addresses.size())}},
      answer.name, Evidence::Kind::file, where, answer.name);
}

void find_many_queries(const Resolver& resolver, const NameAnswer& answer, Findings& out) {
  const ResolvConf& conf = resolver.resolv();
  const auto dots = static_cast<std::size_t>(std::ranges::count(answer.name, '.'));
  if (answer.plan.queries < 6 || dots == 0 || dots >= conf.ndots) return;
  add(out, Code::resolve_many_queries,
      {{"name", answer.name},
       {"queries", std::to_string(answer.plan.queries)},
       {"ndots", std::to_string(conf.ndots)},
       {"count", std::to_string(conf.search.size())}},
      answer.name, Evidence::Kind::file, "/etc/resolv.conf", join(conf.search, " "));
}

}  // namespace

Findings setting_findings(const Resolver& resolver) {
  Findings out;
  find_netdns(resolver, out);
  find_both_tags(resolver, out);
  if (!reads_files(resolver.inputs().build)) return out;
  const Machine& machine = resolver.inputs().machine;
  find_unusable("/etc/resolv.conf", machine.resolv_conf, out);
  find_unusable(nsswitch_path, machine.nsswitch, out);
  find_unusable("/etc/hosts", machine.hosts, out);
  find_cut("/etc/resolv.conf", machine.resolv_conf, out);
  find_cut(nsswitch_path, machine.nsswitch, out);
  find_cut("/etc/hosts", machine.hosts, out);
  find_nsswitch_problems(resolver, out);
  find_criteria(resolver, out);
  find_host_conf(resolver, out);
  return out;
}

Findings file_findings(const NetworkState& network) {
  Inputs inputs;
  inputs.machine = machine_of(network);
  Findings out;
  const Resolver resolver(inputs);
  find_unusable("/etc/resolv.conf", inputs.machine.resolv_conf, out);
  find_unusable(nsswitch_path, inputs.machine.nsswitch, out);
  find_cut("/etc/resolv.conf", inputs.machine.resolv_conf, out);
  find_cut(nsswitch_path, inputs.machine.nsswitch, out);
  find_nsswitch_problems(resolver, out);
  return out;
}

Findings name_findings(const Resolver& resolver, const NameAnswer& answer) {
  Findings out;
  if (answer.literal) return out;
  const Decision& decision = answer.decision;
  if (decision.order == Order::unknown)
    add(out, Code::resolve_unknown_input,
        {{"name", answer.name}, {"what", decision.where}, {"why", decision.detail}}, answer.name,
        Evidence::Kind::fact, decision.where, decision.detail);
  find_short_address(answer, out);
  if (go_avoids_dns(answer.name) && (answer.plan_of != "go" || answer.plan.names.empty()))
    add(out, Code::resolve_onion, {{"name", answer.name}}, answer.name, Evidence::Kind::fact,
        "RFC 7686", ".onion");
  find_invalid(answer, out);
  find_hosts_lines(resolver, answer, out);
  find_many_queries(resolver, answer, out);
  return out;
}

Findings binary_findings(const Resolver& resolver, const BinaryFacts& binary,
                         std::string_view path) {
  Findings out;
  if (!binary.linkage.starts_with("static") || binary.libc != "glibc" ||
      !libc_compiled_in(binary.build) || resolver.must_use_go())
    return out;
  for (const NssSource& source : resolver.nsswitch().hosts) {
    const bool built_in = source.name == "files" || source.name == "dns";
    if (built_in && binary.glibc_minor.value_or(34) >= 34) continue;
    add(out, Code::resolve_static_glibc, {{"subject", std::string(path)}, {"source", source.name}},
        std::string(path), Evidence::Kind::file, fmt::format("{}:{}", nsswitch_path, source.line),
        source.name);
    break;
  }
  return out;
}

}  // namespace tenon::resolve
