#include "crossbuild/run/go_build.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "crossbuild/plan/plan.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/timings/timings.h"
#include "crossbuild/trace.h"
#include "host/files.h"
#include "host/process.h"

namespace tenon {
namespace {

using Clock = std::chrono::steady_clock;

// `go build -v` prints import paths alone on a line; everything else is a message.
bool is_package_line(std::string_view line) {
  if (line.empty() || line.starts_with('#') || line.contains(' ') || line.contains(':'))
    return false;
  return std::ranges::all_of(line, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._/-~+@!").contains(c);
  });
}

std::chrono::seconds seconds_since(Clock::time_point start, Clock::time_point now) {
  return std::chrono::duration_cast<std::chrono::seconds>(now - start);
}

class Watcher {
 public:
  Watcher(const GoBuildEvents& events, std::string trace_path, std::chrono::milliseconds limit)
      : events_(events), trace_path_(std::move(trace_path)), limit_(limit) {}

  void line(std::string_view text, bool tick) {
    if (!tick) {
      take(text);
      return;
    }
    const auto now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    poll(now);
    // Later ticks see how the compilers are ended.
    if (!interrupted() && now - begun_ < limit_) at_work = progress_;
  }

  void poll(Clock::time_point now) {
    for (TraceRecord& event : read_trace(trace_path_, offset_)) {
      take(event, now);
      trace_.push_back(std::move(event));
    }
    // A compiler is at work as long as its process lives: the wrapper becomes the compiler.
    std::erase_if(compilers_, [](const Compiler& one) { return !process_lives(one.process); });
    std::erase_if(linkers_, [&](std::int64_t process) {
      if (process_lives(process)) return false;
      trace_.push_back({.kind = TraceRecord::Kind::done, .process = process, .time = trace_time()});
      return true;
    });
    progress_.c_file = compilers_.empty() ? "" : compilers_.front().file;
    progress_.c_folder = compilers_.empty() ? "" : compilers_.front().folder;
    if (!compilers_.empty()) progress_.c_time = seconds_since(compilers_.front().started, now);
    progress_.package_time = seconds_since(package_started_, now);
    progress_.elapsed = seconds_since(begun_, now);
    if (events_.progress) events_.progress(progress_);
  }

  std::string log;
  GoBuildProgress at_work;

  [[nodiscard]] std::vector<TraceRecord> trace() && { return std::move(trace_); }

 private:
  struct Compiler {
    std::int64_t process = 0;
    std::string file, folder;
    Clock::time_point started;
  };

  void take(std::string_view text) {
    if (is_package_line(text)) {
      progress_.package = text;
      package_started_ = Clock::now();
      ++progress_.packages;
      if (events_.package) events_.package(progress_.package);
      return;
    }
    if (log.size() < (std::size_t{8} << 20U)) {
      log += text;
      log += '\n';
    }
    if (events_.output) events_.output(std::string(text));
  }

  void take(const TraceRecord& event, Clock::time_point now) {
    if (event.kind == TraceRecord::Kind::compile) {
      compilers_.push_back({event.process, std::string(base_name(event.file)), event.folder, now});
    }
    if (event.kind == TraceRecord::Kind::link) {
      progress_.linking = true;
      linkers_.push_back(event.process);
    }
  }

  const GoBuildEvents& events_;
  std::string trace_path_;
  std::chrono::milliseconds limit_;
  std::size_t offset_ = 0;
  std::vector<TraceRecord> trace_;
  GoBuildProgress progress_;
  std::vector<Compiler> compilers_;    // oldest first
  std::vector<std::int64_t> linkers_;  // their processes; nobody else sees them end
  Clock::time_point begun_ = Clock::now(), package_started_ = begun_, last_;
};

// go sets the time of an output that it finds up to date; what is older belongs to packages that
// are no longer part of this build. Headers of C libraries keep their time: they go with their
// library.
// A file that cannot be looked at is an error: without it go's output would be called none.
Result<std::vector<std::string>> outputs_since(const std::string& folder, std::int64_t start) {
  const std::vector<std::string> all = TENON_TRY(list_folder(folder));
  std::set<std::string> fresh;
  for (const std::string& name : all) {
    const auto info = TENON_TRY(look_up(join_path(folder, name)));
    if (info && info->modified_ns >= start) fresh.insert(name);
  }
  const auto stem = [](const std::string& name) { return name.substr(0, name.rfind('.')); };
  std::vector<std::string> out;
  for (const std::string& name : all) {
    // go leaves the header of a library alone when it did not change.
    const bool of_fresh =
        name.ends_with(".h") && std::ranges::any_of(fresh, [&](const auto& other) {
          return other != name && stem(other) == stem(name);
        });
    if (name.ends_with(".h") ? of_fresh : fresh.contains(name)) out.push_back(name);
  }
  return out;
}

bool is_cache_record(const TraceRecord& record) { return record.kind == TraceRecord::Kind::cache; }

}  // namespace

