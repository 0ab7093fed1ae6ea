// explain --fix -- COMMAND: runs it, repairs, and runs it again.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/explain/explain.h"
#include "cli/table.h"
#include "cli/term.h"
#include "diag/report.h"
#include "diagnose/answer.h"
#include "diagnose/causes/team.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/loop.h"
#include "diagnose/fixes/repair.h"
#include "diagnose/run/ask.h"
#include "diagnose/run/module_files.h"
#include "diagnose/run/repair_machine.h"
#include "host/files.h"
#include "host/process.h"
#include "host/relay.h"
#include "machine/doctor/change_record.h"
#include "machine/doctor/file_edit.h"
#include "machine/run/change_journal.h"
#include "machine/snapshot.h"

namespace tenon::explain {
namespace {

// Takes "env NAME=value" and "env -u NAME" off the front of a command: a repair of NAME has to
// reach what it runs.
Environment take_environment(std::vector<std::string>& argv) {
  Environment taken;
  if (base_name(argv.front()) != "env") return taken;
  std::size_t at = 1;
  while (at < argv.size()) {
    const std::size_t equals = argv[at].find('=');
    if (argv[at] == "-u" && at + 1 < argv.size()) {
      set(taken, {argv[at + 1], std::nullopt});
      at += 2;
    } else if (!argv[at].starts_with('-') && equals != std::string::npos) {
      set(taken, {argv[at].substr(0, equals), argv[at].substr(equals + 1)});
      ++at;
    } else {
      break;
    }
  }
  if (at == argv.size() || argv[at].starts_with('-')) return {};
  for (const EnvSetting& one : taken) set_environment(one.name, one.value);
  argv.erase(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(at));
  return taken;
}

// The variables that repairs have set, and what they were before.
class OwnEnvironment {
 public:
  void use(const Environment& wanted) {
    for (const EnvSetting& one : before_) set_environment(one.name, one.value);
    for (const EnvSetting& one : wanted) {
      if (find(before_, one.name) == nullptr)
        before_.push_back({one.name, environment_variable(one.name.c_str())});
      set_environment(one.name, one.value);
    }
  }

 private:
  Environment before_;
};

enum class Done : std::uint8_t { yes, no, ended };  // ended: by somebody, with Ctrl-C

// A command of a repair. Its output is ours to show, not the command's.
Done do_command(const std::vector<std::string>& argv) {
  Relay relayed;
  relayed.argv = argv;
  // Not one that happens to be on PATH, or none.
  if (!argv.empty() && argv.front() == "tenon" && !own_path().empty())
    relayed.argv.front() = own_path();
  relayed.joined = true;
  relayed.on_bytes = [](std::string_view bytes, bool /*error*/) { return write_all(2, bytes); };
  const auto end = relay(relayed);
  if (end && (asks_to_end(end->signal) || end->code == exit_interrupted)) return Done::ended;
  return end && end->code == 0 ? Done::yes : Done::no;
}

// What removes again what a repair installs; empty for any other.
std::vector<std::string> undo_of(const Repair& repair) {
  if (packages_of(repair).empty()) return {};
  return reverse_command(repair.commands.back(), {}).value_or(std::vector<std::string>());
}

class FixRun {
 public:
  FixRun(Term& term, std::vector<std::string> argv, const FixOptions& options)
      : term_(term),
        taken_(take_environment(argv)),
        argv_(std::move(argv)),
        options_(options),
        loop_({options.unsafe}, options.most) {}

  int go(const std::string& project, const TeamCauses* team) {
    while (true) {
      ran_ = run_recorded(term_, argv_);
      if (!ran_.started) return ran_.code;
      if (!ran_.failed) break;
      explain(project, team);
      if (!repair()) break;
    }
    const bool green = ran_.code == 0;
    ended_ = ended_ || (!green && !ran_.failed);
    if (green) {
      loop_.passed();
      keep_files();
    } else {
      restore_files(true);
    }
    if (green && options_.unsafe) keep_settings();
    return finish(green);
  }

 private:
  void explain(const std::string& project, const TeamCauses* team) {
    term_.status("probing this machine");
    const Snapshot here = machine_of(argv_);
    if (!machine_) {
      settings_ = here.settings;
      machine_ = repair_machine(settings_, folders_);
    }
    Answer said = answer(ran_.text, "the command", project, argv_, &here, team);
    term_.clear_status();
    if (!term_.json()) tell("\n" + answer_text(said, term_.error_style()));
    last_ = said;
    loop_.failed(std::move(said));
  }

