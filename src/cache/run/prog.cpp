#include "cache/run/prog.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "cache/prog.h"
#include "cache/run/folder_store.h"
#include "cache/run/usage_log.h"
#include "cache/usage.h"
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
  Server(const std::string& folder, bool read_only)
      : store_(folder, read_only), read_only_(read_only) {}

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

  void log(UsageLine::How how, const ProgRequest& request, std::uint64_t bytes) {
    if (read_only_) return;
    write_usage(store_.folder(), {.how = how,
                                  .time = now(),
                                  .bytes = bytes,
                                  .tool = "go",
                                  .reason = {},
                                  .key = request.action,
                                  .subject = {}});
  }

  std::string get(const ProgRequest& request) {
    const auto text = store_.record(request.action);
    auto entry = text ? parse_prog_record(*text) : std::nullopt;
    if (entry && whole(*entry)) {
      entry->path = store_.blob_path(entry->output);
      ++counts_.hits;
      log(UsageLine::How::hit, request, entry->size);
      return prog_hit(request.id, *entry);
    }
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
    if (read_only_) return refuse(request, "the cache is read only");
    const auto digest = store_.add_blob(bytes);
    if (!digest) return refuse(request, digest.error().what);
    if (*digest != request.output) return refuse(request, "the body is not that of its OutputID");
    const ProgEntry entry{*digest, bytes.size(), now(), {}};
    if (const auto done = store_.set_record(request.action, prog_record(entry)); !done) {
      return refuse(request, done.error().what);
    }
    seen_.insert(*digest);
    ++counts_.puts;
    log(UsageLine::How::miss, request, bytes.size());
    return prog_stored(request.id, store_.blob_path(*digest));
  }

  std::string refuse(const ProgRequest& request, std::string_view why) {
    ++counts_.errors;
    return prog_error(request.id, why);
  }

  LineInput input_{standard_input};
  FolderStore store_;
  bool read_only_;
  std::set<std::string> seen_;
  ProgCounts counts_;
};

}  // namespace

Result<ProgCounts> serve_prog(const std::string& folder, bool read_only) {
  return Server(folder, read_only).run();
}

}  // namespace tenon