bool go_loads_packages(const Step& step, std::chrono::milliseconds deadline) {
  Command command;
  command.environment = step.environment;
  command.directory = step.folder;
  command.deadline = deadline;
  for (std::size_t i = 0; i < step.argv.size(); ++i) {
    const std::string& word = step.argv[i];
    if (word == "--") {
      command.argv.insert(command.argv.end(), step.argv.begin() + static_cast<std::ptrdiff_t>(i),
                          step.argv.end());
      break;
    }
    if (word == "-v") continue;  // of `go build` only, as -o
    if (word == "-o") {
      ++i;
      continue;
    }
    command.argv.push_back(i == 1 ? "list" : word);
    if (i == 1) command.argv.insert(command.argv.end(), {"-f", ""});
  }
  const auto exit = run(command);
  return !exit || exit->ok() || exit->timed_out;
}

void keep_record(const std::string& stage, const TraceRecord& record) {
  append_to_file(stage + "/trace", trace_line(record));
}

Result<GoBuildResult> go_build(const GoBuildRequest& request, const GoBuildEvents& events) {
  // go's work folder: gone also when go could not clean up.
  const TemporaryFolder work(TENON_TRY(make_temporary_folder("tenon-go")));
  const std::string fresh = request.stage + "/trace.new";
  const std::string kept = request.stage + "/trace";
  TENON_TRY(make_folders(request.stage + "/bin"));
  TENON_TRY(write_cache(fresh, ""));
  // By the clock of the file system that the outputs are on.
  const auto begun = TENON_TRY(look_up(fresh));
  const std::int64_t started = begun ? begun->modified_ns : 0;
  Watcher watcher(events, fresh, request.deadline);
  Command command;
  command.argv = request.step.argv;
  const std::string actions = work.path + "/actions.json";
  // Behind "go build"; it changes nothing of what is built.
  if (request.timings)
    command.argv.insert(command.argv.begin() + 2, "-debug-actiongraph=" + actions);
  command.environment = request.step.environment;
  command.environment.push_back("TENON_TRACE=" + fresh);
  command.environment.push_back("GOTMPDIR=" + work.path);
  command.environment.push_back("TMPDIR=" + work.path);  // of the linker and of compilers
  command.directory = request.step.folder;
  command.deadline = request.deadline;
  command.merge_streams = true;
  command.on_line = [&](std::string_view line, bool tick) { watcher.line(line, tick); };
  Exit exit = TENON_TRY(run(command));
  watcher.poll(Clock::now());
  GoBuildResult result;
  result.ok = exit.ok();
  result.timed_out = exit.timed_out;
  result.interrupted = exit.interrupted;
  result.code = exit.code;
  result.at_work = std::move(watcher.at_work);
  result.log = std::move(watcher.log);
  result.trace = std::move(watcher).trace();
  if (request.timings) result.work = timed_work(read_text(actions).value_or(""), result.trace);
  result.linked = has_kind(result.trace, TraceRecord::Kind::link);
  result.outputs = TENON_TRY(outputs_since(request.stage + "/bin", started));
  if (result.ok && result.linked) {
    (void)rename_file(fresh, kept);  // only for later reports
  } else if (result.ok) {
    // go found its last output up to date: what that link did still holds.
    std::size_t start = 0;
    const auto fresh_records = std::move(result.trace);
    result.trace = read_trace(kept, start);
    // How compiles went is of this build alone.
    std::erase_if(result.trace, is_cache_record);
    std::ranges::copy_if(fresh_records, std::back_inserter(result.trace), is_cache_record);
  }
  return result;
}

}  // namespace tenon
