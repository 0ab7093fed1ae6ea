// One trace from its start to its end: starts the live part, takes its records into a Tally and a
// file, and looks once a second.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "diag/finding.h"
#include "host/stream_file.h"
#include "resolve/decision.h"
#include "resolve/inputs.h"
#include "trace/event.h"
#include "trace/program.h"
#include "trace/run/live.h"
#include "trace/run/symbols.h"
#include "trace/tally.h"

namespace tenon::trace {

struct SessionWish {
  std::optional<std::uint32_t> process;  // to trace, with its children
  std::string group;                     // folder of a cgroup (version 2)
  std::string program;  // that will be started by this process; its children are traced then
  std::string subject;  // for people
  std::string record;   // file; empty: none
  std::uint64_t ring_bytes = std::uint64_t{1} << 20U;
};

class Session {
 public:
  [[nodiscard]] static Outcome<std::unique_ptr<Session>> open(const SessionWish& wish);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() = default;

  // Called with the tally when there is something new to say.
  std::function<void(const Tally&)> on_news;

  // Takes what is there. To be called every 50 ms or so, by one thread at a time.
  void step();
  // Takes the rest and the last counters. Afterwards the tally is complete.
  void finish();

  [[nodiscard]] const Tally& tally() const { return *tally_; }
  // Why the file could not be written; empty: it could.
  [[nodiscard]] const std::string& record_problem() const { return record_problem_; }

 private:
  struct Pair {
    Counters counters;
    std::int64_t entered = 0;
  };

  explicit Session(const SessionWish& wish);
  Outcome<bool> begin();
  void read_program(LiveWish& wish, std::optional<GoProgram>& go);
  void watch_program(const std::optional<GoProgram>& go);
  [[nodiscard]] std::string libc_of_program() const;
  [[nodiscard]] Pair count() const;
  void drain();
  void take(Event event, std::int64_t number, std::int32_t stack);
  std::uint32_t stack_number(std::uint32_t process, std::int32_t raw);
  void predict(const LookupEvent& event);
  void prepare_predictions();
  [[nodiscard]] bool recording() const;
  void write(const std::string& line);
  void flush();

  SessionWish wish_;
  Header header_;
  std::unique_ptr<Live> live_;
  std::optional<Tally> tally_;
  Symbols symbols_;
  std::map<std::pair<std::uint32_t, std::int32_t>, std::uint32_t> stacks_;
  std::optional<resolve::Inputs> inputs_;
  std::optional<resolve::Resolver> resolver_;
  std::set<std::string> predicted_;
  std::string proc_;              // "/proc/4242", of a process in the network that is traced
  std::int64_t first_entry_ = 0;  // entries that were counted before the trace began
  std::int64_t last_entry_ = INT64_MAX;
  std::int64_t looked_ = 0;
  std::optional<StreamFile> record_;
  std::string buffer_;
  std::string record_problem_;
};

}  // namespace tenon::trace
