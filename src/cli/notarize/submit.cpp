#include "cli/notarize/submit.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "codesign/usage.h"
#include "crossbuild/build_request.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/process.h"
#include "notarize/client/answers.h"
#include "notarize/client/record.h"
#include "notarize/client/submission.h"
#include "notarize/client/transport.h"
#include "notarize/client/upload.h"
#include "notarize/lint.h"
#include "notarize/lint_report.h"
#include "notarize/run/lint_paths.h"
#include "notarize/run/session.h"

namespace tenon {
namespace {

constexpr std::int64_t megabyte = std::int64_t{1} << 20U;

struct Wanted {
  notarize::SessionRequest session;
  notarize::Waiting waiting;
  std::int64_t part_size = notarize::default_part;
};

// Milliseconds of "5" or "0.5" seconds.
std::optional<std::chrono::milliseconds> seconds_of(const std::string& text) {
  const std::size_t dot = text.find('.');
  const auto whole = parse_number(text.substr(0, dot));
  std::string rest = dot == std::string::npos ? "0" : text.substr(dot + 1);
  rest.resize(3, '0');
  const auto part = parse_number(rest);
  if (!whole || !part || *whole > 3600) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*whole * 1000 + *part));
}

// Polling more often is for a service of one's own.
bool is_local(const std::string& url) { return url.starts_with("http://"); }

Outcome<Wanted> read_wanted(const Arguments& arguments, bool trace) {
  const auto wrong = [](std::string message) {
    return codesign::usage_error(std::move(message), "tenon notarize");
  };
  Wanted out;
  out.session.key_file = arguments.get("--key");
  out.session.key_id = arguments.get("--key-id");
  out.session.issuer = arguments.get("--issuer");
  if (arguments.has("--notary-url")) out.session.notary_url = arguments.get("--notary-url");
  out.session.s3_endpoint = arguments.get("--s3-endpoint");
  out.session.ca_file = arguments.get("--ca");
  out.session.trace = trace;
  if (arguments.has("--wait")) {
    const auto wait = parse_duration(arguments.get("--wait"));
    if (!wait) return wrong("--wait takes seconds, or a time such as 30m or 2h");
    out.waiting.limit = wait->count() / 1000;
  }
  if (arguments.has("--poll")) {
    constexpr std::chrono::milliseconds least{5000};
    const auto poll = seconds_of(arguments.get("--poll"));
    if (!poll || (*poll < least && !is_local(out.session.notary_url))) {
      return wrong("--poll takes seconds, 5 or more");
    }
    out.waiting.poll = *poll;
    out.session.poll = *poll;
  }
  if (arguments.has("--part-size")) {
    const auto size = parse_number(arguments.get("--part-size"));
    if (!size || *size < 5 || *size > 5120) return wrong("--part-size takes 5 to 5120 MiB");
    out.part_size = static_cast<std::int64_t>(*size) * megabyte;
  }
  if (arguments.has("--webhook") && !notarize::is_allowed_url(arguments.get("--webhook"))) {
    return wrong("--webhook takes an address with https");
  }
  return out;
}

int refuse(Term& term, Report& report, Finding finding) {
  const int code = exit_of_notary(finding.code);
  report.ok = false;
  report.findings.push_back(std::move(finding));
  return term.finish(report, code);
}

// What the user has to do to see the rest.
void add_continuation(const std::string& id, Report& report) {
  report.data.add("resume", "tenon notarize --resume " + id);
  report.text +=
      shown_format("submitted {}\n          later: tenon notarize --resume {}\n", id, id);
}

class Online {
 public:
  Online(const Arguments& arguments, const Wanted& wanted, notarize::Session& session, Term& term,
         Report& report)
      : arguments_(arguments), wanted_(wanted), session_(session), term_(term), report_(report) {}

  int list();
  int status(const std::string& id);
  int log(const std::string& id);
  int resume(const std::string& id);
  int submit(const std::string& path);

