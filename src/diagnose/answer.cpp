// What is told of one log: as data, as a finding and as text.
#include "diagnose/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"
#include "diag/report.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/team.h"
#include "diagnose/events/context.h"
#include "diagnose/events/scan.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/project/trace.h"

namespace tenon::explain {
namespace {

constexpr std::size_t most_candidates = 5, shown_events = 200;

std::vector<ShellCommand> failure_checks(const Log& log, const Failure& failure) {
  Captures names = failure.names;
  if (!failure.package.empty()) names.emplace_back("package", failure.package);
  return checks_of(failure.kind, log, names);
}

// At most `most` bytes, never half of a character, and no control character: a log is somebody
// else's text on our terminal.
Shown clipped(std::string_view text, std::size_t most) {
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    text = text.substr(0, most);
  }
  return Shown::of(text);
}

// A line of the log: the tab between the columns of "FAIL<tab>package" is a blank to a reader.
Shown clipped_line(std::string line, std::size_t most) {
  std::ranges::replace(line, '\t', ' ');
  return clipped(line, most);
}

Data word_or_null(std::string_view word) { return word.empty() ? Data() : Data(word); }

std::string_view kind_name(ProjectFact::Kind kind) {
  switch (kind) {
    case ProjectFact::Kind::left_out_by_cgo: return "left-out-without-cgo";
    case ProjectFact::Kind::left_out_by_target: return "left-out-for-target";
    case ProjectFact::Kind::not_declared: return "not-declared";
    case ProjectFact::Kind::cgo_line: return "cgo-line";
    case ProjectFact::Kind::lost_preamble: return "preamble-not-attached";
    case ProjectFact::Kind::pc_file: return "pc-file";
  }
  return "";
}

Data candidate_data(const Candidate& candidate) {
  const Cause& cause = *candidate.cause;
  Data out = Data::object();
  out.add("cause", cause.slug);
  out.add("code", code_text(cause));
  out.add("title", cause.title);
  out.add("confidence", confidence_word(candidate.sureness));
  out.add("score", static_cast<std::int64_t>(score_of(candidate.sureness)));
  out.add("harmless", cause.harmless);
  Data lines = Data::array();
  for (const std::size_t line : candidate.lines) lines.push(static_cast<std::int64_t>(line));
  out.add("evidence", std::move(lines));
  out.add("message", candidate.message.text());
  Data fixes = Data::array();
  for (const ShellCommand& command : candidate.commands) fixes.push(quoted(command).text());
  out.add("fix", std::move(fixes));
  out.add("fix_text", candidate.fix.text());
  out.add("decide", word_or_null(quoted(candidate.decide)));
  return out;
}

Data words_data(const std::vector<std::string>& words) {
  Data out = Data::array();
  for (const std::string& word : words) out.push(word);
  return out;
}

Data lines_data(const std::vector<std::size_t>& lines) {
  Data out = Data::array();
  for (const std::size_t line : lines) out.push(static_cast<std::int64_t>(line));
  return out;
}

Data fix_data(const Candidate& candidate, const ShellCommand* command) {
  const FixFacts facts = command == nullptr ? FixFacts() : fix_facts(*command);
  Data out = Data::object();
  out.add("text", candidate.fix.text());
  Data commands = Data::array();
  if (!facts.argv.empty()) commands.push(words_data(facts.argv));
  out.add("commands", std::move(commands));
  Data env = Data::object();
  for (const auto& [name, value] : facts.env) env.add(name, value.empty() ? Data() : Data(value));
  out.add("env", std::move(env));
  out.add("needs", words_data(facts.needs));
  out.add("changes", command == nullptr ? "by hand" : changes_name(facts.changes));
  out.add("destructive", facts.destructive);
  return out;
}

// A command each: most are of different systems. A command with NAME in it is none yet.
Data fixes_data(const std::vector<Candidate>& causes) {
  Data out = Data::array();
  if (causes.empty()) return out;
  const Candidate& best = causes.front();
  bool any = false;
  for (const ShellCommand& command : best.commands) {
    if (!is_complete(command)) continue;
    out.push(fix_data(best, &command));
    any = true;
  }
  if (!any) out.push(fix_data(best, nullptr));
  return out;
}

Data causes_data(const std::vector<Candidate>& causes) {
  Data out = Data::array();
  for (std::size_t i = 0; i < std::min(causes.size(), most_candidates); ++i) {
    Data row = Data::object();
    row.add("cause", causes[i].cause->slug);
    row.add("code", code_text(*causes[i].cause));
    row.add("confidence", confidence_word(causes[i].sureness));
    row.add("evidence", lines_data(causes[i].lines));
    out.push(std::move(row));
  }
  return out;
}

Data failure_data(const Log& log, const Failure& failure) {
  Data out = Data::object();
  out.add("line", static_cast<std::int64_t>(failure.line));
  out.add("text", clipped_line(failure.text, 300).text());
  out.add("tool", word_or_null(failure.tool));
  out.add("step", word_or_null(failure.step));
  out.add("package", word_or_null(failure.package));
  out.add("target", word_or_null(failure.target));
  out.add("class", class_name(failure.kind));
  out.add("explained", failure.explained);
  Data names = Data::object();
  for (const auto& [name, value] : failure.names) names.add(name, clipped(value, 200).text());
  out.add("names", std::move(names));
  out.add("lines", lines_data(failure.lines));
  out.add("causes", causes_data(failure.causes));
  out.add("fixes", fixes_data(failure.causes));
  Data checks = Data::array();
  for (const ShellCommand& command : failure_checks(log, failure))
    checks.push(words_data(arguments_of(command)));
  out.add("checks", std::move(checks));
  out.add("consequences", lines_data(failure.consequences));
  return out;
}

Data failures_data(const Answer& answer) {
  Data out = Data::array();
  for (const Failure& one : answer.failures) out.push(failure_data(answer.log, one));
  return out;
}

Data project_data(const Answer& answer) {
  Data out = Data::array();
  for (const ProjectFact& fact : answer.project) {
    Data row = Data::object();
    row.add("kind", kind_name(fact.kind));
    row.add("message", fact.message);
    row.add("package", word_or_null(fact.package));
    row.add("where", fact.evidence.where);
    row.add("text", word_or_null(fact.evidence.text));
    row.add("line", static_cast<std::int64_t>(fact.line));
    out.push(std::move(row));
  }
  return out;
}

Data machine_data(const Answer& answer) {
  Data out = Data::array();
  for (const Evidence& one : answer.settings) {
    Data row = Data::object();
    row.add("where", one.where);
    row.add("text", one.text);
    out.push(std::move(row));
  }
  return out;
}

Data event_data(const Log& log, const LogEvent& event) {
  constexpr std::array<std::string_view, 3> weights{"failure", "warning", "relay"};
  Data out = Data::object();
  out.add("line", static_cast<std::int64_t>(event.line));
  out.add("kind", event_name(event.kind));
  out.add("weight", weights[static_cast<std::size_t>(event.weight)]);
  out.add("tool", word_or_null(event.voice.tool));
  out.add("stage", word_or_null(event.voice.stage));
  out.add("package", word_or_null(event.package));
  Data names = Data::object();
  for (const auto& [name, value] : event.captures) names.add(name, clipped(value, 200).text());
  out.add("names", std::move(names));
  out.add("follows", event.follows
                         ? Data(static_cast<std::int64_t>(log.events[*event.follows].line))
                         : Data());
  return out;
}

// The last words of the log, when they are a consequence of what proves the cause.
Shown misleading_line(const Log& log, const Candidate& candidate) {
  const auto proves = [&](std::size_t line) {
    return std::ranges::find(candidate.lines, line) != candidate.lines.end();
  };
  for (auto event = log.events.rbegin(); event != log.events.rend(); ++event) {
    if (proves(event->line)) break;
    if (event->follows && proves(log.events[*event->follows].line))
      return clipped_line(event->text, 160);
  }
  return {};
}

// "(the linker, step: link, in example.com/p, target linux/arm64)"; empty when nothing is known.
Shown place_text(const Failure& failure) {
  std::vector<Shown> parts;
  if (!failure.tool.empty()) parts.push_back(Shown::of(failure.tool));
  if (!failure.step.empty()) parts.push_back(shown_format("step: {}", failure.step));
  if (!failure.package.empty()) parts.push_back(shown_format("in {}", failure.package));
  if (!failure.target.empty()) parts.push_back(shown_format("target {}", failure.target));
  return parts.empty() ? Shown() : shown_format(" ({})", shown_join(parts, ", "));
}

Shown first_line_text(const Failure& failure) {
  return shown_format("  line {}: {}\n", failure.line, clipped_line(failure.text, 300));
}

// What can be said of a failure whose cause is not known.
Shown failure_text(const Log& log, const Failure& failure) {
  Shown out = shown_format("{}{}\n", class_words(failure.kind), place_text(failure));
  out += first_line_text(failure);
  if (!failure.explained) out += "  nothing above says why\n";
  const auto checks = failure_checks(log, failure);
  if (!checks.empty()) out += "to check:\n";
  for (const ShellCommand& command : checks) out += "  " + quoted(command) + "\n";
  return out;
}

// The failures behind the first, one paragraph each.
Shown more_failures_text(const Answer& answer) {
  constexpr std::size_t shown = 4;
  Shown out;
  for (std::size_t i = 1; i < std::min(answer.failures.size(), shown + 1); ++i) {
    const Failure& one = answer.failures[i];
    if (one.causes.empty()) {
      out += "also failed: " + failure_text(answer.log, one);
      continue;
    }
    const Candidate& best = one.causes.front();
    out += shown_format("also failed: {} ({}, {})\n", best.cause->title, best.cause->slug,
                        confidence_word(best.sureness));
    out += first_line_text(one) + shown_format("fix: {}\n", best.fix);
    for (const ShellCommand& command : best.commands) {
      if (is_complete(command)) out += "  " + quoted(command) + "\n";
    }
  }
  if (answer.failures.size() > shown + 1)
    out += shown_format("and {} more failures (--json lists them)\n",
                        answer.failures.size() - shown - 1);
  return out;
}

Shown harmless_text(const Answer& answer) {
  Shown out;
  for (const Candidate& one : answer.harmless)
    out += shown_format("harmless: {} ({})\n", one.cause->title, one.cause->slug);
  return out;
}

Shown unknown_text(const LogContext& context) {
  if (context.tool.empty()) return "unknown: no known cause fits this log\n";
  Shown out = shown_format("unknown: {} failed", context.tool);
  if (!context.stage.empty()) out += shown_format(" (step: {})", context.stage);
  if (!context.goos.empty() || !context.goarch.empty()) {
    out += shown_format(", target {}/{}", context.goos.empty() ? "?" : context.goos,
                        context.goarch.empty() ? "?" : context.goarch);
  }
  if (!context.package.empty()) out += shown_format(", in {}", context.package);
  return out + "; no known cause fits\n";
}

Shown project_text(const Answer& answer) {
  Shown out;
  for (const Evidence& one : answer.settings) {
    out += shown_format("on the machine: {} ({})\n", one.text, one.where);
  }
  for (const ProjectFact& fact : answer.project) {
    out += shown_format("in the project: {}\n  {}{}{}\n", fact.message, fact.evidence.where,
                        fact.evidence.text.empty() ? "" : ": ", fact.evidence.text);
  }
  return out;
}

// The command, and what stands for NAME in it.
Shown command_text(const ShellCommand& command) {
  Shown out = quoted(command) + "\n";
  for (const Shown& name : replaced_names(command)) out += "    " + name + "\n";
  return out;
}

Shown others_text(const Answer& answer) {
  constexpr std::size_t shown = 3;
  Shown out;
  const auto& candidates = answer.candidates;
  for (std::size_t i = 1; i < std::min(candidates.size(), shown); ++i) {
    out += shown_format("or: {} ({}, {})\n", candidates[i].cause->title, candidates[i].cause->slug,
                        confidence_word(candidates[i].sureness));
  }
  if (candidates.size() > 1 && !candidates.front().decide.empty()) {
    out += "what decides: " + command_text(candidates.front().decide);
  }
  return out;
}

// A file of the project where there is one, as annotations appear there; else the log's lines.
std::vector<Diagnosis::Place> places(const Answer& answer) {
  std::vector<Diagnosis::Place> out;
  const std::string root = answer.project_root.empty() ? "" : answer.project_root + "/";
  for (const ProjectFact& fact : answer.project) {
    const std::string_view where = fact.evidence.where;
    const std::size_t colon = where.rfind(':');
    if (root.empty() || !where.starts_with(root) || colon == where.npos) continue;
    const auto line = parse_number(where.substr(colon + 1));
    if (!line) continue;
    out.push_back(
        {std::string(where.substr(root.size(), colon - root.size())), *line, fact.evidence.text});
  }
  if (answer.best() == nullptr && !answer.failures.empty()) {
    const Failure& first = answer.failures.front();
    return {{answer.name, first.line, clipped_line(first.text, 300).text()}};
  }
  if (!out.empty() || answer.best() == nullptr) return out;
  // What has no file is not shown at all: the module's own file stands for the whole.
  if (!root.empty()) return {{"go.mod", 1, ""}};
  for (const std::size_t number : answer.best()->lines) {
    out.push_back({answer.name, number, line_text(answer.log, number).text()});
  }
  return out;
}

}  // namespace

