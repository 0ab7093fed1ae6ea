// tenon explain: the one root cause of a failing log, and the documentation of findings and causes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "base/text.h"
#include "cli/term.h"
#include "engine/logscan/scan.h"
#include "host/files.h"
#include "host/process.h"
#include "rules/causes/causes.h"
#include "rules/rules.h"

namespace tenon {
namespace {

constexpr std::size_t most_input = std::size_t{256} << 20U;
constexpr std::size_t most_candidates = 5;

Data rule_data(const Rule& rule) {
  Data data = Data::object();
  data.add("code", rule.code);
  data.add("cause", rule.slug);
  data.add("severity", severity_name(rule.severity));
  data.add("title", rule.title);
  data.add("doc", trim(rule.doc));
  return data;
}

Data cause_data(const Cause& cause) {
  Data data = Data::object();
  data.add("code", cause.code);
  data.add("cause", cause.slug);
  data.add("severity", cause.harmless ? "note" : "error");
  data.add("title", cause.title);
  data.add("doc", cause_page(cause));
  return data;
}

int list_all(Term& term, Report& report) {
  Data list = Data::array();
  for (const RuleTopic* topic : rule_topics()) {
    for (const Rule& rule : topic->rules) {
      report.text += fmt::format("{}  {:42}  {}\n", rule.code, rule.slug, rule.title);
      list.push(rule_data(rule));
    }
  }
  for (const CauseTopic* topic : cause_topics()) {
    for (const Cause& cause : topic->causes) {
      if (find_rule(cause.slug) != nullptr) continue;
      report.text += fmt::format("{}  {:42}  {}\n", cause.code, cause.slug, cause.title);
      list.push(cause_data(cause));
    }
  }
  report.data.add("rules", std::move(list));
  return term.finish(report, exit_ok);
}

std::vector<std::string> filled_command(std::string_view command, const Captures& captures) {
  std::vector<std::string> argv;
  for (const std::string_view word : split_words(command)) argv.push_back(fill(word, captures));
  return argv;
}

Data candidate_data(const Candidate& candidate) {
  const Cause& cause = *candidate.cause;
  Data out = Data::object();
  out.add("cause", cause.slug);
  out.add("code", cause.code);
  out.add("title", cause.title);
  out.add("confidence", confidence_word(candidate.score));
  out.add("score", static_cast<std::int64_t>(candidate.score));
  out.add("harmless", cause.harmless);
  Data lines = Data::array();
  for (const std::size_t line : candidate.lines) lines.push(static_cast<std::int64_t>(line));
  out.add("evidence", std::move(lines));
  out.add("message", fill(cause.happens, candidate.captures));
  Data fixes = Data::array();
  for (const std::string_view command : cause.commands) {
    if (!command.empty()) fixes.push(join(filled_command(command, candidate.captures), " "));
  }
  out.add("fix", std::move(fixes));
  out.add("fix_text", fill(cause.fix, candidate.captures));
  out.add("decide", cause.decide.empty() ? Data() : Data(fill(cause.decide, candidate.captures)));
  return out;
}

Data answer_data(const Log& log, const std::vector<Candidate>& candidates) {
  Data out = Data::object();
  Data list = Data::array();
  for (std::size_t i = 0; i < std::min(candidates.size(), most_candidates); ++i) {
    list.push(candidate_data(candidates[i]));
  }
  out.add("candidates", std::move(list));
  const std::string tool = failing_tool(log);
  out.add("tool", tool.empty() ? Data() : Data(tool));
  return out;
}

std::string line_text(const Log& log, std::size_t number) {
  const auto found = std::ranges::find(log.lines(), number, &LogLine::number);
  return found == log.lines().end() ? std::string() : found->text.substr(0, 300);
}

Finding candidate_finding(const Log& log, const Candidate& candidate, const std::string& subject) {
  const Cause& cause = *candidate.cause;
  Finding finding;
  finding.code = cause.code;
  finding.cause = cause.slug;
  finding.severity = cause.harmless ? Severity::note : Severity::error;
  finding.subject = subject;
  finding.message = fill(cause.happens, candidate.captures);
  finding.confidence = candidate.score >= causes::sure     ? Confidence::certain
                       : candidate.score >= causes::likely ? Confidence::likely
                                                           : Confidence::possible;
  for (const std::size_t number : candidate.lines) {
    finding.evidence.push_back(
        {Evidence::Kind::log, fmt::format("line {}", number), line_text(log, number)});
  }
  Fix fix{Fix::Safety::review, fill(cause.fix, candidate.captures), {}};
  for (const std::string_view command : cause.commands) {
    if (!command.empty()) fix.commands.push_back(filled_command(command, candidate.captures));
  }
  finding.fixes.push_back(std::move(fix));
  return finding;
}

// What stands in the last line that speaks of an error, when that is not the reason.
std::string misleading_line(const Log& log, const Candidate& candidate) {
  for (auto line = log.lines().rbegin(); line != log.lines().rend(); ++line) {
    const bool error = line->text.contains("rror") || line->text.contains("failed");
    if (!error) continue;
    if (std::ranges::find(candidate.lines, line->number) != candidate.lines.end()) return {};
    return line->text.substr(0, 160);
  }
  return {};
}

std::string answer_text(const Log& log, const std::vector<Candidate>& candidates) {
  if (candidates.empty()) {
    const std::string tool = failing_tool(log);
    return tool.empty() ? "unknown: nothing in this log is a known cause\n"
                        : fmt::format("unknown: {} failed, and no known cause fits\n", tool);
  }
  const Candidate& best = candidates.front();
  const Cause& cause = *best.cause;
  std::string out = fmt::format("{} ({}, {})\n{}\n", cause.title, cause.slug,
                                confidence_word(best.score), fill(cause.happens, best.captures));
  if (cause.harmless) out += "Harmless: if something failed, the reason is another one.\n";
  for (const std::size_t number : best.lines) {
    out += fmt::format("  line {}: {}\n", number, line_text(log, number));
  }
  const std::string last = misleading_line(log, best);
  if (!last.empty()) out += fmt::format("  a consequence: {}\n", last);
  out += fmt::format("fix: {}\n", fill(cause.fix, best.captures));
  for (const std::string_view command : cause.commands) {
    if (!command.empty()) {
      out += "  " + join(filled_command(command, best.captures), " ") + "\n";
    }
  }
  for (std::size_t i = 1; i < std::min<std::size_t>(candidates.size(), 3); ++i) {
    out += fmt::format("or: {} ({}, {})\n", candidates[i].cause->title, candidates[i].cause->slug,
                       confidence_word(candidates[i].score));
  }
  if (candidates.size() > 1 && !cause.decide.empty()) {
    out += fmt::format("what decides: {}\n", fill(cause.decide, best.captures));
  }
  return out + fmt::format("more: tenon explain {}\n", cause.slug);
}

// SARIF 2.1.0: one run with one result.
Data sarif_data(const Log& log, const Candidate* best, const std::string& name) {
  const auto text = [](std::string_view words) {
    Data out = Data::object();
    out.add("text", words);
    return out;
  };
  Data rules = Data::array(), results = Data::array();
  if (best != nullptr) {
    const Cause& cause = *best->cause;
    Data rule = Data::object();
    rule.add("id", cause.code);
    rule.add("name", cause.slug);
    rule.add("shortDescription", text(cause.title));
    rule.add("fullDescription", text(cause.happens));
    rule.add("help", text(cause_page(cause)));
    rules.push(std::move(rule));
    Data result = Data::object();
    result.add("ruleId", cause.code);
    result.add("ruleIndex", std::int64_t{0});
    result.add("level", cause.harmless ? "note" : "error");
    result.add("message",
               text(fill(cause.happens, best->captures) + " " + fill(cause.fix, best->captures)));
    Data locations = Data::array();
    for (const std::size_t number : best->lines) {
      Data region = Data::object();
      region.add("startLine", static_cast<std::int64_t>(number));
      region.add("snippet", text(line_text(log, number)));
      Data artifact = Data::object();
      artifact.add("uri", name);
      Data physical = Data::object();
      physical.add("artifactLocation", std::move(artifact));
      physical.add("region", std::move(region));
      Data location = Data::object();
      location.add("physicalLocation", std::move(physical));
      locations.push(std::move(location));
    }
    result.add("locations", std::move(locations));
    results.push(std::move(result));
  }
  Data driver = Data::object();
  driver.add("name", "tenon");
  driver.add("version", tenon_version());
  driver.add("rules", std::move(rules));
  Data tool = Data::object();
  tool.add("driver", std::move(driver));
  Data run = Data::object();
  run.add("tool", std::move(tool));
  run.add("results", std::move(results));
  Data runs = Data::array();
  runs.push(std::move(run));
  Data out = Data::object();
  out.add("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.add("version", "2.1.0");
  out.add("runs", std::move(runs));
  return out;
}

// Workflow commands of GitHub: one line a finding; %, CR and LF are escaped.
std::string github_text(const Candidate* best) {
  if (best == nullptr) return {};
  std::string message = fill(best->cause->happens, best->captures) +
                        " Fix: " + fill(best->cause->fix, best->captures);
  std::string escaped;
  for (const char c : message) {
    if (c == '%' || c == '\r' || c == '\n') {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      escaped += c;
    }
  }
  return fmt::format("::{} title={} {}::{}\n", best->cause->harmless ? "notice" : "error",
                     best->cause->code, best->cause->title, escaped);
}

std::string xml_text(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= ' ' || c == '\n') {
      out += c;
    }
  }
  return out;
}

std::string junit_text(const Log& log, const Candidate* best, const std::string& name) {
  const bool failure = best != nullptr && !best->cause->harmless;
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"tenon explain\" "
      "tests=\"1\" failures=\"{}\"><testcase name=\"{}\" classname=\"{}\">",
      failure ? 1 : 0, xml_text(name), best == nullptr ? "unknown" : xml_text(best->cause->slug));
  if (failure) {
    std::string lines;
    for (const std::size_t number : best->lines) lines += line_text(log, number) + "\n";
    out += fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", best->cause->code,
                       xml_text(fill(best->cause->happens, best->captures)), xml_text(lines));
  }
  return out + "</testcase></testsuite></testsuites>\n";
}

