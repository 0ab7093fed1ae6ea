// Results to a file and back; output of go test; what a judgement says.
#include "bench/results/results.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "bench/gate/gate.h"
#include "bench/gotext/gotext.h"
#include "bench/judge/judge.h"
#include "bench/matrix/matrix.h"
#include "bench/show/show.h"
#include "bench/stats/random.h"
#include "diag/codes.h"
#include "diag/render/render.h"

namespace tenon::bench {
namespace {

Results results_with(double factor, std::size_t count) {
  Results out;
  out.kind = "runs";
  out.a.label = "a";
  out.b.label = "b";
  out.a.execution = out.b.execution = "native";
  Random random(3);
  Series time{"", "time", "ns", true, false, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    time.a.push_back(1e6 * (1 + 0.1 * random.uniform()));
    time.b.push_back(1e6 * factor * (1 + 0.1 * random.uniform()));
  }
  out.series = {time, {"", "size", "B", true, true, {1000}, {1010}}};
  return out;
}

JudgeRequest with_gates(const char* text) {
  JudgeRequest out;
  out.gates = *parse_gates(text);
  return out;
}

}  // namespace

TEST_CASE("results survive their file") {
  Results results = results_with(1.1, 20);
  results.machine = {"Linux", "amd64", "6.1", "a processor", 2, 1 << 30, ""};
  results.series[0].b[3] = 1234.5678;
  results.a.command = {"/bin/a", "x y"};
  results.after.throttles = 7;
  const auto data = parse_data(render_data(results_data(results)));
  REQUIRE(data.has_value());
  const auto back = results_from(*data);
  REQUIRE(back.has_value());
  CHECK(back->series[0].a == results.series[0].a);
  CHECK(back->series[0].b == results.series[0].b);
  CHECK(back->series[1].exact);
  CHECK(back->a.command == results.a.command);
  CHECK(back->after.throttles == 7);
  CHECK(machine_difference(back->machine, results.machine).empty());
  results.machine.processor = "another";
  CHECK(machine_difference(back->machine, results.machine) == "processor a processor and another");
}

TEST_CASE("damaged results are refused") {
  for (
      const char* text :
      {R"({})", R"({"format":"tenon-bench","version":2})",
       R"({"format":"tenon-bench","version":0})",
       R"({"format":"tenon-bench","version":1,"series":{}})",
       R"({"format":"tenon-bench","version":1,"series":[{"name":"t","a":"1 x","b":"1"}]})",
       R"({"format":"tenon-bench","version":1,"series":[{"name":"t","a":"1 -2","b":"1"}]})",
       R"({"format":"tenon-bench","version":1,"series":[{"name":"t","paired":true,"a":"1 2","b":"1"}]})",
       R"({"format":"tenon-bench","version":1,"series":[{"a":"1","b":"1"}]})",
       R"({"format":"tenon-bench","version":1,"a":[]})"}) {
    CAPTURE(text);
    const auto data = parse_data(text);
    REQUIRE(data.has_value());
    CHECK_FALSE(results_from(*data).has_value());
  }
}

TEST_CASE("a gate is held, broken or open") {
  const auto verdict = [](double factor, std::size_t count, const char* gates) {
    return judge(results_with(factor, count), with_gates(gates)).exit_code();
  };
  CHECK(verdict(1.0, 200, "time<=+5%") == 0);
  CHECK(verdict(1.2, 200, "time<=+5%") == 1);
  CHECK(verdict(1.05, 200, "time<=+5%") == 2);
  CHECK(verdict(1.0, 1, "time<=+5%") == 2);
  CHECK(verdict(2.0, 1, "time<=+5%") == 2);
  CHECK(verdict(1.0, 200, "size<=+1%") == 0);
  CHECK(verdict(1.0, 200, "size<=+0.5%") == 1);
  CHECK(verdict(1.0, 200, "rss<=+5%") == 2);
}

TEST_CASE("an open gate says how many samples it takes") {
  const Judgement judgement = judge(results_with(1.0, 30), with_gates("time<=+1%"));
  CHECK(judgement.exit_code() == 2);
  REQUIRE(!judgement.rows.empty());
  CHECK(judgement.rows[0].needed.value_or(0) > 30);
}

TEST_CASE("one run, another way to execute and one file are told") {
  Results results = results_with(1.0, 1);
  results.b.execution = "emulated (qemu-aarch64)";
  const auto findings = findings_of(results, judge(results, {}));
  const auto has = [&](Code code) {
    return std::ranges::any_of(findings, [&](const Finding& one) { return one.code == code; });
  };
  CHECK(has(Code::bench_one_run));
  CHECK(has(Code::bench_other_execution));
  CHECK_FALSE(has(Code::bench_same_program));
  results = results_with(1.0, 20);
  results.a.sha256 = results.b.sha256 = std::string(64, 'a');
  const auto same = findings_of(results, judge(results, {}));
  CHECK(std::ranges::any_of(
      same, [](const Finding& one) { return one.code == Code::bench_same_program; }));
}

TEST_CASE("output of go test -bench") {
  const auto read = read_go_text(
      "goos: linux\ngoarch: amd64\npkg: example.com/x\n"
      "BenchmarkEncode-8   \t    1000\t      1234.5 ns/op\t      16 B/op\t       1 allocs/op\n"
      "BenchmarkEncode-8\n"
      "Benchmarks are good\n"
      "Benchmarking-8 10 5 ns/op\n"
      "BenchmarkCut-8 10 5\n"
      "--- BENCH: BenchmarkEncode-8\n"
      "PASS\nok  \texample.com/x\t1.2s\n");
  REQUIRE(read.has_value());
  REQUIRE(read->lines.size() == 1);
  CHECK(read->lines[0].name == "example.com/x.Encode-8");
  REQUIRE(read->lines[0].values.size() == 3);
  CHECK(read->lines[0].values[0].value == 1234.5);
  CHECK(read->lines[0].values[2].unit == "allocs/op");
  CHECK(read->broken == std::vector<std::string>{"BenchmarkCut-8 10 5"});
  CHECK(series_of_unit("ns/op") == "time");
  CHECK(series_of_unit("MB/s") == "MB/s");
}

TEST_CASE("a name in the page of a matrix is no markup") {
  Matrix matrix;
  matrix.package = "./<script>alert(1)</script>&\"'";
  MatrixSamples one{"external", "cgo <b>", {}, {10, 11, 12, 13, 14, 15, 16}, {1, 2, 3}, {5, 5, 5}};
  one.side.size = 1000;
  MatrixSamples two = one;
  two.side.size = 2000;
  matrix.rows = matrix_rows({one, two});
  const std::string page = matrix_page(matrix);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("<svg") != std::string::npos);
  CHECK(page.find("http:") == std::string::npos);
  REQUIRE(matrix.rows.size() == 2);
  CHECK(matrix.rows[1].cells[0].ratio.estimate == doctest::Approx(std::log(2.0)));
}

}  // namespace tenon::bench
