#include "crossbuild/run/trace.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "host/files.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

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

}  // namespace

TEST_CASE("trace: what is written is read") {
  const Listening here;
  trace("stub", {"_CFRelease", "/System/Library/x", ""});
  trace("linked", {});
  std::size_t offset = 0;
  const auto lines = read_trace(here.path, offset);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].word == "stub");
  CHECK(lines[0].fields == Words{"_CFRelease", "/System/Library/x", ""});
  CHECK(lines[1].word == "linked");
  CHECK(lines[1].fields.empty());
  CHECK(offset == read_text(here.path)->size());
}

TEST_CASE("trace: a field never ends a line or a field") {
  const Listening here;
  trace("finding", {"two\nlines", "a\tb"});
  std::size_t offset = 0;
  const auto lines = read_trace(here.path, offset);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].fields == Words{"two lines", "a b"});
}

TEST_CASE("trace: reading goes on where it stopped, whole lines only") {
  const Listening here;
  trace("one", {"1"});
  std::size_t offset = 0;
  CHECK(read_trace(here.path, offset).size() == 1);
  CHECK(read_trace(here.path, offset).empty());
  const std::string before = *read_text(here.path);
  REQUIRE(write_text(here.path, before + "two\t2\nthr").has_value());
  const auto second = read_trace(here.path, offset);
  REQUIRE(second.size() == 1);
  CHECK(second[0].word == "two");
  CHECK(read_trace(here.path, offset).empty());
  REQUIRE(write_text(here.path, before + "two\t2\nthree\t3\n").has_value());
  const auto third = read_trace(here.path, offset);
  REQUIRE(third.size() == 1);
  CHECK(third[0].word == "three");
  CHECK(third[0].fields == Words{"3"});
}

TEST_CASE("trace: nobody listens") {
  std::size_t offset = 0;
  {
    const Listening here;
    remove_tree(here.path);
    trace("word", {"field"});
    CHECK_FALSE(is_file(here.path));
    CHECK(read_trace(here.path, offset).empty());
  }
  ::setenv("TENON_TRACE", "", 1);
  trace("word", {"field"});
  ::unsetenv("TENON_TRACE");
  CHECK(offset == 0);
}
