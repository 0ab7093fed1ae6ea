#include "watch/run/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/process_tree.h"
#include "host/relay.h"
#include "watch/role.h"
#include "watch/verdict.h"

namespace tenon::watch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_samples = 32;
constexpr std::size_t most_line = 400;

std::uint64_t count(std::chrono::steady_clock::duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms < 0 ? 0 : static_cast<std::uint64_t>(ms);
}

}  // namespace

Watcher::Watcher(Progress& progress, std::chrono::milliseconds limit)
    : progress_(progress),
      limit_(limit),
      out_is_terminal_(is_terminal(1)),
      err_is_terminal_(is_terminal(2)) {}

void Watcher::start(int process) {
  process_ = process;
  start_ = last_output_ = Clock::now();
  thread_ = std::thread([this] { run(); });
}

void Watcher::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  progress_.clear_status();
}

void Watcher::before_output(std::string_view bytes, bool standard_error) {
  const std::scoped_lock lock(mutex_);
  if (standard_error ? err_is_terminal_ : out_is_terminal_) {
    progress_.clear_status();
    if (!bytes.empty()) line_start_ = bytes.back() == '\n' || bytes.back() == '\r';
  }
  note_line(bytes);
  writing_ = true;
  writing_since_ = Clock::now();
}

void Watcher::after_output() {
  const std::scoped_lock lock(mutex_);
  writing_ = false;
  last_output_ = Clock::now();
}

void Watcher::command_ended(const std::vector<int>& descriptors) {
  const std::scoped_lock lock(mutex_);
  ended_ = Clock::now();
  held_ = descriptors;
}

// Only the end of what came can be the last line: a gigabyte of output costs no more than its copy.
void Watcher::note_line(std::string_view bytes) {
  const std::size_t end = bytes.rfind('\n');
  if (end == bytes.npos) {
    if (line_.size() < most_line) line_ += bytes.substr(0, most_line);
    return;
  }
  const std::size_t before = end == 0 ? bytes.npos : bytes.rfind('\n', end - 1);
  if (before == bytes.npos) {
    line_ += bytes.substr(0, std::min(end, most_line));
  } else {
    line_ = bytes.substr(before + 1, std::min(end - before - 1, most_line));
  }
  if (!trim(line_).empty()) last_line_ = line_;
  line_ = bytes.substr(end + 1).substr(0, most_line);
}

void Watcher::run() {
  Lock lock(mutex_);
  auto before = Clock::now();
  while (!wake_.wait_for(lock, 200ms, [this] { return stop_; })) {
    const auto now = Clock::now();
    // We were stopped or the machine slept: that was no silence of the command.
    if (now - before > 5s) {
      last_output_ = now;
      samples_.clear();
    }
    step(lock, now);
    report_said(lock);
    before = Clock::now();
  }
}

// The lock is held on entry and on return, and given up while the machine is asked.
void Watcher::step(Lock& lock, Clock::time_point now) {
  if (writing_ || !held_.empty()) return look_at_streams(lock, now);
  const Ms silent = std::chrono::duration_cast<Ms>(now - last_output_);
  if (silent < limit_ / 2) samples_.clear();
  if (time_to_look(now, silent)) look(lock, now, silent);
  if (progress_.live()) draw(lock, now);
}

void Watcher::draw(Lock& lock, Clock::time_point now) {
  if (now - start_ < 1s || now - last_draw_ < 500ms || !line_start_) return;
  last_draw_ = now;
  lock.unlock();
  const TreeSample sample = sample_tree({process_, TreeQuestion::Depth::terminal});
  const bool asking = asks_on_terminal(sample);
  const std::string text = status_text(sample);
  const bool front = in_foreground(2);
  lock.lock();
  if (asking && !asking_) progress_.leave_status();
  asking_ = asking;
  if (stop_ || asking || !front || text.empty() || writing_ || !line_start_) return;
  progress_.status(shown_format("tenon watch: {}: {}", time_text(count(now - start_)), text));
}

// A first look at half of the limit, one shortly before it, then at it, and ever more seldom.
bool Watcher::time_to_look(Clock::time_point now, Ms silent) const {
  if (silent < limit_ / 2) return false;
  if (samples_.empty()) return true;
  const Ms before = std::min<Ms>(limit_ / 4, 1000ms);
  const auto since = std::chrono::duration_cast<Ms>(now - last_look_);
  if (silent < limit_ - before) return false;
  if (silent < limit_) return samples_.size() < 2;
  const Ms pause = silent < limit_ + 15s ? std::max<Ms>(before, 400ms) : silent < 2min ? 2s : 5s;
  return since >= pause;
}

