// A Go source file as the go command sees it before it compiles: package, imports, build
// constraint, what cgo is told, and the names that it declares. Sources: the Go specification;
// go/build (readGoInfo, saveCgo, shouldBuild, goodOSArchFile).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon::gosource {

struct Import {
  std::string name;  // the alias, "." or "_"; empty when there is none
  std::string path;
  std::size_t line = 0;  // lines count from 1
};

// "#cgo linux LDFLAGS: -lm" of the comment above import "C".
struct CgoLine {
  std::size_t line = 0;
  std::string condition;  // "linux", "!windows,arm64 darwin"; empty: always
  std::string verb;       // "LDFLAGS", "CFLAGS", "pkg-config" ...
  std::string value;
  std::size_t at = 0;        // byte of the text where "#cgo" stands,
  std::size_t value_at = 0;  // and the value
};

// A range of bytes of the text: a line of the preamble, or a comment.
struct Range {
  std::size_t at = 0, size = 0;
  std::size_t line = 0;
};

struct Declaration {
  std::string name;  // at the top level; methods are none
  std::size_t line = 0;
};

struct Source {
  std::string package;
  std::vector<Import> imports;
  std::vector<CgoLine> cgo;
  // "#cgo LDFLAGS -lm": what stands behind "#cgo" is the value. cgo's own "#cgo noescape f" too.
  std::vector<CgoLine> cgo_without_colon;
  std::vector<Declaration> declarations;
  // The expression of //go:build, or of "// +build" lines said as one; empty when there is none.
  std::string constraint;
  std::size_t constraint_line = 0;
  bool go_build = false;              // it is of //go:build
  std::vector<Range> plus_build;      // comments "// +build ..." before the package clause
  std::size_t package_at = 0;         // byte of the word "package"
  std::size_t import_c = 0;           // line of import "C"; 0 when there is none
  std::string preamble;               // the C code above it, without #cgo lines
  std::vector<Range> preamble_lines;  // where each of its lines stands
  // An empty line parts a comment with C code from import "C", so that cgo does not see it; the
  // line where that comment begins, else 0.
  std::size_t lost_preamble = 0;
};

// Reads as far as the text makes sense; wrong text gives less, never an error.
[[nodiscard]] Source read(std::string_view text);

// What decides whether a file takes part in a build.
struct Context {
  std::string goos, goarch;
  bool cgo = true;
  unsigned minor = 99;  // of the Go release 1.minor
  std::vector<std::string> tags;
};

// "linux && (amd64 || !cgo)". What cannot be read holds, as it does not take a file away.
[[nodiscard]] bool satisfied(std::string_view expression, const Context& context);
// The ends _GOOS, _GOARCH and _GOOS_GOARCH of a file's name.
[[nodiscard]] bool name_fits(std::string_view file_name, const Context& context);
// The condition of a #cgo line: blanks are "or", commas are "and".
[[nodiscard]] bool condition_holds(std::string_view condition, const Context& context);

}  // namespace tenon::gosource
