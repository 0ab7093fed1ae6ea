#include "cli/resolve/both_ways.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "resolve/compare.h"
#include "resolve/decision.h"
#include "resolve/inputs.h"
#include "resolve/run/look_up.h"

namespace tenon {
namespace {

using resolve::BothAnswers;
using resolve::Inputs;
using resolve::Order;
using resolve::Resolver;

// The same program with Go's own resolver.
Inputs go_inputs(const Inputs& inputs) {
  Inputs out = inputs;
  out.fields.prefer_go = true;
  return out;
}

void without_edns(const Inputs& inputs, Order order, BothAnswers& both) {
  if (both.go.error.empty() || both.libc.addresses.empty() || both.go.queries.empty()) return;
  Inputs other = inputs;
  std::string& variable = other.environment.variables["GODEBUG"];
  variable += variable.empty() ? "netedns0=0" : ",netedns0=0";
  both.go_without_edns = resolve::run_go(Resolver(other), order, both.name).result;
}

std::vector<std::string> variables(const Inputs& inputs) {
  std::vector<std::string> out;
  for (const auto& [name, value] : inputs.environment.variables)
    out.push_back(fmt::format("{}={}", name, value));
  return out;
}

}  // namespace

bool look_up_both_ways(const Resolver& resolver, const std::vector<std::string>& names,
                       unsigned seconds, Report& report) {
  const Inputs inputs = go_inputs(resolver.inputs());
  const Resolver go(inputs);
  Data rows = Data::array();
  bool same = true;
  report.text += "\nboth ways\n";
  for (const std::string& name : names) {
    BothAnswers both;
    both.name = name;
    both.go_order = go.decide(name).order;
    auto [result, elapsed] = resolve::run_go(go, both.go_order, name);
    both.go = std::move(result);
    both.go_ms = elapsed;
    auto libc =
        resolve::run_libc(own_path(), name, variables(inputs), std::chrono::seconds(seconds));
    if (libc) {
      both.libc = std::move(libc->result);
      both.libc_code = libc->code;
      both.libc_ms = libc->elapsed_ms;
    } else {
      both.libc.error = "the child process could not be started";
    }
    without_edns(inputs, both.go_order, both);
    const auto why = resolve::explain_difference(go, both);
    rows.push(resolve::both_data(both, why));
    report.text += resolve::both_text(both, why);
    if (resolve::same_answers(both)) continue;
    same = false;
    Finding one = make_finding(Code::resolve_paths_differ,
                               {{"name", name},
                                {"go", resolve::outcome_text(both.go)},
                                {"libc", resolve::outcome_text(both.libc)}},
                               name);
    for (const std::string& sentence : why)
      one.evidence.push_back({Evidence::Kind::fact, "difference", sentence});
    report.findings.push_back(std::move(one));
  }
  report.data.add("run", std::move(rows));
  return same;
}

}  // namespace tenon
