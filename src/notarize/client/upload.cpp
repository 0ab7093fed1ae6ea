#include "notarize/client/upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "notarize/client/answers.h"
#include "notarize/client/record.h"
#include "notarize/client/service.h"
#include "notarize/client/sigv4.h"
#include "notarize/client/transport.h"

namespace tenon::notarize {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{}.{}", bytes / megabyte, bytes % megabyte * 10 / megabyte);
}

Finding upload_finding(const std::string& service, std::string detail, std::string advice) {
  return make_finding(
      Code::notarize_upload_failed,
      {{"service", service}, {"detail", std::move(detail)}, {"advice", std::move(advice)}});
}

std::string resume_advice(const std::string& id) {
  return "continue with: tenon notarize --resume " + id;
}

}  // namespace

std::string Uploader::service() const {
  return endpoints_.storage.empty() ? "the storage service" : shown_url(endpoints_.storage);
}

// A record that cannot be kept is no reason to stop: the upload goes on, and cannot be resumed.
void Uploader::keep(const SubmissionRecord& record) {
  if (const auto kept = store_.save(record); !kept && wire_.trace) {
    wire_.progress.line(
        shown_format("the state of the upload was not kept: {}", kept.error().what));
  }
}

HttpRequest Uploader::signed_request(const SubmissionRecord& record, const Call& call,
                                     const std::string& hash) {
  const std::int64_t now = wire_.clock.now() + offset_;
  AwsRequest request;
  request.method = call.method;
  request.region = endpoints_.region;
  request.service = "s3";
  request.query = call.query;
  request.payload_hash = hash;
  std::string base;
  if (endpoints_.storage.empty()) {
    base = fmt::format("https://{}.s3.{}.amazonaws.com", record.bucket, endpoints_.region);
    request.path = "/" + record.object;
  } else {
    base = endpoints_.storage;
    while (base.ends_with('/')) base.pop_back();
    request.path = "/" + record.bucket + "/" + record.object;
  }
  request.headers = {{"host", std::string(host_of(base))},
                     {"x-amz-content-sha256", hash},
                     {"x-amz-date", amz_date(now)}};
  if (!record.session_token.empty()) {
    request.headers.emplace_back("x-amz-security-token", record.session_token);
  }
  const AwsCredentials credentials{record.access_key, record.secret_key, record.session_token};
  HttpRequest out;
  out.method = call.method;
  const std::string query = canonical_query(request);
  out.url = base + uri_encode(request.path, true) + (query.empty() ? "" : "?" + query);
  out.headers = request.headers;
  out.headers.emplace_back("authorization", authorization(request, credentials, now));
  out.body = call.body;
  out.upload = call.upload;
  out.progress = [this, before = call.before](std::uint64_t sent) {
    wire_.progress.status(
        shown_format("uploading {} of {} MB", megabytes(before + sent), megabytes(total_)));
  };
  return out;
}

Outcome<HttpResponse> Uploader::send(const SubmissionRecord& record, const Call& call) {
  const ByteView payload = call.upload.empty() ? view_of(call.body) : call.upload;
  const std::string hash = hex(sha256(payload.bytes()));
  const auto request = [&]() -> Outcome<HttpRequest> { return signed_request(record, call, hash); };
  auto sent = send_patiently(wire_, service(), request);
  if (sent && sent->status == 403 && offset_ == 0 &&
      read_storage_error(sent->body).code == "RequestTimeTooSkewed") {
    const auto date = http_date(sent->header("date"));
    if (date) {
      offset_ = *date - wire_.clock.now();
      sent = send_patiently(wire_, service(), request);
    }
  }
  wire_.progress.clear_status();
  if (sent) return sent;
  if (sent.error().code == Code::notarize_interrupted) {
    return std::unexpected(
        interrupted_finding(fmt::format("the upload of submission {} is not complete", record.id),
                            resume_advice(record.id)));
  }
  if (sent.error().code != Code::notarize_service_unreachable) return sent;
  return std::unexpected(
      upload_finding(service(), sent.error().message.text(), resume_advice(record.id)));
}