Answer read_answer(std::string_view log, std::string name, const BuildContext& build,
                   const TeamCauses* team) {
  Answer out{.name = std::move(name),
             .log = scan_log(log),
             .context = {},
             .candidates = {},
             .failures = {},
             .harmless = {},
             .project = {},
             .project_root = {},
             .settings = {}};
  note_build(out.log, build);
  out.context = log_context(out.log);
  out.candidates = explain_log(out.log, team);
  return out;
}

Shown line_text(const Log& log, std::size_t number) {
  const auto found = std::ranges::find(log.lines(), number, &LogLine::number);
  return found == log.lines().end() ? Shown() : clipped_line(found->text, 300);
}

void group_failures(Answer& answer, const TeamCauses* team) {
  answer.failures = read_failures(answer.log);
  assign_causes(answer.failures, answer.candidates, answer.log, team);
  if (answer.failures.empty()) return;
  std::ranges::copy_if(answer.candidates, std::back_inserter(answer.harmless),
                       [](const Candidate& one) { return one.cause->harmless; });
  const Failure& first = answer.failures.front();
  answer.candidates = first.causes;
  if (first.causes.empty() && !first.tool.empty()) {
    answer.context.tool = first.tool;
    answer.context.stage = first.step;
  }
  // A failure that nothing accounts for: what was found does not have to be all.
  const bool open = std::ranges::any_of(
      answer.failures, [](const Failure& one) { return !one.explained && one.causes.empty(); });
  for (Candidate& one : answer.candidates) {
    if (open) one.sureness = std::min(one.sureness, Sureness::likely);
  }
}

