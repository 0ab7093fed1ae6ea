#include "notarize/client/answers.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/base64.h"
#include "base/result.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "format/xml/xml.h"

namespace tenon::notarize {
namespace {

// Walks keys of nested objects; nullptr when one is missing.
const Data* at(const Data& data, std::initializer_list<std::string_view> keys) {
  const Data* found = &data;
  for (const std::string_view key : keys) {
    if (found != nullptr) found = wire::find(*found, key);
  }
  return found;
}

std::string text_at(const Data& data, std::initializer_list<std::string_view> keys) {
  const Data* found = at(data, keys);
  const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value());
  return text == nullptr ? std::string() : *text;
}

// Elements of a list; none for null and for what is no list.
std::vector<Data> list_at(const Data& data, std::initializer_list<std::string_view> keys) {
  const Data* found = at(data, keys);
  const auto* list = found == nullptr ? nullptr : std::get_if<Data::Array>(&found->value());
  return list == nullptr ? std::vector<Data>() : *list;
}

Result<Submission> submission_of(const Data& data) {
  Submission out;
  out.id = text_at(data, {"id"});
  out.status = text_at(data, {"attributes", "status"});
  out.name = text_at(data, {"attributes", "name"});
  out.created = text_at(data, {"attributes", "createdDate"});
  if (out.id.empty() || out.status.empty()) {
    return fail(Errc::malformed, "an answer without a submission");
  }
  return out;
}

LogIssue issue_of(const Data& data) {
  LogIssue out;
  out.severity = text_at(data, {"severity"});
  out.code = text_at(data, {"code"});
  out.path = text_at(data, {"path"});
  out.message = text_at(data, {"message"});
  out.architecture = text_at(data, {"architecture"});
  out.page = text_at(data, {"docUrl"});
  return out;
}

}  // namespace

Result<NewSubmission> read_new_submission(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  NewSubmission out;
  out.id = text_at(data, {"data", "id"});
  out.access_key = text_at(data, {"data", "attributes", "awsAccessKeyId"});
  out.secret_key = text_at(data, {"data", "attributes", "awsSecretAccessKey"});
  out.session_token = text_at(data, {"data", "attributes", "awsSessionToken"});
  out.bucket = text_at(data, {"data", "attributes", "bucket"});
  out.object = text_at(data, {"data", "attributes", "object"});
  for (const std::string* each :
       {&out.id, &out.access_key, &out.secret_key, &out.bucket, &out.object}) {
    if (each->empty()) return fail(Errc::malformed, "an answer without the place of the upload");
  }
  return out;
}

Result<Submission> read_submission(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  const Data* inner = at(data, {"data"});
  if (inner == nullptr) return fail(Errc::malformed, "an answer without a submission");
  return submission_of(*inner);
}

Result<std::vector<Submission>> read_submissions(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  const Data* list = at(data, {"data"});
  if (list == nullptr || !std::holds_alternative<Data::Array>(list->value())) {
    return fail(Errc::malformed, "an answer without submissions");
  }
  std::vector<Submission> out;
  for (const Data& each : std::get<Data::Array>(list->value())) {
    out.push_back(TENON_TRY(submission_of(each)));
  }
  return out;
}

Result<std::string> read_log_url(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  std::string url = text_at(data, {"data", "attributes", "developerLogUrl"});
  if (url.empty()) return fail(Errc::malformed, "an answer without the place of the log");
  return url;
}

Result<NotaryLog> read_log(std::string_view body) {
  const Data data = TENON_TRY(parse_data(body));
  NotaryLog out;
  out.id = text_at(data, {"jobId"});
  out.status = text_at(data, {"status"});
  out.summary = text_at(data, {"statusSummary"});
  out.archive = text_at(data, {"archiveFilename"});
  out.upload_date = text_at(data, {"uploadDate"});
  out.sha256 = text_at(data, {"sha256"});
  if (out.status.empty()) return fail(Errc::malformed, "a log without a status");
  if (const Data* code = at(data, {"statusCode"})) {
    if (const auto* number = std::get_if<std::int64_t>(&code->value())) out.status_code = *number;
  }
  for (const Data& each : list_at(data, {"ticketContents"})) {
    out.ticket.push_back({text_at(each, {"path"}), text_at(each, {"digestAlgorithm"}),
                          text_at(each, {"cdhash"}), text_at(each, {"arch"})});
  }
  for (const Data& each : list_at(data, {"issues"})) out.issues.push_back(issue_of(each));
  return out;
}

ServiceError read_error(std::string_view body) {
  const auto data = parse_data(body);
  if (!data) return {};
  const std::vector<Data> errors = list_at(*data, {"errors"});
  if (errors.empty()) return {};
  const Data& first = errors.front();
  return {text_at(first, {"code"}), text_at(first, {"title"}), text_at(first, {"detail"})};
}

ServiceError read_storage_error(std::string_view body) {
  const auto root = xml::parse(body);
  if (!root || root->name != "Error") return {};
  return {std::string(root->child_text("Code")), std::string(root->child_text("Message")), {}};
}

std::string storage_value(std::string_view body, std::string_view name) {
  const auto root = xml::parse(body);
  return root ? std::string(root->child_text(name)) : std::string();
}

Result<TicketAnswer> read_ticket(std::string_view body, std::string_view record) {
  const Data data = TENON_TRY(parse_data(body));
  for (const Data& each : list_at(data, {"records"})) {
    if (text_at(each, {"recordName"}) != record) continue;
    const std::string encoded = text_at(each, {"fields", "signedTicket", "value"});
    if (encoded.empty()) {
      const std::string reason = text_at(each, {"reason"});
      const std::string code = text_at(each, {"serverErrorCode"});
      return TicketAnswer{{}, reason.empty() ? code : reason};
    }
    auto ticket = from_base64(encoded);
    if (!ticket || ticket->empty()) return fail(Errc::malformed, "a ticket that is not base64");
    return TicketAnswer{*std::move(ticket), {}};
  }
  return fail(Errc::malformed, "an answer about another record");
}

}  // namespace tenon::notarize
