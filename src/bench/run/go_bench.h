// Benchmarks of go test on two sides: directories with two versions of a module, two go commands,
// or the text that go test -bench printed before.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "bench/results/results.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon::bench {

struct GoBenchRequest {
  std::string package;  // "./codec"
  std::string a, b;
  std::string pattern = ".";
  std::string benchtime;  // empty: go's own
  std::size_t count = 10;
  std::chrono::milliseconds timeout{600'000};  // of one run of all benchmarks
  std::vector<int> processors;
};

struct GoBenchEnd {
  Results results;
  std::size_t done = 0;
  bool interrupted = false;
};

// Each side is built once (`go test -c`); then the two run in turn, A B B A, once each time.
[[nodiscard]] Outcome<GoBenchEnd> run_go_bench(const GoBenchRequest& request, Progress& progress);

}  // namespace tenon::bench
