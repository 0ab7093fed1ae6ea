// What is told of one log: as a finding and as text (as data: answer_data.cpp).
#include "diagnose/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
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
#include "diag/render/render.h"
#include "diagnose/answer_parts.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/causes.h"
#include "diagnose/causes/install.h"
#include "diagnose/causes/team.h"
#include "diagnose/events/context.h"
#include "diagnose/events/scan.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "diagnose/project/trace.h"
#include "diagnose/search.h"

namespace tenon::explain {
std::vector<ShellCommand> failure_checks(const Log& log, const Failure& failure) {
  Captures names = failure.names;
  if (!failure.package.empty()) names.emplace_back("package", failure.package);
  return checks_of(failure.kind, log, names);
}

Shown clipped(std::string_view text, std::size_t most) {
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    text = text.substr(0, most);
  }
  return Shown::of(text);
}

Shown clipped_line(std::string line, std::size_t most) {
  std::ranges::replace(line, '\t', ' ');
  return clipped(line, most);
}

namespace {

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

// "known since 2025-09: macOS 26 and newer"; empty for what has no date.
Shown since_text(const Cause& cause) {
  if (cause.since.empty()) return {};
  return shown_format("known since {}: {}\n", cause.since, cause.versions);
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

Shown install_text(const Answer& answer) {
  Shown out;
  if (!answer.install.empty()) out += "all of these packages at once:\n";
  for (const ShellCommand& command : answer.install) out += "  " + quoted(command) + "\n";
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

// What a search of the log found when it was made again.
Shown search_text(const Search& search) {
  Shown out;
  for (const Evidence& one : search.looked)
    out += shown_format("looked: {} ({})\n", one.where, one.text);
  if (search.more > 0)
    out += shown_format("looked: {} more paths; {} shows them\n", search.more, search.by);
  if (search.finding) {
    out += "found: " + search.finding->message + shown_format(" ({})\n", search.by);
    for (const Fix& fix : search.finding->fixes) {
      out += "  " + fix.text + "\n";
      for (const ShellCommand& command : fix.commands) out += "    " + quoted(command) + "\n";
    }
  } else if (!search.result.empty()) {
    out += shown_format("found: {} ({})\n", search.result, search.by);
  }
  return out;
}

Shown project_text(const Answer& answer) {
  Shown out;
  std::vector<Shown> looked;
  for (const std::string& one : answer.looked) looked.push_back(Shown::of(one));
  if (!looked.empty()) out += shown_format("looked: {}\n", shown_join(looked, ", "));
  for (const Evidence& one : answer.settings) {
    out += shown_format("on the machine: {} ({})\n", one.text, one.where);
  }
  for (const ProjectFact& fact : answer.project) {
    out += shown_format("in the project: {}\n  {}{}{}\n", fact.message, fact.evidence.where,
                        fact.evidence.text.empty() ? "" : ": ", fact.evidence.text);
  }
  for (const Search& one : answer.searches) out += search_text(one);
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
             .install = {},
             .looked = {},
             .settings = {},
             .searches = {}};
  note_build(out.log, build);
  out.context = log_context(out.log);
  out.candidates = explain_log(out.log, team);
  return out;
}

Shown line_text(const Log& log, std::size_t number) {
  const auto found = std::ranges::find(log.lines(), number, &LogLine::number);
  return found == log.lines().end() ? Shown() : clipped_line(found->text, 300);
}

namespace {

// `apt-get install`, `apk add`: the words before the packages.
std::size_t words_of_install(const std::vector<std::string>& argv) {
  constexpr auto verbs = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"apt-get", "install"}, {"dnf", "install"}, {"apk", "add"}, {"brew", "install"}});
  const bool installs = argv.size() > 2 && std::ranges::any_of(verbs, [&](const auto& one) {
                          return argv[0] == one.first && argv[1] == one.second;
                        });
  return installs ? 2 : 0;
}

// Adds a command's packages to those of the same program.
void add_packages(std::vector<ShellCommand>& all, std::vector<std::size_t>& uses,
                  const ShellCommand& command) {
  const std::size_t head = words_of_install(arguments_of(command));
  if (head == 0 || !is_complete(command)) return;
  auto same = std::ranges::find_if(all, [&](const ShellCommand& one) {
    return std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(head),
                      command.begin());
  });
  if (same == all.end()) {
    all.emplace_back(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(head));
    uses.push_back(0);
    same = all.end() - 1;
  }
  ++uses[static_cast<std::size_t>(same - all.begin())];
  for (std::size_t i = head; i < command.size(); ++i) {
    if (std::ranges::find(*same, command[i]) == same->end()) same->push_back(command[i]);
  }
}

// One command a system for what all failures miss.
std::vector<ShellCommand> install_all(const std::vector<Failure>& failures) {
  std::vector<ShellCommand> all, out;
  std::vector<std::size_t> uses;
  for (const Failure& one : failures) {
    if (one.causes.empty()) continue;
    for (const ShellCommand& command : one.causes.front().commands)
      add_packages(all, uses, command);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (uses[i] > 1) out.push_back(std::move(all[i]));
  }
  return out;
}

}  // namespace