 private:
  int after_upload(const std::string& id, const std::vector<notarize::SignedCode>& code,
                   const std::string& sha256);
  int fail(Finding finding) { return refuse(term_, report_, std::move(finding)); }
  int decided(const notarize::Submission& submission, const notarize::NotaryLog* log,
              const std::vector<notarize::SignedCode>& code, const std::string& sha256);
  Outcome<std::vector<notarize::SignedCode>> code_of(const std::string& path);

  const Arguments& arguments_;
  const Wanted& wanted_;
  notarize::Session& session_;
  Term& term_;
  Report& report_;
};

int Online::list() {
  const auto all = session_.service().list();
  if (!all) return fail(all.error());
  Data rows = Data::array();
  for (const notarize::Submission& each : *all) {
    rows.push(notarize::submission_data(each));
    report_.text +=
        shown_format("{}  {:11}  {}  {}\n", each.id, each.status, each.created, each.name);
  }
  report_.data.add("submissions", std::move(rows));
  return term_.finish(report_, exit_ok);
}

int Online::status(const std::string& id) {
  const auto state = session_.service().status(id);
  if (!state) return fail(state.error());
  report_.data.add("submission", notarize::submission_data(*state));
  report_.text += shown_format("{}  {}  {}\n", id, state->status, state->name);
  if (state->in_progress()) return term_.finish(report_, exit_undecided);
  for (Finding& each : notarize::findings_of(*state, nullptr, {}, {})) {
    report_.findings.push_back(std::move(each));
  }
  report_.ok = state->status == "Accepted";
  return term_.finish(report_, report_.ok ? exit_ok : exit_of_notary(report_.findings[0].code));
}

int Online::log(const std::string& id) {
  const auto state = session_.service().status(id);
  if (!state) return fail(state.error());
  const auto log = session_.notarization().log(id);
  if (!log) return fail(log.error());
  return decided(*state, &*log, {}, {});
}

// The decision with its log, and the exit code that follows.
int Online::decided(const notarize::Submission& submission, const notarize::NotaryLog* log,
                    const std::vector<notarize::SignedCode>& code, const std::string& sha256) {
  report_.data.add("submission", notarize::submission_data(submission));
  report_.data.add("log", log == nullptr ? Data() : notarize::log_data(*log));
  int out = submission.in_progress() ? exit_undecided : exit_ok;
  for (Finding& each : notarize::findings_of(submission, log, code, sha256)) {
    if (each.severity == Severity::error && out == exit_ok) out = exit_of_notary(each.code);
    report_.findings.push_back(std::move(each));
  }
  report_.ok = out == exit_ok;
  report_.text += shown_format("{}  submission {}", submission.status, submission.id);
  if (log != nullptr && submission.status == "Accepted") {
    report_.text += shown_format(", {} code hashes in its ticket", log->ticket.size());
  }
  report_.text += "\n";
  return term_.finish(report_, out);
}

int Online::after_upload(const std::string& id, const std::vector<notarize::SignedCode>& code,
                         const std::string& sha256) {
  if (arguments_.has("--no-wait")) {
    add_continuation(id, report_);
    return term_.finish(report_, exit_ok);
  }
  const auto state = session_.notarization().wait(id, wanted_.waiting);
  if (!state) return fail(state.error());
  const auto log = session_.notarization().log(id);
  if (!log) {
    // It is decided all the same; nothing says that the ticket has what it should.
    report_.data.add("submission", notarize::submission_data(*state));
    return fail(log.error());
  }
  session_.store().forget(id);
  return decided(*state, &*log, code, sha256);
}

// What a ticket has to list for a path.
Outcome<std::vector<notarize::SignedCode>> Online::code_of(const std::string& path) {
  const auto linted = notarize::lint_paths({{path}, {}});
  if (!linted) return std::unexpected(linted.error());
  return linted->code;
}

