// The matrix of cgo, link modes and C libraries.
#include "bench/matrix/matrix.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "bench/run/build_matrix.h"
#include "cli/bench/bench.h"
#include "cli/html_file.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"
#include "host/system.h"

namespace tenon {
namespace {

std::string variant_names() {
  std::string out;
  for (const bench::Variant& one : bench::matrix_variants(system_name().system)) {
    out += (out.empty() ? "" : ", ") + std::string(one.name);
  }
  return out;
}

bool is_variant(std::string_view name) {
  return std::ranges::any_of(bench::matrix_variants(system_name().system),
                             [&](const bench::Variant& one) { return one.name == name; });
}

}  // namespace

int bench_matrix(const Arguments& arguments, Term& term, Report& report, BenchOptions& options) {
  bench::MatrixRequest request;
  if (arguments.positional.size() > 2) return usage(term, report, "matrix takes one package");
  request.package = arguments.positional.size() == 2 ? arguments.positional[1] : ".";
  const std::string only = arguments.get("--only");
  for (const std::string_view name : split(only, ',')) {
    if (name.empty()) continue;
    if (!is_variant(name)) {
      return usage(term, report, "--only takes " + variant_names());
    }
    request.only.emplace_back(name);
  }
  const auto runs = number_option(arguments, "--runs", 0, 1, 1'000'000);
  if (!runs) return usage(term, report, runs.error());
  const auto time = duration_option(arguments, "--for", "20s");
  if (!time) return usage(term, report, time.error());
  const auto timeout = duration_option(arguments, "--timeout", "1m");
  if (!timeout) return usage(term, report, timeout.error());
  request.arguments = arguments.behind;
  request.runs = *runs;
  request.time = *time;
  request.timeout = *timeout;
  request.processors = options.processors;
  auto end = bench::run_matrix(request, term);
  if (!end) return usage(term, report, std::move(end).error());
  report.findings = std::move(end->findings);
  report.data = bench::matrix_data(end->matrix);
  report.text = bench::matrix_text(end->matrix);
  const std::string page = arguments.get("--html");
  if (!page.empty()) {
    if (auto bad = write_page(page, bench::matrix_page(end->matrix), report)) {
      return usage(term, report, *std::move(bad));
    }
  }
  report.ok = !end->matrix.rows.empty() && !end->interrupted;
  if (end->interrupted) return term.finish(report, exit_interrupted);
  return term.finish(report, report.ok ? exit_ok : exit_undecided);
}

}  // namespace tenon
