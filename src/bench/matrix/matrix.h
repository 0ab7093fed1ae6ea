// The questions about cgo on one's own program: what does C cost, and what does each way to link
// it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "bench/results/results.h"
#include "bench/stats/ratio.h"
#include "diag/report.h"

namespace tenon::bench {

// A way to build and run the program.
struct Variant {
  std::string_view name;   // "nocgo", as --only takes it
  std::string_view title;  // "CGO_ENABLED=0"
};

// What is built on a system ("Darwin", "Linux"). The first one that can be built is what the others
// are compared with.
[[nodiscard]] std::span<const Variant> matrix_variants(std::string_view system);

// One figure of one variant.
struct MatrixCell {
  std::string metric, unit;
  double value = 0;          // the median
  double low = 0, high = 0;  // its bounds from order statistics; 0: none
  Ratio ratio;               // of logarithms, against the first variant
};

struct MatrixRow {
  std::string name, title;
  Side side;
  std::size_t runs = 0;
  std::vector<MatrixCell> cells;
};

struct Matrix {
  std::string package;
  Machine machine;
  std::vector<MatrixRow> rows;
  std::vector<std::pair<std::string, std::string>> skipped;  // variant, reason
};

// Samples of one variant, a column for each figure.
struct MatrixSamples {
  std::string name, title;
  Side side;
  std::vector<double> time, start, rss;
};

// All variants were run in turn, so the i-th samples belong together.
[[nodiscard]] std::vector<MatrixRow> matrix_rows(const std::vector<MatrixSamples>& samples);

[[nodiscard]] Shown matrix_text(const Matrix& matrix);
[[nodiscard]] Data matrix_data(const Matrix& matrix);
// One file without scripts or links to other files; names are escaped.
[[nodiscard]] std::string matrix_page(const Matrix& matrix);

}  // namespace tenon::bench
