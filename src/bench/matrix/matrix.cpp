#include "bench/matrix/matrix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "bench/results/results.h"
#include "bench/show/show.h"
#include "bench/stats/quantile.h"
#include "bench/stats/ratio.h"
#include "diag/report.h"
#include "diag/wire.h"

namespace tenon::bench {
namespace {

struct Figure {
  std::string_view name, unit;
  std::vector<double> MatrixSamples::* of;
};

constexpr std::array figures{Figure{"time", "ns", &MatrixSamples::time},
                             Figure{"start", "ns", &MatrixSamples::start},
                             Figure{"rss", "B", &MatrixSamples::rss}};

constexpr std::array linux_variants{Variant{"external", "cgo, external link, glibc"},
                                    Variant{"internal", "cgo, internal link, glibc"},
                                    Variant{"nocgo", "CGO_ENABLED=0"},
                                    Variant{"musl", "cgo, static, musl"},
                                    Variant{"emulated", "cgo, musl, other processor, emulated"}};

constexpr std::array darwin_variants{
    Variant{"external", "cgo, external link"}, Variant{"internal", "cgo, internal link"},
    Variant{"nocgo", "CGO_ENABLED=0"}, Variant{"translated", "cgo, amd64 under Rosetta"}};

MatrixCell cell_of(std::string_view name, std::string_view unit, const std::vector<double>& values,
                   const std::vector<double>& first) {
  MatrixCell out{std::string(name), std::string(unit), 0, 0, 0, {}};
  std::vector<double> sorted = values;
  std::ranges::sort(sorted);
  out.value = sorted_quantile(sorted, 0.5);
  const OrderBounds bounds = order_bounds(sorted.size(), 0.5, 0.025);
  if (bounds.low && bounds.high) {
    out.low = sorted[*bounds.low];
    out.high = sorted[*bounds.high];
  }
  out.ratio = ratio_interval({first, values, first.size() == values.size()}, {.q = 0.5});
  return out;
}

// Runs in a second, of the time of a run.
MatrixCell throughput_of(const MatrixCell& time) {
  MatrixCell out = time;
  out.metric = "throughput";
  out.unit = "/s";
  out.value = 1e9 / time.value;
  out.low = time.high > 0 ? 1e9 / time.high : 0;
  out.high = time.low > 0 ? 1e9 / time.low : 0;
  out.ratio.estimate = -time.ratio.estimate;
  out.ratio.low = -time.ratio.high;
  out.ratio.high = -time.ratio.low;
  return out;
}

MatrixCell size_of(const Side& side, const Side& first) {
  const auto value = static_cast<double>(side.size);
  const double ratio = std::log(value / static_cast<double>(first.size));
  return {"size", "B", value, value, value, {ratio, ratio, ratio, Method::exact}};
}

std::string cell_text(const MatrixCell& cell, bool first) {
  std::string out = value_text(cell.value, cell.unit);
  if (first) return out;
  out += " (" + change_text(cell.ratio.estimate);
  if (cell.ratio.method != Method::exact && cell.ratio.method != Method::none) {
    out += ", " + change_text(cell.ratio.low) + " to " + change_text(cell.ratio.high);
  }
  return out + ")";
}

}  // namespace

std::span<const Variant> matrix_variants(std::string_view system) {
  if (system == "Darwin") return darwin_variants;
  return linux_variants;
}

std::vector<MatrixRow> matrix_rows(const std::vector<MatrixSamples>& samples) {
  std::vector<MatrixRow> out;
  for (const MatrixSamples& one : samples) {
    const MatrixSamples& first = samples.front();
    MatrixRow row{one.name, one.title, one.side, one.time.size(), {}};
    row.cells.push_back(size_of(one.side, first.side));
    for (const Figure& figure : figures) {
      if ((one.*figure.of).empty()) continue;
      row.cells.push_back(cell_of(figure.name, figure.unit, one.*figure.of, first.*figure.of));
      if (figure.name == "time") row.cells.push_back(throughput_of(row.cells.back()));
    }
    out.push_back(std::move(row));
  }
  return out;
}

Shown matrix_text(const Matrix& matrix) {
  Shown out =
      shown_format("{}, {} {}\n", matrix.package, matrix.machine.system, matrix.machine.arch);
  bool first = true;
  for (const MatrixRow& row : matrix.rows) {
    out += shown_format("{}: {}, {}, {} runs\n", row.name, row.title, row.side.execution, row.runs);
    for (const MatrixCell& cell : row.cells) {
      out += shown_format("  {:<11} {}\n", cell.metric, cell_text(cell, first));
    }
    first = false;
  }
  return out;
}

Data matrix_data(const Matrix& matrix) {
  Data rows = Data::array();
  const auto number = [](double value) { return std::isfinite(value) ? Data(value) : Data(); };
  for (const MatrixRow& row : matrix.rows) {
    Data one = Data::object();
    one.add("variant", row.name).add("title", row.title).add("side", wire::write(row.side));
    one.add("runs", static_cast<std::int64_t>(row.runs));
    Data cells = Data::object();
    for (const MatrixCell& cell : row.cells) {
      Data figures_of = Data::object();
      figures_of.add("unit", cell.unit).add("median", cell.value);
      figures_of.add("low", cell.low).add("high", cell.high);
      figures_of.add("ratio", number(std::exp(cell.ratio.estimate)));
      figures_of.add("ratio_low", number(std::exp(cell.ratio.low)));
      figures_of.add("ratio_high", number(std::exp(cell.ratio.high)));
      figures_of.add("method", method_name(cell.ratio.method));
      cells.add(cell.metric, std::move(figures_of));
    }
    one.add("figures", std::move(cells));
    rows.push(std::move(one));
  }
  Data out = Data::object();
  out.add("package", matrix.package).add("machine", wire::write(matrix.machine));
  out.add("rows", std::move(rows));
  Data skipped = Data::array();
  for (const auto& [name, reason] : matrix.skipped) {
    Data one = Data::object();
    one.add("variant", name).add("reason", reason);
    skipped.push(std::move(one));
  }
  out.add("skipped", std::move(skipped));
  return out;
}

}  // namespace tenon::bench
