#include "fleet/outcome.h"

#include <doctest/doctest.h>

#include <string>

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

TEST_CASE("a call is made again at most three times, and never after an answer") {
  CHECK(try_again({Errc::io, "", true}, 1));
  CHECK(try_again({Errc::io, "", true}, 2));
  CHECK_FALSE(try_again({Errc::io, "", true}, 3));
  CHECK_FALSE(try_again({Errc::invalid_argument, "", false}, 1));
  CHECK_FALSE(try_again({Errc::interrupted, "", true}, 1));
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