int Online::resume(const std::string& id) {
  auto record = session_.store().load(id);
  std::string path = record ? record->path : std::string();
  if (!arguments_.positional.empty()) path = arguments_.positional.front();
  std::vector<notarize::SignedCode> code;
  if (record && !record->uploaded) {
    notarize::PayloadMaker maker;
    const auto payload = maker.make(path);
    if (!payload) return fail(payload.error());
    if (const auto sent = session_.notarization().upload_rest(payload->content.bytes, *record);
        !sent) {
      return fail(sent.error());
    }
  }
  if (!path.empty()) {
    auto found = code_of(path);
    if (!found) return fail(found.error());
    code = *std::move(found);
  }
  return after_upload(id, code, record ? record->sha256 : std::string());
}

int Online::submit(const std::string& path) {
  const auto linted =
      notarize::lint_paths({{path}, codesign::list_parts(arguments_.get("--trust-root"))});
  if (!linted) return usage(term_, report_, linted.error());
  notarize::add_to_report(*linted, static_cast<std::int64_t>(std::time(nullptr)), report_);
  if (!linted->unread.empty()) return term_.finish(report_, exit_undecided);
  if (linted->eligible() == notarize::Eligible::no && !arguments_.has("--force")) {
    report_.text += "nothing was sent; --force sends it all the same\n";
    return term_.finish(report_, exit_no);
  }
  const auto nothing = [](const notarize::Issue& issue) {
    return issue.code == Code::notarize_nothing_to_notarize;
  };
  if (std::ranges::any_of(linted->issues, nothing)) {
    return term_.finish(report_, exit_undecided);
  }
  notarize::PayloadMaker maker;
  const auto payload = maker.make(path);
  if (!payload) return fail(payload.error());
  const notarize::SubmitOptions options{path, payload->name, arguments_.get("--webhook"),
                                        wanted_.part_size};
  const auto record = session_.notarization().submit(payload->content.bytes, options);
  if (!record) return fail(record.error());
  report_.data.add("sha256", record->sha256);
  report_.data.add("id", record->id);
  return after_upload(record->id, linted->code, record->sha256);
}

}  // namespace

int exit_of_notary(Code code) {
  switch (code) {
    case Code::notarize_rejected: return exit_rejected;
    case Code::notarize_account:
    case Code::notarize_unauthorized: return exit_account;
    case Code::notarize_service_unreachable:
    case Code::notarize_upload_failed:
    case Code::notarize_ticket_service:
    case Code::notarize_no_transport: return exit_network;
    case Code::notarize_still_in_progress: return exit_undecided;
    case Code::notarize_interrupted: return exit_interrupted;
    case Code::notarize_key_unusable:
    case Code::notarize_no_such_submission:
    case Code::usage_bad_option:
    case Code::usage_unreadable_input: return exit_usage;
    default: return exit_no;
  }
}

int notarize_online(const Arguments& arguments, Term& term, Report& report) {
  const std::string id = !arguments.get("--resume").empty()   ? arguments.get("--resume")
                         : !arguments.get("--status").empty() ? arguments.get("--status")
                                                              : arguments.get("--log");
  const bool asks = !id.empty() || arguments.has("--list");
  if (!id.empty() && !notarize::is_submission_id(id)) {
    return usage(term, report, "this is not the number of a submission: " + id);
  }
  if (!asks && arguments.positional.size() != 1) {
    return usage(term, report, "one file or directory is sent at a time");
  }
  const auto wanted = read_wanted(arguments, term.verbose());
  if (!wanted) return usage(term, report, wanted.error());
  catch_interrupts();
  const auto session = notarize::Session::open(wanted->session, term);
  if (!session) return refuse(term, report, session.error());
  Online online(arguments, *wanted, **session, term, report);
  if (arguments.has("--list")) return online.list();
  if (arguments.has("--status")) return online.status(id);
  if (arguments.has("--log")) return online.log(id);
  if (arguments.has("--resume")) return online.resume(id);
  return online.submit(arguments.positional.front());
}

}  // namespace tenon
