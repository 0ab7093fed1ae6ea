// tenon notarize: what Apple's notary would reject, and submissions to it.
#include <cstdint>
#include <ctime>
#include <string_view>
#include <utility>

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
  if (arguments.positional.empty()) return usage(term, report, "no file or directory given");
  return lint(term, report, arguments);
}

constexpr OptionSpec options[] = {
    {"--lint", "", "say what the notary would reject, and send nothing"},
    {"--trust-root", "LIST", "certificate files (PEM or DER) to trust in addition to Apple's root"},
};

constexpr Example examples[] = {
    {"tenon notarize --lint dist/app.zip", "everything that the notary would reject, in a second"},
};

constexpr std::string_view text = "Notarizes.";

}  // namespace

extern const CommandSpec command_notarize;
const CommandSpec command_notarize{.name = "notarize",
                                   .summary = "say what Apple's notary rejects, and submit to it",
                                   .usage = "PATH... [OPTIONS]",
                                   .description = text,
                                   .options = options,
                                   .examples = examples,
                                   .run = run};

}  // namespace tenon
