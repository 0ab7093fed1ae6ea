#include "resolve/decision.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "resolve/config_file.h"
#include "resolve/go_text.h"
#include "resolve/godebug.h"
#include "resolve/inputs.h"
#include "resolve/nsswitch.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {
namespace {

using State = ConfigFile::State;

constexpr const char* resolv_path = "/etc/resolv.conf";
constexpr const char* nsswitch_path = "/etc/nsswitch.conf";

Decision decided(Order order, Reason reason, std::string where = {}, std::string detail = {}) {
  return {order, reason, reason, std::move(where), std::move(detail)};
}

// Keeps why Go's resolver has to be used; the order has its own reason.
Decision with_order(const Decision& usual, bool must, Order order, Reason reason,
                    std::string where = {}, std::string detail = {}) {
  Decision out = decided(order, reason, std::move(where), std::move(detail));
  if (must) out.reason = usual.reason;
  if (must && !usual.where.empty()) out.where = usual.where;
  if (must && !usual.detail.empty()) out.detail = usual.detail;
  return out;
}

std::string at_line(const char* path, std::size_t line) {
  return std::string(path) + ':' + std::to_string(line);
}

bool is_myhostname_name(std::string_view name) {
  return go_equal_fold(name, "localhost") || go_equal_fold(name, "localhost.localdomain") ||
         go_ends_fold(name, ".localhost") || go_ends_fold(name, ".localhost.localdomain") ||
         go_equal_fold(name, "_gateway") || go_equal_fold(name, "_outbound");
}

}  // namespace

std::string_view order_text(Order order) {
  static constexpr std::array<std::string_view, 6> texts{"cgo",   "files,dns", "dns,files",
                                                         "files", "dns",       "unknown"};
  return texts[static_cast<std::size_t>(order)];
}

std::string_view reason_word(Reason reason) {
  static constexpr std::array<std::string_view, 24> words{"netgo-tag",
                                                          "netdns=go",
                                                          "PreferGo",
                                                          "cgo-not-compiled-in",
                                                          "netcgo-tag",
                                                          "netdns=cgo",
                                                          "os-prefers-libc",
                                                          "env-LOCALDOMAIN",
                                                          "env-RES_OPTIONS",
                                                          "env-HOSTALIASES",
                                                          "env-ASR_CONFIG",
                                                          "special-name",
                                                          "os-has-no-resolv.conf",
                                                          "resolv.conf-unreadable",
                                                          "resolv.conf-unknown-option",
                                                          "openbsd-lookup",
                                                          "local-name",
                                                          "no-nsswitch",
                                                          "nsswitch-unreadable",
                                                          "nsswitch-malformed",
                                                          "nsswitch-criteria",
                                                          "nsswitch-source",
                                                          "nsswitch-order",
                                                          "unknown-input"};
  return words[static_cast<std::size_t>(reason)];
}

Resolver::Resolver(const Inputs& inputs)
    : inputs_(&inputs),
      resolv_(parse_resolv_conf(inputs.machine.resolv_conf,
                                inputs.machine.hostname.value_or(std::string()))),
      nss_(parse_nsswitch(inputs.machine.nsswitch)) {
  find_forced();
}

void Resolver::find_forced() {
  must_ = find_go_only();
  if (must_) {
    // Windows has no files to read; before Go 1.22 only DNS was left there.
    const bool dns = inputs_->build.goos == "windows" && inputs_->build.go.minor < 22;
    first_.order = dns ? Order::dns : Order::files_dns;
    return;
  }
  forced_ = find_libc_only();
  first_.order = Order::cgo;
}

