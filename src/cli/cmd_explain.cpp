// tenon explain: the one root cause of a failing log, and the documentation of findings and causes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "base/unread.h"
#include "base/version.h"
#include "cli/explain/explain.h"
#include "cli/explain/linker_search.h"
#include "cli/explain/loader_search.h"
#include "cli/explain/lookup.h"
#include "cli/page.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/diagnosis.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diagnose/answer.h"
#include "diagnose/bounded_log.h"
#include "diagnose/causes/team.h"
#include "diagnose/rows/read.h"
#include "diagnose/run/ask.h"
#include "diagnose/run/host_snapshot.h"
#include "host/files.h"
#include "host/input.h"
#include "host/process.h"
#include "machine/probe/probe.h"
#include "resolve/lookup_error.h"

namespace tenon {
using namespace explain;

namespace {

constexpr std::size_t most_input = std::size_t{256} << 20U;

Data entry_data(const CodeEntry& one) {
  Data data = Data::object();
  data.add("code", one.code);
  data.add("cause", one.slug);
  data.add("severity", severity_name(one.severity));
  data.add("title", one.title);
  data.add("doc", code_page(one));
  return data;
}

// What commands find, then what only logs betray.
std::vector<Code> listed_codes() {
  std::vector<Code> out;
  for (const CodeArea& area : code_areas())
    out.insert(out.end(), area.codes.begin(), area.codes.end());
  for (const CodeArea& topic : cause_topics()) {
    std::ranges::copy_if(topic.codes, std::back_inserter(out),
                         [](Code code) { return entry(code).page.empty(); });
  }
  return out;
}

int list_all(Term& term, Report& report) {
  Data list = Data::array();
  for (const Code code : listed_codes()) {
    const CodeEntry& one = entry(code);
    report.text += shown_format("{}  {:42}  {}\n", one.code, one.slug, one.title);
    list.push(entry_data(one));
  }
  report.data.add("rules", std::move(list));
  return term.finish(report, exit_ok);
}

// What the command line says of the project: a folder, or empty for none.
Outcome<std::string> chosen_project(const Arguments& arguments) {
  if (arguments.has("--no-project")) return std::string();
  if (!arguments.has("--project")) return project_at(current_folder());
  const std::string folder = arguments.get("--project");
  std::string root = project_at(real_path(folder).value_or(folder));
  if (root.empty()) {
    return std::unexpected(make_finding(
        Code::usage_bad_option, {{"message", "there is no go.mod at or above " + folder}}, folder));
  }
  return root;
}

struct Question {
  std::string format;
  std::string project;
  std::optional<Snapshot> host;
  const TeamCauses* team = nullptr;
  std::string root = {};  // where the files of the log's machine lie; empty: here
  bool files = true;      // whether files that the log names may be looked at