void Watcher::keep(TreeSample sample) {
  samples_.push_back(std::move(sample));
  if (samples_.size() <= most_samples) return;
  // The oldest tells how long a state has lasted; of those behind it every second goes.
  std::deque<TreeSample> kept;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    if (i == 0 || i + 8 >= samples_.size() || i % 2 == 0) kept.push_back(std::move(samples_[i]));
  }
  samples_ = std::move(kept);
}

void Watcher::look(Lock& lock, Clock::time_point now, Ms silent) {
  last_look_ = now;
  Question question;
  question.silent_ms = static_cast<std::uint64_t>(silent.count());
  question.limit_ms = static_cast<std::uint64_t>(limit_.count());
  question.last_line = Shown::of(trim(line_).empty() ? last_line_ : line_).text();
  lock.unlock();
  keep(sample_tree({process_, TreeQuestion::Depth::all}));
  Judgement judgement;
  if (silent >= limit_) {
    const std::vector<TreeSample> samples(samples_.begin(), samples_.end());
    question.samples = samples;
    judgement = judge(question);
  }
  lock.lock();
  // What came meanwhile ended the silence.
  if (stop_ || writing_ || last_output_ > now) return;
  if (!judgement.verdicts.empty()) say(judgement.verdicts.front(), now, silent);
}

void Watcher::look_at_streams(Lock& lock, Clock::time_point now) {
  if (writing_) {
    if (now - writing_since_ < limit_) return;
    Verdict verdict{.kind = Kind::not_read, .process = process_, .name = "tenon watch"};
    verdict.key = "not read";
    verdict.reason = "cannot pass on the command's output: no process reads it";
    verdict.for_ms = count(now - writing_since_);
    verdict.evidence.push_back({Evidence::Kind::fact, "write to our own stream",
                                fmt::format("did not return for {}", time_text(verdict.for_ms))});
    return say(verdict, now, std::chrono::duration_cast<Ms>(now - writing_since_));
  }
  if (now - ended_ < limit_) return;
  const std::vector<int> held = held_;
  lock.unlock();
  const std::vector<PipeEnd> writers = writers_of(held);
  lock.lock();
  if (stop_ || writers.empty()) return;
  Verdict verdict{.kind = Kind::held_open, .process = writers.front().process};
  verdict.name = fmt::format("{} ({})", writers.front().name, writers.front().process);
  verdict.key = "held " + verdict.name;
  verdict.reason = "still holds the output of the command open, which has exited";
  verdict.for_ms = count(now - ended_);
  for (const PipeEnd& end : writers) {
    verdict.evidence.push_back({Evidence::Kind::fact, "process with the writing end",
                                fmt::format("{} ({})", end.name, end.process)});
  }
  say(verdict, now, std::chrono::duration_cast<Ms>(now - ended_));
}

// One word for one cause: what was said before is said again only when its time has come, also
// when something else was said in between.
bool Watcher::worth_saying(const Verdict& verdict, Clock::time_point now) const {
  if (words_.empty()) return true;
  const auto before = words_.find(verdict.key);
  if (before != words_.end()) return now - before->second.at >= before->second.repeat;
  // Not knowing is no news behind something known.
  const bool known = verdict.kind != Kind::unknown;
  return now - last_said_ >= (known ? Ms(1000) : Ms(60'000));
}

void Watcher::say(const Verdict& verdict, Clock::time_point now, Ms silent) {
  if (!worth_saying(verdict, now)) return;
  const auto [word, fresh] = words_.try_emplace(verdict.key);
  if (!fresh) word->second.repeat *= 2;
  word->second.at = last_said_ = now;
  said_.push_back({count(now - start_), static_cast<std::uint64_t>(silent.count()), verdict});
  const CodeEntry& texts = entry(code_of(verdict.kind));
  Shown text = shown_format("tenon watch: silent for {}: {} {}\n  {}",
                            time_text(static_cast<std::uint64_t>(silent.count())), verdict.name,
                            verdict.reason, texts.code);
  if (verdict.normal) text += ", normal";
  if (!verdict.advice.empty()) {
    text += shown_format(": {}", verdict.advice);
  } else if (!texts.fixes.empty()) {
    text += shown_format(": {}", texts.fixes.front().text);
  }
  // A prompt stands on the line, or a line that the command has not ended.
  const bool behind_text = err_is_terminal_ && (asking_ || !line_start_);
  progress_.line(behind_text ? "\n" + text : text);
  line_start_ = true;
}

// Without the lock: writing a file must not hold up the output of the command.
void Watcher::report_said(Lock& lock) {
  if (!on_said || said_.size() == reported_) return;
  reported_ = said_.size();
  lock.unlock();
  on_said(said_);
  lock.lock();
}

}  // namespace tenon::watch
