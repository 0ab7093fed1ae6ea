#include "cache/usage.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <list>
#include <random>
#include <string>
#include <vector>

using namespace tenon;
using How = UsageLine::How;

namespace {

// An LRU cache of bytes, replayed: the oracle of the hit curve.
std::uint64_t replay(const std::vector<UsageLine>& lines, std::uint64_t capacity) {
  std::list<UsageLine> kept;
  std::uint64_t bytes = 0;
  std::uint64_t hits = 0;
  for (const UsageLine& line : lines) {
    bool hit = false;
    for (auto each = kept.begin(); each != kept.end(); ++each) {
      if (each->key != line.key) continue;
      hit = true;
      bytes -= each->bytes;
      kept.erase(each);
      break;
    }
    if (hit) ++hits;
    kept.push_front(line);
    bytes += line.bytes;
    while (bytes > capacity) {
      bytes -= kept.back().bytes;
      kept.pop_back();
    }
  }
  return hits;
}

std::uint64_t on_curve(const HitCurve& curve, std::uint64_t capacity) {
  std::uint64_t hits = 0;
  for (const HitPoint& point : curve.points) {
    if (point.capacity <= capacity) hits = point.hits;
  }
  return hits;
}

}  // namespace

TEST_CASE("usage: a line comes back, and a name cannot make another line") {
  const UsageLine line{.how = How::uncached,
                       .time = 1'700'000'000,
                       .bytes = 42,
                       .tool = "gcc",
                       .reason = "flag",
                       .key = "ab",
                       .subject = "x\ty\nhit\t1\t1\t\t\t\t"};
  const auto back = parse_usage(usage_text(line));
  REQUIRE(back.size() == 1);
  CHECK(back[0].how == How::uncached);
  CHECK(back[0].bytes == 42);
  CHECK(back[0].reason == "flag");
  CHECK(back[0].subject == "xyhit11");
}

TEST_CASE("usage: a line that was cut is passed over") {
  const std::string text = usage_text({.how = How::hit, .time = 5, .bytes = 1, .tool = "zig"});
  CHECK(parse_usage(text.substr(0, 6) + "\n" + text).size() == 1);
}

TEST_CASE("usage: sums by tool and reason") {
  const UsageSum sum =
      sum_usage({{.how = How::hit, .time = 9, .tool = "gcc"},
                 {.how = How::miss, .time = 7, .tool = "gcc"},
                 {.how = How::uncached, .time = 8, .tool = "zig", .reason = "flag"}});
  CHECK(sum.all.hits == 1);
  CHECK(sum.all.misses == 1);
  CHECK(sum.all.uncached.at("flag") == 1);
  CHECK(sum.tools.at("gcc").misses == 1);
  CHECK(sum.since == 7);
}

TEST_CASE(
    "usage: the hit curve is what a replay counts, at each capacity from the largest result on") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<UsageLine> lines;
    for (int i = 0; i < 600; ++i) {
      const auto key = static_cast<unsigned>(random() % 60);
      lines.push_back({.how = How::hit, .bytes = 1 + key * 37 % 200, .key = std::to_string(key)});
    }
    const HitCurve curve = hit_curve(lines);
    CHECK(curve.asked == 600);
    for (std::uint64_t capacity = curve.largest; capacity < 8000; capacity += 97) {
      CAPTURE(capacity);
      CHECK(on_curve(curve, capacity) == replay(lines, capacity));
    }
  }
}

TEST_CASE("usage: the least lately used go first, and the rest holds the limit") {
  const auto gone = files_to_remove({{"a", 40, 1}, {"b", 40, 3}, {"c", 40, 2}}, 100);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].path == "a");
  CHECK(files_to_remove({{"a", 40, 1}}, 0).size() == 1);
  CHECK(files_to_remove({{"a", 40, 1}}, 40).empty());
}
