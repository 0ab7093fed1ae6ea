// What is told of one log, as data: the contract of `explain --json`.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "diagnose/answer.h"
#include "diagnose/answer_parts.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/context.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/project/trace.h"
#include "diagnose/search.h"

namespace tenon::explain {
namespace {

constexpr std::size_t most_candidates = 5, shown_events = 200;

Data word_or_null(std::string_view word) { return word.empty() ? Data() : Data(word); }

std::string_view kind_name(ProjectFact::Kind kind) {
  switch (kind) {
    case ProjectFact::Kind::left_out_by_cgo: return "left-out-without-cgo";
    case ProjectFact::Kind::left_out_by_target: return "left-out-for-target";
    case ProjectFact::Kind::not_declared: return "not-declared";
    case ProjectFact::Kind::cgo_line: return "cgo-line";
    case ProjectFact::Kind::lost_preamble: return "preamble-not-attached";
    case ProjectFact::Kind::pc_file: return "pc-file";
    case ProjectFact::Kind::work_line: return "work-line";
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
  out.add("since", word_or_null(cause.since));
  out.add("versions", word_or_null(cause.versions));
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
    if (!is_complete(command) || has_placeholder(arguments_of(command))) continue;
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

// What is known, with what shows it, or that it is not known.
Data known_data(const Known& known) {
  Data out = Data::object();
  out.add("state", known.known() ? "known" : "unknown");
  out.add("value", word_or_null(known.value));
  out.add("evidence", word_or_null(clipped(known.evidence, 200).text()));
  out.add("line", known.line == 0 ? Data() : Data(static_cast<std::int64_t>(known.line)));
  return out;
}

Data context_data(const Origin& origin) {
  Data out = Data::object();
  for (const auto& [name, known] : {std::pair<std::string_view, const Known*>{"host", &origin.host},
                                    {"architecture", &origin.architecture},
                                    {"target", &origin.target},
                                    {"libc", &origin.libc},
                                    {"distribution", &origin.distribution},
                                    {"release", &origin.release},
                                    {"speaker", &origin.speaker},
                                    {"linkage", &origin.linkage},
                                    {"engine", &origin.engine},
                                    {"cross", &origin.cross},
                                    {"source", &origin.source}}) {
    out.add(std::string(name), known_data(*known));
  }
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

Data search_data(const Search& search) {
  Data out = Data::object();
  out.add("subject", search.subject);
  out.add("by", search.by);
  out.add("agrees", search.agrees);
  Data looked = Data::array();
  for (const Evidence& one : search.looked) {
    Data row = Data::object();
    row.add("where", one.where);
    row.add("text", one.text);
    looked.push(std::move(row));
  }
  out.add("looked", std::move(looked));
  out.add("more", static_cast<std::int64_t>(search.more));
  out.add("code", search.finding ? Data(code_text(search.finding->code)) : Data());
  out.add("message", search.finding ? search.finding->message.text() : search.result);
  Data commands = Data::array();
  if (search.finding) {
    for (const Fix& fix : search.finding->fixes) {
      for (const ShellCommand& command : fix.commands)
        commands.push(words_data(arguments_of(command)));
    }
  }
  out.add("commands", std::move(commands));
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

}  // namespace

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
  out.add("context", context_data(answer.log.origin));
  Data install = Data::array();
  for (const ShellCommand& command : answer.install)
    install.push(words_data(arguments_of(command)));
  out.add("install", std::move(install));
  out.add("looked", words_data(answer.looked));
  if (!answer.project_root.empty()) out.add("project", project_data(answer));
  if (!answer.settings.empty()) out.add("machine", machine_data(answer));
  if (!answer.searches.empty()) {
    Data searches = Data::array();
    for (const Search& one : answer.searches) searches.push(search_data(one));
    out.add("searches", std::move(searches));
  }
  return out;
}

}  // namespace tenon::explain
