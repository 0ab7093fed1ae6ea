#include <chrono>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/cms/der.h"
#include "codesign/cms/timestamp.h"
#include "codesign/failure.h"
#include "codesign/run/sign_files.h"
#include "host/process.h"

namespace tenon::codesign {

cms::TimestampFetch timestamp_service(const std::string& url) {
  return [url](const cms::Bytes& request) -> Result<cms::Bytes, Failure> {
    Command command;
    command.argv = {"curl",
                    "--silent",
                    "--show-error",
                    "--fail",
                    "--location",
                    "--max-time",
                    "30",
                    "--retry",
                    "2",
                    "--retry-connrefused",
                    "--request",
                    "POST",
                    "--header",
                    "Content-Type: application/timestamp-query",
                    "--data-binary",
                    "@-",
                    url};
    command.input = std::string(reinterpret_cast<const char*>(request.data()), request.size());
    command.deadline = std::chrono::seconds(100);
    const auto exit = run(command);
    if (!exit) {
      return failed(FailureKind::timestamp_service,
                    "cannot start curl, which requests the timestamp", url,
                    "install curl, or sign with --no-timestamp");
    }
    if (!exit->ok()) {
      std::string why = exit->timed_out ? "no answer in time" : exit->err;
      while (!why.empty() && why.back() == '\n') why.pop_back();
      return failed(FailureKind::timestamp_service, "the timestamp service did not respond: " + why,
                    url, "try again, or name another with --timestamp-url");
    }
    const auto bytes = view_of(exit->out).bytes();
    return cms::Bytes(bytes.begin(), bytes.end());
  };
}

}  // namespace tenon::codesign
