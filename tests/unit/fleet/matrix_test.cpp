#include "fleet/matrix.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tenon;
using namespace tenon::fleet;

namespace {

// "LINE KEY: REASON" of a file that is wrong.
std::string error_of(const std::string& text) {
  const auto matrix = read_matrix(text);
  if (matrix) return "none";
  return std::to_string(matrix.error().line) + " " + matrix.error().key + ": " +
         matrix.error().reason;
}

}  // namespace

TEST_CASE("a matrix is modules times targets times Go versions without the exclusions") {
  const auto matrix = read_matrix(R"({
    "modules": [{"dir": "cmd/app"}, {"name": "db", "dir": "../db", "packages": ["./x", "./y"],
                 "flags": ["-tags", "fts5"]}],
    "targets": ["linux/amd64", "linux/arm64:gnu2.17"],
    "go": ["1.25.5", "go1.26.8"],
    "exclude": [{"module": "db", "go": "1.25.5"}, {"module": "app", "target": "linux/amd64"}],
    "flags": ["--keep-paths"],
    "timeout_seconds": 90
  })");
  REQUIRE(matrix);
  CHECK(matrix->timeout.count() == 90);
  const auto cells = cells_of(*matrix, "1.1");
  std::vector<std::string> names;
  for (const Cell& cell : cells) names.push_back(cell.name(*matrix));
  CHECK(names == std::vector<std::string>{
                     "app linux/arm64:gnu2.17 go1.25.5", "app linux/arm64:gnu2.17 go1.26.8",
                     "db linux/amd64 go1.26.8", "db linux/arm64:gnu2.17 go1.26.8"});
  CHECK(cells[0].folder(*matrix) == "app/linux_arm64_gnu2.17/go1.25.5");
  CHECK(arguments_of(*matrix, cells[3]) ==
        std::vector<std::string>{"build", "./x", "./y", "--target", "linux/arm64:gnu2.17", "--out",
                                 "out", "--keep-paths", "-tags", "fts5", "-buildvcs=false",
                                 "--json"});
}

TEST_CASE("the Go version of this machine stands where the matrix has none") {
  const auto matrix = read_matrix(R"({"modules": [{"dir": "a"}], "targets": ["linux/386"]})");
  REQUIRE(matrix);
  const auto cells = cells_of(*matrix, "1.26.8");
  REQUIRE(cells.size() == 1);
  CHECK(cells[0].go == "1.26.8");
  CHECK(arguments_of(*matrix, cells[0])[1] == ".");
}

TEST_CASE("an error of a matrix names line and key") {
  CHECK(error_of("") == "1 JSON: not JSON from here on");
  CHECK(error_of("{\n\"modules\": [,]}") == "2 JSON: not JSON from here on");
  CHECK(error_of("[]") == "1 the file: an object is expected");
  CHECK(error_of("{\"modules\": [{\"dir\": \"a\"}]}") == "1 the file: targets is missing or empty");
  CHECK(error_of("{\n\n\"modulse\": []}") == "3 modulse: this key is unknown");
  CHECK(error_of("{\"modules\": [\n{\"dir\": \"a\"},\n{\"dir\": 5}]}") ==
        "3 modules[1].dir: a text is expected");
  CHECK(error_of("{\"modules\": [\n{\"name\": \"x\"}]}") == "2 modules[0]: dir is missing");
  CHECK(error_of("{\"modules\": [{\"name\": \"..\", \"dir\": \"a\"}]}")
            .starts_with("1 modules[0].name: a name has"));
  CHECK(
      error_of(
          "{\"modules\": [{\"dir\": \"a\"},\n{\"dir\": \"b/a\"}], \"targets\": [\"linux/arm\"]}") ==
      "2 modules[1].name: another module has this name");
  CHECK(error_of("{\"flags\": [\"-race\",\n\"--out=x\"]}").starts_with("2 flags[1]: a cell has"));
  CHECK(
      error_of("{\"targets\": [\"linux/arm64\", \"../x\"]}").starts_with("1 targets[1]: a target"));
  CHECK(error_of("{\"go\": [\"latest\"]}").starts_with("1 go[0]: a version of Go"));
  CHECK(error_of("{\"timeout_seconds\": 0}").starts_with("1 timeout_seconds: seconds from 1"));
  CHECK(error_of("{\"modules\": [{\"dir\": \"a\", \"packages\": [\"-toolexec=x\"]}]}") ==
        "1 modules[0]: a package begins with '-'");
}

TEST_CASE("a matrix of more than 1000 cells is refused") {
  std::string targets;
  for (int i = 0; i < 1001; ++i) targets += (i > 0 ? ",\"l/" : "\"l/") + std::to_string(i) + "\"";
  CHECK(error_of("{\"modules\": [{\"dir\": \"a\"}], \"targets\": [" + targets + "]}") ==
        "1 the file: more than 1000 cells");
}
