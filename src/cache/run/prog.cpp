#include "cache/run/prog.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "cache/prog.h"
#include "cache/remote.h"
#include "cache/run/folder_store.h"
#include "cache/run/remote_store.h"
#include "cache/run/usage_log.h"
#include "cache/usage.h"
#include "host/files.h"
#include "host/line_input.h"
#include "host/relay.h"

namespace tenon {
namespace {

constexpr int standard_input = 0;
constexpr int standard_output = 1;
constexpr std::size_t longest_request = std::size_t{1} << 16U;
constexpr std::size_t largest_body = std::size_t{2} << 30U;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Server {
 public:
  Server(const std::string& folder, std::optional<RemoteSetting> remote, bool read_only)
      : store_(folder, read_only), read_only_(read_only) {
    if (remote) remote_.emplace(*std::move(remote));
  }

  Result<ProgCounts> run() {
    if (!write_all(standard_output, prog_greeting())) return counts_;
    while (true) {
      const auto line = TENON_TRY(input_.next(longest_request));
      if (!line) return counts_;
      if (line->empty()) continue;
      const auto request = parse_prog_request(*line);
      std::string text = request ? TENON_TRY(answer(*request))
                                 : prog_error(request.error().id, request.error().what);
      if (!request) ++counts_.errors;
      if (!write_all(standard_output, text)) return counts_;
      if (request && request->command == ProgRequest::Command::close) {
        // go goes on; what it was given is in use and stays.
        if (counts_.puts > 0) (void)sweep(store_.folder(), cache_quota());
        return counts_;
      }
    }
  }

 private:
  Result<std::string> answer(const ProgRequest& request) {
    switch (request.command) {
      case ProgRequest::Command::get: return get(request);
      case ProgRequest::Command::put: return put(request);
      case ProgRequest::Command::close: return prog_done(request.id);
    }
    return prog_done(request.id);
  }

  void log(UsageLine::How how, const ProgRequest& request, std::uint64_t bytes,
           const char* reason = "") {
    if (read_only_) return;
    write_usage(store_.folder(), {.how = how,
                                  .time = now(),
                                  .bytes = bytes,
                                  .tool = "go",
                                  .reason = reason,
                                  .key = request.action,
                                  .subject = {}});
  }

  std::string get(const ProgRequest& request) {
    if (const auto known = spilled_.find(request.action); known != spilled_.end()) {
      return prog_hit(request.id, known->second);
    }
    if (store_.folder().empty()) return miss(request);
    const auto text = store_.record(request.action);
    auto entry = text ? parse_prog_record(*text) : std::nullopt;
    if (entry && whole(*entry)) {
      entry->path = store_.blob_path(entry->output);
      ++counts_.hits;
      log(UsageLine::How::hit, request, entry->size);
      return prog_hit(request.id, *entry);
    }
    return remote_ ? get_elsewhere(request) : miss(request);
  }

  // What is only read lies beside the store for as long as go runs.
  std::string get_elsewhere(const ProgRequest& request) {
    const auto text = remote_->record(request.action);
    auto entry = text ? parse_prog_record(*text) : std::nullopt;
    if (!entry || (read_only_ && !make_spill())) return miss(request);
    entry->path =
        read_only_ ? join_path(spill_folder_.path, entry->output) : store_.blob_path(entry->output);
    // An empty output has no blob on the network.
    const bool there = entry->size == 0 ? write_cache(entry->path, "").has_value()
                                        : remote_->fetch({entry->output, entry->size}, entry->path);
    if (!there) return miss(request);
    ++counts_.hits;
    if (read_only_) {
      spilled_.insert_or_assign(request.action, *entry);
      return prog_hit(request.id, *entry);
    }
    seen_.insert(entry->output);
    (void)store_.set_record(request.action, prog_record(*entry));
    log(UsageLine::How::hit, request, entry->size, "remote");
    return prog_hit(request.id, *entry);
  }

  std::string miss(const ProgRequest& request) {
    ++counts_.misses;
    return prog_miss(request.id);
  }

  // Whether the output is there and is what its name says. Looked at once.
  bool whole(const ProgEntry& entry) {
    if (seen_.contains(entry.output)) return true;
    const auto bytes = store_.blob(entry.output);
    if (!bytes || bytes->size() != entry.size) return false;
    seen_.insert(entry.output);
    return true;
  }

  Result<std::string> put(const ProgRequest& request) {
    std::string bytes;
    if (request.body > 0) {
      // A blank line goes before the body.
      std::string line;
      while (line.empty()) {
        auto next = TENON_TRY(input_.next(largest_body));
        if (!next) return fail(Errc::truncated, "go closed in the middle of a put");
        line = *std::move(next);
      }
      auto body = parse_prog_body(line, request.body);
      if (!body) return refuse(request, body.error().what);
      bytes = *std::move(body);
    }
    const auto kept = add(bytes);
    const std::string digest = kept ? *kept : hex(sha256(view_of(bytes).bytes()));
    if (digest != request.output) return refuse(request, "the body is not that of its OutputID");
    ProgEntry entry{digest, bytes.size(), now(), {}};
    if (!kept || !store_.set_record(request.action, prog_record(entry))) {
      return spill(request, std::move(entry), bytes);
    }
    seen_.insert(digest);
    ++counts_.puts;
    if (remote_) offer(request.action, entry);
    log(UsageLine::How::miss, request, bytes.size());
    return prog_stored(request.id, store_.blob_path(digest));
  }

  Result<std::string> add(std::string_view bytes) {
    if (store_.folder().empty()) return fail(Errc::not_found, "there is no cache");
    return store_.add_blob(bytes);
  }

  void offer(const std::string& action, const ProgEntry& entry) {
    std::vector<RemoteBlob> blobs;
    if (entry.size > 0) blobs.push_back({entry.output, entry.size});
    remote_->offer(action, std::move(blobs));
  }

  Result<void> make_spill() {
    if (spill_folder_.path.empty()) {
      spill_folder_.path = TENON_TRY(make_temporary_folder("tenon-prog"));
    }
    return {};
  }

  // go reads what it has put from the path that it is told, and fails without one.
  std::string spill(const ProgRequest& request, ProgEntry entry, std::string_view bytes) {
    if (const auto made = make_spill(); !made) return refuse(request, made.error().what);
    entry.path = join_path(spill_folder_.path, entry.output);
    if (const auto done = write_cache(entry.path, bytes); !done) {
      return refuse(request, done.error().what);
    }
    ++counts_.spilled;
    const std::string path = entry.path;
    spilled_.insert_or_assign(request.action, std::move(entry));
    return prog_stored(request.id, path);
  }

  std::string refuse(const ProgRequest& request, std::string_view why) {
    ++counts_.errors;
    return prog_error(request.id, why);
  }

  LineInput input_{standard_input};
  FolderStore store_;
  std::optional<RemoteStore> remote_;
  bool read_only_;
  std::set<std::string> seen_;
  // What the store does not take, for as long as go runs.
  TemporaryFolder spill_folder_{{}};
  std::map<std::string, ProgEntry> spilled_;  // by action
  ProgCounts counts_;
};

}  // namespace

Result<ProgCounts> serve_prog(const std::string& folder, std::optional<RemoteSetting> remote,
                              bool read_only) {
  return Server(folder, std::move(remote), read_only).run();
}

}  // namespace tenon
