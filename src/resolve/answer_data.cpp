// The answer as JSON and as text.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "diag/report.h"
#include "resolve/answer.h"
#include "resolve/config_file.h"
#include "resolve/decision.h"
#include "resolve/inputs.h"
#include "resolve/query_plan.h"

namespace tenon::resolve {
namespace {

Data list_of(const std::vector<std::string>& values) {
  Data out = Data::array();
  out.reserve(values.size());
  for (const std::string& value : values) out.push(value);
  return out;
}

Data number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Data plan_data(const QueryPlan& plan, std::string_view of) {
  Data out = Data::object();
  out.add("client", of);
  out.add("names", list_of(plan.names));
  out.add("types", list_of({"A", "AAAA"}));
  out.add("servers", list_of(plan.servers));
  out.add("attempts", number(plan.attempts));
  out.add("queries", number(plan.queries));
  out.add("packets", number(plan.packets));
  out.add("worst_ms", number(plan.worst_ms));
  out.add("sequential", plan.sequential);
  out.add("tcp", plan.tcp);
  return out;
}

const char* state_word(ConfigFile::State state) {
  switch (state) {
    case ConfigFile::State::text: return "read";
    case ConfigFile::State::missing: return "missing";
    case ConfigFile::State::permission: return "permission denied";
    case ConfigFile::State::failed: return "failed";
    case ConfigFile::State::folder: return "directory";
    case ConfigFile::State::unknown: break;
  }
  return "unknown";
}

Data file_data(const ConfigFile& file) {
  Data out = Data::object();
  out.add("state", state_word(file.state));
  if (!file.error.empty()) out.add("error", file.error);
  return out;
}

Shown plan_text(const QueryPlan& plan, std::string_view of) {
  Shown out = shown_format("  plan       {} queries ({} {}, A and AAAA", plan.queries,
                           plan.names.size(), plan.names.size() == 1 ? "name" : "names");
  out += plan.sequential ? Shown(" one after the other)") : Shown(" at once)");
  out += shown_format(", at most {} packets; {:.0f} s when no server answers ({})\n", plan.packets,
                      static_cast<double>(plan.worst_ms) / 1000, of);
  for (const std::string& name : plan.names) out += shown_format("             {}\n", name);
  out += shown_format("  servers    {}, {} attempts each{}\n", shown_join(plan.servers, ", "),
                      plan.attempts, plan.tcp ? ", TCP" : "");
  return out;
}

}  // namespace

Data name_data(const NameAnswer& answer) {
  Data out = Data::object();
  out.add("name", answer.name);
  out.add("order", order_text(answer.decision.order));
  out.add("mode", mode_word(answer.decision.order));
  out.add("reason", reason_word(answer.decision.reason));
  out.add("order_reason", reason_word(answer.decision.order_reason));
  out.add("sentence", std::string(reason_sentence(answer.decision).text()));
  if (!answer.decision.where.empty()) out.add("where", answer.decision.where);
  if (!answer.decision.detail.empty()) out.add("detail", answer.decision.detail);
  out.add("assumptions", list_of(answer.assumptions));
  if (answer.literal) out.add("literal", true);
  if (!answer.hosts.addresses.empty()) out.add("hosts", list_of(answer.hosts.addresses));
  out.add("plan", answer.plan_of.empty() ? Data() : plan_data(answer.plan, answer.plan_of));
  return out;
}

Data call_data(const std::vector<CallAnswer>& calls) {
  Data out = Data::array();
  for (const CallAnswer& call : calls) {
    Data row = Data::object();
    row.add("call", call.call);
    row.add("resolver", call.resolver);
    if (!call.note.empty()) row.add("note", call.note);
    out.push(std::move(row));
  }
  return out;
}

Data input_data(const Resolver& resolver) {
  const Inputs& inputs = resolver.inputs();
  const Build& build = inputs.build;
  Data out = Data::object();
  out.add("goos", build.goos);
  out.add("go", "1." + std::to_string(build.go.minor));
  out.add("cgo", build.cgo_known ? Data(build.cgo) : Data());
  out.add("netgo", build.netgo);
  out.add("netcgo", build.netcgo);
  out.add("libc_resolver", libc_compiled_in(build));
  Data variables = Data::object();
  for (const auto& [name, value] : inputs.environment.variables) variables.add(name, value);
  out.add("environment", inputs.environment.known || !inputs.environment.variables.empty()
                             ? std::move(variables)
                             : Data());
  out.add("hostname", inputs.machine.hostname ? Data(*inputs.machine.hostname) : Data());
  Data files = Data::object();
  files.add("/etc/resolv.conf", file_data(inputs.machine.resolv_conf));
  files.add("/etc/nsswitch.conf", file_data(inputs.machine.nsswitch));
  files.add("/etc/hosts", file_data(inputs.machine.hosts));
  files.add("/etc/mdns.allow", file_data(inputs.machine.mdns_allow));
  out.add("files", std::move(files));
  return out;
}

Shown name_text(const NameAnswer& answer) {
  Shown out = shown_format("{}\n", answer.name);
  if (answer.literal) {
    return out + "  an IP address: Go answers it itself, no resolver is used\n";
  }
  const Order order = answer.decision.order;
  out += shown_format("  resolver   {}\n", order == Order::cgo       ? "libc (getaddrinfo)"
                                           : order == Order::unknown ? "unknown"
                                                                     : "Go's own");
  out += shown_format("  order      {}\n", order_text(order));
  out += shown_format("  because    {} [{}]\n", reason_sentence(answer.decision),
                      reason_word(answer.decision.reason));
  for (const std::string& one : answer.assumptions) out += shown_format("  assumed    {}\n", one);
  if (!answer.hosts.addresses.empty())
    out += shown_format("  /etc/hosts {}\n", shown_join(answer.hosts.addresses, ", "));
  if (!answer.plan_of.empty()) out += plan_text(answer.plan, answer.plan_of);
  return out;
}

Shown call_text(const std::vector<CallAnswer>& calls) {
  Shown out;
  for (const CallAnswer& call : calls) {
    out += shown_format("  {:40} {:14}{}\n", call.call, call.resolver, call.note);
  }
  return out;
}

}  // namespace tenon::resolve
