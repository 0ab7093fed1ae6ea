#include "resolve/answer.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "resolve/address.h"
#include "resolve/config_file.h"
#include "resolve/decision.h"
#include "resolve/hosts_file.h"
#include "resolve/inputs.h"
#include "resolve/nsswitch.h"
#include "resolve/query_plan.h"

namespace tenon::resolve {
namespace {

bool is_unix(const Build& build) { return build.goos != "windows" && build.goos != "plan9"; }

// Whether the program, and not the files, decided.
bool by_program(Reason reason) { return reason <= Reason::os_prefers_libc; }

Order with_cgo_off(const Resolver& resolver, std::string_view name) {
  Inputs other = resolver.inputs();
  other.build.cgo = false;
  return Resolver(other).decide(name).order;
}

void assume_build(const Resolver& resolver, std::string_view name, const Decision& decision,
                  std::vector<std::string>& out) {
  const Build& build = resolver.inputs().build;
  if (!build.go.known) {
    out.push_back("the program was built by Go 1." + std::to_string(build.go.minor));
  } else if (build.go.minor < GoRelease::oldest) {
    out.push_back("Go 1." + std::to_string(build.go.minor) + " decides as Go 1.21 does");
  } else if (build.go.minor > GoRelease::newest) {
    out.push_back("Go 1." + std::to_string(build.go.minor) + " decides as Go 1.27 does");
  }
  if (!build.cgo_known && is_unix(build) && decision.reason != Reason::netgo_tag) {
    const Order without = with_cgo_off(resolver, name);
    if (without != decision.order)
      out.push_back("the program was built with CGO_ENABLED=1; without it the order is " +
                    std::string(order_text(without)));
  }
}

void assume_process(const Resolver& resolver, const Decision& decision,
                    std::vector<std::string>& out) {
  const Inputs& inputs = resolver.inputs();
  if (!inputs.environment.known && decision.reason != Reason::not_compiled_in &&
      decision.reason != Reason::netgo_tag) {
    out.emplace_back(
        "GODEBUG, LOCALDOMAIN, RES_OPTIONS and HOSTALIASES are not set for the process, except as "
        "given");
  }
  if (!resolver.must_use_go() && !inputs.fields.prefer_go && inputs.build.goos != "plan9")
    out.emplace_back("the source does not set net.Resolver.PreferGo");
  if (inputs.build.goos == "plan9" && !inputs.fields.dial)
    out.emplace_back("the source does not set net.Resolver.Dial");
}

bool names_myhostname(const Resolver& resolver) {
  for (const NssSource& source : resolver.nsswitch().hosts) {
    if (source.name == "myhostname") return true;
  }
  return false;
}

}  // namespace

std::string_view mode_word(Order order) {
  if (order == Order::unknown) return "unknown";
  return order == Order::cgo ? "libc" : "go";
}

NameAnswer answer_for_name(const Resolver& resolver, std::string_view name) {
  NameAnswer out;
  out.name = name;
  out.decision = resolver.decide(name);
  out.literal = parse_address(name).has_value();
  assume_build(resolver, name, out.decision, out.assumptions);
  assume_process(resolver, out.decision, out.assumptions);
  const Inputs& inputs = resolver.inputs();
  if (!by_program(out.decision.reason) && !inputs.machine.hostname && names_myhostname(resolver))
    out.assumptions.emplace_back("the host name is not known (--hostname)");
  if (!by_program(out.decision.reason) && inputs.machine.hostname_is_ours &&
      names_myhostname(resolver))
    out.assumptions.push_back("the host name is that of this machine, " + *inputs.machine.hostname);
  if (out.literal || !is_unix(inputs.build)) return out;
  out.hosts = find_host(inputs.machine.hosts, name);
  const Order order = out.decision.order;
  if (inputs.machine.resolv_conf.state == ConfigFile::State::unknown) return out;
  if (order == Order::cgo && inputs.build.goos == "linux") {
    out.plan = glibc_plan(resolver.resolv(), name);
    out.plan_of = "glibc";
  } else {
    out.plan = go_plan(resolver.resolv(), order, name);
    if (!out.plan.names.empty()) out.plan_of = "go";
  }
  return out;
}

std::vector<CallAnswer> answers_for_calls(const Resolver& resolver, std::string_view name) {
  const bool must = resolver.must_use_go();
  const auto word = [&](std::string_view asked) {
    return std::string(mode_word(resolver.decide(asked).order));
  };
  const std::string host = word(name);
  std::vector<CallAnswer> out;
  out.push_back({"LookupHost, LookupIP, Dial", host, {}});
  out.push_back(
      {"LookupAddr", word({}),
       must ? "" : "decided with an empty name: each mdns or myhostname source means libc"});
  out.push_back({"LookupCNAME", host == "libc" ? "libc, then go" : host,
                 host == "libc" ? "Go's client answers when libc fails" : ""});
  out.push_back(
      {"LookupPort", must ? "go" : "libc, then go", "no DNS: services and the built-in table"});
  if (is_unix(resolver.inputs().build)) {
    out.push_back({"LookupTXT, LookupSRV, LookupMX, LookupNS", "go",
                   "always Go's client, whatever the mode: it reads only resolv.conf"});
  } else {
    out.push_back({"LookupTXT, LookupSRV, LookupMX, LookupNS", must ? "go" : "libc",
                   "the system's own calls"});
  }
  return out;
}

Shown reason_sentence(const Decision& one) {
  const auto& [order, reason, order_reason, where, detail] = one;
  switch (reason) {
    case Reason::netgo_tag: return "the build tag netgo leaves only Go's own resolver";
    case Reason::netdns_go: return "netdns=go in GODEBUG asks for Go's own resolver";
    case Reason::prefer_go: return "net.Resolver.PreferGo asks for Go's own resolver";
    case Reason::not_compiled_in:
      return "the program was built without cgo, so that libc's resolver is not in it";
    case Reason::netcgo_tag: return "the build tag netcgo asks for libc's resolver";
    case Reason::netdns_cgo: return "netdns=cgo in GODEBUG asks for libc's resolver";
    case Reason::os_prefers_libc:
      return shown_format("on {} Go prefers the system's resolver", detail);
    case Reason::env_localdomain:
      return "LOCALDOMAIN is set, which only libc understands; even empty it counts";
    case Reason::env_res_options:
    case Reason::env_hostaliases:
    case Reason::env_asr_config:
      return shown_format("{} is set to \"{}\", which only libc understands", where, detail);
    case Reason::special_name: return "a name with a backslash or % is left to libc";
    case Reason::no_resolv_conf_here:
      return shown_format("{} has no resolv.conf that Go reads", detail);
    case Reason::resolv_unreadable:
      return shown_format("{} cannot be opened ({}), so that libc has to deal with it", where,
                          detail);
    case Reason::resolv_unknown_option:
      return shown_format("{}: Go does not know \"{}\" and leaves the lookup to libc", where,
                          detail);
    case Reason::openbsd_lookup:
      return "OpenBSD: the line \"lookup\" of resolv.conf, or its default, gives the order";
    case Reason::local_name: return "before Go 1.23 each .local name is left to libc";
    case Reason::no_nsswitch:
      return order == Order::cgo ? Shown(
                                       "nsswitch.conf names no sources for hosts, and Solaris then "
                                       "asks NIS, which only libc can")
                                 : Shown(
                                       "nsswitch.conf is missing or names no sources for hosts: Go "
                                       "asks files, then DNS");
    case Reason::nsswitch_unreadable:
      return shown_format("{} cannot be opened ({})", where, detail);
    case Reason::nsswitch_malformed: return shown_format("{} cannot be parsed ({})", where, detail);
    case Reason::nsswitch_criteria:
      return shown_format(
          "{}: criteria in brackets behind \"{}\" are not the default, which only libc follows",
          where, detail);
    case Reason::nsswitch_source:
      return shown_format("{}: the source \"{}\" is not one that Go can ask for this name", where,
                          detail);
    case Reason::nsswitch_order: return "nsswitch.conf names sources that Go can ask itself";
    case Reason::unknown_input: return shown_format("{} is not known: {}", where, detail);
  }
  return {};
}

}  // namespace tenon::resolve