  // Values are those before all repairs: what one of them set that was dropped is not among them.
  std::optional<Repair> next_repair() {
    environment_.use({});
    auto out = loop_.next(*machine_);
    restore_files(false);
    return out;
  }

  // The files of the module, as they were before repairs that were dropped, or before all.
  void restore_files(bool all) {
    for (auto& [round, files] : std::views::reverse(module_files_)) {
      const std::string_view result = loop_.rounds()[round].result;
      const bool kept = result == repair_pending || result == repair_helped;
      if (files && (all || !kept)) std::exchange(files, std::nullopt)->restore();
    }
  }

  // Through the journal, which can undo the edit.
  void keep_files() {
    const auto first =
        std::ranges::find_if(module_files_, [](const auto& one) { return one.second.has_value(); });
    if (first == module_files_.end() || state_folder().empty()) return;
    const auto changes = first->second->changes();
    auto journal = ChangeJournal::open(join_path(state_folder(), "doctor"));
    if (!journal) return;
    first->second->restore();
    for (const FileChange& change : changes) {
      const bool done = journal->apply(change).has_value();
      if (!done) (void)write_text(change.path, change.after);
      files_changed_ = files_changed_ || done;
    }
  }

  // The next repair that works out; false: none is known.
  bool repair() {
    while (const auto next = next_repair()) {
      environment_.use(loop_.environment());
      tell_repair(*next);
      if (options_.dry) return false;
      const Done done = do_commands(*next);
      if (done == Done::yes) return true;
      if (done == Done::ended) {
        ran_.code = exit_interrupted;
        ended_ = true;
        loop_.refused();
        restore_files(false);
        break;
      }
      tell("tenon: that failed\n");
      loop_.refused();
    }
    environment_.use(loop_.environment());
    return false;
  }

  Done do_commands(const Repair& repair) {
    if (repair.changes == Changes::files)
      module_files_.emplace_back(loop_.rounds().size() - 1, ModuleFiles::now());
    for (const auto& command : repair.commands) {
      if (const Done done = do_command(command); done != Done::yes) return done;
    }
    record_install(repair);
    return Done::yes;
  }

  // For `tenon doctor --undo --unsafe-fixes`.
  static void record_install(const Repair& repair) {
    auto reverse = undo_of(repair);
    if (reverse.empty() || state_folder().empty()) return;
    if (auto journal = ChangeJournal::open(join_path(state_folder(), "doctor")))
      (void)journal->record_command(repair.commands.back(), std::move(reverse));
  }

  void tell_repair(const Repair& repair) const {
    Shown out = shown_format("\ntenon: {}\n", options_.dry ? "would try" : "trying");
    for (const std::string& line : shell_lines(repair)) out += shown_format("  {}\n", line);
    tell(out);
  }

  // Once the command passes, what stood before a setting of `go env -w` takes its place.
  void keep_settings() {
    std::string text;
    const std::string& file = settings_.file.value;
    if (auto read = read_text(file)) text = *std::move(read);
    FileChange change{file, text, text};
    for (const Repair& one : loop_.kept()) {
      for (const std::string& name : one.resets) change.after = without_setting(change.after, name);
    }
    if (change.empty() || state_folder().empty()) return;
    auto journal = ChangeJournal::open(join_path(state_folder(), "doctor"));
    settings_changed_ = journal && journal->apply(change);
  }

  [[nodiscard]] std::string script() const {
    std::string out = "#!/bin/sh\nset -e\n";
    for (const std::string& line : shell_lines(taken_)) out += line + "\n";
    for (const Repair& one : loop_.kept()) {
      const bool changed = settings_changed_ && !one.resets.empty();
      // Where the file is not read it cannot be written either.
      if (changed && find(one.env, "GOENV") != nullptr) {
        out += fmt::format("go env -u {}\n", join(one.resets, " "));
        continue;
      }
      for (const EnvSetting& setting : one.env) {
        if (setting.value && folders_.has(*setting.value))
          out += "mkdir -p " + shell_quote(*setting.value) + "\n";
      }
      for (const std::string& line : shell_lines(one)) out += line + "\n";
      // Behind them: with a wrong GOROOT in its file the go command does not start.
      if (changed) out += fmt::format("go env -u {}\n", join(one.resets, " "));
    }
    return out + shell_join(argv_) + "\n";
  }

