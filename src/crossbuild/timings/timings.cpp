#include "crossbuild/timings/timings.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/path.h"
#include "crossbuild/trace.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon {
namespace {

constexpr std::int64_t second = 1'000'000;  // in microseconds

// Digits of a fixed place.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int out = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

// "Z", "+01:00", "-03:30" as microseconds.
std::optional<std::int64_t> zone_of(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
  if (!hours || !minutes) return std::nullopt;
  const std::int64_t out = (*hours * 3600LL + *minutes * 60LL) * second;
  return text[0] == '-' ? -out : out;
}

std::string text_of(const Data& action, std::string_view key) {
  const Data* value = wire::find(action, key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->value());
  return text == nullptr ? std::string() : *text;
}

// Empty for what is not shown: the C compiles of go (since 1.25 actions of their own), which the
// trace has with what the cache did for them, and what only collects results of others.
std::string_view kind_of(std::string_view mode) {
  if (mode == "build") return "package";
  if (mode == "link") return "link";
  if (mode == "cgo run") return "cgo";
  const bool hidden = mode.starts_with("cgo compile ") || mode == "build check cache" ||
                      mode == "collect cgo" || mode == "nop" || mode == "built-in package";
  return hidden ? "" : "other";
}

void add_actions(std::string_view graph, std::vector<TimedWork>& out) {
  const auto document = parse_data(graph);
  if (!document) return;
  const auto* actions = std::get_if<Data::Array>(&document->value());
  if (actions == nullptr) return;
  for (const Data& action : *actions) {
    const auto start = go_time(text_of(action, "TimeStart"));
    const auto end = go_time(text_of(action, "TimeDone"));
    if (!start || !end || *end <= *start) continue;
    const std::string mode = text_of(action, "Mode");
    const std::string_view kind = kind_of(mode);
    if (kind.empty()) continue;
    std::string name = text_of(action, "Package");
    if (name.empty()) name = mode;
    out.push_back({{}, std::string(kind), std::move(name), *start, *end});
  }
}

// The last folder of the package, and the file.
std::string place_of(const TraceRecord& record) {
  const std::string file(base_name(record.file));
  return record.folder.empty() ? file : std::string(base_name(record.folder)) + "/" + file;
}

// A process may end and its number come back: each start takes the first end behind it.
void add_calls(const std::vector<TraceRecord>& trace, std::vector<TimedWork>& out) {
  using Kind = TraceRecord::Kind;
  std::map<std::int64_t, TimedWork> open;
  for (const TraceRecord& record : trace) {
    const bool hit = record.kind == Kind::cache && record.reason == "hit";
    if (const auto found = open.find(record.process); hit && found != open.end()) {
      found->second.kind = "cached";
    }
    if (record.kind == Kind::compile || record.kind == Kind::link) {
      const bool compile = record.kind == Kind::compile;
      open[record.process] = {{}, compile ? "compile" : "ld", place_of(record), record.time, 0};
    }
    if (record.kind != Kind::done) continue;
    const auto found = open.find(record.process);
    if (found == open.end()) continue;
    TimedWork work = std::move(found->second);
    open.erase(found);
    work.end = record.time;
    if (work.start > 0 && work.end > work.start) out.push_back(std::move(work));
  }
}

}  // namespace

std::optional<std::int64_t> go_time(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), sec = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !sec || *year < 1970) return std::nullopt;
  std::size_t at = 19;
  std::int64_t micro = 0;
  if (at < text.size() && text[at] == '.') {
    std::int64_t unit = second / 10;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      micro += unit * (text[at] - '0');
    }
  }
  const auto zone = zone_of(text.substr(std::min(at, text.size())));
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!zone || !date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + *hour * 3600LL + *minute * 60LL + *sec;
  return seconds * second + micro - *zone;
}

std::vector<TimedWork> timed_work(std::string_view action_graph,
                                  const std::vector<TraceRecord>& trace) {
  std::vector<TimedWork> out;
  add_calls(trace, out);
  add_actions(action_graph, out);
  std::ranges::stable_sort(out, {}, &TimedWork::start);
  return out;
}

Data timings_data(const std::vector<TimedWork>& work) {
  Data out = Data::array();
  const auto first = std::ranges::min_element(work, {}, &TimedWork::start);
  for (const TimedWork& one : work) {
    Data row = Data::object();
    row.add("target", one.target);
    row.add("kind", one.kind);
    row.add("name", one.name);
    row.add("start_ms", static_cast<double>(one.start - first->start) / 1000);
    row.add("duration_ms", static_cast<double>(one.duration()) / 1000);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace tenon
