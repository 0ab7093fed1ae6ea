#include "cli/resolve/logged.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "crossbuild/run/file_problem.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "resolve/debug_log.h"
#include "resolve/decision.h"
#include "resolve/inputs.h"
#include "resolve/run/oracle.h"

namespace tenon {
namespace {

using resolve::DebugLog;
using resolve::LogDifference;
using resolve::Resolver;

Data difference_data(const std::vector<LogDifference>& found) {
  Data rows = Data::array();
  for (const LogDifference& one : found) {
    Data row = Data::object();
    row.add("what", one.what);
    row.add("line", static_cast<std::int64_t>(one.line));
    row.add("logged", one.logged);
    row.add("predicted", one.predicted);
    row.add("why", one.why);
    rows.push(std::move(row));
  }
  return rows;
}

Finding log_finding(const LogDifference& one, const std::string& path) {
  Finding out = make_finding(
      Code::resolve_log_disagrees,
      {{"what", one.what}, {"logged", one.logged}, {"predicted", one.predicted}, {"why", one.why}},
      path);
  out.evidence.push_back({Evidence::Kind::log, path + ':' + std::to_string(one.line), one.logged});
  return out;
}

Finding oracle_finding(const LogDifference& one) {
  Finding out = make_finding(Code::resolve_oracle_differs,
                             {{"name", one.what}, {"go", one.logged}, {"predicted", one.predicted}},
                             "--oracle");
  out.evidence.push_back({Evidence::Kind::command, "GODEBUG=netdns=2", one.logged});
  return out;
}

}  // namespace

Outcome<bool> compare_with_log(const std::string& path, const Resolver& resolver, Report& report) {
  const auto text = path == "-" ? read_standard_input() : read_text(path);
  if (!text) return std::unexpected(unreadable_input(path, text.error()));
  const DebugLog log = resolve::parse_debug_log(*text);
  const bool nothing = log.orders.empty() && log.head.empty();
  const auto found = resolve::compare_log(log, resolver);
  Data data = Data::object();
  data.add("lines", static_cast<std::int64_t>(log.orders.size() + log.head.size()));
  data.add("agrees", nothing ? Data() : Data(found.empty()));
  data.add("differences", difference_data(found));
  report.data.add("log", std::move(data));
  for (const LogDifference& one : found) report.findings.push_back(log_finding(one, path));
  if (nothing) {
    report.text += shown_format("\n{}: has no line of netdns=1 or netdns=2\n", path);
    return false;
  }
  report.text += shown_format("\n{}: {}\n", path,
                              found.empty() ? "agrees with the prediction" : "does not agree");
  return found.empty();
}

Outcome<bool> compare_with_oracle(const Resolver& resolver, const std::vector<std::string>& names,
                                  Report& report) {
  const auto asked = resolve::ask_oracle(resolver.inputs(), names);
  if (!asked) return std::unexpected(unreadable_input("the helper", asked.error()));
  Data data = Data::object();
  data.add("go", asked->go_version.empty() ? Data() : Data(asked->go_version));
  if (!asked->problem.empty()) {
    data.add("problem", asked->problem);
    report.data.add("oracle", std::move(data));
    report.text += shown_format("\noracle: {}\n", asked->problem);
    return true;
  }
  // Go's own release counts here, whatever was given.
  resolve::Inputs inputs = resolver.inputs();
  if (const auto minor = resolve::parse_go_release(asked->go_version))
    inputs.build.go = {*minor, true};
  const Resolver own(inputs);
  const auto found = resolve::compare_log(resolve::parse_debug_log(asked->log), own);
  Data lines = Data::array();
  report.text += shown_format("\noracle ({})\n", asked->go_version);
  for (const std::string_view line : split(asked->log, '\n')) {
    if (line.empty()) continue;
    lines.push(line);
    report.text += shown_format("  {}\n", line);
  }
  data.add("lines", std::move(lines));
  data.add("agrees", found.empty());
  data.add("differences", difference_data(found));
  report.data.add("oracle", std::move(data));
  report.text += found.empty() ? Shown("  agrees with the prediction\n") : Shown("  differs\n");
  for (const LogDifference& one : found) report.findings.push_back(oracle_finding(one));
  return found.empty();
}

}  // namespace tenon
