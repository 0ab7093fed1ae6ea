// Times of go's action graph. The samples have the form that go 1.26 writes.
#include "crossbuild/timings/timings.h"

#include <doctest/doctest.h>

#include <string>

#include "crossbuild/trace.h"

using namespace tenon;
using Kind = TraceRecord::Kind;

TEST_CASE("timings: times of go, with and without a zone") {
  // date -u -d 2026-01-31T12:00:00Z +%s
  constexpr std::int64_t noon = 1'769'860'800'000'000;
  CHECK(go_time("2026-01-31T12:00:00Z") == noon);
  CHECK(go_time("2026-01-31T13:30:00.5+01:30") == noon + 500'000);
  CHECK(go_time("2026-01-31T09:00:00.123456789-03:00") == noon + 123'456);
  CHECK_FALSE(go_time("0001-01-01T00:00:00Z").has_value());
  CHECK_FALSE(go_time("2026-02-31T12:00:00Z").has_value());
  CHECK_FALSE(go_time("2026-01-31T12:00:00").has_value());
  CHECK_FALSE(go_time("").has_value());
}

TEST_CASE("timings: actions that took time, in the order of their starts") {
  const auto work = timed_work(
      R"([{"ID":0,"Mode":"link-install","Package":"","TimeStart":"0001-01-01T00:00:00Z",)"
      R"("TimeDone":"0001-01-01T00:00:00Z"},)"
      R"({"ID":1,"Mode":"link","Package":"m","TimeStart":"2026-01-31T12:00:02Z",)"
      R"("TimeDone":"2026-01-31T12:00:03Z"},)"
      R"({"ID":2,"Mode":"build","Package":"fmt","TimeStart":"2026-01-31T12:00:00Z",)"
      R"("TimeDone":"2026-01-31T12:00:01.5Z","Cmd":null},)"
      R"({"ID":3,"Mode":"cgo compile x.c","Package":"m","TimeStart":"2026-01-31T12:00:00Z",)"
      R"("TimeDone":"2026-01-31T12:00:01Z"}])",
      {});
  REQUIRE(work.size() == 2);
  CHECK(work[0].kind == "package");
  CHECK(work[0].name == "fmt");
  CHECK(work[0].duration() == 1'500'000);
  CHECK(work[1].kind == "link");
  CHECK(timed_work("not JSON", {}).empty());
  CHECK(timed_work("{\"a\":1}", {}).empty());
}

TEST_CASE("timings: compiles and links of the wrapper, from start to end") {
  const auto work = timed_work(
      "", {{.kind = Kind::compile, .file = "/m/a.c", .folder = "/m/pkg", .process = 7, .time = 10},
           {.kind = Kind::compile, .file = "b.c", .process = 8, .time = 20},
           {.kind = Kind::cache, .reason = "hit", .file = "b.c", .process = 8},
           {.kind = Kind::done, .process = 8, .time = 25},
           {.kind = Kind::done, .process = 7, .time = 110},
           {.kind = Kind::link, .file = "out", .process = 7, .time = 200},
           {.kind = Kind::done, .process = 7, .time = 300},
           {.kind = Kind::compile, .file = "open.c", .process = 9, .time = 40},
           {.kind = Kind::done, .process = 10, .time = 50}});
  REQUIRE(work.size() == 3);
  CHECK(work[0].name == "pkg/a.c");
  CHECK(work[0].kind == "compile");
  CHECK(work[0].duration() == 100);
  CHECK(work[1].kind == "cached");
  CHECK(work[2].kind == "ld");
}

TEST_CASE("timings: the page escapes names and counts what it leaves out") {
  std::vector<TimedWork> work;
  for (int i = 0; i < 500; ++i) {
    work.push_back({"linux/amd64", "package", "p", i, 2000 + 2 * i});
  }
  work.push_back({"linux/amd64", "compile", "<img src=x>.c", 3, 9000});
  const std::string page = timings_page(work);
  CHECK_FALSE(page.contains("<img"));
  CHECK(page.contains("&lt;img src=x&gt;.c"));
  CHECK(page.contains("Left out: 101 shorter ones"));
  CHECK(timings_page({}).contains("nothing to do"));
}

TEST_CASE(
    "timings: what took time stands first, questions of cgo and what was up to date are counted") {
  const std::string page =
      timings_page({{"linux/amd64", "package", "fast", 0, 400},
                    {"linux/amd64", "compile", "/cgo-gcc-input-17.c", 1000, 31'000},
                    {"linux/amd64", "compile", "cgo/-", 31'000, 61'000},
                    {"linux/amd64", "compile", "pkg/big.c", 61'000, 9'000'000},
                    {"linux/amd64", "package", "pkg", 9'000'000, 9'500'000}});
  CHECK_FALSE(page.contains("cgo-gcc-input"));
  CHECK_FALSE(page.contains(">fast<"));
  CHECK(page.contains("2 questions of cgo to the C compiler, 60 ms together"));
  CHECK(page.contains("less than a millisecond each: 1."));
  CHECK(page.contains("<li>pkg/big.c, compile: 8.9 s (94 %)</li>"));
}
