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
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diagnose/explain_probe.h"
#include "diagnose/run/host_snapshot.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/doctor/change_record.h"
#include "machine/doctor/doctor_report.h"
#include "machine/doctor/file_edit.h"
#include "machine/doctor/fix_plan.h"
#include "machine/run/change_journal.h"
#include "machine/run/shell_check.h"
#include "machine/snapshot.h"
#include "machine/snapshot_data.h"

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

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "doctor";
  const int fail_on = threshold(arguments.get("--fail-on"));
  if (fail_on == -1) {
    return usage(term, report, problem("--fail-on is error, warning, note or never", "--fail-on"));
  }
  if (arguments.positional.size() > 1) {
    return usage(term, report, problem("doctor takes one directory", "tenon doctor"));
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
  const std::string folder =
      arguments.positional.empty() ? current_folder() : arguments.positional.front();
  if (!is_folder(folder)) {
    return usage(term, report, problem(folder + " is not a directory", folder));
  }
  term.status("probing this machine");
  auto snapshot = arguments.has("--from")
                      ? recorded_snapshot(arguments.get("--from"))
                      : Outcome<Snapshot>(host_snapshot(folder, !arguments.has("--no-probe")));
  if (!snapshot) return usage(term, report, snapshot.error());
  if (mends) {
    auto findings = diagnose_machine(*snapshot);
    explain_probe(*snapshot, findings);
    const FixPlan plan = plan_fixes(
        *snapshot, findings, {arguments.has("--unsafe-fixes"), arguments.has("--shell-files")},
        {[](const std::string& path) { return read_text(path); }, check_with_shell});
    return apply(term, report, plan, *snapshot, arguments.has("--dry-run"));
  }
  if (!arguments.has("--from")) snapshot = masked_snapshot(*std::move(snapshot));
  if (arguments.has("--record")) return record(term, report, *snapshot, arguments.get("--record"));
  report.findings = diagnose_machine(*snapshot);
  explain_probe(*snapshot, report.findings);
  const auto groups = doctor_groups(*snapshot, report.findings);
  const auto chosen = decisions(*snapshot);
  report.data = doctor_data(*snapshot, groups, chosen, arguments.has("--facts"));
  report.text = doctor_text(*snapshot, groups, chosen, {term.style().unicode, term.verbose()});
  const bool grave = std::ranges::any_of(report.findings, [&](const Finding& one) {
    return static_cast<int>(one.severity) <= fail_on;
  });
  report.ok = !grave;
  const bool open = std::ranges::any_of(
      groups, [](const DoctorGroup& one) { return one.state == DoctorGroup::State::unknown; });
  return term.finish(report, grave ? exit_no : open ? exit_undecided : exit_ok);
}

constexpr OptionSpec options[] = {
    {"--record", "FILE", "write all facts of this machine, without user names and secrets"},
    {"--from", "FILE", "diagnose another machine from the file that --record wrote there"},
    {"--facts", "", "with --json: all facts, as data.facts"},
    {"--no-probe", "", "skip the cgo check (building a 3-line cgo program)"},
    {"--fail-on", "LEVEL",
     "lowest severity for exit code 1: error (default), warning, note, never"},
    {"--fix", "", "apply safe fixes; --undo restores the files"},
    {"--dry-run", "", "with --fix or --undo: show the change; exit code 1 if there is one"},
    {"--unsafe-fixes", "", "also run commands that install or select; with --undo: their reverse"},
    {"--shell-files", "", "with --fix: also comment out lines of shell start-up files"},
    {"--undo", "", "restore the lines that --fix changed, and keep edits made since"},
};
constexpr Example examples[] = {
    {"tenon doctor", "this machine, and the module in the current directory"},
    {"tenon doctor --json --facts", "the same for a script, with every fact and its source"},
    {"tenon doctor --record host.json", "a snapshot to attach to a question"},
    {"tenon doctor --from host.json", "the same findings on any other machine"},
    {"tenon doctor --fix --dry-run", "the change that would be made"},
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
    .usage = "[DIR] [OPTIONS]",
    .description = text,
    .options = options,
    .examples = examples,
    .run = run};

}  // namespace tenon
