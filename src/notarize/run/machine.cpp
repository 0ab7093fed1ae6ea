// The clock of this machine, and what is kept on its disk of a submission.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "notarize/client/record.h"
#include "notarize/client/transport.h"
#include "notarize/run/transport.h"

namespace tenon::notarize {
namespace {

constexpr std::size_t most_record = std::size_t{4} << 20U;

class SystemClock final : public Clock {
 public:
  std::int64_t now() override { return static_cast<std::int64_t>(std::time(nullptr)); }

  bool sleep(std::chrono::milliseconds time) override {
    constexpr std::chrono::milliseconds step{100};
    for (; time.count() > 0; time -= step) {
      if (interrupted()) return false;
      std::this_thread::sleep_for(std::min(time, step));
    }
    return !interrupted();
  }
};

class DiskStore final : public RecordStore {
 public:
  Result<void> save(const SubmissionRecord& record) override {
    const std::string path = TENON_TRY(file_of(record.id));
    const std::string text = render_data(wire::write(record));
    return write_file(path, view_of(text).bytes(), 0600);
  }

  Result<SubmissionRecord> load(const std::string& id) override {
    const std::string path = TENON_TRY(file_of(id));
    if (!is_file(path)) return fail(Errc::not_found, "nothing is kept of this submission");
    const std::string text = TENON_TRY(read_text(path, most_record));
    const Data data = TENON_TRY(parse_data(text));
    return wire::read_as<SubmissionRecord>(data);
  }

  void forget(const std::string& id) override {
    if (const auto path = file_of(id)) remove_tree(*path);
  }

 private:
  static Result<std::string> file_of(const std::string& id) {
    const std::string state = state_folder();
    if (state.empty() || !is_submission_id(id)) {
      return fail(Errc::not_found, "there is no state directory");
    }
    const std::string folder = TENON_TRY(private_folder(join_path(state, "notarize")));
    return join_path(folder, id + ".json");
  }
};

}  // namespace

std::unique_ptr<Clock> make_clock() { return std::make_unique<SystemClock>(); }
std::unique_ptr<RecordStore> make_record_store() { return std::make_unique<DiskStore>(); }

}  // namespace tenon::notarize
