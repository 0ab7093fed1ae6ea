// tenon worker: builds cells of a fleet on this machine.
#include <chrono>
#include <cstdint>
#include <string>

#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "crossbuild/build_request.h"
#include "diag/report.h"
#include "fleet/run/dial.h"
#include "fleet/run/worker.h"
#include "host/files.h"
#include "host/process.h"
#include "host/service.h"

namespace tenon {
namespace {

// Between a worker and what it runs: a process that the kernel ends with the worker.
int guard(const Arguments& arguments) {
  const auto parent = parse_number(arguments.get("--guard"));
  if (!parent || arguments.behind.empty()) return exit_usage;
  if (!die_with_parent(static_cast<std::int64_t>(*parent))) return exit_interrupted;
  const Error error = execute(arguments.behind, {});
  tell(shown_format("tenon worker: {}: {}\n", arguments.behind.front(), error.what));
  return exit_cannot_run;
}

int run(const Arguments& arguments) {
  if (arguments.has("--guard")) return guard(arguments);
  Term term(arguments);
  Report report;
  report.command = "worker";
  fleet::WorkerSetting setting;
  setting.address = arguments.get("--join");
  if (setting.address.empty()) return usage(term, report, "--join HOST:PORT is missing");
  if (!fleet::is_service(setting.address)) {
    return usage(term, report, "--join takes HOST:PORT or grpcs://HOST:PORT");
  }
  if (!arguments.positional.empty()) return usage(term, report, "worker takes no argument");
  setting.folder = arguments.has("--folder")
                       ? absolute_path(current_folder(), arguments.get("--folder"))
                       : join_path(cache_folder(), "worker");
  setting.go = arguments.all("--go");
  setting.sandbox = !arguments.has("--no-sandbox");
  if (arguments.has("--drain")) {
    const auto time = parse_duration(arguments.get("--drain"));
    if (!time) return usage(term, report, "--drain takes a time, as 90s or 10m");
    setting.drain = std::chrono::duration_cast<std::chrono::seconds>(*time);
  }
  catch_interrupts();
  catch_drain();
  const fleet::WorkerEnd end = fleet::run_worker(setting, term);
  report.data.add("address", setting.address);
  report.data.add("ran", static_cast<std::int64_t>(end.ran));
  report.data.add("failed", static_cast<std::int64_t>(end.failed));
  report.data.add("given_back", static_cast<std::int64_t>(end.given_back));
  report.text = shown_format("{} actions ran, {} of them failed, {} were given back\n", end.ran,
                             end.failed, end.given_back);
  if (!end.finding) return term.finish(report, exit_ok);
  report.ok = false;
  report.findings.push_back(*end.finding);
  return term.finish(report, exit_undecided);
}

constexpr OptionSpec options[] = {
    {"--join", "HOST:PORT", "the scheduler that gives the work; grpcs://HOST:PORT with TLS"},
    {"--folder", "DIR", "directory of its own for work and caches (default: in tenon's cache)"},
    {"--go", "PROGRAM", "a further Go that cells may ask for by its version", true},
    {"--drain", "TIME", "after SIGTERM, how long the running action may take (default: 10m)"},
    {"--no-sandbox", "", "run actions without bubblewrap, as where there is none"},
    {"--guard", "PROCESS", "used by the worker itself: run the command, and end with PROCESS"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon worker --join 10.0.0.5:50551", "build for the fleet of another machine"},
    {"tenon worker --join grpcs://build.example.com:443", "through a proxy with TLS"},
    {"tenon worker --join 127.0.0.1:50551 --go /opt/go1.25/bin/go", "with a second Go version"},
};

}  // namespace

extern const CommandSpec command_worker;
const CommandSpec command_worker{
    .name = "worker",
    .summary = "build cells of a fleet on this machine",
    .usage = "--join HOST:PORT [OPTIONS]",
    .description =
        "Asks the scheduler of a fleet (see tenon fleet) for actions, one at a time: fetches the\n"
        "sources by their digests, runs this tenon's own build on them, and nothing else, and\n"
        "stores outputs and report. With bubblewrap the build sees the machine read-only but for\n"
        "its own directory and the caches. SIGTERM: no more work, the running action is finished;\n"
        "SIGINT: it is given back. With grpcs:// the connection is encrypted, and SSL_CERT_FILE "
        "names\n"
        "authorities in place of the machine's; TENON_FLEET_TOKEN_FILE: a token for each call.",
    .options = options,
    .examples = examples,
    .run = run,
    .command_behind = true};

}  // namespace tenon
