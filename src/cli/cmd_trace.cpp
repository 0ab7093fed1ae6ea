// tenon trace: which connections a running program leaves in TIME_WAIT and why, which resolver
// answers its lookups, and when its ports run out.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/process.h"
#include "host/relay.h"
#include "trace/answer.h"
#include "trace/record_file.h"
#include "trace/run/session.h"
#include "trace/tally.h"

namespace tenon {
namespace {

using trace::Session;
using trace::SessionWish;
using trace::Tally;
using namespace std::chrono_literals;

constexpr auto pause = 50ms;

int answer(Term& term, Report& report, const Tally& tally) {
  report.data = trace::answer_data(tally);
  report.findings = trace::findings_of(tally);
  report.text = trace::answer_text(tally);
  report.ok = std::ranges::none_of(report.findings, [](const Finding& one) {
    return one.severity == Severity::error || one.severity == Severity::warning;
  });
  if (!trace::proof_of(tally).proved) return term.finish(report, exit_undecided);
  return term.finish(report, report.ok ? exit_ok : exit_no);
}

Finding bad_record(const std::string& file, std::string reason) {
  return make_finding(Code::trace_bad_record, {{"file", file}, {"reason", std::move(reason)}},
                      file);
}

int replay(Term& term, Report& report, const std::string& file) {
  constexpr std::size_t largest = std::size_t{1} << 30U;
  const auto text = read_text(file, largest);
  if (!text) return usage(term, report, bad_record(file, text.error().what));
  const auto tally = trace::read_record(*text);
  if (!tally) {
    const auto& error = tally.error();
    return usage(
        term, report,
        bad_record(file, error.line == 0 ? error.what
                                         : fmt::format("line {}: {}", error.line, error.what)));
  }
  return answer(term, report, *tally);
}

// What is new is said at once, on standard error: a port that runs out does not wait for the end.
class News {
 public:
  explicit News(Term& term) : term_(term) {}

  void operator()(const Tally& tally) {
    for (; forecasts_ < tally.forecasts().size(); ++forecasts_)
      say(trace::finding_of(tally.forecasts()[forecasts_]));
    for (; causes_ < tally.causes().size(); ++causes_)
      say(trace::finding_of(tally, tally.causes()[causes_]));
  }

 private:
  void say(const Finding& finding) {
    term_.line(shown_format("tenon trace: {} {}", code_text(finding.code), finding.message));
  }