  [[nodiscard]] Data round_data(const RepairRound& round) const {
    Data failure = Data::object();
    failure.add("line", static_cast<std::int64_t>(round.line));
    failure.add("text", round.text);
    failure.add("class", round.kind);
    failure.add("cause", round.repair.cause.empty() ? Data() : Data(round.repair.cause));
    Data commands = Data::array();
    for (const auto& command : round.repair.commands) {
      Data words = Data::array();
      for (const std::string& word : command) words.push(word);
      commands.push(std::move(words));
    }
    Data env = Data::object();
    for (const EnvSetting& one : round.repair.env)
      env.add(one.name, one.value ? Data(*one.value) : Data());
    Data fix = Data::object();
    fix.add("commands", std::move(commands));
    fix.add("env", std::move(env));
    fix.add("changes", changes_name(round.repair.changes));
    Data undo = Data::array();
    for (const std::string& word : undo_of(round.repair)) undo.push(word);
    fix.add("undo", std::move(undo));
    Data out = Data::object();
    out.add("failure", std::move(failure));
    out.add("fix", std::move(fix));
    out.add("result", round.result);
    return out;
  }

  [[nodiscard]] Data loop_data(bool green) const {
    Data rounds = Data::array();
    for (const RepairRound& one : loop_.rounds()) rounds.push(round_data(one));
    Data out = Data::object();
    out.add("rounds", std::move(rounds));
    out.add("passed", green);
    out.add("settings_changed", settings_changed_);
    out.add("files_changed", files_changed_);
    out.add("script", green && !loop_.rounds().empty() ? Data(script()) : Data());
    return out;
  }

  [[nodiscard]] Shown outcome(bool green) const {
    const auto& rounds = loop_.rounds();
    if (rounds.empty()) {
      if (green || ended_) return {};
      return shown_format("\ntenon: no fix is known that can be tried here\n");
    }
    Shown out = shown_format("\n");
    for (const RepairRound& one : rounds) {
      const std::string lines = join(shell_lines(one.repair), "; ");
      out += shown_format("tenon: {}: {}\n", one.result, lines);
      if (one.repair.changes == Changes::packages && one.result != repair_passed &&
          one.result != repair_helped && one.result != repair_refused)
        out += "  what was installed stays; tenon doctor --undo --unsafe-fixes removes it\n";
    }
    if (ended_) return out + shown_format("tenon: stopped\n");
    if (!green)
      return out + shown_format("tenon: still fails, and {}\n", loop_.spent()
                                                                    ? "--max allows no more fixes"
                                                                    : "no other fix is known");
    if (settings_changed_)
      out += "settings of go env -w were removed; tenon doctor --undo restores them\n";
    if (files_changed_)
      out += "files of the module were changed; tenon doctor --undo restores them\n";
    out += "This script does the same:\n\n";
    return out + Shown::lines_of(script());
  }

  int finish(bool green) {
    term_.save(!green && last_ ? answer_diagnoses(*last_) : Diagnoses(), "explain", ran_.code);
    if (!term_.json()) {
      if (!options_.dry) tell(outcome(green));
      return ran_.code;
    }
    Report report;
    report.command = "explain";
    if (!green && last_) {
      report.data = answer_data(*last_);
      if (!last_->candidates.empty()) report.findings.push_back(answer_finding(*last_));
    } else {
      report.data.add("candidates", Data::array());
    }
    report.data.add("loop", loop_data(green));
    return term_.finish(report, ran_.code);
  }

  Term& term_;
  Environment taken_;  // off the command
  std::vector<std::string> argv_;
  FixOptions options_;
  RepairLoop loop_;
  ScratchFolders folders_;
  OwnEnvironment environment_;
  SettingsState settings_;
  std::optional<RepairMachine> machine_;
  std::optional<Answer> last_;
  Ran ran_;
  // By the number of their round; nothing: they were restored.
  std::vector<std::pair<std::size_t, std::optional<ModuleFiles>>> module_files_;
  bool settings_changed_ = false, files_changed_ = false;
  bool ended_ = false;  // by somebody, with Ctrl-C
};

}  // namespace

int fix_command(Term& term, std::vector<std::string> argv, const std::string& project,
                const TeamCauses* team, const FixOptions& options) {
  return FixRun(term, std::move(argv), options).go(project, team);
}

}  // namespace tenon::explain
