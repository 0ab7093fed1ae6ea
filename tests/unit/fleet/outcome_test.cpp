#include "fleet/outcome.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "diag/render/render.h"

using namespace tenon;
using namespace tenon::fleet;

namespace {

CellOutcome cell_with(const std::string& report) {
  CellOutcome out;
  out.name = "app linux/arm64 go1.26.8";
  out.cell.target = "linux/arm64";
  out.cell.go = "1.26.8";
  const auto data = parse_data(report);
  REQUIRE(data);
  out.report = *data;
  return out;
}

}  // namespace

TEST_CASE("the gate of a cell is counted from the report of its build") {
  const auto cell = cell_with(R"({"data": {"outputs": [
    {"gate": [{"state": "ok"}, {"state": "skipped"}, {"state": "failed"}]},
    {"gate": [{"state": "ok"}]}, {}]}})");
  const GateSum gate = gate_of(cell.report);
  CHECK(gate.ok == 2);
  CHECK(gate.bad == 1);
}

TEST_CASE("a cell fails for the first error of its report") {
  CHECK(reason_of(cell_with(R"({"findings": [{"severity": "note", "message": "n"},
    {"severity": "error", "message": "first"}, {"severity": "error", "message": "second"}]})")) ==
        "first");
  auto none = cell_with("{}");
  none.exit_code = 137;
  CHECK(reason_of(none) == "tenon build ended with exit code 137");
}

TEST_CASE("times that were not stamped, or run backwards, are 0") {
  CellOutcome cell;
  cell.stamps.queued = 1'000'000'000;
  cell.stamps.worker_start = 3'500'000'000;
  cell.stamps.fetch_start = 5;
  cell.stamps.execute_start = 9;
  cell.stamps.execute_end = 4;
  const CellTimes times = times_of(cell);
  CHECK(times.queued == 2500);
  CHECK(times.fetch == 0);
  CHECK(times.execute == 0);
}

TEST_CASE("a call is made again three times or for a minute, and never after an answer") {
  using std::chrono::seconds;
  CHECK(try_again({Errc::io, "", true}, 1, seconds(100)));
  CHECK(try_again({Errc::io, "", true}, 2, seconds(100)));
  CHECK_FALSE(try_again({Errc::io, "", true}, 3, seconds(100)));
  CHECK(try_again({Errc::io, "", true}, 9, seconds(59)));
  CHECK_FALSE(try_again({Errc::io, "", true}, 9, seconds(60)));
  CHECK_FALSE(try_again({Errc::invalid_argument, "", false}, 1, seconds(0)));
  CHECK_FALSE(try_again({Errc::interrupted, "", true}, 1, seconds(0)));
}

TEST_CASE("a page escapes what other machines say") {
  auto cell = cell_with(R"({"data": {"outputs": [{"gate": [
    {"check": "<b>", "state": "ok", "value": "a & b"}]}]}})");
  cell.worker = "<script>";
  cell.state = CellState::built;
  const std::string page = page_of({cell});
  CHECK(page.starts_with("<!doctype html>\n"));
  CHECK(page.contains("&lt;script&gt;"));
  CHECK(page.contains("a &amp; b"));
  CHECK_FALSE(page.contains("<script>"));
}

TEST_CASE("the live table has those that work first, and says how many it leaves out") {
  std::vector<CellOutcome> cells(5);
  const CellState states[] = {CellState::built, CellState::queued, CellState::running,
                              CellState::failed, CellState::fetching};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].name = "cell" + std::to_string(i);
    cells[i].state = states[i];
    cells[i].entered = 1'000'000'000;
  }
  const auto lines = live_table_of(cells, 13'500'000'000, 4);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0].text() == "1 of 5 built, 1 running, 1 queued, 1 fetching, 1 failed");
  CHECK(lines[1].text().contains("running   cell2"));
  CHECK(lines[1].text().contains("12.5"));
  CHECK(lines[2].text().contains("cell4"));
  CHECK(lines[3].text().contains("failed    cell3"));
  CHECK(lines[4].text().contains("queued    cell1"));
  CHECK(lines[5].text() == "  and 1 more");
}

TEST_CASE("a build that the machine spoiled says nothing about the module") {
  const auto of = [](const std::string& report, const char* said = "") {
    return is_fault_of_machine(cell_with(report).report, said);
  };
  CHECK_FALSE(of("{}"));
  CHECK_FALSE(of(R"({"findings": [{"cause": "go/undefined", "message": "undefined: x"}]})"));
  CHECK(of(R"({"findings": [{"cause": "not-toolchain/disk-full", "message": "x"}]})"));
  CHECK(of(R"({"findings": [{"message": "compile: signal: killed"}]})"));
  CHECK(of(R"({"findings": [{"evidence": [{"text": "link: signal: killed"}]}]})"));
  CHECK(of("{}", "compile: signal: killed"));
  CHECK(of("{}", "link: signal: bus error"));
}
