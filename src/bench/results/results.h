// What a measurement leaves: all samples, what was measured, and on which machine.
//
// The file is JSON. Samples stand in strings, "1203456 1198002 ...", one for each side of a figure:
// an array of a million JSON numbers takes many times the memory. Times are nanoseconds, sizes
// bytes. Reading trusts nothing: a number that is not one, sides of different lengths in a paired
// figure, and more than 64 Mi samples are malformed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "diag/report.h"

namespace tenon::bench {

// A program, a URL or a text of go test.
struct Side {
  std::string label;  // as the user named it
  std::string path;   // of the file; empty: not a file
  std::string sha256;
  std::int64_t size = 0;
  std::string arch;       // GOARCH of the file, "script", empty: not known
  std::string execution;  // "native", "translated (Rosetta)", "emulated (qemu-user)"
  std::vector<std::string> command;

  static void fields(auto& x, auto visit) {
    visit("label", x.label);
    visit("path", x.path);
    visit("sha256", x.sha256);
    visit("size", x.size);
    visit("arch", x.arch);
    visit("execution", x.execution);
    visit("command", x.command);
  }
};

// What makes two results comparable.
struct Machine {
  std::string system, arch, kernel, processor;
  std::uint32_t processors = 0;
  std::int64_t memory = 0;  // bytes
  std::string governor;     // of the first processor; empty: none

  static void fields(auto& x, auto visit) {
    visit("system", x.system);
    visit("arch", x.arch);
    visit("kernel", x.kernel);
    visit("processor", x.processor);
    visit("processors", x.processors);
    visit("memory", x.memory);
    visit("governor", x.governor);
  }
};

// The machine at one moment.
struct Moment {
  std::string time;                       // "2026-01-31", UTC
  std::uint32_t load_percent = 0;         // load of the last minute, in percent of one processor
  std::optional<std::int64_t> throttles;  // since the start of the system
  std::optional<std::uint32_t> frequency_mhz;

  static void fields(auto& x, auto visit) {
    visit("time", x.time);
    visit("load_percent", x.load_percent);
    visit("throttles", x.throttles);
    visit("frequency_mhz", x.frequency_mhz);
  }
};

// One figure of both sides.
struct Series {
  std::string group;  // the benchmark of go test; empty elsewhere
  std::string name;   // "time", "rss"
  std::string unit;   // "ns", "B", ""
  bool paired = false;
  bool exact = false;  // does not vary: the size of a file
  std::vector<double> a, b;
};

struct Results {
  std::string kind;      // "runs", "http", "go-bench", "samples"
  bool complete = true;  // false: stopped before its end
  Side a, b;
  Machine machine;
  Moment before, after;
  std::vector<std::string> pinned;  // processors that the programs were bound to
  std::vector<Series> series;
  Data snapshot;  // of the machine, as of `tenon doctor`; null: none
  Data details;   // of the kind: rates, failures

  [[nodiscard]] const Series* find(std::string_view group, std::string_view name) const;
};

[[nodiscard]] Data results_data(const Results& results);
[[nodiscard]] Result<Results> results_from(const Data& data);

// "1203456 1198002"
[[nodiscard]] std::string column_text(const std::vector<double>& values);
// Numbers between blanks or lines. Not finite or negative: malformed.
[[nodiscard]] Result<std::vector<double>> column_from(std::string_view text);

// What differs between two machines, for people; empty: nothing.
[[nodiscard]] std::string machine_difference(const Machine& a, const Machine& b);

}  // namespace tenon::bench