  [[nodiscard]] const Snapshot* machine() const { return host ? &*host : nullptr; }
};

// The machine that the log is of: a recorded one, this one for "here", or none.
Outcome<std::optional<Snapshot>> chosen_host(const Arguments& arguments) {
  if (!arguments.has("--host")) return std::nullopt;
  const std::string word = arguments.get("--host");
  if (word == "here") {
    SnapshotRequest request;
    request.c = SnapshotRequest::Try::nothing;
    return take_snapshot(this_machine(), request);
  }
  auto snapshot = recorded_snapshot(word);
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  return *std::move(snapshot);
}

// In the form that --format names; nullopt: a report, as text or JSON.
std::optional<std::string> in_format(std::string_view format, const Answer& said) {
  if (format == "sarif") return render_sarif(answer_diagnoses(said), tenon_version());
  if (format == "github") return render_github(answer_diagnoses(said));
  if (format == "junit") return render_junit(answer_diagnoses(said), "explain");
  return std::nullopt;
}

// A log, and what of it was left out.
struct Log {
  std::string text;
  std::uint64_t lines_left_out = 0, bytes_left_out = 0;
};

Data left_out_data(const Log& log) {
  Data out = Data::object();
  out.add("lines", static_cast<std::int64_t>(log.lines_left_out));
  out.add("bytes", static_cast<std::int64_t>(log.bytes_left_out));
  return out;
}

int explain_text(Term& term, Report& report, const Log& log, const std::string& name,
                 const Question& question) {
  Answer said = answer(log.text, name, question.project, {}, question.machine(), question.team);
  if (question.files) {
    search_as_loader(said, {}, question.root);
    search_as_linker(said, {}, question.root, term);
    term.clear_status();
  }
  const int code = term.save(answer_diagnoses(said), "explain",
                             said.candidates.empty() ? exit_undecided : exit_ok);
  if (log.bytes_left_out > 0) {
    term.line(
        shown_format("{}: {} lines ({} bytes) between its first and last lines were left out; "
                     "line numbers behind them count without them",
                     name, log.lines_left_out, log.bytes_left_out));
  }
  if (const auto other = in_format(question.format, said)) {
    return print_document(*other) ? code : exit_undecided;
  }
  report.data = answer_data(said);
  if (log.bytes_left_out > 0) report.data.add("left_out", left_out_data(log));
  const std::string_view lookup = resolve::first_lookup_line(log.text);
  if (!lookup.empty()) report.data.add("lookup", lookup_data(lookup, question.machine()));
  if (!term.json()) {
    report.text = answer_text(said, term.style());
    if (!lookup.empty()) report.text += lookup_text(lookup, question.machine());
  } else if (!said.candidates.empty()) {
    report.findings.push_back(answer_finding(said));
  }
  return term.finish(report, code);
}

// To its end: a pipe has no size. An endless one ends at the limit.
Result<Log> read_stream(std::FILE* stream) {
  BoundedLog log;
  std::array<char, 8192> buffer;
  std::size_t total = 0;
  while (std::feof(stream) == 0 && std::ferror(stream) == 0) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream);
    log.add({buffer.data(), count});
    total += count;
    if (total > most_input) return fail(Errc::unsupported, "is larger than 256 MiB");
  }
  if (std::ferror(stream) != 0) return fail(Errc::io, "cannot be read to its end");
  Log out{log.finish(), 0, 0};
  out.lines_left_out = log.lines_left_out();
  out.bytes_left_out = log.bytes_left_out();
  return out;
}

// A file, or what a shell gives in place of one: "<(go build 2>&1)", a FIFO, a device.
Result<Log> read_log(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(path.c_str(), "rb"),
                                                               std::fclose);
  if (stream == nullptr) return std::unexpected(os_error("cannot be opened", errno));
  return read_stream(stream.get());
}

// What one log of a folder says; what could not be read has `error`.
Data batch_row(const std::string& name, const Result<Log>& log, const Question& question) {
  Data row = Data::object();
  row.add("file", name);
  if (!log) {
    row.add("candidates", Data::array());
    row.add("error", unread_reason(log.error()));
    return row;
  }
  const Data said =
      answer_data(answer(log->text, name, question.project, {}, question.machine(), question.team));
  for (const auto& [key, value] : std::get<Data::Object>(said.value())) row.add(key, value);
  if (log->bytes_left_out > 0) row.add("left_out", left_out_data(*log));
  return row;
}

// One object a line, for a folder of logs. They are of many projects: none is asked. Folders and
// devices are no logs; all else that cannot be read has a line too.
int batch(const std::string& folder, const Question& question) {
  const auto names = list_folder(folder);
  bool all_read = names.has_value();
  const auto print = [](const Data& row) { print_document(render_data(row) + "\n"); };
  if (!names) print(batch_row(folder, std::unexpected(names.error()), question));
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    const std::string path = join_path(folder, name);
    const auto info = file_info(path);
    if (info && info->kind != FileInfo::Kind::file) continue;
    const auto log = read_log(path);
    all_read = all_read && log.has_value();
    print(batch_row(name, log, question));
  }
  return std::fflush(stdout) == 0 && all_read ? exit_ok : exit_undecided;
}

