#include "notarize/lint_report.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "codesign/cms/cms.h"
#include "codesign/notary/rows.h"
#include "codesign/sign/step.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/expiry.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "diag/unread.h"
#include "notarize/lint.h"

namespace tenon::notarize {
namespace {

std::string fix_text(const Finding& finding) {
  if (finding.fixes.empty()) return {};
  const Fix& fix = finding.fixes.front();
  if (fix.commands.empty()) return fix.text.text();
  std::vector<std::string> commands;
  for (const ShellCommand& command : fix.commands) commands.push_back(quoted(command).text());
  return join(commands, "; ");
}

Data eligible_data(Eligible eligible) {
  switch (eligible) {
    case Eligible::yes: return Data(true);
    case Eligible::no: return Data(false);
    case Eligible::unknown: break;
  }
  return {};
}

// In Apple's words; of entitlements they go on with what the reader says.
std::string apple_text(const Issue& issue) {
  std::string out(codesign::notary_message(issue.code));
  if (issue.code == Code::notarize_entitlements_invalid) out += ": " + issue.detail;
  return out;
}

// Certificates that are past their day made signatures that a timestamp keeps valid.
void add_expiry(const LintResult& result, std::int64_t now, Report& report) {
  std::vector<cms::Certificate> live;
  for (const cms::Certificate& each : result.certificates) {
    if (lifetime_of(each.not_after, now) != Lifetime::ended) live.push_back(each);
  }
  for (Finding& finding : codesign::expiry_findings(live, now)) {
    report.findings.push_back(std::move(finding));
  }
}

Shown summary(const LintResult& result) {
  const auto count = [](std::uint64_t number, const char* one, const char* many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
  };
  const std::string seen = count(result.programs, "file of code", "files of code") + ", " +
                           count(result.archives, "archive", "archives");
  switch (result.eligible()) {
    case Eligible::yes:
      return shown_format(
          "eligible  {}: nothing found that the notary rejects; revocation, the account and the "
          "search for malware are Apple's alone\n",
          seen);
    case Eligible::no: return shown_format("rejected  {}: the notary would refuse this\n", seen);
    case Eligible::unknown: break;
  }
  return shown_format("unknown   {}: nothing found that the notary rejects, but not all was read\n",
                      seen);
}

}  // namespace

Finding finding_of(const Issue& issue) {
  const std::string arch = issue.arch.empty() || issue.arch == "any" ? "" : ": " + issue.arch;
  return make_finding(issue.code,
                      {{"path", issue.path},
                       {"file", issue.file},
                       {"place", issue.path + arch},
                       {"cause", issue.detail},
                       {"sdk", issue.detail},
                       {"reason", issue.detail}},
                      issue.path);
}

Data issue_data(const Issue& issue) {
  const Finding finding = finding_of(issue);
  Data out = Data::object();
  out.add("code", code_text(issue.code));
  out.add("path", issue.path);
  out.add("arch", issue.arch.empty() || issue.arch == "any" ? Data() : Data(issue.arch));
  const std::string_view apple = codesign::notary_message(issue.code);
  out.add("message", apple.empty() ? finding.message.text() : apple_text(issue));
  out.add("detail", issue.detail.empty() ? Data() : Data(issue.detail));
  out.add("severity", severity_name(finding.severity));
  out.add("fix", fix_text(finding));
  return out;
}

void add_to_report(const LintResult& result, std::int64_t now, Report& report) {
  Data findings = Data::array();
  for (const Issue& issue : result.issues) {
    findings.push(issue_data(issue));
    report.findings.push_back(finding_of(issue));
  }
  report.data.add("findings", std::move(findings));
  report.data.add("eligible", eligible_data(result.eligible()));
  report.data.add("programs", static_cast<std::int64_t>(result.programs));
  report.data.add("archives", static_cast<std::int64_t>(result.archives));
  Data code = Data::array();
  for (const SignedCode& each : result.code) {
    Data row = Data::object();
    row.add("path", each.path);
    row.add("arch", each.arch);
    row.add("cdhash", each.cdhash);
    code.push(std::move(row));
  }
  report.data.add("code", std::move(code));
  add_unread(result.unread, report);
  add_expiry(result, now, report);
  report.text += summary(result);
  report.ok = report.ok && result.eligible() == Eligible::yes;
}

}  // namespace tenon::notarize
