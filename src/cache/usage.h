// What a cache was asked, a line for each call, and what follows from it. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

struct UsageLine {
  enum class How : unsigned char { hit, miss, uncached };
  How how = How::miss;
  std::int64_t time = 0;     // seconds since the epoch
  std::uint64_t bytes = 0;   // of the result
  std::string tool = {};     // "gcc", "zig", "go"
  std::string reason = {};   // why it was not kept; of a hit "remote": where it was found
  std::string key = {};      // digest; empty when there is none
  std::string subject = {};  // source file or kind of action
  std::string detail = {};   // the flag, file or variable that is the reason
};

// With its line end; parts are separated by tabs, and what would break a line is left out.
[[nodiscard]] std::string usage_text(const UsageLine& line);
// Lines that are none are passed over: a line may be cut.
[[nodiscard]] std::vector<UsageLine> parse_usage(std::string_view text);

struct ToolUsage {
  std::uint64_t hits = 0, misses = 0;
  std::uint64_t remote = 0;                       // of the hits, those that came from the network
  std::map<std::string, std::uint64_t> uncached;  // by reason

  static void fields(auto& x, auto visit) {
    visit("hits", x.hits);
    visit("misses", x.misses);
    visit("remote", x.remote);
    visit("uncacheable", x.uncached);
  }
};

struct UsageSum {
  ToolUsage all;
  std::map<std::string, ToolUsage> tools;
  std::int64_t since = 0;  // 0 when nothing was asked
};
[[nodiscard]] UsageSum sum_usage(const std::vector<UsageLine>& lines);

// What a folder of the cache holds.
struct StoredFile {
  std::string path;
  std::uint64_t size = 0;
  std::int64_t used_ns = 0;  // last use
};

// The files to take away so that the rest has at most `quota` bytes: the least lately used go
// first.
[[nodiscard]] std::vector<StoredFile> files_to_remove(std::vector<StoredFile> files,
                                                      std::uint64_t quota);

// Hits of an LRU cache of each capacity, from the order of what was asked: a result that comes
// again is found when the bytes of the different results since its last use, itself included, fit.
struct HitPoint {
  std::uint64_t capacity = 0;  // bytes
  std::uint64_t hits = 0;      // of `asked`
};
struct HitCurve {
  std::uint64_t asked = 0;
  std::uint64_t largest = 0;  // the largest result: below it the curve does not hold
  std::vector<HitPoint> points;
};
[[nodiscard]] HitCurve hit_curve(const std::vector<UsageLine>& lines);

}  // namespace tenon