// Other forms of the answer; nullopt for one that is not known.
std::optional<std::string> formatted(const std::string& format, const Log& log,
                                     const std::vector<Candidate>& candidates,
                                     const std::string& name) {
  const Candidate* best = candidates.empty() ? nullptr : candidates.data();
  if (format == "sarif") return render_data(sarif_data(log, best, name)) + "\n";
  if (format == "github") return github_text(best);
  if (format == "junit") return junit_text(log, best, name);
  return std::nullopt;
}

int explain_text(Term& term, Report& report, std::string_view text, const std::string& name,
                 const std::string& format) {
  const Log log = scan_log(text);
  const auto candidates = explain_log(log);
  if (const auto other = formatted(format, log, candidates, name)) {
    std::fputs(other->c_str(), stdout);
    return candidates.empty() ? exit_undecided : exit_ok;
  }
  report.data = answer_data(log, candidates);
  if (!term.json()) {
    report.text = answer_text(log, candidates);
    return term.finish(report, candidates.empty() ? exit_undecided : exit_ok);
  }
  if (!candidates.empty()) {
    report.findings.push_back(candidate_finding(log, candidates.front(), name));
  }
  return term.finish(report, candidates.empty() ? exit_undecided : exit_ok);
}

std::string read_standard_input() {
  std::string text;
  char buffer[65536];
  for (std::size_t count = 1; count > 0 && text.size() < most_input;) {
    count = std::fread(buffer, 1, sizeof buffer, stdin);
    text.append(buffer, count);
  }
  return text;
}

