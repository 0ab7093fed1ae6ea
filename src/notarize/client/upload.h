// Uploads to the storage that the notary names: in one piece, or in parts of which each can be sent
// again and none twice.
// Rules: Amazon S3 API: PutObject, CreateMultipartUpload, UploadPart, CompleteMultipartUpload.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "diag/finding.h"
#include "notarize/client/record.h"
#include "notarize/client/service.h"
#include "notarize/client/sigv4.h"

namespace tenon::notarize {

inline constexpr std::int64_t smallest_part = std::int64_t{5} << 20U;  // of S3
inline constexpr std::int64_t default_part = std::int64_t{16} << 20U;
inline constexpr std::int64_t most_parts = 10'000;
inline constexpr std::int64_t credentials_life = 12L * 3600;

class Uploader {
 public:
  // Borrows wire and store.
  Uploader(Wire& wire, RecordStore& store, const Endpoints& endpoints)
      : wire_(wire), store_(store), endpoints_(endpoints) {}

  // Sends `file`, and keeps in `record` what is done. What is there already is not sent again.
  [[nodiscard]] Outcome<void> run(ByteView file, SubmissionRecord& record);

 private:
  struct Call {
    std::string method;
    std::vector<std::pair<std::string, std::string>> query;
    ByteView upload;
    std::string body;
    std::uint64_t before = 0;  // bytes of the file that were sent earlier
  };

  [[nodiscard]] Outcome<HttpResponse> send(const SubmissionRecord& record, const Call& call);
  [[nodiscard]] HttpRequest signed_request(const SubmissionRecord& record, const Call& call,
                                           const std::string& hash);
  [[nodiscard]] Outcome<void> in_one(ByteView file, SubmissionRecord& record);
  [[nodiscard]] Outcome<void> in_parts(ByteView file, SubmissionRecord& record);
  [[nodiscard]] Outcome<void> part(ByteView file, std::int64_t number, SubmissionRecord& record);
  [[nodiscard]] Outcome<void> complete(SubmissionRecord& record);
  [[nodiscard]] Finding refusal(const HttpResponse& response, const std::string& id) const;
  [[nodiscard]] std::string service() const;
  void keep(const SubmissionRecord& record);

  Wire& wire_;
  RecordStore& store_;
  const Endpoints& endpoints_;
  std::int64_t offset_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace tenon::notarize