  Term& term_;
  std::size_t forecasts_ = 0, causes_ = 0;
};

// Takes records on a thread of its own while a command is relayed on this one.
class Beside {
 public:
  explicit Beside(Session& session)
      : thread_([this, &session] {
          while (!stop_) {
            session.step();
            std::this_thread::sleep_for(pause);
          }
        }) {}
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside() { stop(); }

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

int trace_command(Term& term, Report& report, Session& session,
                  const std::vector<std::string>& argv) {
  Beside beside(session);
  Relay command;
  command.argv = argv;
  command.joined = same_file(1, 2);
  // Standard output is ours when it is to hold one document.
  const bool json = term.json();
  command.on_bytes = [json](std::string_view bytes, bool standard_error) {
    return write_all(standard_error || json ? 2 : 1, bytes);
  };
  const auto end = relay(command);
  beside.stop();
  session.finish();
  if (!end) {
    tell(shown_format("tenon trace: cannot start {}: {}\n", argv.front(), end.error().what));
    return end.error().code == Errc::not_found ? exit_not_found : exit_cannot_run;
  }
  const int code = answer(term, report, session.tally());
  return end->code != 0 ? end->code : code;
}

int trace_others(Term& term, Report& report, Session& session, const SessionWish& wish,
                 std::optional<std::uint64_t> seconds) {
  catch_interrupts();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds.value_or(0));
  while (!interrupted()) {
    session.step();
    if (seconds && std::chrono::steady_clock::now() >= until) break;
    if (wish.process && !process_lives(*wish.process)) break;
    std::this_thread::sleep_for(pause);
  }
  session.finish();
  return answer(term, report, session.tally());
}

Result<SessionWish, std::string> read_wish(const Arguments& arguments) {
  SessionWish out;
  const int ways = (arguments.has("--pid") ? 1 : 0) + (arguments.has("--cgroup") ? 1 : 0) +
                   (arguments.behind.empty() ? 0 : 1);
  if (ways != 1) return std::unexpected("net takes one of --pid PID, --cgroup DIR and -- COMMAND");
  if (arguments.has("--pid")) {
    const auto number = parse_number(arguments.get("--pid"));
    if (!number || *number == 0 || *number > 0x7fffffff)
      return std::unexpected("--pid takes the number of a process");
    if (!process_lives(static_cast<std::int64_t>(*number)))
      return std::unexpected(fmt::format("--pid: there is no process {}", *number));
    out.process = static_cast<std::uint32_t>(*number);
    out.program = fmt::format("/proc/{}/exe", *number);
    out.subject = fmt::format("pid {}", *number);
  } else if (arguments.has("--cgroup")) {
    out.group = arguments.get("--cgroup");
    out.subject = "cgroup " + out.group;
  } else {
    const std::string& word = arguments.behind.front();
    const auto program = find_program(word);
    if (program) out.program = real_path(*program).value_or(*program);
    out.subject = "command " + word;
  }
  if (arguments.has("--ring")) {
    const auto number = parse_number(arguments.get("--ring"));
    const bool power =
        number && *number >= 4 && *number <= 262144 && (*number & (*number - 1)) == 0;
    if (!power) return std::unexpected("--ring is a power of two from 4 to 262144 (KiB)");
    out.ring_bytes = *number << 10U;
  }
  out.record = arguments.get("--record");
  return out;
}

int net(Term& term, Report& report, const Arguments& arguments) {
  const auto wish = read_wish(arguments);
  if (!wish) return usage(term, report, wish.error());
  std::optional<std::uint64_t> seconds;
  if (arguments.has("--seconds")) {
    seconds = parse_number(arguments.get("--seconds"));
    if (!seconds || *seconds < 1 || *seconds > 604800)
      return usage(term, report, "--seconds is a number from 1 to 604800");
    if (!arguments.behind.empty())
      return usage(term, report, "--seconds is for --pid and --cgroup; a command has its own end");
  }
  auto session = Session::open(*wish);
  if (!session) return usage(term, report, std::move(session).error());
  if (const std::string& problem = (*session)->record_problem(); !problem.empty())
    return usage(term, report, fmt::format("cannot write {}: {}", wish->record, problem));
  (*session)->on_news = News(term);
  const int code = arguments.behind.empty()
                       ? trace_others(term, report, **session, *wish, seconds)
                       : trace_command(term, report, **session, arguments.behind);
  if (const std::string& problem = (*session)->record_problem(); !problem.empty()) {
    tell(shown_format("tenon trace: {} is not complete: {}\n", wish->record, problem));
    return code == exit_ok ? exit_undecided : code;
  }
  return code;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "trace";
  const auto& words = arguments.positional;
  const std::string name = words.empty() ? "" : words.front();
  if (name == "net") {
    if (words.size() > 1) return usage(term, report, "net takes its command behind --");
    return net(term, report, arguments);
  }
  if (name == "replay") {
    if (words.size() != 2 || !arguments.behind.empty())
      return usage(term, report, "replay takes one recorded file");
    return replay(term, report, words[1]);
  }
  if (name.empty()) return usage(term, report, "one of net and replay is missing");
  return usage(term, report, "'" + name + "' is none of net and replay");
}

constexpr OptionSpec options[] = {
    {"--pid", "PID", "net: a running process and what it starts; its network"},
    {"--cgroup", "DIR", "net: the processes of a cgroup (version 2); this network"},
    {"--seconds", "N", "net: end after N seconds (default: at Ctrl-C, or with the process)"},
    {"--record", "FILE", "net: write all events as JSON lines, for replay"},
    {"--ring", "KIB", "net: size of the buffer between kernel and tenon (default: 1024)"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon trace net --pid 4242 --seconds 30", "a running program: who closes first, and why"},
    {"tenon trace net -- ./app", "a program from its start to its end"},
    {"tenon trace net --pid 4242 --record t.jsonl", "with a file of all events"},
    {"tenon trace replay t.jsonl", "the same verdicts again; needs no rights"},
};

constexpr std::string_view text =
    "net watches a running program from inside the kernel (Linux, root or CAP_BPF and "
    "CAP_PERFMON):\n"
    "each connection that it leaves in TIME_WAIT, who closed first, and for Go programs why, in "
    "the\n"
    "words of Go itself; each name that it looks up, by Go's resolver or libc's, held against "
    "what\n"
    "tenon resolve predicts; and when the ports for a destination run out. The sum is held "
    "against\n"
    "the kernel's own counter; where they differ the verdict is unknown. Nothing stays in the "
    "kernel.\n"
    "replay gives the same verdicts from a recorded file, without rights and in every build.";

}  // namespace

extern const CommandSpec command_trace;
const CommandSpec command_trace{.name = "trace",
                                .summary = "say which connections a program leaves, and why",
                                .usage = "net --pid PID|--cgroup DIR|-- COMMAND... | replay FILE",
                                .description = text,
                                .options = options,
                                .examples = examples,
                                .run = run,
                                .command_behind = true,
                                .operands = "=net,replay FILE"};

}  // namespace tenon