namespace {

// A log in which nothing looks like an error: what it ends with.
std::vector<Failure> last_words(const Log& log) {
  if (log.lines().empty()) return {};
  const LogLine& line = log.lines().back();
  Failure out;
  out.line = line.number;
  out.lines = {line.number};
  out.text = line.text;
  out.kind = class_of_line(line.text, {});
  out.explained = false;
  return {std::move(out)};
}

}  // namespace

void group_failures(Answer& answer, const TeamCauses* team) {
  answer.failures = read_failures(answer.log);
  if (answer.failures.empty() && answer.candidates.empty())
    answer.failures = last_words(answer.log);
  assign_causes(answer.failures, answer.candidates, answer.log, team);
  if (answer.failures.empty()) return;
  answer.install = install_all(answer.failures);
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
  if (cause.installs && !candidate.lines.empty()) {
    for (Evidence& one : package_evidence(answer.log, candidate.lines.front()))
      finding.evidence.push_back(std::move(one));
  }
  for (const Evidence& one : answer.settings) finding.evidence.push_back(one);
  for (const ProjectFact& fact : answer.project) {
    finding.evidence.push_back({Evidence::Kind::file, fact.evidence.where, fact.message});
  }
  for (const Search& search : answer.searches)
    finding.evidence.insert(finding.evidence.end(), search.looked.begin(), search.looked.end());
  finding.fixes.push_back(candidate_fix(candidate));
  return finding;
}

namespace {

Diagnosis first_diagnosis(const Answer& answer) {
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
  if (best->cause->harmless) out.severity = Severity::note;
  out.message = best->message + " Fix: " + best->fix;
  for (const std::size_t number : best->lines) out.lines += line_text(answer.log, number) + "\n";
  out.places = places(answer);
  out.in_project = !answer.project_root.empty();
  return out;
}

// Of a failure behind the first: the project was asked about that one alone.
Diagnosis further_diagnosis(const Answer& answer, const Failure& failure) {
  Diagnosis out;
  out.log = Shown::of(answer.name);
  out.kind = class_name(failure.kind);
  out.kind_words = class_words(failure.kind);
  const Shown text = clipped_line(failure.text, 300);
  out.lines = text + "\n";
  out.places = {{answer.name, failure.line, text.text()}};
  if (failure.causes.empty()) {
    out.message = shown_format("{}{}: {}", class_words(failure.kind), place_text(failure), text);
    return out;
  }
  const Candidate& best = failure.causes.front();
  out.cause = best.cause;
  if (best.cause->harmless) out.severity = Severity::note;
  out.message = best.message + " Fix: " + best.fix;
  return out;
}

Shown painted(const Shown& text, std::string_view code, const TextStyle& style) {
  return style.colour ? shown_format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

// A fresh Debian does not have the program that some commands start.
Shown with_tools(Shown text) {
  if (text.text().contains("\n  apt-file search ")) {
    text += "apt-file is a package of its own: apt-get install apt-file && apt-file update\n";
  }
  return text;
}

}  // namespace

Diagnoses answer_diagnoses(const Answer& answer) {
  Diagnoses out{first_diagnosis(answer)};
  for (std::size_t i = 1; i < answer.failures.size(); ++i)
    out.push_back(further_diagnosis(answer, answer.failures[i]));
  return out;
}

Shown answer_text(const Answer& answer, const TextStyle& style) {
  if (answer.candidates.empty()) {
    Shown out = unknown_text(answer.context);
    if (!answer.failures.empty()) out += failure_text(answer.log, answer.failures.front());
    return with_tools(out + project_text(answer) + more_failures_text(answer) +
                      harmless_text(answer));
  }
  const Candidate& best = answer.candidates.front();
  const Cause& cause = *best.cause;
  Shown out = shown_format("{} ({}, {})\n{}\n", painted(Shown::of(cause.title), "1", style),
                           cause.slug, confidence_word(best.sureness), best.message);
  out += since_text(cause);
  if (cause.harmless) out += "Harmless: if something failed, it has another cause.\n";
  for (const std::size_t number : best.lines) {
    out += shown_format("  line {}: {}\n", number, line_text(answer.log, number));
  }
  const Shown last = misleading_line(answer.log, best);
  if (!last.empty()) out += shown_format("  a consequence: {}\n", last);
  out += project_text(answer);
  out += shown_format("{} {}\n", painted("fix:", "1;32", style), best.fix);
  for (const ShellCommand& command : best.commands) out += "  " + command_text(command);
  out += others_text(answer) + shown_format("more: tenon explain {}\n", cause.slug);
  return with_tools(out + more_failures_text(answer) + install_text(answer) +
                    harmless_text(answer));
}

}  // namespace tenon::explain