Finding Uploader::refusal(const HttpResponse& response, const std::string& id) const {
  const ServiceError error = read_storage_error(response.body);
  std::string detail = fmt::format("HTTP {}", response.status);
  if (!error.code.empty()) detail += " " + error.code;
  if (!error.title.empty()) detail += ": " + error.title;
  const bool expired = error.code == "ExpiredToken" || error.code == "TokenRefreshRequired" ||
                       error.code == "InvalidToken";
  return upload_finding(
      service(), std::move(detail),
      expired ? "the credentials of the upload have expired: submit again" : resume_advice(id));
}

Outcome<void> Uploader::in_one(ByteView file, SubmissionRecord& record) {
  const HttpResponse response = TENON_TRY(send(record, {"PUT", {}, file, {}, 0}));
  if (!response.ok()) return std::unexpected(refusal(response, record.id));
  return {};
}

Outcome<void> Uploader::part(ByteView file, std::int64_t number, SubmissionRecord& record) {
  const auto size = static_cast<std::uint64_t>(record.part_size);
  const std::uint64_t begin = static_cast<std::uint64_t>(number - 1) * size;
  const auto bytes = file.slice(begin, std::min(size, file.size() - begin));
  if (!bytes) return std::unexpected(upload_finding(service(), "no such part", "submit again"));
  const HttpResponse response =
      TENON_TRY(send(record, {"PUT",
                              {{"partNumber", std::to_string(number)}, {"uploadId", record.upload}},
                              *bytes,
                              {},
                              begin}));
  const std::string tag(response.header("etag"));
  if (!response.ok() || tag.empty()) return std::unexpected(refusal(response, record.id));
  record.parts.push_back({number, tag});
  keep(record);
  return {};
}

// An error can stand in an answer of status 200: the service begins to answer before it has done
// its work.
Outcome<void> Uploader::complete(SubmissionRecord& record) {
  std::ranges::sort(record.parts, {}, &UploadedPart::number);
  std::string body = "<CompleteMultipartUpload>";
  for (const UploadedPart& each : record.parts) {
    std::string tag;
    for (const char c : each.tag) tag += c == '"' ? "&quot;" : std::string(1, c);
    body +=
        fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", each.number, tag);
  }
  body += "</CompleteMultipartUpload>";
  const HttpResponse response =
      TENON_TRY(send(record, {"POST", {{"uploadId", record.upload}}, {}, body, total_}));
  const bool failed = !response.ok() || !read_storage_error(response.body).code.empty();
  if (failed) return std::unexpected(refusal(response, record.id));
  return {};
}

Outcome<void> Uploader::in_parts(ByteView file, SubmissionRecord& record) {
  if (record.upload.empty()) {
    const HttpResponse response = TENON_TRY(send(record, {"POST", {{"uploads", ""}}, {}, {}, 0}));
    record.upload = storage_value(response.body, "UploadId");
    if (!response.ok() || record.upload.empty()) {
      return std::unexpected(refusal(response, record.id));
    }
    keep(record);
  }
  const std::int64_t count = (record.size + record.part_size - 1) / record.part_size;
  for (std::int64_t number = 1; number <= count; ++number) {
    const auto done = std::ranges::find(record.parts, number, &UploadedPart::number);
    if (done == record.parts.end()) TENON_TRY(part(file, number, record));
  }
  return complete(record);
}

Outcome<void> Uploader::run(ByteView file, SubmissionRecord& record) {
  total_ = file.size();
  if (record.uploaded) return {};
  if (wire_.clock.now() > record.created + credentials_life) {
    return std::unexpected(upload_finding(
        service(), "the credentials of the upload are older than 12 hours", "submit again"));
  }
  if (record.size > record.part_size) {
    record.part_size = std::max(record.part_size, (record.size + most_parts - 1) / most_parts);
    TENON_TRY(in_parts(file, record));
  } else {
    TENON_TRY(in_one(file, record));
  }
  record.uploaded = true;
  record.access_key.clear();
  record.secret_key.clear();
  record.session_token.clear();
  keep(record);
  return {};
}

}  // namespace tenon::notarize
