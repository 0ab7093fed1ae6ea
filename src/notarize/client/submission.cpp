#include "notarize/client/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

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
#include "notarize/client/upload.h"

namespace tenon::notarize {
namespace {

constexpr std::chrono::milliseconds longest_poll{60'000};

std::string duration_text(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} h", seconds / 3600);
}

}  // namespace

bool is_submission_id(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest &&
         text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

// What stops after the submission exists says how it goes on.
Finding Notarization::stopped(Finding finding, const std::string& id) const {
  if (finding.code != Code::notarize_interrupted) return finding;
  return interrupted_finding(
      fmt::format("submission {} is at Apple, and continues without tenon", id),
      "continue with: tenon notarize --resume " + id);
}

Outcome<SubmissionRecord> Notarization::submit(ByteView file, const SubmitOptions& options) {
  SubmissionRecord record;
  record.path = options.path;
  record.name = options.name;
  record.size = static_cast<std::int64_t>(file.size());
  record.part_size = options.part_size;
  wire_.progress.status(shown_format("hashing {}", options.name));
  record.sha256 = hex(sha256(file.bytes()));
  wire_.progress.clear_status();
  NewSubmission made = TENON_TRY(service_.create(options.name, record.sha256, options.webhook));
  if (!is_submission_id(made.id)) {
    return std::unexpected(
        unreachable("the notary service", "its answer cannot be read: no number of a submission"));
  }
  record.id = made.id;
  record.created = wire_.clock.now();
  record.access_key = std::move(made.access_key);
  record.secret_key = std::move(made.secret_key);
  record.session_token = std::move(made.session_token);
  record.bucket = std::move(made.bucket);
  record.object = std::move(made.object);
  wire_.progress.line(shown_format("submission {}", record.id));
  TENON_TRY(upload(file, record));
  return record;
}

Outcome<void> Notarization::upload(ByteView file, SubmissionRecord& record) {
  if (const auto kept = store_.save(record); !kept) {
    wire_.progress.line(
        shown_format("the state of the upload was not kept: {}", kept.error().what));
  }
  return uploader_.run(file, record);
}

Outcome<void> Notarization::upload_rest(ByteView file, SubmissionRecord& record) {
  wire_.progress.status(shown_format("hashing {}", record.name));
  const std::string found = hex(sha256(file.bytes()));
  wire_.progress.clear_status();
  if (found != record.sha256) {
    return std::unexpected(make_finding(
        Code::notarize_upload_failed,
        {{"service", "the storage service"},
         {"detail", fmt::format("{} is not what was submitted: its SHA-256 is {}, not {}",
                                record.path, found, record.sha256)},
         {"advice", "submit it as it is now: tenon notarize PATH"}}));
  }
  return upload(file, record);
}

Outcome<Submission> Notarization::wait(const std::string& id, const Waiting& waiting) {
  const std::int64_t begin = wire_.clock.now();
  wire_.patience.deadline = begin + waiting.limit;
  std::chrono::milliseconds poll = waiting.poll;
  for (;;) {
    auto state = service_.status(id);
    if (!state) return std::unexpected(stopped(std::move(state).error(), id));
    if (!state->in_progress()) return state;
    const std::int64_t waited = wire_.clock.now() - begin;
    const std::int64_t left = waiting.limit - waited;
    if (left <= 0) {
      return std::unexpected(make_finding(Code::notarize_still_in_progress,
                                          {{"id", id}, {"waited", duration_text(waited)}}));
    }
    wire_.progress.status(shown_format("waiting for the notary, {} so far", duration_text(waited)));
    const bool slept = wire_.clock.sleep(std::min(poll, std::chrono::milliseconds(left * 1000)));
    wire_.progress.clear_status();
    if (!slept) return std::unexpected(stopped(interrupted_finding({}, {}), id));
    poll = std::min(poll * 3 / 2, longest_poll);
  }
}

Outcome<NotaryLog> Notarization::log(const std::string& id) {
  wire_.patience.deadline = 0;
  auto out = service_.log(id);
  for (unsigned tries = 1; tries < wire_.patience.tries; ++tries) {
    if (out || out.error().code != Code::notarize_no_such_submission) break;
    if (!wire_.clock.sleep(wire_.patience.first * (1U << (tries - 1)))) {
      return std::unexpected(stopped(interrupted_finding({}, {}), id));
    }
    out = service_.log(id);
  }
  if (!out) return std::unexpected(stopped(std::move(out).error(), id));
  return out;
}

}  // namespace tenon::notarize
