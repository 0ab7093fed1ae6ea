#include "crossbuild/run/trace.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "diag/catalog.h"
#include "diag/render/render.h"
#include "host/files.h"

using namespace tenon;
using Kind = TraceRecord::Kind;

namespace {

// A trace file that this process writes to.
struct Listening {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string path = folder.path + "/trace";

  Listening() {
    REQUIRE(write_text(path, "").has_value());
    ::setenv("TENON_TRACE", path.c_str(), 1);
  }

  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  ~Listening() { ::unsetenv("TENON_TRACE"); }
};

TraceRecord again(const TraceRecord& record) {
  std::string line = trace_line(record);
  REQUIRE(line.ends_with('\n'));
  line.pop_back();
  CHECK_FALSE(line.contains('\n'));
  auto read = parse_trace_line(line);
  REQUIRE(read.has_value());
  return *read;
}

// The same through Data and JSON, as another machine would get it.
TraceRecord through_json(const TraceRecord& record) {
  const auto data = parse_data(render_data(wire::write(record)));
  REQUIRE(data.has_value());
  auto read = wire::read_as<TraceRecord>(*data);
  REQUIRE(read.has_value());
  return *read;
}

std::string json(const TraceRecord& record) { return render_data(wire::write(record)); }

Finding refusal() {
  Finding finding = make_finding(Code::sdk_unknown_home, {}, "darwin/arm64");
  finding.message = Shown::of("a\tb\nc\\d \"e\"");
  finding.confidence = Confidence::likely;
  finding.severity = Severity::warning;
  finding.evidence = {{Evidence::Kind::log, "line 3", "x"},
                      {Evidence::Kind::command, "searched", "/a, /b"},
                      {Evidence::Kind::fact, "", ""}};
  finding.fixes = {{Fix::Safety::review, "do this", {{"go", "env", "-u", "A B"}, {"true"}}},
                   {Fix::Safety::safe, "or that", {}}};
  return finding;
}

}  // namespace

TEST_CASE("trace: every kind of record is read as it was written") {
  const std::vector<TraceRecord> records{
      {.kind = Kind::flag, .flag = "-Wl,-z,now", .reason = "ELF only"},
      {.kind = Kind::stub, .reason = "name rule", .symbol = "_CFRelease", .library = "/S/L/CF"},
      {.kind = Kind::flat, .symbol = "_x"},
      {.kind = Kind::minimum, .file = "a.o", .version = {14, 2, 0}},
      {.kind = Kind::newer_object, .file = "lib.a(b.o)", .version = {13, 0, 1}},
      {.kind = Kind::glibc_names, .library = "/l/libx.a"},
      {.kind = Kind::host_folder, .flag = "-L/usr/lib"},
      {.kind = Kind::compile, .file = "a.c", .folder = "/home/u/pkg", .process = 4711},
      {.kind = Kind::link, .file = "out", .process = 1},
      {.kind = Kind::finding, .finding = refusal()},
      {.kind = Kind::cache, .reason = "hit", .file = "a.c"},
      {.kind = Kind::plugin_host, .library = "linux/amd64:gnu2.28"},
      {.kind = Kind::done, .process = 4711, .time = 1'769'860'800'000'000}};
  CHECK(records.size() == wire::EnumNames<Kind>::values.size());
  for (const TraceRecord& record : records) {
    CAPTURE(trace_line(record));
    CHECK(json(again(record)) == json(record));
    CHECK(json(through_json(record)) == json(record));
  }
}

TEST_CASE("trace: a finding keeps its confidence, its fixes and the kind of its evidence") {
  const Finding sent = refusal();
  const TraceRecord record = again({.kind = Kind::finding, .finding = sent});
  REQUIRE(record.finding.has_value());
  const Finding& got = *record.finding;
  CHECK(got.code == sent.code);
  CHECK(got.message == sent.message);
  CHECK(got.confidence == Confidence::likely);
  CHECK(got.severity == Severity::warning);
  REQUIRE(got.evidence.size() == 3);
  CHECK(got.evidence[1].kind == Evidence::Kind::command);
  CHECK(got.evidence[1].text == "/a, /b");
  REQUIRE(got.fixes.size() == 2);
  CHECK(got.fixes[0].safety == Fix::Safety::review);
  CHECK(got.fixes[0].commands == sent.fixes[0].commands);
  CHECK(got.fixes[1].text == "or that");
}

TEST_CASE("trace: a field never ends a line or a field, and comes back whole") {
  const std::string odd = "two\nlines\ta\\tb=c\\";
  const TraceRecord record = again({.kind = Kind::flag, .flag = odd, .reason = "=\t="});
  CHECK(record.flag == odd);
  CHECK(record.reason == "=\t=");
}

TEST_CASE("trace: a line that is no record is passed over, unknown fields are ignored") {
  for (const char* line :
       {"", "stubs", "stub\tlibrary", "minimum\tversion=twelve", "compile\tprocess=-1",
        "compile\tprocess=99999999999999999999", "finding", "finding\tfinding={",
        "finding\tfinding=[]", "finding\tfinding={\"severity\":3}",
        "finding\tfinding={\"evidence\":[{\"kind\":\"dream\"}]}"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_trace_line(line).has_value());
  }
  CHECK_FALSE(parse_trace_line("finding\tfinding=" + std::string(100'000, '[')).has_value());
  const auto newer = parse_trace_line("flat\tcolour=blue\tsymbol=_x");
  REQUIRE(newer.has_value());
  CHECK(newer->symbol == "_x");
  std::size_t offset = 0;
  const auto records =
      parse_trace("bogus\nflat\tsymbol=_a\n\n\nflat\tsymbol=_b\nflat\tsym", offset);
  REQUIRE(records.size() == 2);
  CHECK(records[1].symbol == "_b");
  CHECK(has_kind(records, Kind::flat));
  CHECK_FALSE(has_kind(records, Kind::link));
}

TEST_CASE("trace: a huge field is carried") {
  const std::string huge(1'000'000, '\\');
  CHECK(again({.kind = Kind::flat, .symbol = huge}).symbol == huge);
}

TEST_CASE("trace: reading goes on where it stopped, whole lines only") {
  const Listening here;
  trace({.kind = Kind::flat, .symbol = "_1"});
  std::size_t offset = 0;
  CHECK(read_trace(here.path, offset).size() == 1);
  CHECK(offset == read_text(here.path)->size());
  CHECK(read_trace(here.path, offset).empty());
  const std::string before = *read_text(here.path);
  REQUIRE(write_text(here.path, before + "flat\tsymbol=_2\nflat\tsym").has_value());
  const auto second = read_trace(here.path, offset);
  REQUIRE(second.size() == 1);
  CHECK(second[0].symbol == "_2");
  CHECK(read_trace(here.path, offset).empty());
  REQUIRE(write_text(here.path, before + "flat\tsymbol=_2\nflat\tsymbol=_3\n").has_value());
  const auto third = read_trace(here.path, offset);
  REQUIRE(third.size() == 1);
  CHECK(third[0].symbol == "_3");
}

TEST_CASE("trace: nobody listens") {
  std::size_t offset = 0;
  {
    const Listening here;
    remove_tree(here.path);
    trace({.kind = Kind::flat, .symbol = "_1"});
    CHECK_FALSE(is_file(here.path));
    CHECK(read_trace(here.path, offset).empty());
  }
  ::setenv("TENON_TRACE", "", 1);
  trace({.kind = Kind::flat, .symbol = "_1"});
  ::unsetenv("TENON_TRACE");
  CHECK(offset == 0);
}
