// A submission from its beginning to its log, and what follows from the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "notarize/client/answers.h"
#include "notarize/client/record.h"
#include "notarize/client/service.h"
#include "notarize/client/upload.h"
#include "notarize/lint.h"

namespace tenon::notarize {

struct Waiting {
  std::int64_t limit = 3600;             // seconds
  std::chrono::milliseconds poll{5000};  // the first; later ones are further apart
};

struct SubmitOptions {
  std::string path, name, webhook;
  std::int64_t part_size = default_part;
};

class Notarization {
 public:
  // Borrows all of them.
  Notarization(Wire& wire, Service& service, Uploader& uploader, RecordStore& store)
      : wire_(wire), service_(service), uploader_(uploader), store_(store) {}

  // Names the file to the service, and sends it.
  [[nodiscard]] Outcome<SubmissionRecord> submit(ByteView file, const SubmitOptions& options);
  // Sends what is missing of it.
  [[nodiscard]] Outcome<void> upload(ByteView file, SubmissionRecord& record);
  // The same in a later run, if these are the bytes that were named to the service.
  [[nodiscard]] Outcome<void> upload_rest(ByteView file, SubmissionRecord& record);
  // Asks until it is decided; notarize/still-in-progress after the limit.
  [[nodiscard]] Outcome<Submission> wait(const std::string& id, const Waiting& waiting);
  // The log can be a little later than the decision.
  [[nodiscard]] Outcome<NotaryLog> log(const std::string& id);

 private:
  [[nodiscard]] Finding stopped(Finding finding, const std::string& id) const;

  Wire& wire_;
  Service& service_;
  Uploader& uploader_;
  RecordStore& store_;
};

// The decision, every issue of the log by the codes of the lint, code that the ticket lacks, and
// a log about other bytes. `sha256` of what was sent, empty when that is not known.
[[nodiscard]] std::vector<Finding> findings_of(const Submission& submission, const NotaryLog* log,
                                               const std::vector<SignedCode>& code,
                                               const std::string& sha256);

[[nodiscard]] Data submission_data(const Submission& submission);
[[nodiscard]] Data log_data(const NotaryLog& log);

}  // namespace tenon::notarize
