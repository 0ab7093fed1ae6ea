// What the log of a submission says, in the codes of the lint.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codesign/notary/rows.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "notarize/client/answers.h"
#include "notarize/client/submission.h"
#include "notarize/lint.h"
#include "notarize/lint_report.h"

namespace tenon::notarize {
namespace {

// What Apple adds behind the sentence of its row.
std::string rest_of(const LogIssue& issue, Code code) {
  for (const codesign::NotaryRow& row : codesign::notary_rows()) {
    if (row.code != code || !std::string_view(issue.message).starts_with(row.message)) continue;
    std::string rest = issue.message.substr(row.message.size());
    rest.erase(0, rest.find_first_not_of(": "));
    return rest;
  }
  return {};
}

// The path in the archive, without the archive's own name.
std::string inner_path(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Finding finding_of_issue(const LogIssue& issue) {
  const Code code = codesign::notary_code(issue.message);
  Finding out;
  if (code == Code::notarize_reported) {
    const std::string arch = issue.architecture.empty() ? "" : ": " + issue.architecture;
    out = make_finding(code,
                       {{"path", issue.path},
                        {"place", issue.path + arch},
                        {"message", issue.message},
                        {"url", issue.page.empty() ? "the log" : issue.page}},
                       issue.path);
  } else {
    const std::string rest = rest_of(issue, code);
    out = finding_of({code, issue.path, inner_path(issue.path), issue.architecture,
                      rest.empty() ? "says the notary" : rest});
  }
  if (!issue.is_error()) out.severity = Severity::warning;
  out.evidence.push_back({Evidence::Kind::log, issue.path, issue.message});
  return out;
}

void add_missing(const NotaryLog& log, const std::vector<SignedCode>& code,
                 std::vector<Finding>& out) {
  for (const SignedCode& each : code) {
    const auto listed = [&](const TicketEntry& entry) { return entry.cdhash == each.cdhash; };
    if (std::ranges::any_of(log.ticket, listed)) continue;
    const std::string arch = each.arch.empty() || each.arch == "any" ? "" : ": " + each.arch;
    out.push_back(make_finding(
        Code::notarize_not_in_ticket,
        {{"path", each.path}, {"place", each.path + arch}, {"cdhash", each.cdhash}}, each.path));
  }
}

}  // namespace

std::vector<Finding> findings_of(const Submission& submission, const NotaryLog* log,
                                 const std::vector<SignedCode>& code, const std::string& sha256) {
  std::vector<Finding> out;
  std::string summary = submission.status;
  if (log != nullptr) {
    summary += log->summary.empty() ? "" : ": " + log->summary;
    if (log->status_code) summary += fmt::format(" (code {})", *log->status_code);
  }
  const bool invalid = submission.status == "Invalid";
  if (invalid || submission.status == "Rejected") {
    out.push_back(make_finding(invalid ? Code::notarize_invalid : Code::notarize_rejected,
                               {{"id", submission.id}, {"summary", summary}}, submission.name));
  }
  if (log == nullptr) return out;
  for (const LogIssue& issue : log->issues) out.push_back(finding_of_issue(issue));
  if (!sha256.empty() && !log->sha256.empty() && log->sha256 != sha256) {
    out.push_back(make_finding(
        Code::notarize_upload_failed,
        {{"service", "the notary"},
         {"detail", fmt::format("it examined a file with the SHA-256 {}, but {} was sent",
                                log->sha256, sha256)},
         {"advice", "submit again"}}));
  }
  if (submission.status == "Accepted") add_missing(*log, code, out);
  return out;
}

Data submission_data(const Submission& submission) {
  Data out = Data::object();
  out.add("id", submission.id);
  out.add("status", submission.status);
  out.add("name", submission.name);
  out.add("created", submission.created);
  return out;
}

Data log_data(const NotaryLog& log) {
  Data out = Data::object();
  out.add("status", log.status);
  out.add("status_code", log.status_code ? Data(*log.status_code) : Data());
  out.add("summary", log.summary);
  out.add("archive", log.archive);
  out.add("upload_date", log.upload_date);
  out.add("sha256", log.sha256);
  Data ticket = Data::array();
  for (const TicketEntry& each : log.ticket) {
    Data row = Data::object();
    row.add("path", each.path);
    row.add("digest_algorithm", each.digest_algorithm);
    row.add("cdhash", each.cdhash);
    row.add("arch", each.arch);
    ticket.push(std::move(row));
  }
  out.add("ticket_contents", std::move(ticket));
  Data issues = Data::array();
  for (const LogIssue& each : log.issues) {
    Data row = Data::object();
    row.add("severity", each.severity);
    row.add("code", code_text(codesign::notary_code(each.message)));
    row.add("path", each.path);
    row.add("arch", each.architecture.empty() ? Data() : Data(each.architecture));
    row.add("message", each.message);
    row.add("page", each.page);
    issues.push(std::move(row));
  }
  out.add("issues", std::move(issues));
  return out;
}

}  // namespace tenon::notarize
