// tenon doctor: what is true of this machine, what is wrong with it, and how to mend it.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diagnose/explain_probe.h"
#include "diagnose/run/host_snapshot.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/doctor/change_record.h"
#include "machine/doctor/changes.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/doctor_report.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/fix_plan.h"
#include "machine/doctor/next_go.h"
#include "machine/probe/probe.h"
#include "machine/run/change_journal.h"
#include "machine/run/shell_check.h"
#include "machine/snapshot.h"
#include "machine/snapshot_data.h"
#include "resolve/differences.h"

namespace tenon {
namespace {

std::string journal_folder() {
  const std::string state = state_folder();
  return state.empty() ? std::string() : join_path(state, "doctor");
}

Finding problem(std::string message, const std::string& subject) {
  return make_finding(Code::usage_bad_option, {{"message", std::move(message)}}, subject);
}

int stopped(Term& term, Report& report, std::string message, const std::string& subject) {
  report.ok = false;
  report.findings = {problem(std::move(message), subject)};
  return term.finish(report, exit_undecided);
}

Shown noted(const std::string& path, const Notes& notes) {
  Shown out;
  for (const std::string& note : notes) out += shown_format("{}: {}\n", path, note);
  return out;
}

// Runs what --unsafe-fixes allows; false when one failed.
bool run_commands(ChangeJournal& journal, const FixPlan& plan, const Snapshot& snapshot,
                  Shown& text) {
  bool all = true;
  for (const ShellCommand& command : plan.commands) {
    const std::vector<std::string> argv = arguments_of(command);
    auto reverse = reverse_command(argv, snapshot.apple.developer_folder.value);
    const bool undone = reverse && journal.record_command(argv, *std::move(reverse));
    const auto exit = pass_through(argv, {});
    const bool done = exit && *exit == 0;
    all = all && done;
    if (!done && undone) journal.forget_last();
    if (!done) {
      text += shown_format("failed: {}\n", quoted(command));
    } else if (!undone) {
      text += shown_format("ran {}; --undo cannot take it back\n", quoted(command));
    } else {
      text += shown_format("ran {}; tenon doctor --undo --unsafe-fixes takes it back\n",
                           quoted(command));
    }
  }
  return all;
}

int apply(Term& term, Report& report, const FixPlan& plan, const Snapshot& snapshot, bool dry) {
  report.data = fix_plan_data(plan);
  report.text = fix_plan_text(plan);
  int code = plan.untouched.empty() ? exit_ok : exit_undecided;
  if (plan.empty()) {
    report.text += "nothing to change\n";
    return term.finish(report, code);
  }
  if (dry) return term.finish(report, exit_no);
  auto journal = ChangeJournal::open(journal_folder());
  if (!journal) return stopped(term, report, journal.error().what, journal_folder());
  for (const FileChange& one : plan.changes) {
    if (one.empty()) continue;
    const auto done = journal->apply(one);
    if (!done) {
      return stopped(term, report, fmt::format("{}: {}", one.path, done.error().what), one.path);
    }
    report.text += shown_format("changed {}; tenon doctor --undo restores it\n", one.path);
    report.text += noted(one.path, *done);
  }
  if (!run_commands(*journal, plan, snapshot, report.text)) code = exit_undecided;
  return term.finish(report, code);
}

Data words_data(const std::vector<std::string>& words) {
  Data out = Data::array();
  for (const std::string& word : words) out.push(word);
  return out;
}

Data undone_data(const std::vector<Undone>& undone) {
  Data list = Data::array();
  for (const Undone& one : undone) {
    Data row = Data::object();
    row.add(one.command ? "command" : "path", one.path);
    row.add("restored", one.restored);
    row.add("kept", words_data(one.kept));
    row.add("not_restored", words_data(one.open));
    row.add("notes", words_data(one.notes));
    if (!one.complete()) row.add("record", one.record);
    if (!one.problem.empty()) row.add("problem", one.problem);
    list.push(std::move(row));
  }
  Data out = Data::object();
  out.add("undone", std::move(list));
  return out;
}

Shown undone_text(const Undone& one, bool dry) {
  Shown out;
  if (one.restored) {
    const std::string_view done = one.command ? "took back" : dry ? "would restore" : "restored";
    out += shown_format("{} {}\n", done, one.path);
  }
  out += noted(one.path, one.notes);
  if (!one.kept.empty()) out += shown_format("{}: kept what was changed since:\n", one.path);
  for (const std::string& line : one.kept) out += shown_format("  {}\n", line);
  if (!one.open.empty()) {
    out += shown_format("{}: not restored, because these lines were changed since:\n", one.path);
  }
  for (const std::string& line : one.open) out += shown_format("  {}\n", line);
  if (!one.problem.empty()) out += shown_format("{}: {}\n", one.path, one.problem);
  if (!one.complete()) {
    out += shown_format("the record is still there: {}; remove it to give up\n", one.record);
  }
  return out;
}

int undo(Term& term, Report& report, const Arguments& arguments) {
  const std::string folder = journal_folder();
  const auto there = look_up(folder);
  if (!there) return stopped(term, report, there.error().what, folder);
  if (!*there) {
    report.text = "nothing to undo\n";
    return term.finish(report, exit_ok);
  }
  auto journal = ChangeJournal::open(folder);
  if (!journal) return stopped(term, report, journal.error().what, folder);
  const bool dry = arguments.has("--dry-run");
  const auto undone = journal->undo({dry, arguments.has("--unsafe-fixes"), check_with_shell});
  if (!undone) {
    return stopped(term, report, std::string("cannot undo: ") + undone.error().what, "--undo");
  }
  report.data = undone_data(*undone);
  for (const Undone& one : *undone) {
    const Shown text = undone_text(one, dry);
    if (!report.text.contains(text)) report.text += text;
  }
  if (report.text.empty()) report.text = "nothing to undo\n";
  report.ok = std::ranges::all_of(*undone, &Undone::complete);
  if (dry && report.ok) {
    const bool any = std::ranges::any_of(*undone, &Undone::restored);
    return term.finish(report, any ? exit_no : exit_ok);
  }
  return term.finish(report, report.ok ? exit_ok : exit_undecided);
}

int record(Term& term, Report& report, const Snapshot& snapshot, const std::string& path) {
  const auto written = write_text(path, render_data(snapshot_data(snapshot)) + "\n");
  if (!written) {
    report.ok = false;
    report.findings.push_back(problem(fmt::format("{}: {}", path, written.error().what), path));
    return term.finish(report, exit_usage);
  }
  report.text = shown_format("wrote {}; tenon doctor --from {} reads it anywhere\n", path,
                             ShellWord::path(path).quoted());
  return term.finish(report, exit_ok);
}

// -1 for a word that is not known.
int threshold(const std::string& word) {
  if (word.empty() || word == "error") return 0;
  return word == "warning" ? 1 : word == "note" ? 2 : word == "never" ? -2 : -1;
}

SnapshotRequest::Try tried(const Arguments& arguments) {
  if (arguments.has("--no-probe") || arguments.has("--list")) return SnapshotRequest::Try::nothing;
  if (arguments.has("--quiet")) return SnapshotRequest::Try::compiler;
  return SnapshotRequest::Try::go;
}

// What is asked for by words: a directory, "./...", and with --fix the findings to mend.
struct Words {
  std::string folder;
  bool project = false;             // "DIR/...": what the next go command does there
  std::vector<std::string> chosen;  // codes or slugs
  std::string problem;              // empty: they make sense
};

bool names_finding(std::string_view word) { return find_code(word).has_value(); }

Words read_words(const Arguments& arguments, bool mends) {
  Words out;
  constexpr std::string_view all = "...";
  for (const std::string& word : arguments.positional) {
    if (mends && names_finding(word)) {
      out.chosen.push_back(word);
    } else if (!out.folder.empty()) {
      out.problem = "doctor takes one directory";
    } else if (word.ends_with(all)) {
      out.project = true;
      out.folder = word.substr(0, word.size() - all.size());
      if (out.folder.empty()) out.folder = ".";
    } else {
      out.folder = word;
    }
  }
  if (out.folder.empty()) out.folder = current_folder();
  return out;
}

// Leaves the findings that were named.
void choose(const std::vector<std::string>& chosen, std::vector<Finding>& findings) {
  if (chosen.empty()) return;
  std::erase_if(findings, [&](const Finding& one) {
    return std::ranges::none_of(chosen, [&](const std::string& word) {
      return word == code_text(one.code) || word == slug_of(one.code);
    });
  });
}

// "C compiler" as --check takes it: "c-compiler".
std::string check_name(std::string_view group) {
  std::string out;
  for (const char c : group) {
    if (c == '\'') continue;
    out += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// Leaves the groups of these names and their findings; the name that none has, or nothing.
std::string only_checks(const std::string& list, const Snapshot& snapshot,
                        std::vector<DoctorGroup>& groups, std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (const std::string_view name : split(list, ',')) names.emplace_back(trim(name));
  for (const std::string& name : names) {
    const bool known = std::ranges::any_of(
        groups, [&](const DoctorGroup& one) { return check_name(one.name) == name; });
    if (!known) return name;
  }
  std::erase_if(groups, [&](const DoctorGroup& one) {
    return std::ranges::find(names, check_name(one.name)) == names.end();
  });
  std::erase_if(findings, [&](const Finding& one) {
    const auto of_one = doctor_groups(snapshot, {one});
    return std::ranges::none_of(groups, [&](const DoctorGroup& group) {
      const auto same = std::ranges::find(of_one, group.name, &DoctorGroup::name);
      return same != of_one.end() && same->counted;
    });
  });
  return {};
}

int list_checks(Term& term, Report& report, const std::vector<DoctorGroup>& groups) {
  Data rows = Data::array();
  for (const DoctorGroup& group : groups) {
    report.text += shown_format("{}\n", check_name(group.name));
    rows.push(check_name(group.name));
  }
  report.data = Data::object();
  report.data.add("checks", std::move(rows));
  report.findings.clear();
  return term.finish(report, exit_ok);
}

// One line for prompts and CI: the gravest finding, or what is unknown.
Shown one_line(const std::vector<Finding>& findings, const std::vector<DoctorGroup>& groups) {
  const auto grave = [](const Finding& one) { return one.severity != Severity::note; };
  const auto first = std::ranges::find_if(findings, grave);
  if (first != findings.end()) {
    const auto count = std::ranges::count_if(findings, grave);
    return shown_format("tenon doctor: {}[{}]: {}{}\n", severity_name(first->severity),
                        code_text(first->code), first->message,
                        count > 1 ? fmt::format(" (and {} more)", count - 1) : std::string());
  }
  for (const DoctorGroup& group : groups) {
    if (group.state != DoctorGroup::State::unknown || group.unknown.empty()) continue;
    return shown_format("tenon doctor: unknown: {}: {}\n", group.name, group.unknown.front());
  }
  return {};
}

// What changed since the last run; this run is remembered.
Shown changes_text(const Snapshot& snapshot) {
  const std::string cache = cache_folder();
  if (cache.empty()) return {};
  const std::string path = join_path(cache, "doctor/last.json");
  Shown out;
  if (is_file(path)) {
    if (const auto before = recorded_snapshot(path)) {
      for (const FactChange& one : changes_between(*before, snapshot)) {
        out +=
            shown_format("    {}: {} -> {}\n", one.name, one.before.empty() ? "none" : one.before,
                         one.after.empty() ? "none" : one.after);
      }
      if (!out.empty()) {
        out = shown_format("changed since {}:\n", before->system.day.value) + out;
      }
    }
  }
  (void)write_cache(path, render_data(snapshot_data(snapshot)));  // nothing depends on it
  return out;
}

// The report of a masked snapshot: findings, groups, and what was asked for beside them.
int judge(Term& term, Report& report, const Arguments& arguments, bool project,
          const Snapshot& snapshot) {
  report.findings = diagnose_machine(snapshot);
  explain_probe(snapshot, report.findings);
  for (Finding& one : resolve::file_findings(snapshot.network))
    report.findings.push_back(std::move(one));
  auto groups = doctor_groups(snapshot, report.findings);
  if (arguments.has("--list")) return list_checks(term, report, groups);
  if (const std::string list = arguments.get("--check"); !list.empty()) {
    const std::string wrong = only_checks(list, snapshot, groups, report.findings);
    if (!wrong.empty()) {
      return usage(term, report, problem(wrong + " is not a check; --list names them", "--check"));
    }
  }
  const auto chosen = decisions(snapshot);
  report.data = doctor_data(snapshot, groups, chosen, arguments.has("--facts"));
  report.text = doctor_text(snapshot, groups, chosen, {term.style().unicode, term.verbose()});
  if (project) {
    const auto steps = next_go_command(snapshot);
    report.data.add("next", next_go_data(steps));
    report.text += steps.empty() ? Shown("no module here: no go command has anything to build\n")
                                 : next_go_text(steps);
  }
  if (!arguments.has("--from") && !arguments.has("--check")) {
    const Shown changed = changes_text(snapshot);
    report.text += changed;
  }
  const int fail_on = threshold(arguments.get("--fail-on"));
  const bool grave = std::ranges::any_of(report.findings, [&](const Finding& one) {
    return static_cast<int>(one.severity) <= fail_on;
  });
  report.ok = !grave;
  const bool open = std::ranges::any_of(
      groups, [](const DoctorGroup& one) { return one.state == DoctorGroup::State::unknown; });
  if (arguments.has("--quiet") && !arguments.has("--json")) {
    report.text = grave || open ? one_line(report.findings, groups) : Shown();
    report.findings.clear();
  }
  return term.finish(report, grave ? exit_no : open ? exit_undecided : exit_ok);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "doctor";
  if (threshold(arguments.get("--fail-on")) == -1) {
    return usage(term, report, problem("--fail-on is error, warning, note or never", "--fail-on"));
  }
  if (arguments.has("--undo")) {
    if (arguments.has("--fix") || arguments.has("--shell-files")) {
      return usage(term, report,
                   problem("--undo cannot be combined with --fix or --shell-files", "--undo"));
    }
    return undo(term, report, arguments);
  }
  const bool mends = arguments.has("--fix") || arguments.has("--unsafe-fixes");
  if (!mends && (arguments.has("--shell-files") || arguments.has("--dry-run"))) {
    return usage(term, report, problem("--dry-run and --shell-files require --fix", "--fix"));
  }
  if (arguments.has("--from") && (mends || arguments.has("--record"))) {
    return usage(
        term, report,
        problem(
            "--from reads another machine's facts; it cannot be combined with --fix or --record",
            "--from"));
  }
  const Words words = read_words(arguments, mends);
  if (!words.problem.empty()) {
    return usage(term, report, problem(words.problem, "tenon doctor"));
  }
  const std::string& folder = words.folder;
  if (!is_folder(folder)) {
    return usage(term, report, problem(folder + " is not a directory", folder));
  }
  term.status("probing this machine");
  auto snapshot = arguments.has("--from")
                      ? recorded_snapshot(arguments.get("--from"))
                      : Outcome<Snapshot>(host_snapshot(folder, tried(arguments)));
  if (!snapshot) return usage(term, report, snapshot.error());
  if (mends) {
    auto findings = diagnose_machine(*snapshot);
    explain_probe(*snapshot, findings);
    choose(words.chosen, findings);
    const FixPlan plan = plan_fixes(
        *snapshot, findings, {arguments.has("--unsafe-fixes"), arguments.has("--shell-files")},
        {[](const std::string& path) { return read_text(path); }, check_with_shell});
    return apply(term, report, plan, *snapshot, arguments.has("--dry-run"));
  }
  if (!arguments.has("--from")) snapshot = masked_snapshot(*std::move(snapshot));
  if (arguments.has("--record")) return record(term, report, *snapshot, arguments.get("--record"));
  return judge(term, report, arguments, words.project, *snapshot);
}

constexpr OptionSpec options[] = {
    {"--record", "FILE", "write all facts of this machine, without user names and secrets"},
    {"--from", "FILE", "diagnose another machine from the file that --record wrote there"},
    {"--facts", "", "with --json: all facts, as data.facts"},
    {"--no-probe", "", "skip the cgo check (building a 3-line cgo program)"},
    {"--fail-on", "LEVEL", "lowest severity for exit code 1: error (default), warning, note, never",
     false, "error warning note never"},
    {"--check", "LIST", "only these checks, by the names that --list prints"},
    {"--list", "", "print the names of the checks"},
    {"--fix", "", "apply safe fixes, or only those of CODEs; --undo restores the files"},
    {"--dry-run", "", "with --fix or --undo: show the change; exit code 1 if there is one"},
    {"--unsafe-fixes", "", "also run commands that install or select; with --undo: their reverse"},
    {"--shell-files", "", "with --fix: also comment out lines of shell start-up files"},
    {"--undo", "", "restore the lines that --fix changed, and keep edits made since"},
    format_option,
    save_option,
};
constexpr Example examples[] = {
    {"tenon doctor", "this machine, and the module in the current directory"},
    {"tenon doctor --json --facts", "the same for a script, with every fact and its source"},
    {"tenon doctor --record host.json", "a snapshot to attach to a question"},
    {"tenon doctor --from host.json", "the same findings on any other machine"},
    {"tenon doctor --fix --dry-run", "the change that would be made"},
    {"tenon doctor --fix TN1003", "fixes this finding and no other"},
    {"tenon doctor ./...", "what the next go command does here: downloads, C++, vendor"},
    {"tenon doctor -q", "for prompts and CI: silent when in order, one line otherwise"},
};

constexpr std::string_view text =
    "Checks Go, its settings, the C compiler, Apple's tools, pkg-config, Homebrew, disks and the\n"
    "project, and names the fix of each problem. What cannot be determined is unknown, never ok "
    "and\n"
    "never missing; a program that hangs is stopped after one second. Uses no network. Exit code "
    "1:\n"
    "findings; 2: something is unknown.";

}  // namespace

extern const CommandSpec command_doctor;
const CommandSpec command_doctor{
    .name = "doctor",
    .summary = "check that this machine can build Go programs that use C",
    .usage = "[DIR | DIR/...] [CODE...] [OPTIONS]",
    .description = text,
    .options = options,
    .examples = examples,
    .run = run,
    .operands = "DIR CODE"};

}  // namespace tenon
