// tenon doctor: what is true of this machine, what is wrong with it, and how to mend it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <future>

#include "base/text.h"
#include "cli/term.h"
#include "diag/catalog.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/scan.h"
#include "diagnose/project/closure.h"
#include "diagnose/run/project_disk.h"
#include "host/files.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/targets.h"
#include "machine/probe/probe.h"
#include "machine/run/env_file.h"
#include "machine/snapshot_data.h"

namespace tenon {
namespace {

std::string store_folder() {
  const std::string cache = cache_folder();
  return cache.empty() ? std::string() : join_path(cache, "doctor");
}

Finding problem(std::string message, const std::string& subject) {
  return make_finding("TN0101", {{"message", std::move(message)}}, subject);
}

Outcome<Snapshot> recorded(const std::string& path) {
  const auto text = read_text(path, std::size_t{16} << 20U);
  if (!text) {
    return std::unexpected(
        make_finding("TN0105", {{"path", path}, {"reason", text.error().what}}, path));
  }
  const auto data = parse_data(*text);
  const auto snapshot = data ? snapshot_from(*data) : std::unexpected(data.error());
  if (!snapshot) {
    return std::unexpected(
        make_finding("TN0105", {{"path", path}, {"reason", snapshot.error().what}}, path));
  }
  return *snapshot;
}

// go.work that holds for a module: what GOWORK names, or the nearest at or above.
TextFact work_file(std::string folder) {
  if (const auto set = environment_variable("GOWORK"); set && !set->empty()) {
    return *set == "off" ? TextFact::none("GOWORK=off") : TextFact::of(*set, "GOWORK");
  }
  while (true) {
    std::string file = join_path(folder, "go.work");
    if (is_file(file)) return TextFact::of(std::move(file), "found above the module");
    if (folder.empty() || folder == "/") return TextFact::none("no go.work above the module");
    folder = folder_of(folder);
  }
}

Snapshot taken(const Arguments& arguments, const std::string& folder) {
  SnapshotRequest request;
  request.build_probe = !arguments.has("--no-probe");
  const MachineAccess machine = this_machine();
  const std::string here = real_path(folder).value_or(folder);
  // Reading the project's files takes as long as asking programs.
  auto project = std::async(std::launch::async, [&] {
    const ProjectPlace place = project_place(here);
    ProjectState out;
    if (place.root.empty()) return out;
    out = project_state(place, project_disk());
    out.work = work_file(place.root);
    return out;
  });
  Snapshot out = take_snapshot(machine, request);
  out.project = project.get();
  out.packages.brew_libraries = probe_brew_libraries(machine, out.packages, out.project);
  return out;
}

// A probe that failed for no reason that a fact tells: its output is a log like any other.
void explain_probe(const Snapshot& snapshot, std::vector<Finding>& findings) {
  const auto found = std::ranges::find(findings, "TN1006", &Finding::code);
  if (found == findings.end()) return;
  const auto candidates = explain_log(scan_log(snapshot.compiler.probe_output.value));
  if (candidates.empty() || candidates.front().cause->harmless) return;
  const Candidate& best = candidates.front();
  found->code = best.cause->code;
  found->cause = best.cause->slug;
  found->message = best.message;
  Fix fix{Fix::Safety::review, best.fix, {}};
  for (const std::string& command : best.commands) {
    auto& argv = fix.commands.emplace_back();
    for (const std::string_view word : split_words(command)) argv.emplace_back(word);
  }
  found->fixes = {std::move(fix)};
}

std::string_view mark(DoctorGroup::State state, bool unicode) {
  switch (state) {
    case DoctorGroup::State::ok: return unicode ? "✓" : "ok ";
    case DoctorGroup::State::note: return unicode ? "•" : "-  ";
    case DoctorGroup::State::warning: return unicode ? "!" : "!  ";
    case DoctorGroup::State::error: return unicode ? "✗" : "x  ";
    case DoctorGroup::State::unknown: return "?";
  }
  return "?";
}

std::string_view state_word(DoctorGroup::State state) {
  constexpr std::array<std::string_view, 5> words{"ok", "note", "warning", "error", "unknown"};
  return words[static_cast<std::size_t>(state)];
}

// Other platforms: those that break, and all of them with -v.
std::string targets_text(const Snapshot& snapshot, bool all) {
  std::string out;
  for (const TargetFit& one : target_fits(snapshot)) {
    if (!all && one.state == TargetFit::State::pure) continue;
    out += fmt::format("    for {}: {}\n", one.target, without_controls(one.text));
  }
  return out;
}

std::string details_text(const Snapshot& snapshot, const std::vector<Decision>& list) {
  std::string out = "\n";
  for (const Decision& one : list) {
    out += fmt::format("{} = {}: {} ({})\n", one.name, one.value.empty() ? "unknown" : one.value,
                       one.rule, one.where);
  }
  for (const Setting& one : snapshot.settings.list.value) {
    const bool told = std::ranges::find(list, one.name, &Decision::name) != list.end();
    if (!told && one.active) {
      out +=
          without_controls(fmt::format("{} = {}: set ({})", one.name, one.value, one.where)) + "\n";
    }
  }
  return out;
}

std::string doctor_text(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                        const std::vector<Decision>& list, const Term& term) {
  std::string out;
  for (const DoctorGroup& group : groups) {
    out += fmt::format("{} {:14} {}\n", mark(group.state, term.style().unicode), group.name,
                       without_controls(group.text));
    if (!term.verbose() && group.state != DoctorGroup::State::unknown) continue;
    for (const std::string& one : group.unknown) {
      out += fmt::format("    unknown: {}\n", without_controls(one));
    }
  }
  out += targets_text(snapshot, term.verbose());
  if (term.verbose()) out += details_text(snapshot, list);
  const auto count = [&](DoctorGroup::State state) {
    return std::ranges::count(groups, state, &DoctorGroup::state);
  };
  using State = DoctorGroup::State;
  out += fmt::format("{} of {} groups in order, {} with errors, {} with warnings, {} unknown{}\n",
                     count(State::ok) + count(State::note), groups.size(), count(State::error),
                     count(State::warning), count(State::unknown),
                     term.verbose() ? "" : "; -v shows all");
  return out;
}

Data texts_data(const std::vector<std::string>& list) {
  Data out = Data::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

Data targets_data(const Snapshot& snapshot) {
  Data out = Data::array();
  for (const TargetFit& one : target_fits(snapshot)) {
    Data row = Data::object();
    row.add("target", one.target);
    row.add("state", target_state_name(one.state));
    row.add("packages", texts_data(one.packages));
    row.add("engines", texts_data(one.engines));
    row.add("needs", texts_data(one.needs));
    row.add("text", one.text);
    out.push(std::move(row));
  }
  return out;
}

Data doctor_data(const Snapshot& snapshot, const std::vector<DoctorGroup>& groups,
                 const std::vector<Decision>& list, bool facts) {
  Data out = Data::object();
  Data rows = Data::array();
  for (const DoctorGroup& group : groups) {
    Data row = Data::object();
    row.add("name", group.name);
    row.add("state", state_word(group.state));
    row.add("text", group.text);
    row.add("unknown", texts_data(group.unknown));
    rows.push(std::move(row));
  }
  out.add("groups", std::move(rows));
  Data chosen = Data::array();
  for (const Decision& one : list) {
    Data row = Data::object();
    row.add("name", one.name);
    row.add("value", one.value.empty() ? Data() : Data(one.value));
    row.add("rule", one.rule);
    row.add("where", one.where);
    chosen.push(std::move(row));
  }
  out.add("decisions", std::move(chosen));
  out.add("targets", targets_data(snapshot));
  if (facts) out.add("facts", snapshot_data(snapshot));
  return out;
}

// The change of a file that a command of `go env` stands for; empty path: it is another command.
FileChange file_change(const std::vector<std::string>& argv, const std::string& file,
                       const std::string& text) {
  FileChange out;
  if (argv.size() != 4 || argv[0] != "go" || argv[1] != "env" || file.empty()) return out;
  const std::size_t equals = argv[3].find('=');
  if (argv[2] == "-u") {
    out = {file, text, without_setting(text, argv[3])};
  } else if (argv[2] == "-w" && equals != std::string::npos) {
    out = {file, text, with_setting(text, argv[3].substr(0, equals), argv[3].substr(equals + 1))};
  }
  return out;
}

struct Mending {
  std::vector<FileChange> changes;                 // one a file
  std::vector<std::vector<std::string>> commands;  // for --unsafe-fixes
  std::size_t hidden = 0;                          // that need --unsafe-fixes
  std::size_t shell = 0;                           // that need --shell-files
  std::size_t manual = 0;

  FileChange& of(const std::string& path) {
    for (FileChange& one : changes) {
      if (one.path == path) return one;
    }
    const std::string text = read_text(path).value_or("");
    return changes.emplace_back(FileChange{path, text, text});
  }

  [[nodiscard]] bool nothing() const {
    return commands.empty() && std::ranges::all_of(changes, &FileChange::empty);
  }
};

struct Allowed {
  bool unsafe = false, shell_files = false;
};

void plan_fix(const Fix& fix, const std::string& file, const Allowed& allowed, Mending& out) {
  if (fix.safety == Fix::Safety::manual || fix.commands.empty()) {
    ++out.manual;
    return;
  }
  if (fix.safety == Fix::Safety::review && !allowed.unsafe) {
    ++out.hidden;
    return;
  }
  for (const auto& argv : fix.commands) {
    const std::string before = file.empty() ? std::string() : out.of(file).after;
    const FileChange one = file_change(argv, file, before);
    if (one.path.empty()) {
      if (std::ranges::find(out.commands, argv) == out.commands.end()) out.commands.push_back(argv);
    } else {
      out.of(file).after = one.after;
    }
  }
}

// Lines of start-up files that a finding names.
void plan_lines(const Snapshot& snapshot, const Finding& finding, const Allowed& allowed,
                Mending& out) {
  for (const ShellLine& line : snapshot.settings.shell_lines.value) {
    const std::string where = fmt::format("{}:{}", line.file, line.line);
    if (!line.alone ||
        std::ranges::find(finding.evidence, where, &Evidence::where) == finding.evidence.end()) {
      continue;
    }
    if (!allowed.shell_files) {
      ++out.shell;
      continue;
    }
    FileChange& change = out.of(line.file);
    const auto lines = split(change.before, '\n'), now = split(change.after, '\n');
    // Two findings can name the same line, and the file can be another by now.
    const bool fresh = line.line <= lines.size() && lines[line.line - 1] == now[line.line - 1] &&
                       lines[line.line - 1].contains(line.name);
    if (fresh) change.after = without_line(change.after, line.line);
  }
}

Mending plan(const Snapshot& snapshot, const std::vector<Finding>& findings, Allowed allowed) {
  Mending out;
  for (const Finding& finding : findings) {
    plan_lines(snapshot, finding, allowed, out);
    for (const Fix& fix : finding.fixes) {
      const bool own = !fix.commands.empty() && fix.commands.front().front() == "tenon";
      if (!own) plan_fix(fix, snapshot.settings.file.value, allowed, out);
    }
  }
  return out;
}

// What is to change, for scripts.
Data mending_data(const Mending& mending) {
  Data out = Data::object(), files = Data::array(), commands = Data::array();
  for (const FileChange& one : mending.changes) {
    if (one.empty()) continue;
    Data row = Data::object();
    row.add("path", one.path);
    row.add("change", change_text(one));
    files.push(std::move(row));
  }
  for (const auto& argv : mending.commands) {
    Data words = Data::array();
    for (const std::string& word : argv) words.push(word);
    commands.push(std::move(words));
  }
  out.add("files", std::move(files));
  out.add("commands", std::move(commands));
  out.add("need_unsafe_fixes", static_cast<std::int64_t>(mending.hidden));
  out.add("need_shell_files", static_cast<std::int64_t>(mending.shell));
  out.add("for_a_person", static_cast<std::int64_t>(mending.manual));
  return out;
}

int mend(Term& term, Report& report, const Mending& mending, bool dry) {
  report.data = mending_data(mending);
  for (const FileChange& one : mending.changes) {
    if (!one.empty()) report.text += change_text(one);
  }
  for (const auto& argv : mending.commands) report.text += shell_join(argv) + "\n";
  if (mending.hidden > 0) {
    report.text += fmt::format("{} fixes need --unsafe-fixes\n", mending.hidden);
  }
  if (mending.shell > 0) {
    report.text +=
        fmt::format("{} in start-up files of shells need --shell-files\n", mending.shell);
  }
  if (mending.manual > 0) report.text += fmt::format("{} are for a person to do\n", mending.manual);
  if (mending.nothing()) {
    report.text += "nothing to change\n";
    return term.finish(report, exit_ok);
  }
  if (dry) return term.finish(report, exit_no);
  for (const FileChange& one : mending.changes) {
    if (one.empty()) continue;
    const auto done = apply_change(one, store_folder());
    if (!done) {
      report.ok = false;
      report.findings = {problem(fmt::format("{}: {}", one.path, done.error().what), one.path)};
      return term.finish(report, exit_undecided);
    }
    report.text += "changed " + one.path + "; tenon doctor --undo puts it back\n";
  }
  int code = exit_ok;
  for (const auto& argv : mending.commands) {
    const auto exit = pass_through(argv, {});
    if (exit && *exit == 0) continue;
    report.text += fmt::format("failed: {}\n", shell_join(argv));
    code = exit_undecided;
  }
  return term.finish(report, code);
}

int undo(Term& term, Report& report) {
  const auto restored = undo_changes(store_folder());
  if (!restored) {
    report.ok = false;
    report.findings.push_back(
        problem(std::string("cannot undo: ") + restored.error().what, "--undo"));
    return term.finish(report, exit_undecided);
  }
  for (const std::string& path : *restored) report.text += "restored " + path + "\n";
  if (restored->empty()) report.text = "nothing to undo\n";
  return term.finish(report, exit_ok);
}

// What is shown here is what a recorded snapshot shows elsewhere.
Snapshot masked(Snapshot snapshot) {
  const std::string home = environment_variable("HOME").value_or("");
  std::string user =
      environment_variable("USER").value_or(environment_variable("LOGNAME").value_or(""));
  if (user.empty()) user = base_name(home);
  mask_snapshot(snapshot, home, user);
  return snapshot;
}

int record(Term& term, Report& report, const Snapshot& snapshot, const std::string& path) {
  const auto written = write_text(path, render_data(snapshot_data(snapshot)) + "\n");
  if (!written) {
    report.ok = false;
    report.findings.push_back(problem(fmt::format("{}: {}", path, written.error().what), path));
    return term.finish(report, exit_usage);
  }
  report.text = fmt::format("wrote {}; tenon doctor --from {} reads it anywhere\n", path, path);
  return term.finish(report, exit_ok);
}

// -1 for a word that is not known.
int threshold(const std::string& word) {
  if (word.empty() || word == "error") return 0;
  return word == "warning" ? 1 : word == "note" ? 2 : word == "never" ? -2 : -1;
}

int usage(Term& term, Report& report, Finding finding) {
  report.ok = false;
  report.findings.push_back(std::move(finding));
  return term.finish(report, exit_usage);
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
    return usage(term, report, problem("doctor takes one folder", "tenon doctor"));
  }
  if (arguments.has("--undo")) return undo(term, report);
  const bool mends = arguments.has("--fix") || arguments.has("--unsafe-fixes");
  if (!mends && (arguments.has("--shell-files") || arguments.has("--dry-run"))) {
    return usage(term, report, problem("--dry-run and --shell-files go with --fix", "--fix"));
  }
  if (arguments.has("--from") && (mends || arguments.has("--record"))) {
    return usage(term, report,
                 problem("--from tells of another machine: nothing here is changed", "--from"));
  }
  const std::string folder =
      arguments.positional.empty() ? current_folder() : arguments.positional.front();
  if (!is_folder(folder)) {
    return usage(term, report, problem(folder + " is no folder", folder));
  }
  term.status("looking at this machine");
  auto snapshot = arguments.has("--from") ? recorded(arguments.get("--from"))
                                          : Outcome<Snapshot>(taken(arguments, folder));
  if (!snapshot) return usage(term, report, snapshot.error());
  if (mends) {
    auto findings = diagnose_machine(*snapshot);
    explain_probe(*snapshot, findings);
    const Mending mending = plan(*snapshot, findings,
                                 {arguments.has("--unsafe-fixes"), arguments.has("--shell-files")});
    return mend(term, report, mending, arguments.has("--dry-run"));
  }
  if (!arguments.has("--from")) snapshot = masked(*std::move(snapshot));
  if (arguments.has("--record")) return record(term, report, *snapshot, arguments.get("--record"));
  report.findings = diagnose_machine(*snapshot);
  explain_probe(*snapshot, report.findings);
  const auto groups = doctor_groups(*snapshot, report.findings);
  const auto chosen = decisions(*snapshot);
  report.data = doctor_data(*snapshot, groups, chosen, arguments.has("--facts"));
  report.text = doctor_text(*snapshot, groups, chosen, term);
  const bool grave = std::ranges::any_of(report.findings, [&](const Finding& one) {
    return static_cast<int>(one.severity) <= fail_on;
  });
  report.ok = !grave;
  const bool open = std::ranges::any_of(
      groups, [](const DoctorGroup& one) { return one.state == DoctorGroup::State::unknown; });
  return term.finish(report, grave ? exit_no : open ? exit_undecided : exit_ok);
}

constexpr OptionSpec options[] = {
    {"--record", "FILE", "write all that is known of this machine, without names and secrets"},
    {"--from", "FILE", "judge a machine from what --record wrote there"},
    {"--facts", "", "with --json: everything that is known, as data.facts"},
    {"--no-probe", "", "do not build three lines with C"},
    {"--fail-on", "LEVEL", "exit code 1 from this on: error (default), warning, note, never"},
    {"--fix", "", "mend what is safe to mend; files are kept for --undo"},
    {"--dry-run", "", "with --fix: show the change, exit code 1 when there is one"},
    {"--unsafe-fixes", "", "run the commands that install and select things, too"},
    {"--shell-files", "", "with --fix: comment out lines of shells' start-up files, too"},
    {"--undo", "", "put back the files that --fix changed"},
};
constexpr Example examples[] = {
    {"tenon doctor", "what is wrong here, and the project's share in it"},
    {"tenon doctor --json --facts", "the same for a script, with every fact and its source"},
    {"tenon doctor --record host.json", "a snapshot to send along with a question"},
    {"tenon doctor --from host.json", "the same findings on any other machine"},
    {"tenon doctor --fix --dry-run", "the change that would be made"},
};

constexpr std::string_view text =
    "Looks at Go, its settings, the C compiler, Apple's tools, pkg-config, Homebrew, disks and "
    "the\n"
    "project, judges them, and names the fix. What cannot be found out is unknown, never ok and\n"
    "never missing; programs that hang have a second each. No network is used. Exit code 1:\n"
    "findings, 2: something is unknown.";

}  // namespace

extern const CommandSpec command_doctor;
const CommandSpec command_doctor{.name = "doctor",
                                 .summary = "what is wrong with this machine for Go with C",
                                 .usage = "[FOLDER]",
                                 .description = text,
                                 .options = options,
                                 .examples = examples,
                                 .run = run};

}  // namespace tenon
