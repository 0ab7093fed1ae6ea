// tenon explain CODE: the documentation of a finding.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/term.h"
#include "rules/rules.h"

namespace tenon {
namespace {

Data rule_data(const Rule& rule) {
  Data data = Data::object();
  data.add("code", rule.code);
  data.add("cause", rule.slug);
  data.add("severity", severity_name(rule.severity));
  data.add("title", rule.title);
  data.add("doc", trim(rule.doc));
  return data;
}

int list_rules(Term& term, Report& report) {
  Data list = Data::array();
  for (const RuleTopic* topic : rule_topics()) {
    for (const Rule& rule : topic->rules) {
      report.text += fmt::format("{}  {:36}  {}\n", rule.code, rule.slug, rule.title);
      list.push(rule_data(rule));
    }
  }
  report.data.add("rules", std::move(list));
  return term.finish(report, exit_ok);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "explain";
  if (arguments.has("--list")) return list_rules(term, report);
  if (arguments.positional.size() != 1) {
    report.ok = false;
    report.findings.push_back(
        make_finding("TN0101", {{"message", "explain takes one code or slug, such as TN0401"}},
                     "tenon explain"));
    return term.finish(report, exit_usage);
  }
  const std::string& word = arguments.positional.front();
  const Rule* rule = find_rule(word);
  if (rule == nullptr) {
    std::vector<std::string_view> known;
    for (const RuleTopic* topic : rule_topics()) {
      for (const Rule& one : topic->rules) {
        known.push_back(one.code);
        known.push_back(one.slug);
      }
    }
    const std::string_view near = nearest(word, known);
    std::string message = fmt::format("there is no code or slug '{}'", word);
    if (!near.empty()) message += fmt::format("; did you mean {}?", near);
    report.ok = false;
    report.findings.push_back(make_finding("TN0101", {{"message", message}}, "tenon explain"));
    return term.finish(report, exit_usage);
  }
  report.text =
      fmt::format("{} {}: {}\n\n{}\n", rule->code, rule->slug, rule->title, trim(rule->doc));
  report.data = rule_data(*rule);
  return term.finish(report, exit_ok);
}

constexpr OptionSpec options[] = {{"--list", "", "list all codes with their titles"}};
constexpr Example examples[] = {
    {"tenon explain TN0401", "what the code of a finding means and how to mend it"},
    {"tenon explain --list", "all codes"},
};

}  // namespace

extern const CommandSpec command_explain;
const CommandSpec command_explain{
    .name = "explain",
    .summary = "print the documentation of a finding",
    .usage = "CODE|SLUG",
    .description = "Prints what happens, how to see it and how to mend it, offline.",
    .options = options,
    .examples = examples,
    .run = run};

}  // namespace tenon
