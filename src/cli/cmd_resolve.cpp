// tenon resolve: which resolver a Go program uses for a name, and why.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "cli/resolve/both_ways.h"
#include "cli/resolve/logged.h"
#include "cli/resolve/request.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "resolve/answer.h"
#include "resolve/debug_log.h"
#include "resolve/decision.h"
#include "resolve/differences.h"
#include "resolve/lookup_error.h"

namespace tenon {
namespace {

using resolve::NameAnswer;
using resolve::Resolver;

void add_findings(std::vector<Finding> more, Report& report) {
  for (Finding& one : more) report.findings.push_back(std::move(one));
}

// Everything that follows from the inputs alone; nothing is sent.
std::vector<NameAnswer> predict(const Resolver& resolver, const std::vector<std::string>& names,
                                bool text_wanted, Report& report) {
  std::vector<NameAnswer> out;
  Data rows = Data::array();
  rows.reserve(names.size());
  for (const std::string& name : names) {
    out.push_back(resolve::answer_for_name(resolver, name));
    rows.push(resolve::name_data(out.back()));
    if (text_wanted) report.text += resolve::name_text(out.back());
    add_findings(resolve::name_findings(resolver, out.back()), report);
  }
  report.data.add("names", std::move(rows));
  return out;
}

std::optional<unsigned> seconds_of(const Arguments& arguments) {
  constexpr unsigned usual = 60;
  if (!arguments.has("--deadline")) return usual;
  const auto number = parse_number(arguments.get("--deadline"));
  if (!number || *number < 1 || *number > 3600) return std::nullopt;
  return static_cast<unsigned>(*number);
}

// One error line alone: no machine is looked at.
int judge_line(Term& term, Report& report, const std::string& line) {
  const resolve::LookupVerdict verdict = resolve::judge_lookup_error(line);
  report.data.add("error", resolve::verdict_data(verdict));
  report.text = shown_format("{}\n", verdict.says);
  if (verdict.cause != nullptr) {
    report.text += shown_format("cause   {} ({})\nfix     {}\n", verdict.cause->title,
                                verdict.certain ? "certain" : "likely", verdict.cause->fix);
    return term.finish(report, exit_ok);
  }
  report.text += "not enough evidence to name the cause\n";
  for (const resolve::LookupCause* one : verdict.possible)
    report.text += shown_format("maybe   {}: {}\n", one->title, one->telling);
  for (const std::string& command : verdict.run)
    report.text += shown_format("run     {}\n", command);
  report.findings.push_back(make_finding(Code::resolve_lookup_unclear, {{"line", line}}, line));
  report.findings.back().evidence.push_back({Evidence::Kind::log, "the line", line});
  return term.finish(report, exit_undecided);
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "resolve";
  if (arguments.has("--error")) {
    if (!arguments.positional.empty()) return usage(term, report, "--error takes no name");
    return judge_line(term, report, arguments.get("--error"));
  }
  if (arguments.positional.empty()) return usage(term, report, "no name given");
  if ((arguments.has("--run") || arguments.has("--oracle")) && !is_local(arguments))
    return usage(term, report,
                 "--run and --oracle ask on this machine; they cannot be combined with --root, "
                 "--pid, --from or another --goos");
  const auto seconds = seconds_of(arguments);
  if (!seconds) return usage(term, report, "--deadline is a number of seconds from 1 to 3600");
  const auto request = read_resolve_request(arguments);
  if (!request) return usage(term, report, request.error());
  const Resolver resolver(request->inputs);
  add_findings(resolve::setting_findings(resolver), report);
  if (request->binary)
    add_findings(resolve::binary_findings(resolver, *request->binary, request->binary_path),
                 report);
  report.data.add("inputs", resolve::input_data(resolver));
  Data head = Data::array();
  for (std::string& line : resolve::predicted_head(request->inputs)) head.push(std::move(line));
  report.data.add("netdns2", std::move(head));
  const auto answers = predict(resolver, arguments.positional, !term.json(), report);
  const auto calls = resolve::answers_for_calls(resolver, arguments.positional.front());
  report.data.add("calls", resolve::call_data(calls));
  report.text += Shown("\ncalls\n") + resolve::call_text(calls);
  const bool unknown = std::ranges::any_of(
      answers, [](const NameAnswer& one) { return one.decision.order == resolve::Order::unknown; });
  bool agreed = true;
  if (arguments.has("--log")) {
    const auto compared = compare_with_log(arguments.get("--log"), resolver, report);
    if (!compared) return usage(term, report, compared.error());
    agreed = *compared;
  }
  if (arguments.has("--oracle")) {
    const auto asked = compare_with_oracle(resolver, arguments.positional, report);
    if (!asked) return usage(term, report, asked.error());
    agreed = *asked && agreed;
  }
  if (arguments.has("--run"))
    agreed = look_up_both_ways(resolver, arguments.positional, *seconds, report) && agreed;
  report.ok = !unknown && agreed;
  return term.finish(report, unknown ? exit_undecided : agreed ? exit_ok : exit_no);
}

constexpr OptionSpec options[] = {
    {"--binary", "FILE", "the program: its Go release, cgo, build tags and GODEBUG defaults"},
    {"--pid", "N", "a running process: its program, environment and root directory"},
    {"--root", "DIR", "read /etc of a container image or sysroot"},
    {"--from", "FILE", "the machine that `tenon doctor --record` wrote"},
    {"--goos", "GOOS", "the system of the program (default: this one, or that of the program)",
     false, "linux darwin windows freebsd"},
    {"--go", "VERSION", "the Go release that built it, such as 1.22"},
    {"--cgo", "0|1", "CGO_ENABLED of its build"},
    {"--tags", "LIST", "its build tags; netgo and netcgo matter"},
    {"--godebug", "TEXT", "added to GODEBUG, such as netdns=go+2"},
    {"--env", "NAME=VALUE", "a variable of its environment; may be repeated", true},
    {"--hostname", "NAME", "the name of the machine"},
    {"--prefer-go", "", "the source sets net.Resolver.PreferGo"},
    {"--dial", "", "the source sets net.Resolver.Dial"},
    {"--log", "FILE", "compare with what Go printed with GODEBUG=netdns=2; - for stdin"},
    {"--error", "LINE", "judge one error line, such as \"lookup db on 10.0.0.2:53: no such host\""},
    {"--oracle", "", "ask the Go that is installed, with a helper"},
    {"--run", "", "send the queries: Go's way and libc's way, side by side"},
    {"--deadline", "SECONDS", "how long libc may take for one name with --run (default: 60)"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon resolve --binary ./app db.corp.example", "which resolver, which order, and why"},
    {"tenon resolve --root ./image --cgo 0 db", "in a container image, for a program without cgo"},
    {"tenon resolve --pid 4242 --log app.log db", "a running process, against its netdns=2 lines"},
    {"tenon resolve --run db.corp.example", "send the queries: Go's way and libc's way"},
    {"tenon resolve --error \"lookup db on 10.0.0.2:53: no such host\"", "one error line alone"},
};

constexpr std::string_view text =
    "Says which resolver a Go program uses for a name, Go's own or libc's, in which order it asks\n"
    "files and DNS, and the one reason: from the program, its environment, resolv.conf,\n"
    "nsswitch.conf and the name, by the rules of Go 1.21 to 1.27. Lists the queries with the time\n"
    "that silent servers cost, and warns where libc reads the same files differently. What nobody\n"
    "told is an assumption of the answer. Nothing is sent without --run, which looks each name up\n"
    "Go's way and libc's way and explains a difference.";

}  // namespace

extern const CommandSpec command_resolve;
const CommandSpec command_resolve{.name = "resolve",
                                  .summary = "say which resolver a Go program uses, and why",
                                  .usage = "NAME... [OPTIONS] | --error LINE",
                                  .description = text,
                                  .options = options,
                                  .examples = examples,
                                  .run = run};

}  // namespace tenon