bool Resolver::find_go_only() {
  const Build& build = inputs_->build;
  const NetDns dns = parse_netdns(
      godebug_value(inputs_->environment.text("GODEBUG"), build.default_godebug, "netdns")
          .value_or(std::string()));
  if (!libc_compiled_in(build)) {
    first_ = build.netgo ? decided(Order::files_dns, Reason::netgo_tag, "-tags", "netgo")
                         : decided(Order::files_dns, Reason::not_compiled_in, "CGO_ENABLED", "0");
    return true;
  }
  if (build.goos == "plan9" && build.go.minor >= 22 && !inputs_->fields.dial) return false;
  if (build.netgo) {
    first_ = decided(Order::files_dns, Reason::netgo_tag, "-tags", "netgo");
  } else if (dns.go()) {
    first_ = decided(Order::files_dns, Reason::netdns_go, "GODEBUG", "netdns=go");
  } else if (inputs_->fields.prefer_go) {
    first_ = decided(Order::files_dns, Reason::prefer_go, "net.Resolver", "PreferGo");
  } else {
    return false;
  }
  return true;
}

bool Resolver::find_libc_only() {
  const Build& build = inputs_->build;
  const Environment& environment = inputs_->environment;
  const NetDns dns =
      parse_netdns(godebug_value(environment.text("GODEBUG"), build.default_godebug, "netdns")
                       .value_or(std::string()));
  static constexpr std::array<std::string_view, 5> systems{"windows", "plan9", "darwin", "ios",
                                                           "android"};
  const auto choose = [&](Reason reason, const char* where, std::string_view detail) {
    first_ = decided(Order::cgo, reason, where, std::string(detail));
    return true;
  };
  if (build.netcgo) return choose(Reason::netcgo_tag, "-tags", "netcgo");
  if (dns.cgo()) return choose(Reason::netdns_cgo, "GODEBUG", "netdns=cgo");
  if (std::ranges::find(systems, build.goos) != systems.end())
    return choose(Reason::os_prefers_libc, "GOOS", build.goos);
  if (environment.get("LOCALDOMAIN"))
    return choose(Reason::env_localdomain, "LOCALDOMAIN", environment.text("LOCALDOMAIN"));
  if (!environment.text("RES_OPTIONS").empty())
    return choose(Reason::env_res_options, "RES_OPTIONS", environment.text("RES_OPTIONS"));
  if (!environment.text("HOSTALIASES").empty())
    return choose(Reason::env_hostaliases, "HOSTALIASES", environment.text("HOSTALIASES"));
  if (build.goos == "openbsd" && !environment.text("ASR_CONFIG").empty())
    return choose(Reason::env_asr_config, "ASR_CONFIG", environment.text("ASR_CONFIG"));
  return false;
}

Decision Resolver::decide(std::string_view name) const {
  if (forced_) return first_;
  if (!must_ && name.find_first_of("\\%") != name.npos)
    return decided(Order::cgo, Reason::special_name, "the name", std::string(name));
  const std::string_view goos = inputs_->build.goos;
  if (goos == "windows" || goos == "plan9" || goos == "android" || goos == "ios") {
    return with_order(first_, must_, first_.order, Reason::no_resolv_conf_here, "GOOS",
                      std::string(goos));
  }
  return by_files(name, first_);
}

Decision Resolver::by_files(std::string_view name, Decision usual) const {
  const ConfigFile& file = inputs_->machine.resolv_conf;
  const bool openbsd = inputs_->build.goos == "openbsd";
  if (file.state == State::unknown && (openbsd || !must_))
    return decided(Order::unknown, Reason::unknown_input, resolv_path, file.error);
  if (!must_ && file.state == State::failed)
    return decided(Order::cgo, Reason::resolv_unreadable, resolv_path, file.error);
  if (!must_ && !resolv_.unknown.empty()) {
    const UnknownWord& word = resolv_.unknown.front();
    return decided(Order::cgo, Reason::resolv_unknown_option, at_line(resolv_path, word.line),
                   (word.option ? "options " : "") + word.word);
  }
  if (openbsd) return by_openbsd(std::move(usual));
  if (name.ends_with('.')) name.remove_suffix(1);
  if (!must_ && inputs_->build.go.minor < 23 && go_ends_fold(name, ".local"))
    return decided(Order::cgo, Reason::local_name, "the name", ".local");
  return by_sources(name, std::move(usual));
}

