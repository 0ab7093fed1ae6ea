#include "cache/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

constexpr std::string_view names[] = {"hit", "miss", "uncached"};

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') out += c;
  }
  return out;
}

void count(const UsageLine& line, ToolUsage& out) {
  switch (line.how) {
    case UsageLine::How::hit:
      ++out.hits;
      if (line.reason == "remote") ++out.remote;
      return;
    case UsageLine::How::miss: ++out.misses; return;
    case UsageLine::How::uncached: ++out.uncached[line.reason]; return;
  }
}

}  // namespace

std::string usage_text(const UsageLine& line) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", names[static_cast<std::size_t>(line.how)],
                     line.time, line.bytes, plain(line.tool), plain(line.reason), plain(line.key),
                     plain(line.subject), plain(line.detail));
}

std::vector<UsageLine> parse_usage(std::string_view text) {
  std::vector<UsageLine> out;
  for (const std::string_view line : split(text, '\n')) {
    const auto parts = split(line, '\t');
    if (parts.size() != 8) continue;
    const auto name = std::ranges::find(names, parts[0]);
    const auto time = parse_number(parts[1]);
    const auto bytes = parse_number(parts[2]);
    if (name == std::end(names) || !time || !bytes) continue;
    out.push_back({.how = static_cast<UsageLine::How>(name - std::begin(names)),
                   .time = static_cast<std::int64_t>(*time),
                   .bytes = *bytes,
                   .tool = std::string(parts[3]),
                   .reason = std::string(parts[4]),
                   .key = std::string(parts[5]),
                   .subject = std::string(parts[6]),
                   .detail = std::string(parts[7])});
  }
  return out;
}

UsageSum sum_usage(const std::vector<UsageLine>& lines) {
  UsageSum out;
  for (const UsageLine& line : lines) {
    if (out.since == 0 || line.time < out.since) out.since = line.time;
    count(line, out.all);
    count(line, out.tools[line.tool.empty() ? "unknown" : line.tool]);
  }
  return out;
}

std::vector<StoredFile> files_to_remove(std::vector<StoredFile> files, std::uint64_t quota) {
  std::ranges::stable_sort(files, std::ranges::greater(), &StoredFile::used_ns);
  std::uint64_t kept = 0;
  const auto full = std::ranges::find_if(files, [&](const StoredFile& file) {
    if (file.size > quota - kept) return true;
    kept += file.size;
    return false;
  });
  files.erase(files.begin(), full);
  return files;
}

HitCurve hit_curve(const std::vector<UsageLine>& lines) {
  HitCurve out;
  struct Result {
    std::string key;
    std::uint64_t bytes;
  };
  std::list<Result> stack;  // the latest first
  std::map<std::string, std::list<Result>::iterator> places;
  std::map<std::uint64_t, std::uint64_t> needed;  // capacity -> hits that need it
  for (const UsageLine& line : lines) {
    if (line.how == UsageLine::How::uncached || line.key.empty() || line.bytes == 0) continue;
    ++out.asked;
    out.largest = std::max(out.largest, line.bytes);
    if (const auto known = places.find(line.key); known != places.end()) {
      std::uint64_t distance = line.bytes;
      for (auto each = stack.begin(); each != known->second; ++each) distance += each->bytes;
      ++needed[distance];
      stack.erase(known->second);
    }
    stack.push_front({line.key, line.bytes});
    places[line.key] = stack.begin();
  }
  std::uint64_t hits = 0;
  for (const auto& [capacity, count] : needed) {
    hits += count;
    out.points.push_back({capacity, hits});
  }
  return out;
}

}  // namespace tenon
