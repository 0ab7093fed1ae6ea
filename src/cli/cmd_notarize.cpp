// tenon notarize: what Apple's notary would reject, and submissions to it.
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string_view>

#include "cli/notarize/submit.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "codesign/usage.h"
#include "diag/report.h"
#include "notarize/lint.h"
#include "notarize/lint_report.h"
#include "notarize/run/lint_paths.h"

namespace tenon {
namespace {

int exit_code(const notarize::LintResult& result) {
  if (!result.unread.empty()) return exit_undecided;
  switch (result.eligible()) {
    case notarize::Eligible::yes: return exit_ok;
    case notarize::Eligible::no: return exit_no;
    case notarize::Eligible::unknown: break;
  }
  return exit_undecided;
}

int lint(Term& term, Report& report, const Arguments& arguments) {
  const notarize::LintRequest request{arguments.positional,
                                      codesign::list_parts(arguments.get("--trust-root"))};
  const auto result = notarize::lint_paths(request);
  if (!result) return usage(term, report, result.error());
  notarize::add_to_report(*result, static_cast<std::int64_t>(std::time(nullptr)), report);
  return term.finish(report, exit_code(*result));
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "notarize";
  constexpr std::string_view modes[] = {"--lint", "--resume", "--status", "--log", "--list"};
  const auto given =
      std::ranges::count_if(modes, [&](std::string_view mode) { return arguments.has(mode); });
  if (given > 1) {
    return usage(term, report, "--lint, --resume, --status, --log and --list exclude each other");
  }
  if (given == 0 && arguments.positional.empty()) {
    return usage(term, report, "no file or directory given");
  }
  if (!arguments.has("--lint")) return notarize_online(arguments, term, report);
  if (arguments.positional.empty()) return usage(term, report, "no file or directory given");
  return lint(term, report, arguments);
}

constexpr OptionSpec options[] = {
    {"--lint", "", "say what the notary would reject, and send nothing"},
    {"--key", "FILE", "the key of App Store Connect (.p8); or the variable TENON_NOTARY_KEY"},
    {"--key-id", "NUMBER", "its number; or TENON_NOTARY_KEY_ID; default: that in the file's name"},
    {"--issuer", "UUID", "the issuer of a team's key; or TENON_NOTARY_ISSUER"},
    {"--wait", "TIME", "how long to wait for the decision, such as 30m or 2h (default: 1h)"},
    {"--no-wait", "", "end after the upload"},
    {"--poll", "SECONDS", "between two questions, growing (default: 5)"},
    {"--resume", "ID", "continue a submission: send what is missing, wait, fetch its log"},
    {"--status", "ID", "the status of a submission"},
    {"--log", "ID", "the log of a submission, explained"},
    {"--list", "", "the last submissions of the team"},
    {"--webhook", "URL", "have Apple call this address when the submission is decided"},
    {"--force", "", "send it although the lint found what the notary rejects"},
    {"--part-size", "MIB", "size of a part of a large upload (default: 16)"},
    {"--notary-url", "URL", "another notary service"},
    {"--s3-endpoint", "URL", "another storage service, with the bucket in its path"},
    {"--ca", "FILE", "certificates (PEM) that prove the services, instead of the system's"},
    {"--trust-root", "LIST", "certificate files (PEM or DER) to trust in addition to Apple's root"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon notarize --lint dist/app.zip", "everything that the notary would reject, in a second"},
    {"tenon notarize --key AuthKey_2X9R4HXF34.p8 --issuer UUID My.app", "zip, send, wait, explain"},
    {"tenon notarize --resume ID", "after an interrupt: send the rest and wait"},
    {"tenon notarize --log ID --json | jq .data.log.issues", "what the notary found"},
};

constexpr std::string_view text =
    "Looks for everything that Apple's notary rejects and that the bytes tell, in files,\n"
    "directories, bundles, zip archives (jar, whl), packages and disk images, also inside of each\n"
    "other; then makes a zip file where the notary needs one, sends it, waits, and explains the\n"
    "log with the same codes. --lint stops before anything is sent, and needs no account.\n"
    "Keys come from a file or the environment, never from the command line.\n"
    "Exit code 0: accepted, or nothing found by --lint; 1: invalid, or it would be; 2: not "
    "decided,\n"
    "or not all was looked at; 3: usage; 4: rejected because of the team; 5: the key or the "
    "account\n"
    "is refused; 6: a service cannot be reached; 130: interrupted.";

}  // namespace

extern const CommandSpec command_notarize;
const CommandSpec command_notarize{
    .name = "notarize",
    .summary = "say what the notary of Apple rejects, and submit to it",
    .usage = "PATH [OPTIONS] | --lint PATH... | --resume ID",
    .description = text,
    .options = options,
    .examples = examples,
    .run = run,
    .operands = "FILE"};

}  // namespace tenon
