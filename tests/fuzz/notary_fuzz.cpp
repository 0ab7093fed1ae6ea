// What services answer, on any bytes: nothing of it is trusted.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "notarize/client/answers.h"
#include "notarize/client/submission.h"
#include "notarize/client/transport.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  using namespace tenon::notarize;
  const std::string_view text = ByteView(data, size).text();
  std::size_t seen = 0;
  if (const auto made = read_new_submission(text)) {
    if (made->id.empty() || made->secret_key.empty()) __builtin_trap();
    seen += is_submission_id(made->id) ? 1 : 0;
  }
  const auto submission = read_submission(text);
  if (submission && submission->status.empty()) __builtin_trap();
  if (const auto all = read_submissions(text)) seen += all->size();
  if (const auto url = read_log_url(text)) seen += is_allowed_url(*url) ? 1 : 0;
  if (const auto log = read_log(text)) {
    const Submission decided{"x", "name", "", log->status};
    seen += findings_of(decided, &*log, {{"a", "arm64", "00"}}, "00").size();
    static_cast<void>(log_data(*log));
  }
  if (const auto ticket = read_ticket(text, "2/2/00")) seen += ticket->ticket.size();
  seen += read_error(text).code.size() + read_storage_error(text).code.size();
  seen += storage_value(text, "UploadId").size();
  seen += http_date(text).has_value() ? 1 : 0;
  seen += shown_url(text).size();
  if (is_allowed_url(text) && host_of(text).empty()) __builtin_trap();
  volatile std::size_t sink = seen;
  static_cast<void>(sink);
  return 0;
}