// One object a line, for a folder of logs.
int batch(const std::string& folder) {
  for (const std::string& name : list_folder(folder)) {
    const std::string path = join_path(folder, name);
    if (!is_file(path)) continue;
    const auto text = read_text(path, most_input);
    if (!text) continue;
    const Log log = scan_log(*text);
    Data row = Data::object();
    row.add("file", name);
    const Data answer = answer_data(log, explain_log(log));
    for (const auto& [key, value] : std::get<Data::Object>(answer.value())) row.add(key, value);
    std::fputs((render_data(row) + "\n").c_str(), stdout);
  }
  return std::fflush(stdout) == 0 ? exit_ok : exit_undecided;
}

// Runs a command, lets its output through, and explains a failure on standard error.
int run_command(Term& term, const std::vector<std::string>& argv) {
  Command command;
  command.argv = argv;
  command.deadline = std::chrono::hours(24);
  command.merge_streams = true;
  command.on_line = [](std::string_view line, bool tick) {
    if (tick) return;
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
  };
  const auto exit = run(command);
  if (!exit) {
    std::fprintf(stderr, "tenon explain: cannot start %s\n", argv.front().c_str());
    return exit_usage;
  }
  if (exit->code != 0) {
    const Log log = scan_log(exit->out);
    const std::string text = answer_text(log, explain_log(log));
    term.clear_status();
    std::fputs(("\n" + text).c_str(), stderr);
  }
  return exit->signal != 0 ? 128 + exit->signal : exit->code;
}

