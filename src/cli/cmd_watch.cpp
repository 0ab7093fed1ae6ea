// tenon watch: a command as it is, with a word about what it waits for when it is silent.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/relay.h"
#include "watch/run/watcher.h"
#include "watch/verdict.h"

namespace tenon {
namespace {

using watch::Said;
using watch::Watcher;

Data evidence_data(const std::vector<Evidence>& evidence) {
  Data list = Data::array();
  for (const Evidence& one : evidence) {
    Data row = Data::object();
    row.add("kind", evidence_name(one.kind));
    row.add("where", one.where);
    row.add("text", one.text);
    list.push(std::move(row));
  }
  return list;
}

Data said_data(const Said& said) {
  const watch::Verdict& verdict = said.verdict;
  Data row = Data::object();
  row.add("at_ms", static_cast<std::int64_t>(said.at_ms));
  row.add("silent_ms", static_cast<std::int64_t>(said.silent_ms));
  row.add("code", code_text(watch::code_of(verdict.kind)));
  row.add("kind", watch::kind_name(verdict.kind));
  row.add("process", static_cast<std::int64_t>(verdict.process));
  row.add("name", verdict.name);
  row.add("message", verdict.name + " " + verdict.reason);
  row.add("normal", verdict.normal);
  if (!verdict.advice.empty()) row.add("advice", verdict.advice);
  row.add("for_ms", static_cast<std::int64_t>(verdict.for_ms));
  row.add("confidence", confidence_name(verdict.confidence));
  row.add("evidence", evidence_data(verdict.evidence));
  return row;
}

Finding finding_of(const Said& said) {
  const watch::Verdict& verdict = said.verdict;
  Finding out = make_finding(watch::code_of(verdict.kind),
                             {{"process", verdict.name}, {"reason", verdict.reason}}, verdict.name);
  out.evidence = verdict.evidence;
  out.confidence = verdict.confidence;
  if (!verdict.advice.empty()) {
    Fix fix;
    fix.text = Shown::of(verdict.advice);
    out.fixes = {std::move(fix)};
  }
  return out;
}

// The document of --report; before the command has ended it has no exit code.
Report report_of(const std::vector<std::string>& argv, const std::vector<Said>& said,
                 const RelayEnd* end) {
  Report report;
  report.command = "watch";
  report.ok = end != nullptr && end->code == 0;
  Data words = Data::array();
  for (const std::string& word : argv) words.push(word);
  report.data.add("argv", std::move(words));
  report.data.add("exit_code", end == nullptr ? Data() : Data(std::int64_t{end->code}));
  report.data.add("signal", end == nullptr ? Data() : Data(std::int64_t{end->signal}));
  Data list = Data::array();
  for (const Said& one : said) {
    list.push(said_data(one));
    report.findings.push_back(finding_of(one));
  }
  report.data.add("verdicts", std::move(list));
  return report;
}

int wrong_use(Term& term, std::string message) {
  Report report;
  report.command = "watch";
  return usage(term, report, std::move(message));
}

int not_started(const std::string& program, const Error& error) {
  tell(shown_format("tenon watch: cannot start {}: {}\n", program, error.what));
  return error.code == Errc::not_found ? exit_not_found : exit_cannot_run;
}

Result<void> save(const std::string& path, const Report& report) {
  return write_text(path, render_json(report, tenon_version()));
}

struct Wish {
  std::vector<std::string> argv;
  std::uint64_t seconds = 10;
  std::string file;        // of the report
  bool terminals = false;  // --pty
};

Result<RelayEnd> run_watched(const Wish& wish, Watcher& watcher) {
  Relay command;
  command.argv = wish.argv;
  command.terminals = wish.terminals;
  command.joined = same_file(1, 2);
  command.on_start = [&](int process) { watcher.start(process); };
  command.on_bytes = [&](std::string_view bytes, bool standard_error) {
    watcher.before_output(bytes, standard_error);
    const bool taken = write_all(standard_error ? 2 : 1, bytes);
    watcher.after_output();
    return taken;
  };
  command.on_end = [&](const std::vector<int>& held) { watcher.command_ended(held); };
  auto end = relay(command);
  watcher.stop();
  return end;
}

int watch_command(Term& term, const Wish& wish) {
  const std::string& file = wish.file;
  const bool made = !file.empty() && !real_path(file);
  if (!file.empty()) {
    // Before the command runs: a report that cannot be written must not cost a build.
    if (const auto saved = save(file, report_of(wish.argv, {}, nullptr)); !saved) {
      return wrong_use(term, fmt::format("cannot write {}: {}", file, saved.error().what));
    }
  }
  Watcher watcher(term, std::chrono::seconds(wish.seconds));
  if (!file.empty()) {
    // After each word, so that one who ends tenon by force finds it; the end tells of errors.
    watcher.on_said = [&](const std::vector<Said>& said) {
      (void)save(file, report_of(wish.argv, said, nullptr));
    };
  }
  const auto end = run_watched(wish, watcher);
  if (!end) {
    if (made) remove_tree(file);
    return not_started(wish.argv.front(), end.error());
  }
  if (!file.empty()) {
    if (const auto saved = save(file, report_of(wish.argv, watcher.said(), &*end)); !saved) {
      tell(shown_format("tenon watch: cannot write {}: {}\n", file, saved.error().what));
      return end->code == 0 ? exit_undecided : end->code;
    }
  }
  return end->code;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  if (arguments.has("--json")) {
    return wrong_use(term,
                     "standard output belongs to the command; --report FILE writes the document");
  }
  if (arguments.behind.empty() || !arguments.positional.empty()) {
    return wrong_use(term, "watch takes a command after --: tenon watch -- go build ./...");
  }
  Wish wish{.argv = arguments.behind, .file = arguments.get("--report")};
  wish.terminals = arguments.has("--pty");
  if (arguments.has("--silence")) {
    const auto number = parse_number(arguments.get("--silence"));
    if (!number || *number < 1 || *number > 86400) {
      return wrong_use(term, "--silence is a number of seconds from 1 to 86400");
    }
    wish.seconds = *number;
  }
  return watch_command(term, wish);
}

constexpr OptionSpec options[] = {
    {"--silence", "SECONDS", "report after SECONDS without output (default: 10)"},
    {"--report", "FILE", "write all messages, with evidence, and the exit code as JSON"},
    {"--pty", "", "give the command a terminal where tenon has one; keeps colors, columns"},
};
constexpr Example examples[] = {
    {"tenon watch -- go build ./...", "the build, unchanged; a message when it seems to hang"},
    {"tenon watch --silence 30 -- make", "report only after 30 s without output"},
    {"tenon watch --report why.json -- go test ./...", "for scripts: what it waited for, and when"},
    {"tenon explain TN1108", "what a verdict means and how to fix it"},
};

constexpr std::string_view text =
    "Runs a command; passes streams, standard input, signals and the exit code through. On a "
    "terminal\n"
    "a status line shows what is being compiled. After some seconds without output it reports "
    "what\n"
    "the processes wait for: a large C file, the network, a password, a lock, a tool that blocks. "
    "A\n"
    "command that cannot be started gives exit code 126 or 127. There is no --json, because "
    "standard\n"
    "output belongs to the command; --report FILE writes the document.";

}  // namespace

extern const CommandSpec command_watch;
const CommandSpec command_watch{
    .name = "watch",
    .summary = "run a command, and report why it seems to hang",
    .usage = "[--silence SECONDS] [--report FILE] [--pty] -- COMMAND...",
    .description = text,
    .options = options,
    .examples = examples,
    .run = run,
    .command_behind = true,
    .operands = "FILE",
    .no_document = true};

}  // namespace tenon
