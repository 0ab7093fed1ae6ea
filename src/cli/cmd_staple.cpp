// tenon staple: attaches the ticket of a notarization to a bundle, a package or a disk image.
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/shown.h"
#include "cli/notarize/submit.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/process.h"
#include "notarize/run/staple_path.h"

namespace tenon {
namespace {

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "staple";
  if (arguments.positional.size() != 1) {
    return usage(term, report, "name one bundle, package or disk image");
  }
  notarize::StapleRequest request;
  request.path = arguments.positional.front();
  request.ticket_file = arguments.get("--ticket");
  if (arguments.has("--ticket-url")) request.ticket_url = arguments.get("--ticket-url");
  request.ca_file = arguments.get("--ca");
  request.check = arguments.has("--check");
  request.trace = term.verbose();
  catch_interrupts();
  auto result = notarize::staple_path(request, term);
  if (!result) {
    const int code = exit_of_notary(result.error().code);
    report.ok = false;
    report.findings.push_back(std::move(result).error());
    return term.finish(report, code);
  }
  report.data.add("path", request.path);
  report.data.add("kind", result->kind);
  report.data.add("record", result->record);
  report.data.add("cdhash", result->cdhash);
  report.data.add("ticket_size", static_cast<std::int64_t>(result->ticket_size));
  report.data.add("written", result->written);
  report.findings = std::move(result->notes);
  report.text = result->written ? shown_format("stapled   {}: a ticket of {} bytes to the {}\n",
                                               request.path, result->ticket_size, result->kind)
                                : shown_format("ticket    {}: Apple has a ticket for {}\n",
                                               request.path, result->record);
  return term.finish(report, exit_ok);
}

constexpr OptionSpec options[] = {
    {"--check", "", "only ask whether Apple has a ticket; also for a program by itself"},
    {"--ticket", "FILE", "a ticket that was fetched before, instead of asking Apple"},
    {"--ticket-url", "URL", "another ticket service"},
    {"--ca", "FILE", "certificates (PEM) that prove the service, instead of the system's"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon staple My.app", "after tenon notarize My.app"},
    {"tenon staple --check dist/tool", "whether a program has a ticket that Gatekeeper finds"},
};

constexpr std::string_view text =
    "Fetches the ticket of a notarized bundle, installer package or disk image by its cdhash and\n"
    "attaches it, so that Gatekeeper needs no network. The file is written beside the old one,\n"
    "checked, and renamed. Programs by themselves and zip files have no place for a ticket and\n"
    "are refused. Needs no account.\n"
    "Exit code 0: stapled; 1: it cannot be, or there is no ticket; 3: usage; 6: the service "
    "cannot\n"
    "be reached.";

}  // namespace

extern const CommandSpec command_staple;
const CommandSpec command_staple{.name = "staple",
                                 .summary = "attach the ticket of a notarization",
                                 .usage = "PATH [OPTIONS]",
                                 .description = text,
                                 .options = options,
                                 .examples = examples,
                                 .run = run,
                                 .operands = "FILE"};

}  // namespace tenon
