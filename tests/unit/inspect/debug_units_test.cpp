// Directories as cmd/go runs compilers in; names in the module cache: golang.org/ref/mod.
#include "inspect/debug_units.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tenon {
namespace {

TEST_CASE("the package of a directory") {
  const std::vector<std::string> packages{
      "github.com/mattn/go-sqlite3", "github.com/DataDog/zstd", "example.com/joint",
      "example.com/joint/below/c",   "gopkg.in/a.v2/c",         "runtime/cgo"};
  const std::vector<std::string> modules{"example.com/joint@(devel)",
                                         "github.com/mattn/go-sqlite3@v1.14.53",
                                         "github.com/DataDog/zstd@v1.5.7", "gopkg.in/a.v2@v2.1.0"};
  const auto in = [&](const std::string& directory) {
    return package_in(directory, packages, modules);
  };
  CHECK(in("/root/go/pkg/mod/github.com/mattn/go-sqlite3@v1.14.53") ==
        "github.com/mattn/go-sqlite3");
  CHECK(in("github.com/mattn/go-sqlite3@v1.14.53") == "github.com/mattn/go-sqlite3");  // -trimpath
  CHECK(in("/src/vendor/github.com/mattn/go-sqlite3") == "github.com/mattn/go-sqlite3");
  CHECK(in("/m/github.com/!data!dog/zstd@v1.5.7") == "github.com/DataDog/zstd");
  CHECK(in("github.com/DataDog/zstd@v1.5.7") == "github.com/DataDog/zstd");
  CHECK(in("/m/gopkg.in/a.v2@v2.1.0/c") == "gopkg.in/a.v2/c");
  CHECK(in("/home/user/checkout/below/c") == "example.com/joint/below/c");
  CHECK(in("/home/user/joint") == "example.com/joint");
  CHECK(in("/usr/local/go/src/runtime/cgo") == "runtime/cgo");
  CHECK(in("/tmp/go-build").empty());
  CHECK(in("").empty());
  CHECK(in("/m/github.com/other/go-sqlite3@v1.0.0").empty());
  CHECK(in("/x/not-runtime/cgo").empty());
  // Two that fit alike.
  CHECK(
      package_in("/x/c", {"a.com/m/c", "b.com/n/c"}, {"a.com/m@v1.0.0", "b.com/n@v1.0.0"}).empty());
}

}  // namespace
}  // namespace tenon