int unknown_word(Term& term, Report& report, const std::string& word) {
  std::vector<std::string_view> known;
  for (const Code code : listed_codes()) {
    known.push_back(code_text(code));
    known.push_back(slug_of(code));
  }
  const std::string_view near = nearest(word, known);
  std::string message = fmt::format("there is no file, code or slug '{}'", word);
  if (!near.empty()) message += fmt::format("; did you mean {}?", near);
  return usage(term, report, std::move(message));
}

int unreadable(Term& term, Report& report, const std::string& path, const Error& error) {
  report.ok = false;
  report.findings.push_back(make_finding(Code::usage_unreadable_input,
                                         {{"path", path}, {"reason", reason_text(error)}}, path));
  return term.finish(report, exit_usage);
}

// On a terminal as it is read there; elsewhere the Markdown that it is.
Shown page_text(std::string_view page, const Term& term) {
  return term.json() || !on_terminal() ? Shown::lines_of(page)
                                       : rendered_markdown(page, term.page());
}

int tell_cause(Term& term, Report& report, const Cause& cause) {
  report.text = shown_format("{} {}: {}\n\n{}", code_text(cause), cause.slug, cause.title,
                             page_text(cause_page(cause), term));
  report.data.add("code", code_text(cause));
  report.data.add("cause", cause.slug);
  report.data.add("severity", cause.harmless ? "note" : "error");
  report.data.add("title", cause.title);
  report.data.add("doc", cause_page(cause));
  return term.finish(report, exit_ok);
}

int explain_word(Term& term, Report& report, const std::string& word, const Question& question) {
  if (word == "-") {
    const auto text = read_stream(stdin);
    if (!text) return unreadable(term, report, "standard input", text.error());
    return explain_text(term, report, *text, "standard input", question);
  }
  if (const auto code = find_code(word)) {
    const CodeEntry& one = entry(*code);
    report.text = shown_format("{} {}: {}\n\n{}", one.code, one.slug, one.title,
                               page_text(code_page(one), term));
    if (!one.page.empty()) report.text += "\n";
    report.data = entry_data(one);
    return term.finish(report, exit_ok);
  }
  if (const Cause* own = question.team == nullptr ? nullptr : question.team->find(word))
    return tell_cause(term, report, *own);
  if (is_folder(word))
    return usage(term, report, word + " is a directory; use --batch for a directory of logs");
  if (!file_info(word)) return unknown_word(term, report, word);
  const auto text = read_log(word);
  if (!text) return unreadable(term, report, word, text.error());
  return explain_text(term, report, *text, word, question);
}

int broken_rows(Term& term, Report& report, const std::vector<rows::RowError>& errors) {
  report.ok = false;
  for (const rows::RowError& one : errors) {
    const std::string where = one.line == 0 ? one.file : fmt::format("{}:{}", one.file, one.line);
    report.findings.push_back(
        make_finding(Code::usage_bad_option, {{"message", one.message}}, where));
  }
  return term.finish(report, exit_usage);
}

