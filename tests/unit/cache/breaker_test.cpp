#include "cache/breaker.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace tenon;
using std::chrono::seconds;

TEST_CASE("breaker: a failure closes the way until a trial went well") {
  const Breaker::Time start{};
  Breaker breaker;
  CHECK(breaker.closed());
  CHECK_FALSE(breaker.wants_trial(start));
  breaker.failed(start);
  CHECK_FALSE(breaker.closed());
  CHECK_FALSE(breaker.wants_trial(start + seconds(1)));
  CHECK(breaker.wants_trial(start + seconds(2)));
  breaker.well(start + seconds(2));
  CHECK(breaker.closed());
}

TEST_CASE("breaker: the pause doubles up to a minute, and starts again after a minute of work") {
  Breaker::Time now{};
  Breaker breaker;
  for (const int pause : {2, 4, 8, 16, 32, 60, 60}) {
    CAPTURE(pause);
    breaker.failed(now);
    CHECK_FALSE(breaker.wants_trial(now + seconds(pause - 1)));
    CHECK(breaker.wants_trial(now + seconds(pause)));
    now += seconds(pause);
  }
  breaker.well(now);
  breaker.failed(now + seconds(10));
  CHECK_FALSE(breaker.wants_trial(now + seconds(69)));
  breaker.well(now + seconds(70));
  breaker.failed(now + seconds(200));
  CHECK(breaker.wants_trial(now + seconds(202)));
}
