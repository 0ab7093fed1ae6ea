#include "bench/run/programs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "bench/results/results.h"
#include "bench/run/subject.h"
#include "bench/show/show.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/progress.h"
#include "host/measured_run.h"

namespace tenon::bench {
namespace {

using Clock = std::chrono::steady_clock;

MeasuredCommand command_of(const Subject& subject, const ProgramsRequest& request) {
  MeasuredCommand out;
  out.argv = subject.prefix;
  out.argv.push_back(subject.side.path);
  out.argv.insert(out.argv.end(), request.arguments.begin(), request.arguments.end());
  out.environment = request.environment;
  out.processors = request.processors;
  out.deadline = request.timeout;
  return out;
}

std::string how_it_ended(const MeasuredRun& run) {
  if (run.timed_out) return "the time limit of --timeout";
  if (run.signal != 0) return "signal " + std::to_string(run.signal);
  return "exit code " + std::to_string(run.code);
}

// One figure of a run, in the order of the series.
struct Figure {
  const char* name;
  const char* unit;
  double (*of)(const MeasuredRun& run);
};

constexpr Figure figures[] = {
    {"time", "ns", [](const MeasuredRun& run) { return static_cast<double>(run.wall_ns); }},
    {"user", "ns", [](const MeasuredRun& run) { return static_cast<double>(run.user_ns); }},
    {"system", "ns", [](const MeasuredRun& run) { return static_cast<double>(run.system_ns); }},
    {"cpu", "ns",
     [](const MeasuredRun& run) { return static_cast<double>(run.user_ns + run.system_ns); }},
    {"rss", "B", [](const MeasuredRun& run) { return static_cast<double>(run.peak_bytes); }},
    {"faults", "",
     [](const MeasuredRun& run) {
       return static_cast<double>(run.minor_faults + run.major_faults);
     }},
    {"start", "ns",
     [](const MeasuredRun& run) {
       return static_cast<double>(run.first_output_ns.value_or(run.wall_ns));
     }},
};

class Measurement {
 public:
  Measurement(const ProgramsRequest& request, Progress& progress)
      : request_(request),
        progress_(progress),
        a_(command_of(request.a, request)),
        b_(command_of(request.b, request)) {}

  Outcome<ProgramsEnd> run() {
    prepare();
    if (auto failed = warm_up()) return std::unexpected(*std::move(failed));
    plan();
    if (auto failed = measure_pairs()) return std::unexpected(*std::move(failed));
    out_.results.after = this_moment();
    out_.results.complete = !out_.interrupted;
    progress_.clear_status();
    return std::move(out_);
  }

 private:
  void prepare() {
    Results& results = out_.results;
    results.kind = "runs";
    results.a = request_.a.side;
    results.b = request_.b.side;
    results.a.command = a_.argv;
    results.b.command = b_.argv;
    results.machine = this_machine_facts();
    results.before = this_moment();
    for (const int one : request_.processors) results.pinned.push_back(std::to_string(one));
    for (const Figure& one : figures)
      results.series.push_back({"", one.name, one.unit, true, false, {}, {}});
    results.series.push_back({"",
                              "size",
                              "B",
                              true,
                              true,
                              {static_cast<double>(results.a.size)},
                              {static_cast<double>(results.b.size)}});
  }

  // One run; a finding when it ends the measurement.
  std::optional<Finding> one_run(bool of_b, MeasuredRun& run) {
    const auto& command = of_b ? b_ : a_;
    auto measured = measure(command);
    const std::string& label = of_b ? request_.b.side.label : request_.a.side.label;
    const std::string number = std::to_string(++started_);
    if (!measured) {
      return make_finding(Code::bench_program_failed,
                          {{"program", label},
                           {"run", number},
                           {"how", std::string(measured.error().what) + ": " +
                                       std::string(errc_name(measured.error().code))}},
                          label);
    }
    run = *std::move(measured);
    if (run.interrupted) {
      out_.interrupted = true;
    } else if (run.timed_out || (!run.ok() && !request_.ignore_status)) {
      Finding out =
          make_finding(Code::bench_program_failed,
                       {{"program", label}, {"run", number}, {"how", how_it_ended(run)}}, label);
      if (!run.error_end.empty()) {
        out.evidence.push_back({Evidence::Kind::log, label, run.error_end});
      }
      return out;
    }
    return std::nullopt;
  }

