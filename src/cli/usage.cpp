#include "cli/usage.h"

#include <string>
#include <utility>

#include "cli/table.h"
#include "cli/term.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"

namespace tenon {

int usage(Term& term, Report& report, Finding finding) {
  report.ok = false;
  report.findings.push_back(std::move(finding));
  return term.finish(report, exit_usage);
}

int usage(Term& term, Report& report, std::string message) {
  return usage(term, report,
               make_finding(Code::usage_bad_option, {{"message", std::move(message)}},
                            "tenon " + report.command));
}

}  // namespace tenon
