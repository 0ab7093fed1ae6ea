// The thread beside a running command: a status line while it runs, and a word when it is silent
// for too long. Its output is told to it by the thread that passes the output on.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/process_sample.h"
#include "diag/progress.h"
#include "watch/verdict.h"

namespace tenon::watch {

// A verdict that was said, and when.
struct Said {
  std::uint64_t at_ms = 0;      // since the start of the command
  std::uint64_t silent_ms = 0;  // silence before it
  Verdict verdict;
};

class Watcher {
 public:
  Watcher(Progress& progress, std::chrono::milliseconds limit);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() { stop(); }

  // Called after each word, by the thread that looks, with all that was said so far.
  std::function<void(const std::vector<Said>&)> on_said;

  // All of these are called by the thread that passes the output on.
  void start(int process);
  // Before and after bytes of the command go to one of our streams.
  void before_output(std::string_view bytes, bool standard_error);
  void after_output();
  void command_ended(const std::vector<int>& descriptors);
  void stop();

  // After stop().
  [[nodiscard]] const std::vector<Said>& said() const { return said_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Ms = std::chrono::milliseconds;
  using Lock = std::unique_lock<std::mutex>;

  void run();
  void step(Lock& lock, Clock::time_point now);
  void draw(Lock& lock, Clock::time_point now);
  void look(Lock& lock, Clock::time_point now, Ms silent);
  void look_at_streams(Lock& lock, Clock::time_point now);
  [[nodiscard]] bool time_to_look(Clock::time_point now, Ms silent) const;
  void keep(TreeSample sample);
  void say(const Verdict& verdict, Clock::time_point now, Ms silent);
  [[nodiscard]] bool worth_saying(const Verdict& verdict, Clock::time_point now) const;
  void report_said(Lock& lock);
  void note_line(std::string_view bytes);

  Progress& progress_;
  const Ms limit_;
  const bool out_is_terminal_;
  const bool err_is_terminal_;
  int process_ = 0;
  std::thread thread_;
  std::mutex mutex_;  // of the terminal and of everything below
  std::condition_variable wake_;
  bool stop_ = false;
  Clock::time_point start_;
  Clock::time_point last_output_;
  Clock::time_point writing_since_;
  bool writing_ = false;
  bool line_start_ = true;   // whether the cursor of the terminal is at the start of a line
  std::string line_;         // the last line that the command began
  std::string last_line_;    // the last one that it ended
  std::vector<int> held_;    // streams that are open behind the command's end
  Clock::time_point ended_;  // its time

  // Of the thread alone.
  std::deque<TreeSample> samples_;
  Clock::time_point last_look_;
  Clock::time_point last_draw_;
  bool asking_ = false;  // somebody talks with a person on the terminal
  struct Word {
    Clock::time_point at;
    Ms repeat{60'000};
  };
  std::map<std::string, Word, std::less<>> words_;  // by the key of the verdict
  Clock::time_point last_said_;
  std::vector<Said> said_;
  std::size_t reported_ = 0;  // how many of them on_said was told
};

}  // namespace tenon::watch