Decision Resolver::by_openbsd(Decision usual) const {
  const auto answer = [&](Order order) {
    return with_order(usual, must_, order, Reason::openbsd_lookup, resolv_path);
  };
  if (resolv_.state == State::missing) return answer(Order::files);
  const auto& lookup = resolv_.lookup;
  if (lookup.empty()) return answer(Order::dns_files);
  const std::string_view first = lookup.front();
  if (lookup.size() == 1) {
    if (first == "bind") return answer(Order::dns);
    if (first == "file") return answer(Order::files);
  } else if (lookup.size() == 2) {
    if (first == "bind" && lookup[1] == "file") return answer(Order::dns_files);
    if (first == "file" && lookup[1] == "bind") return answer(Order::files_dns);
  }
  return answer(usual.order);
}

// Whether a source that is neither files nor dns leaves the name to libc; false: it is passed over.
bool Resolver::source_is_libcs(const NssSource& source, std::string_view name,
                               Decision& out) const {
  const Machine& machine = inputs_->machine;
  out = decided(Order::cgo, Reason::nsswitch_source, at_line(nsswitch_path, source.line),
                source.name);
  if (!name.empty() && source.name == "myhostname") {
    if (is_myhostname_name(name)) return true;
    if (machine.hostname) return go_equal_fold(name, *machine.hostname);
    out = decided(Order::unknown, Reason::unknown_input, "the host name", "not known");
    return true;
  }
  if (name.empty() || !source.name.starts_with("mdns")) return true;
  if (go_ends_fold(name, ".local")) return inputs_->build.go.minor >= 23;
  if (machine.mdns_allow.state == State::missing) return false;
  if (machine.mdns_allow.state == State::unknown)
    out =
        decided(Order::unknown, Reason::unknown_input, "/etc/mdns.allow", machine.mdns_allow.error);
  return true;
}

Decision Resolver::by_sources(std::string_view name, Decision usual) const {
  const auto answer = [&](Order order, Reason reason, std::string detail = {}) {
    return with_order(usual, must_, order, reason, nsswitch_path, std::move(detail));
  };
  if (nss_.state == State::unknown)
    return decided(Order::unknown, Reason::unknown_input, nsswitch_path,
                   inputs_->machine.nsswitch.error);
  const bool opened = nss_.state == State::text || nss_.state == State::folder;
  const bool readable = opened && nss_.problem.empty();
  if (nss_.state == State::missing || (readable && nss_.hosts.empty())) {
    const bool solaris = !must_ && inputs_->build.goos == "solaris";
    return answer(solaris ? Order::cgo : Order::files_dns, Reason::no_nsswitch);
  }
  if (!opened)
    return answer(usual.order, Reason::nsswitch_unreadable, inputs_->machine.nsswitch.error);
  if (!readable)
    return answer(usual.order, Reason::nsswitch_malformed,
                  "line " + std::to_string(nss_.line) + ": " + nss_.problem);
  const bool has_dns =
      std::ranges::any_of(nss_.hosts, [](const NssSource& one) { return one.name == "dns"; });
  bool files = false, dns = false;
  std::string_view first;
  for (const NssSource& source : nss_.hosts) {
    std::string_view kind = source.name;
    if (kind == "files" || kind == "dns") {
      if (!must_ && !source.standard())
        return decided(Order::cgo, Reason::nsswitch_criteria, at_line(nsswitch_path, source.line),
                       source.name);
    } else {
      Decision libc;
      if (!must_ && source_is_libcs(source, name, libc)) return libc;
      // Without libc it stands for DNS, where no source says dns.
      if (!must_ || has_dns) continue;
      kind = "dns";
    }
    (kind == "files" ? files : dns) = true;
    if (first.empty()) first = kind;
  }
  Order order = usual.order;
  if (files && dns) order = first == "files" ? Order::files_dns : Order::dns_files;
  if (files != dns) order = files ? Order::files : Order::dns;
  return answer(order, Reason::nsswitch_order);
}

}  // namespace tenon::resolve