int usage(Term& term, Report& report, std::string message) {
  report.ok = false;
  report.findings.push_back(
      make_finding("TN0101", {{"message", std::move(message)}}, "tenon explain"));
  return term.finish(report, exit_usage);
}

int unknown_word(Term& term, Report& report, const std::string& word) {
  std::vector<std::string_view> known;
  for (const RuleTopic* topic : rule_topics()) {
    for (const Rule& one : topic->rules) {
      known.push_back(one.code);
      known.push_back(one.slug);
    }
  }
  for (const CauseTopic* topic : cause_topics()) {
    for (const Cause& one : topic->causes) {
      known.push_back(one.code);
      known.push_back(one.slug);
    }
  }
  const std::string_view near = nearest(word, known);
  std::string message = fmt::format("there is no file, code or slug '{}'", word);
  if (!near.empty()) message += fmt::format("; did you mean {}?", near);
  return usage(term, report, std::move(message));
}

int explain_word(Term& term, Report& report, const std::string& word, const std::string& format) {
  if (word == "-")
    return explain_text(term, report, read_standard_input(), "standard input", format);
  if (const Rule* rule = find_rule(word)) {
    report.text =
        fmt::format("{} {}: {}\n\n{}\n", rule->code, rule->slug, rule->title, trim(rule->doc));
    report.data = rule_data(*rule);
    return term.finish(report, exit_ok);
  }
  if (const Cause* cause = find_cause(word)) {
    report.text =
        fmt::format("{} {}: {}\n\n{}", cause->code, cause->slug, cause->title, cause_page(*cause));
    report.data = cause_data(*cause);
    return term.finish(report, exit_ok);
  }
  if (!is_file(word)) return unknown_word(term, report, word);
  const auto text = read_text(word, most_input);
  if (!text) {
    report.ok = false;
    report.findings.push_back(
        make_finding("TN0105", {{"path", word}, {"reason", text.error().what}}, word));
    return term.finish(report, exit_usage);
  }
  return explain_text(term, report, *text, word, format);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "explain";
  if (arguments.has("--list")) return list_all(term, report);
  if (arguments.has("--batch")) return batch(arguments.get("--batch"));
  if (!arguments.behind.empty()) return run_command(term, arguments.behind);
  if (arguments.positional.size() != 1) {
    return usage(term, report, "explain takes one log, -, or a code such as TN0401");
  }
  const std::string format = arguments.get("--format");
  constexpr std::array<std::string_view, 6> formats{"", "text", "json", "sarif", "github", "junit"};
  if (std::ranges::find(formats, format) == formats.end()) {
    return usage(term, report, "--format is text, json, sarif, github or junit");
  }
  return explain_word(term, report, arguments.positional.front(), format);
}

constexpr OptionSpec options[] = {
    {"--list", "", "list all codes with their titles"},
    {"--format", "NAME", "text, sarif (2.1.0), github (annotations) or junit; --json for JSON"},
    {"--batch", "FOLDER", "explain every log of a folder, one JSON object a line"},
};
constexpr Example examples[] = {
    {"tenon explain build.log", "the root cause of a failure, with its fix"},
    {"go build ./... 2>&1 | tenon explain -", "the same from a pipe"},
    {"tenon explain -- go build ./...", "run it, and explain it if it fails"},
    {"tenon explain cc/not-installed", "what a cause or code means and how to mend it"},
};

constexpr std::string_view text =
    "Reads the log of a failing build or start and names the one root cause, the lines that prove "
    "it\n"
    "and the fix; where the log cannot decide, the candidates and the command that does. Prints "
    "the\n"
    "documentation of codes and causes offline. Exit code 2: no known cause fits.";

}  // namespace

extern const CommandSpec command_explain;
const CommandSpec command_explain{.name = "explain",
                                  .summary = "the root cause of a failing log; what a code means",
                                  .usage = "LOG|-|CODE|SLUG|-- COMMAND...",
                                  .description = text,
                                  .options = options,
                                  .examples = examples,
                                  .run = run};

}  // namespace tenon
