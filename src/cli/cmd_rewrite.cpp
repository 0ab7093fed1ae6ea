// tenon rewrite: changes source by its syntax tree, proves that the result compiles, lists what it
// left.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "diag/unread.h"
#include "format/tree/tree.h"
#include "host/files.h"
#include "host/process.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"
#include "rewrite/run/apply.h"
#include "rewrite/run/compile.h"
#include "rewrite/run/files.h"
#include "rewrite/user/rule_file.h"

namespace tenon {
namespace {

using rewrite::CompileReport;
using rewrite::Compiles;
using rewrite::FilePlan;
using rewrite::Left;
using rewrite::Pack;

constexpr unsigned most_threads = 8;
constexpr std::size_t most_rule_bytes = 1'000'000;

Data list_data() {
  Data out = Data::array();
  for (const Pack* pack : rewrite::packs()) {
    Data one = Data::object();
    one.add("name", pack->name);
    one.add("text", pack->text);
    one.add("files", pack->files);
    Data rules = Data::array();
    for (const rewrite::Rule& rule : pack->rules) {
      Data row = Data::object();
      row.add("name", rule.name);
      row.add("text", rule.text);
      row.add("before", rule.before);
      row.add("after", rule.after);
      if (!rule.code.empty()) row.add("code", rule.code);
      rules.push(std::move(row));
    }
    one.add("rules", std::move(rules));
    out.push(std::move(one));
  }
  return out;
}

int list(Term& term, Report& report) {
  for (const Pack* pack : rewrite::packs()) {
    report.text += shown_format("{}  {} ({})\n", pack->name, pack->text, pack->files);
    for (const rewrite::Rule& rule : pack->rules)
      report.text += shown_format("  {:<22} {}\n", rule.name, rule.text);
  }
  report.data.add("packs", list_data());
  report.data.add("parser", tree::available());
  return term.finish(report, exit_ok);
}

struct Totals {
  std::size_t files = 0, changed = 0, sites = 0, left = 0, left_files = 0;
  std::map<std::string_view, std::size_t> edited_by_rule, left_by_rule;
};

Totals totals_of(const std::vector<FilePlan>& plans) {
  Totals out;
  out.files = plans.size();
  for (const FilePlan& one : plans) {
    out.changed += one.edits.empty() ? 0 : 1;
    out.sites += one.sites.size();
    out.left += one.left.size();
    out.left_files += one.left.empty() ? 0 : 1;
    for (const rewrite::Site& site : one.sites) ++out.edited_by_rule[site.rule];
    for (const Left& left : one.left) ++out.left_by_rule[left.rule];
  }
  return out;
}

Data file_data(const FilePlan& plan, const CompileReport* check) {
  Data out = Data::object();
  out.add("path", plan.path);
  if (plan.fresh) out.add("new", true);
  Data edits = Data::array();
  for (const rewrite::Edit& one : plan.edits) {
    Data edit = Data::object();
    edit.add("start", static_cast<std::int64_t>(one.start));
    edit.add("end", static_cast<std::int64_t>(one.end));
    edit.add("text", one.text);
    edit.add("rule", one.rule);
    edits.push(std::move(edit));
  }
  out.add("edits", std::move(edits));
  Data sites = Data::array();
  for (const rewrite::Site& one : plan.sites) {
    Data site = Data::object();
    site.add("line", static_cast<std::int64_t>(one.line));
    site.add("rule", one.rule);
    sites.push(std::move(site));
  }
  out.add("sites", std::move(sites));
  Data left = Data::array();
  for (const Left& one : plan.left) {
    Data row = Data::object();
    row.add("line", static_cast<std::int64_t>(one.line));
    row.add("rule", one.rule);
    row.add("api", one.api);
    row.add("why", one.why);
    row.add("hint", one.hint);
    left.push(std::move(row));
  }
  out.add("left", std::move(left));
  std::string_view compiles = "unknown";
  if (check != nullptr && check->state != Compiles::unknown) compiles = "yes";
  if (check != nullptr && check->unknown.contains(plan.path)) compiles = "unknown";
  if (check != nullptr && check->failures.contains(plan.path)) compiles = "no";
  out.add("compiles", compiles);
  return out;
}

Data rules_data(const Pack& pack, const Totals& totals) {
  Data out = Data::array();
  for (const rewrite::Rule& rule : pack.rules) {
    const auto count = [&](const auto& of) {
      const auto found = of.find(rule.name);
      return static_cast<std::int64_t>(found == of.end() ? 0 : found->second);
    };
    const std::int64_t edited = count(totals.edited_by_rule), left = count(totals.left_by_rule);
    Data one = Data::object();
    one.add("name", rule.name);
    one.add("found", edited + left);
    one.add("edited", edited);
    one.add("left", left);
    out.push(std::move(one));
  }
  return out;
}

void add_left(const FilePlan& plan, Report& report) {
  for (const Left& one : plan.left) {
    const std::string line = std::to_string(one.line);
    Finding finding = make_finding(
        Code::rewrite_left,
        {{"api", one.api}, {"why", std::string(one.why)}, {"hint", std::string(one.hint)}},
        plan.path + ":" + line);
    finding.evidence.push_back({Evidence::Kind::file, plan.path + ":" + line, one.api});
    report.findings.push_back(std::move(finding));
  }
}

void add_check(const CompileReport& check, const std::vector<FilePlan>& plans, Report& report) {
  Data out = Data::object();
  out.add("state", check.state == Compiles::yes  ? "yes"
                   : check.state == Compiles::no ? "no"
                                                 : "unknown");
  out.add("reason", check.reason);
  out.add("compiled", static_cast<std::int64_t>(check.compiled));
  Data failures = Data::array();
  for (const auto& [path, message] : check.failures) {
    const bool listed = std::ranges::any_of(
        plans, [&](const FilePlan& one) { return one.path == path && !one.left.empty(); });
    Data row = Data::object();
    row.add("path", path);
    row.add("message", message);
    row.add("listed", listed);
    failures.push(std::move(row));
    Finding finding =
        make_finding(Code::rewrite_does_not_compile,
                     {{"file", path}, {"reason", std::string(split(message, '\n').front())}}, path);
    finding.evidence.push_back({Evidence::Kind::command, "javac", message});
    report.findings.push_back(std::move(finding));
  }
  out.add("failures", std::move(failures));
  report.data.add("check", std::move(out));
  if (check.state == Compiles::unknown)
    report.findings.push_back(make_finding(Code::rewrite_not_checked, {{"reason", check.reason}}));
}

Shown summary(const Totals& totals, const CompileReport* check, bool written) {
  if (totals.sites == 0 && totals.left == 0) {
    return shown_format("nothing to do: no site found in {} files\n", totals.files);
  }
  Shown out = shown_format("{} {} sites in {} of {} files", written ? "rewrote" : "would rewrite",
                           totals.sites, totals.changed, totals.files);
  if (check != nullptr && check->state != Compiles::unknown) {
    out += shown_format("; {} files compile, {} do not", check->compiled, check->failures.size());
  } else if (check != nullptr) {
    out += "; whether they compile is not known";
  }
  if (totals.left > 0)
    out += shown_format("; {} places in {} files left", totals.left, totals.left_files);
  return out + "\n";
}

// A line of source, escaped but for its tabs and a line end of Windows, so that patch takes the
// diff.
Shown source_line(std::string_view line) {
  const bool windows = line.ends_with('\r');
  if (windows) line.remove_suffix(1);
  std::vector<Shown> parts;
  for (const std::string_view part : split(line, '\t')) parts.push_back(Shown::of(part));
  return shown_join(parts, "\t") + (windows ? Shown("\r\n") : Shown("\n"));
}

Shown diff_text(const FilePlan& plan) {
  Shown out;
  bool first = plan.fresh;
  // In a variable: the lines are views of it.
  const std::string diff = rewrite::unified_diff(plan.path, plan.text, plan.edits);
  for (const std::string_view line : split(diff, '\n')) {
    if (!line.empty()) out += first ? Shown("--- /dev/null\n") : source_line(line);
    first = false;
  }
  return out;
}

int refuse(Term& term, Report& report, Finding finding, int code) {
  report.ok = false;
  report.findings.push_back(std::move(finding));
  return term.finish(report, code);
}

int undo(Term& term, Report& report, bool dry) {
  const auto undone = rewrite::undo(dry);
  if (!undone)
    return refuse(term, report,
                  make_finding(Code::rewrite_not_written,
                               {{"file", "--undo"}, {"reason", reason_text(undone.error())}}),
                  exit_undecided);
  Data rows = Data::array();
  for (const Undone& one : *undone) {
    Data row = Data::object();
    row.add("path", one.path);
    row.add("restored", one.restored);
    row.add("problem", one.problem);
    rows.push(std::move(row));
    if (one.restored)
      report.text += shown_format("{} {}\n", dry ? "would restore" : "restored", one.path);
    if (!one.complete()) {
      report.ok = false;
      const std::string why =
          !one.problem.empty()
              ? one.problem
              : "lines that were changed since stay as they are: " + join(one.open, " ");
      report.findings.push_back(
          make_finding(Code::rewrite_not_written, {{"file", one.path}, {"reason", why}}, one.path));
    }
  }
  report.data.add("undone", std::move(rows));
  if (report.text.empty() && report.findings.empty()) report.text = "nothing to undo\n";
  return term.finish(report, report.ok ? exit_ok : exit_undecided);
}

// Nothing is written over changes that nobody committed.
bool clean(const std::vector<std::string>& paths, Report& report) {
  for (const std::string& path : paths) {
    const auto changed = rewrite::uncommitted(path);
    if (!changed) {
      report.findings.push_back(
          make_finding(Code::rewrite_not_written,
                       {{"file", path}, {"reason", reason_text(changed.error())}}, path));
    } else if (!changed->empty()) {
      report.findings.push_back(
          make_finding(Code::rewrite_uncommitted,
                       {{"folder", path}, {"count", std::to_string(changed->size())}}, path));
    }
  }
  report.ok = report.findings.empty();
  return report.ok;
}

bool write(const std::vector<FilePlan>& plans, Report& report) {
  const auto done = rewrite::apply(plans);
  if (!done) {
    report.findings.push_back(make_finding(
        Code::rewrite_not_written, {{"file", "--apply"}, {"reason", reason_text(done.error())}}));
    return false;
  }
  for (const rewrite::NotWritten& one : done->problems) {
    report.findings.push_back(make_finding(Code::rewrite_not_written,
                                           {{"file", one.path}, {"reason", one.reason}}, one.path));
  }
  for (const std::string& note : done->notes) report.text += shown_format("{}\n", note);
  report.data.add("written", static_cast<std::int64_t>(done->written));
  return done->problems.empty();
}

struct Request {
  const Pack* pack = nullptr;
  rewrite::Chosen rules;  // empty: all of the pack
  std::vector<std::string> paths;
  bool apply = false;
};

CompileReport checked(const rewrite::Sources& sources, const std::vector<FilePlan>& plans,
                      const Arguments& arguments, const Request& request) {
  rewrite::CompileRequest wanted;
  wanted.roots = request.paths;
  wanted.classpath = arguments.get("--classpath");
  wanted.new_classpath = arguments.get("--new-classpath");
  wanted.release = arguments.get("--java-release");
  wanted.command = arguments.get("--check");
  return wanted.command == "javac" ? rewrite::check_java(sources, plans, wanted)
                                   : rewrite::check_command(plans, wanted);
}

int rewrite_files(Term& term, Report& report, const Arguments& arguments, const Request& request) {
  const rewrite::Found found = rewrite::find_files(request.paths, request.pack->files);
  add_unread(found.unread, report);
  if (found.paths.empty()) {
    return refuse(term, report,
                  make_finding(Code::rewrite_no_files, {{"files", std::string(request.pack->files)},
                                                        {"paths", join(request.paths, ", ")}}),
                  exit_no);
  }
  const rewrite::Sources sources = rewrite::sources_of(found);
  term.status(shown_format("reading {} files", found.paths.size()));
  const std::vector<FilePlan> plans = request.pack->plan(
      sources, std::clamp(std::thread::hardware_concurrency(), 1U, most_threads), request.rules);
  const Totals totals = totals_of(plans);
  bool unread = !found.unread.empty();
  for (const FilePlan& one : plans) {
    if (!one.unread) continue;
    unread = true;
    report.findings.push_back(
        make_finding(Code::rewrite_not_looked_at,
                     {{"file", one.path}, {"reason", reason_text(*one.unread)}}, one.path));
  }
  CompileReport check;
  const bool asked = arguments.has("--check") && totals.changed > 0;
  if (asked) {
    term.status("compiling the sources as they are and as they would be");
    check = checked(sources, plans, arguments, request);
    add_check(check, plans, report);
  }
  term.clear_status();
  if (interrupted()) return term.finish(report, exit_interrupted);
  bool written = false;
  if (request.apply && totals.changed > 0) {
    if (check.state == Compiles::no && !arguments.has("--force")) {
      report.text +=
          "nothing was written, because the result does not compile; --force writes it\n";
    } else {
      written = write(plans, report);
      report.ok = written;
    }
  } else {
    for (const FilePlan& one : plans) report.text += diff_text(one);
  }
  Data files = Data::array();
  for (const FilePlan& one : plans) {
    if (!one.edits.empty() || !one.left.empty())
      files.push(file_data(one, asked ? &check : nullptr));
    add_left(one, report);
  }
  report.data.add("pack", request.pack->name);
  report.data.add("looked_at", static_cast<std::int64_t>(totals.files));
  report.data.add("changed", static_cast<std::int64_t>(totals.changed));
  report.data.add("sites", static_cast<std::int64_t>(totals.sites));
  report.data.add("left", static_cast<std::int64_t>(totals.left));
  report.data.add("applied", written);
  report.data.add("rules", rules_data(*request.pack, totals));
  report.data.add("files", std::move(files));
  report.text += summary(totals, asked ? &check : nullptr, written);
  if (written) report.text += "tenon rewrite --undo takes it back\n";
  const bool failed =
      check.state == Compiles::no || (request.apply && totals.changed > 0 && !written);
  report.ok = !failed && !unread;
  if (unread) return term.finish(report, exit_undecided);
  if (failed) return term.finish(report, exit_no);
  if (request.apply) return term.finish(report, exit_ok);
  return term.finish(report, totals.changed > 0 ? exit_no : exit_ok);
}

// Rules of one's own, which live as long as the command.
struct OwnRules {
  rewrite::RuleFile file;
  std::optional<rewrite::UserPack> pack;
};

// "FILE.rules". Says what is wrong, or nothing.
std::string load_rules(const std::string& path, OwnRules& own) {
  const auto text = read_text(path, most_rule_bytes);
  if (!text) return path + ": " + reason_text(text.error());
  auto file = rewrite::read_rules(*text);
  if (!file)
    return fmt::format("{}:{}:{}: {}", path, file.error().line, file.error().column,
                       file.error().what);
  own.file = std::move(*file);
  own.pack.emplace(path, own.file);
  return {};
}

// "cgo,free,cgo/srcdir": the pack, and rules of it. Says what is wrong, or nothing.
std::string choose(std::string_view words, Request& request, OwnRules& own) {
  if (words.empty()) return "name a pack: --rules PACK; --list has them all";
  const auto parts = split(words, ',');
  if (parts.front().ends_with(".rules")) {
    if (std::string wrong = load_rules(std::string(parts.front()), own); !wrong.empty())
      return wrong;
    request.pack = &own.pack->pack();
  } else {
    request.pack = rewrite::find_pack(parts.front());
  }
  if (request.pack == nullptr)
    return "there is no pack '" + std::string(parts.front()) + "'; --list has them all";
  if (parts.size() > 1 && !request.pack->separable)
    return "the rules of " + std::string(parts.front()) + " need each other: name the pack alone";
  for (const std::string_view part : std::span(parts).subspan(1)) {
    const auto found = std::ranges::find_if(request.pack->rules, [&](const rewrite::Rule& rule) {
      return rule.name == part || rule.name.substr(rule.name.find('/') + 1) == part;
    });
    if (found == request.pack->rules.end())
      return "there is no rule '" + std::string(part) + "' in " + std::string(parts.front()) +
             "; --list has them all";
    request.rules.emplace(found->name);
  }
  return {};
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "rewrite";
  if (arguments.has("--list")) return list(term, report);
  catch_interrupts();
  if (arguments.has("--undo")) return undo(term, report, arguments.has("--dry-run"));
  if (!tree::available())
    return refuse(term, report, make_finding(Code::rewrite_no_parser, {}), exit_undecided);
  if (arguments.has("--apply") && arguments.has("--dry-run"))
    return usage(term, report, "--apply and --dry-run exclude each other");
  Request request;
  OwnRules own;
  request.paths = arguments.positional;
  request.apply = arguments.has("--apply");
  if (const std::string wrong = choose(arguments.get("--rules"), request, own); !wrong.empty())
    return usage(term, report, wrong);
  if (request.paths.empty()) return usage(term, report, "no file or directory given");
  if (request.apply && !arguments.has("--allow-dirty") && !clean(request.paths, report))
    return term.finish(report, exit_no);
  return rewrite_files(term, report, arguments, request);
}

constexpr OptionSpec options[] = {
    {"--rules", "PACK[,RULE...]", "a pack or a file of rules (FILE.rules), or some of its rules"},
    {"--list", "", "the packs and their rules"},
    {"--dry-run", "", "print the edits as a diff (default); with --undo, what would be restored"},
    {"--apply", "", "write the edits; a record for --undo is made first"},
    {"--undo", "", "restore what --apply wrote, newest first"},
    {"--check", "CMD", "compile before and after: javac, or a command of your own in a copy"},
    {"--classpath", "LIST", "with --check javac: the class path"},
    {"--new-classpath", "LIST", "the class path of the rewritten sources, where it is another"},
    {"--java-release", "N", "the release of Java that the sources are for, as javac --release"},
    {"--allow-dirty", "", "write although git has changes that are not committed"},
    {"--force", "", "write although the result does not compile"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon rewrite --list", "what can be rewritten"},
    {"tenon rewrite --rules cgo,srcdir .", "one rule of a pack"},
    {"tenon rewrite --rules log4j-slf4j src",
     "the edits as a diff, and what is left; exit code 1 if there is one"},
    {"tenon rewrite --rules log4j-slf4j src --apply --check 'make test'",
     "write them if the tests pass"},
    {"tenon rewrite --undo", "every byte as it was"},
};

}  // namespace

extern const CommandSpec command_rewrite;
const CommandSpec command_rewrite{
    .name = "rewrite",
    .summary = "change source by its syntax tree, and list what is left",
    .usage = "--rules PACK PATH... [OPTIONS]",
    .description =
        "Finds the places that a pack of rules is about by the syntax of the language and the "
        "types\n"
        "of its names, not by text. Bytes outside of an edit never change. A place that has no "
        "edit\n"
        "that is surely right is listed with the reason. Nothing is written without --apply.\n"
        "Exit code 0: nothing to do, or written; 1: there are edits (dry run), or the result does\n"
        "not compile; 2: a file could not be looked at.",
    .options = options,
    .examples = examples,
    .run = run,
    .operands = "FILE DIR"};

}  // namespace tenon
