// The output of `go test -bench` (format: golang.org/design/14313-benchmark-format): lines such as
// "BenchmarkEncode-8   1000   1234 ns/op   16 B/op   1 allocs/op", between lines of configuration
// ("pkg: example.com/x") and others, which are skipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::bench {

struct GoValue {
  std::string unit;  // "ns/op", "B/op", "allocs/op", "MB/s", or a metric of the benchmark's own
  double value = 0;
};

struct GoLine {
  std::string name;  // with its package where the text names one: "example.com/x.Encode-8"
  std::vector<GoValue> values;
};

struct GoText {
  std::vector<GoLine> lines;
  std::vector<std::string>
      broken;  // lines that begin as a benchmark and are not one: a panic, a cut
};

// At most a million lines count; errc::limit behind that.
[[nodiscard]] Result<GoText> read_go_text(std::string_view text);

// "ns/op" is "time", "B/op" "bytes", "allocs/op" "allocs"; others keep their name.
[[nodiscard]] std::string series_of_unit(std::string_view unit);

}  // namespace tenon::bench
