// What the services answer, and what is kept of a submission. Records of diag/wire.h.
// Rules: Apple, "Notary API"; Amazon S3 API (errors, multipart uploads).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::notarize {

// What POST /submissions gives: where the file goes, with credentials for 12 hours.
struct NewSubmission {
  std::string id;
  std::string access_key, secret_key, session_token, bucket, object;
};

struct Submission {
  std::string id;
  std::string name, created;
  std::string status;  // "In Progress", "Accepted", "Invalid", "Rejected"

  [[nodiscard]] bool in_progress() const {
    return status != "Accepted" && status != "Invalid" && status != "Rejected";
  }
};

struct LogIssue {
  std::string severity, code, path, message, architecture, page;

  [[nodiscard]] bool is_error() const { return severity == "error"; }
};

struct TicketEntry {
  std::string path, digest_algorithm, cdhash, arch;
};

struct NotaryLog {
  std::string id, status, summary, archive, upload_date, sha256;
  std::optional<std::int64_t> status_code;
  std::vector<TicketEntry> ticket;
  std::vector<LogIssue> issues;
};

struct ServiceError {
  std::string code, title, detail;
};

[[nodiscard]] Result<NewSubmission> read_new_submission(std::string_view body);
[[nodiscard]] Result<Submission> read_submission(std::string_view body);
[[nodiscard]] Result<std::vector<Submission>> read_submissions(std::string_view body);
[[nodiscard]] Result<std::string> read_log_url(std::string_view body);
[[nodiscard]] Result<NotaryLog> read_log(std::string_view body);
// The first error that the body names; empty texts for another body.
[[nodiscard]] ServiceError read_error(std::string_view body);
// The same of the storage service, whose errors are XML.
[[nodiscard]] ServiceError read_storage_error(std::string_view body);
// The text of an element of an answer of the storage service: "UploadId". Empty without one.
[[nodiscard]] std::string storage_value(std::string_view body, std::string_view name);

// The answer to a look-up of a ticket. `ticket` is empty when there is none; then `reason` says
// why.
struct TicketAnswer {
  std::string ticket;  // bytes
  std::string reason;
};
[[nodiscard]] Result<TicketAnswer> read_ticket(std::string_view body, std::string_view record);

}  // namespace tenon::notarize