Data answer_data(const Answer& answer) {
  Data out = Data::object();
  out.add("failures", failures_data(answer));
  Data list = Data::array();
  for (std::size_t i = 0; i < std::min(answer.candidates.size(), most_candidates); ++i) {
    list.push(candidate_data(answer.candidates[i]));
  }
  out.add("candidates", std::move(list));
  Data events = Data::array();
  for (std::size_t i = 0; i < std::min(answer.log.events.size(), shown_events); ++i) {
    events.push(event_data(answer.log, answer.log.events[i]));
  }
  out.add("events", std::move(events));
  const LogContext& context = answer.context;
  out.add("tool", word_or_null(context.tool));
  out.add("stage", word_or_null(context.stage));
  out.add("goos", word_or_null(context.goos));
  out.add("goarch", word_or_null(context.goarch));
  out.add("package", word_or_null(context.package));
  if (!answer.project_root.empty()) out.add("project", project_data(answer));
  if (!answer.settings.empty()) out.add("machine", machine_data(answer));
  return out;
}

Finding answer_finding(const Answer& answer) {
  const Candidate& candidate = answer.candidates.front();
  const Cause& cause = *candidate.cause;
  Finding finding;
  finding.code = cause.code;
  finding.own_code = cause.own_code;
  if (!finding.own_code.empty()) finding.own_slug = cause.slug;
  finding.severity = cause.harmless ? Severity::note : Severity::error;
  finding.subject = answer.name;
  finding.message = candidate.message;
  finding.confidence = candidate.sureness == Sureness::certain  ? Confidence::certain
                       : candidate.sureness == Sureness::likely ? Confidence::likely
                                                                : Confidence::possible;
  for (const std::size_t number : candidate.lines) {
    finding.evidence.push_back({Evidence::Kind::log, fmt::format("line {}", number),
                                line_text(answer.log, number).text()});
  }
  for (const Evidence& one : answer.settings) finding.evidence.push_back(one);
  for (const ProjectFact& fact : answer.project) {
    finding.evidence.push_back({Evidence::Kind::file, fact.evidence.where, fact.message});
  }
  finding.fixes.push_back(candidate_fix(candidate));
  return finding;
}