// Nothing for a --max that is none.
std::optional<FixOptions> fix_options(const Arguments& arguments) {
  FixOptions out{arguments.has("--dry-run"), arguments.has("--unsafe-fixes")};
  if (!arguments.has("--max")) return out;
  const auto most = parse_number(arguments.get("--max"));
  if (!most || *most < 1 || *most > 50) return std::nullopt;
  out.most = *most;
  return out;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "explain";
  if (arguments.has("--list")) return list_all(term, report);
  auto project = chosen_project(arguments);
  if (!project) {
    report.ok = false;
    report.findings.push_back(project.error());
    return term.finish(report, exit_usage);
  }
  auto host = chosen_host(arguments);
  if (!host) {
    report.ok = false;
    report.findings.push_back(host.error());
    return term.finish(report, exit_usage);
  }
  TeamCauses::Made team = std::unique_ptr<TeamCauses>();
  if (arguments.has("--causes")) team = team_causes(arguments.get("--causes"));
  if (!team) return broken_rows(term, report, team.error());
  if (arguments.has("--batch")) {
    const std::string folder = arguments.get("--batch");
    if (!is_folder(folder)) return usage(term, report, folder + " is not a directory");
    return batch(folder,
                 {{}, arguments.has("--project") ? *project : std::string(), *host, team->get()});
  }
  const std::string root = arguments.get("--root");
  if (!root.empty() && !is_folder(root)) return usage(term, report, root + " is not a directory");
  if (!arguments.behind.empty()) {
    if (arguments.has("--format")) {
      return usage(
          term, report,
          "--format cannot be combined with a command; save its output and explain the file");
    }
    if (arguments.has("--fix") || arguments.has("--unsafe-fixes")) {
      const auto options = fix_options(arguments);
      if (!options) return usage(term, report, "--max requires a number from 1 to 50");
      return fix_command(term, arguments.behind, *project, team->get(), *options);
    }
    return run_command(term, arguments.behind, *project, *host ? &**host : nullptr, team->get(),
                       root);
  }
  if (arguments.has("--fix") || arguments.has("--unsafe-fixes"))
    return usage(term, report, "--fix requires a command: tenon explain --fix -- go build ./...");
  std::vector<std::string> words = arguments.positional;
  // A log that comes through a pipe needs no operand.
  if (words.empty() && input_is_piped()) words.emplace_back("-");
  if (words.size() != 1) {
    return usage(term, report, "explain takes one log, -, or a code such as TN0401");
  }
  const std::string format = arguments.get("--format");
  return explain_word(term, report, words.front(),
                      {format, *std::move(project), *std::move(host), team->get(), root,
                       !root.empty() || !arguments.has("--no-project")});
}

constexpr OptionSpec options[] = {
    {"--list", "", "list all codes with their titles"},
    format_option,
    save_option,
    {"--project", "DIR", "trace names and flags into the files of this module (default: here)"},
    {"--no-project", "", "use the log only"},
    {"--host", "FILE", "facts of a machine from `tenon doctor --record`, or here: this machine"},
    {"--root", "DIR",
     "the target's root directory or sysroot: asks its files what is missing there"},
    {"--causes", "DIR", "your own causes besides the built-in ones: *.toml, see docs/rows.md"},
    {"--fix", "", "with a command: apply safe fixes and run it again, until it passes"},
    {"--dry-run", "", "with --fix: run once and show the fix that would be tried"},
    {"--unsafe-fixes", "", "with --fix: also install packages, and change settings and go.mod"},
    {"--max", "N", "with --fix: at most so many fixes; default 5"},
    {"--batch", "DIR", "explain every log in a directory, one JSON object per line"},
};
constexpr Example examples[] = {
    {"tenon explain build.log", "the root cause of a failure, with its fix"},
    {"go build ./... 2>&1 | tenon explain -", "the same from a pipe"},
    {"tenon explain -- go build ./...", "run a command, and explain its failure"},
    {"tenon explain --fix -- go build ./...", "fix what is known and run again, until it passes"},
    {"tenon explain build.log --host host.json",
     "use a recorded machine for what the log cannot decide"},
    {"tenon explain cc/not-installed", "what a cause or code means and how to fix it"},
};

constexpr std::string_view text =
    "Reads the log of a failing build or start and names the root cause, the lines that prove it "
    "and\n"
    "the fix. If the log cannot decide, it lists the candidates and the command that decides. "
    "Prints\n"
    "the page of a code or cause. Works offline. Exit code 2: no known cause fits.";

}  // namespace

extern const CommandSpec command_explain;
const CommandSpec command_explain{.name = "explain",
                                  .summary = "find the root cause of a failing log; explain a code",
                                  .usage = "LOG|-|CODE|SLUG|-- COMMAND...",
                                  .description = text,
                                  .options = options,
                                  .examples = examples,
                                  .run = run,
                                  .command_behind = true,
                                  .operands = "FILE CODE"};

}  // namespace tenon