  // A and B, the second of them first in every other pair.
  std::optional<Finding> one_pair(std::size_t number, MeasuredRun& a, MeasuredRun& b) {
    const bool b_first = number % 2 == 1;
    for (const bool of_b : {b_first, !b_first}) {
      if (auto failed = one_run(of_b, of_b ? b : a)) return failed;
      if (out_.interrupted) return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Finding> warm_up() {
    constexpr std::size_t most = 5;
    MeasuredRun a;
    MeasuredRun b;
    while (out_.warm_up < most && !out_.interrupted) {
      const auto before_a = a.wall_ns;
      const auto before_b = b.wall_ns;
      progress_.status(shown_format("warm-up, pair {}", out_.warm_up + 1));
      if (auto failed = one_pair(out_.warm_up, a, b)) return failed;
      ++out_.warm_up;
      pair_ns_ = a.wall_ns + b.wall_ns;
      const bool falls = before_a == 0 ||
                         static_cast<double>(a.wall_ns) < 0.95 * static_cast<double>(before_a) ||
                         static_cast<double>(b.wall_ns) < 0.95 * static_cast<double>(before_b);
      // A slow program is not run again only to see whether it still gets faster.
      if ((!falls && out_.warm_up > 1) || pair_ns_ > 5'000'000'000) break;
    }
    return std::nullopt;
  }

  void plan() {
    out_.planned = request_.pairs;
    if (out_.planned != 0) return;
    const double budget = std::chrono::duration<double, std::nano>(request_.time).count();
    const double fits = budget / std::max(1.0, static_cast<double>(pair_ns_));
    out_.planned = static_cast<std::size_t>(std::clamp(fits, 10.0, 1000.0));
  }

  void keep(const MeasuredRun& a, const MeasuredRun& b) {
    for (std::size_t i = 0; i < std::size(figures); ++i) {
      out_.results.series[i].a.push_back(figures[i].of(a));
      out_.results.series[i].b.push_back(figures[i].of(b));
    }
    ++out_.done;
  }

  void tell() {
    const auto now = Clock::now();
    if (now - told_ < std::chrono::milliseconds(200)) return;
    told_ = now;
    const Series& time = out_.results.series.front();
    progress_.status(shown_format("pair {} of {}: A {}, B {}", out_.done, out_.planned,
                                  value_text(time.a.back(), "ns"),
                                  value_text(time.b.back(), "ns")));
  }

  // The count of pairs at which look `number` is due.
  [[nodiscard]] std::size_t due(std::size_t number) const {
    return static_cast<std::size_t>(
        std::ceil(request_.looks[number] * static_cast<double>(out_.planned) - 1e-9));
  }

  std::optional<Finding> measure_pairs() {
    MeasuredRun a;
    MeasuredRun b;
    while (out_.done < out_.planned && !out_.interrupted) {
      if (auto failed = one_pair(out_.done, a, b)) return failed;
      if (out_.interrupted) break;
      keep(a, b);
      tell();
      if (out_.done < out_.planned && out_.done >= due(out_.look)) {
        if (request_.decided && request_.decided(out_.results, out_.look)) break;
        ++out_.look;
      }
    }
    return std::nullopt;
  }

  const ProgramsRequest& request_;
  Progress& progress_;
  MeasuredCommand a_, b_;
  ProgramsEnd out_;
  std::size_t started_ = 0;
  std::int64_t pair_ns_ = 0;
  Clock::time_point told_;
};

}  // namespace

Outcome<ProgramsEnd> run_programs(const ProgramsRequest& request, Progress& progress) {
  return Measurement(request, progress).run();
}

}  // namespace tenon::bench
