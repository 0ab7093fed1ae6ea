// Whether a service that fails is asked at all: after a failure nobody waits for it again until a
// trial, which nobody waits for either, went well. Pure: the time is the caller's.
#pragma once

#include <algorithm>
#include <chrono>

namespace tenon {

class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] bool closed() const { return closed_; }
  // Whether it is time to try. The trial ends in well() or failed().
  [[nodiscard]] bool wants_trial(Time now) const { return !closed_ && now >= next_; }

  // The pause doubles with each failure in a row, up to a minute; a service that works for as long
  // starts from the beginning.
  void failed(Time now) {
    if (closed_ && now - since_ > longest) pause_ = first;
    closed_ = false;
    next_ = now + pause_;
    pause_ = std::min(2 * pause_, std::chrono::milliseconds(longest));
  }

  void well(Time now) {
    if (!closed_) since_ = now;
    closed_ = true;
  }

 private:
  static constexpr std::chrono::milliseconds first{2000};
  static constexpr std::chrono::milliseconds longest{60'000};

  bool closed_ = true;
  Time since_{};  // closed since then
  Time next_{};
  std::chrono::milliseconds pause_ = first;
};

}  // namespace tenon
