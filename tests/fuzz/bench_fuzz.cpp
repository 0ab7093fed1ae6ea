// The readers of tenon bench. The first byte, a digit in the seeds, chooses: gates, output of go
// test, a result file, a URL, responses of a server in two cuts, a column of samples.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bench/gate/gate.h"
#include "bench/gotext/gotext.h"
#include "bench/http/http.h"
#include "bench/http/runtime_figures.h"
#include "bench/judge/judge.h"
#include "bench/results/results.h"
#include "bench/show/show.h"
#include "diag/render/render.h"

namespace {

using namespace tenon;

void check(bool holds) {
  if (!holds) __builtin_trap();
}

void gates(std::string_view text) {
  const auto read = bench::parse_gates(text);
  if (!read) {
    check(read.error().column >= 1 && read.error().column <= text.size() + 1);
    check(!read.error().message.empty());
    return;
  }
  for (const bench::Gate& gate : *read) {
    check(gate.limit > -1 && gate.limit <= 100 && gate.metric.q > 0 && gate.metric.q < 1);
  }
}

void results(std::string_view text) {
  const auto data = parse_data(text);
  if (!data) return;
  const auto read = bench::results_from(*data);
  if (!read) return;
  bench::JudgeRequest request;
  request.resamples = 20;
  request.plan = false;
  std::size_t samples = 0;
  for (const bench::Series& one : read->series) samples += one.a.size() + one.b.size();
  if (samples > 2000) return;
  const bench::Judgement judgement = bench::judge(*read, request);
  (void)bench::table_text(judgement);
  for (const bench::Row& row : judgement.rows) {
    check(row.ratio.method == bench::Method::none || row.ratio.low <= row.ratio.high);
  }
  // What was read is written, and read again the same.
  const auto again = parse_data(render_data(bench::results_data(*read)));
  check(again.has_value());
  const auto same = bench::results_from(*again);
  check(same.has_value() && same->series.size() == read->series.size());
  for (std::size_t i = 0; i < same->series.size(); ++i) {
    check(same->series[i].a == read->series[i].a);
  }
}

// Where a response ends does not depend on how its bytes come.
void responses(std::string_view text) {
  bench::ResponseReader whole;
  const std::size_t taken = whole.take(text);
  check(taken <= text.size());
  bench::ResponseReader parts;
  const std::size_t middle = text.size() / 2;
  std::size_t at = parts.take(text.substr(0, middle));
  if (at == middle) at += parts.take(text.substr(middle));
  check(at == taken && parts.done() == whole.done() && parts.broken() == whole.broken());
  whole.closed();
  check(whole.done() || whole.broken());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 7) {
    case 0: gates(text); break;
    case 1: (void)bench::read_go_text(text); break;
    case 2: results(text); break;
    case 3:
      if (const auto url = bench::parse_url(text)) (void)bench::request_text(*url, {});
      break;
    case 4: responses(text); break;
    case 5: (void)bench::runtime_figures("HTTP/1.0 200 OK\r\n\r\n" + std::string(text)); break;
    default:
      if (const auto column = bench::column_from(text)) {
        for (const double one : *column) check(std::isfinite(one) && one >= 0);
      }
  }
  return 0;
}