Diagnosis answer_diagnosis(const Answer& answer) {
  Diagnosis out;
  out.log = Shown::of(answer.name);
  const Candidate* best = answer.best();
  if (best == nullptr && !answer.failures.empty()) {
    const Failure& first = answer.failures.front();
    out.kind = class_name(first.kind);
    out.kind_words = class_words(first.kind);
    out.message = shown_format("{}{}: {}", class_words(first.kind), place_text(first),
                               clipped_line(first.text, 300));
    out.lines = line_text(answer.log, first.line) + "\n";
    out.places = places(answer);
  }
  if (best == nullptr) return out;
  out.cause = best->cause;
  out.message = best->message + " Fix: " + best->fix;
  for (const std::size_t number : best->lines) out.lines += line_text(answer.log, number) + "\n";
  out.places = places(answer);
  out.in_project = !answer.project_root.empty();
  return out;
}

Shown answer_text(const Answer& answer) {
  if (answer.candidates.empty()) {
    Shown out = unknown_text(answer.context);
    if (!answer.failures.empty()) out += failure_text(answer.log, answer.failures.front());
    return out + project_text(answer) + more_failures_text(answer) + harmless_text(answer);
  }
  const Candidate& best = answer.candidates.front();
  const Cause& cause = *best.cause;
  Shown out = shown_format("{} ({}, {})\n{}\n", cause.title, cause.slug,
                           confidence_word(best.sureness), best.message);
  if (cause.harmless) out += "Harmless: if something failed, it has another cause.\n";
  for (const std::size_t number : best.lines) {
    out += shown_format("  line {}: {}\n", number, line_text(answer.log, number));
  }
  const Shown last = misleading_line(answer.log, best);
  if (!last.empty()) out += shown_format("  a consequence: {}\n", last);
  out += project_text(answer);
  out += shown_format("fix: {}\n", best.fix);
  for (const ShellCommand& command : best.commands) out += "  " + command_text(command);
  out += others_text(answer) + shown_format("more: tenon explain {}\n", cause.slug);
  return out + more_failures_text(answer) + harmless_text(answer);
}

}  // namespace tenon::explain
