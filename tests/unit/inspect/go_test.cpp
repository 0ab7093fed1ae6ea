// What inspect says of Go: build info, function table, the border to C.
#include "inspect/cgo.h"
#include "inspect/inspected.h"

using namespace tenon;
using namespace tenon::test;

namespace {

GoArtifact go_of(const GoParts& parts) {
  const Artifact elf = only_slice(ElfProgram{.go = parts}.build());
  const Artifact macho = only_slice(MachoProgram{.go = parts}.build());
  REQUIRE(elf.go.has_value());
  REQUIRE(macho.go.has_value());
  // The format changes nothing.
  CHECK(said(elf.go->version) == said(macho.go->version));
  CHECK(said(elf.go->cgo_allowed) == said(macho.go->cgo_allowed));
  CHECK(said(elf.go->cgo_used) == said(macho.go->cgo_used));
  CHECK(said(elf.go->file_path) == said(macho.go->file_path));
  CHECK(elf.go->cgo_packages == macho.go->cgo_packages);
  return *elf.go;
}

CgoSides sides_of(std::vector<std::string> functions) {
  const std::string bytes = ElfProgram{.go = {.functions = std::move(functions)}}.build();
  const auto sides = cgo_sides(ObjectView{"aarch64", "", view_of(bytes)});
  REQUIRE(sides.has_value());
  return *sides;
}

}  // namespace

TEST_CASE("inspect go: build info gives version, modules and settings") {
  const GoArtifact go = go_of({.lines = "path\texample.com/app/cmd\n"
                                        "mod\texample.com/app\tv1.2.3\th1:x=\n"
                                        "dep\texample.com/dep\tv0.1.0\th1:y=\n"
                                        "dep\texample.com/old\tv1.0.0\n"
                                        "=>\texample.com/new\tv1.1.0\th1:z=\n"
                                        "build\t-ldflags=\"-s -w\"\n"
                                        "build\tCGO_ENABLED=1\n"});
  CHECK(said(go.version) == "go1.26.8 from build info");
  CHECK(said(go.path) == "example.com/app/cmd from build info");
  REQUIRE(go.module.has_value());
  CHECK(go.module->sum == "h1:x=");
  REQUIRE(go.dependencies.size() == 2);
  CHECK(go.dependencies[0].version == "v0.1.0");
  CHECK(go.dependencies[1].replaced_by == "example.com/new@v1.1.0");
  CHECK(go.setting("-ldflags") == "-s -w");
  CHECK(said(go.cgo_allowed) == "yes from build info");
}

TEST_CASE("inspect go: allowed and used are two facts") {
  const GoArtifact off = go_of({});
  CHECK(said(off.cgo_allowed) == "no from build info");
  CHECK(said(off.cgo_used) == "no from function table");
  // Allowed, which is the default, and still no C.
  const GoArtifact unused = go_of({.lines = "path\tx\nbuild\tCGO_ENABLED=1\n"});
  CHECK(said(unused.cgo_allowed) == "yes from build info");
  CHECK(said(unused.cgo_used) == "no from function table");
  const GoArtifact used =
      go_of({.lines = "path\tx\nbuild\tCGO_ENABLED=1\n", .functions = {"main.main", "crosscall2"}});
  CHECK(said(used.cgo_used) == "yes from function table");
  CHECK(used.cgo_packages.empty());
}

TEST_CASE("inspect go: a build info without settings leaves cgo unknown") {
  const GoArtifact go = go_of({.lines = "path\tx\nmod\tx\t(devel)\t\n", .version = "go1.17.13"});
  CHECK(go.cgo_allowed.state == FactState::unknown);
  CHECK_FALSE(go.cgo_allowed.why.empty());
}

TEST_CASE("inspect go: without build info the function table gives a range") {
  const GoArtifact go = go_of({.info = false});
  CHECK(said(go.version) == "Go 1.20 or newer from function table");
  CHECK(said(go.path) == "unknown: no build info");
  CHECK(said(go.cgo_allowed) == "unknown: no build info");
  CHECK(said(go.cgo_used) == "no from function table");
  CHECK(go.settings.empty());
}

TEST_CASE("inspect go: without a function table the use of cgo is unknown") {
  const GoArtifact go = go_of({.table = false});
  CHECK(said(go.version) == "go1.26.8 from build info");
  CHECK(said(go.cgo_used) == "unknown: no function table was found");
  CHECK(go.file_path.state == FactState::unknown);
}

TEST_CASE("inspect go: a program without traces of Go is none") {
  CHECK_FALSE(only_slice(ElfProgram{.go = {.go = false}}.build()).go.has_value());
  CHECK_FALSE(only_slice(MachoProgram{.go = {.go = false}}.build()).go.has_value());
}

TEST_CASE("inspect go: paths of the machine of the build") {
  const auto path = [](std::vector<std::string> files) {
    return said(go_of({.files = std::move(files)}).file_path);
  };
  CHECK(path({"example.com/app/main.go", "runtime/proc.go"}) == "absent in function table");
  // A path in somebody's home says more than one elsewhere.
  CHECK(path({"/usr/lib/go/src/fmt/print.go", "/home/me/app/main.go"}) ==
        "/home/me/app/main.go from function table");
  CHECK(path({"/build/app/main.go"}) == "/build/app/main.go from function table");
  CHECK(path({"C:/work/main.go"}) == "C:/work/main.go from function table");
}

TEST_CASE("inspect cgo: calls, helpers and exports by package, each once and sorted") {
  const CgoSides sides = sides_of(
      {"main.main", "crosscall2", "main._Cfunc_sqrt", "main._Cfunc_sqrt.abi0", "main._Cfunc_abs",
       "main._C2func_open", "main._Cfunc_CString", "main._Cfunc_GoString",
       "main._cgoexp_0123456789ab_GoCallback", "example%2ecom/a/b%2ec._Cfunc_close"});
  CHECK(sides.runtime);
  REQUIRE(sides.packages.size() == 2);
  CHECK(sides.packages[0].package == "example.com/a/b.c");
  CHECK(sides.packages[0].calls == std::vector<std::string>{"close"});
  CHECK(sides.packages[1].package == "main");
  CHECK(sides.packages[1].calls == std::vector<std::string>{"abs", "open", "sqrt"});
  CHECK(sides.packages[1].helpers == std::vector<std::string>{"CString", "GoString"});
  CHECK(sides.packages[1].exports == std::vector<std::string>{"GoCallback"});
}

// cmd/cgo gives the wrapper a linker name without its package.
TEST_CASE("inspect cgo: an exported function belongs to the package that has it") {
  const std::string wrapper = "_cgoexp_0c95edc2a6ea_Twice";
  const CgoSides one = sides_of({wrapper, "example.com/a.Twice", "example.com/a.T.Thrice"});
  REQUIRE(one.packages.size() == 1);
  CHECK(one.packages[0].package == "example.com/a");
  CHECK(one.packages[0].exports == std::vector<std::string>{"Twice"});
  // Two have it: the one that calls C.
  const CgoSides two = sides_of({wrapper, "a.Twice", "b.Twice", "b._Cfunc_x"});
  REQUIRE(two.packages.size() == 1);
  CHECK(two.packages[0].package == "b");
  CHECK(two.packages[0].exports == std::vector<std::string>{"Twice"});
  // None, or none of two: the function is named, the package is not guessed.
  for (const CgoSides& sides : {sides_of({wrapper}), sides_of({wrapper, "a.Twice", "b.Twice"})}) {
    REQUIRE(sides.packages.size() == 1);
    CHECK(sides.packages[0].package.empty());
    CHECK(sides.packages[0].exports == std::vector<std::string>{"Twice"});
  }
}

TEST_CASE("inspect cgo: names that only look like it") {
  const CgoSides sides = sides_of(
      {"main.main", "main.Cfunc_x", "main._cgoexp_short_X", "main.crosscall2er", "main._Cfuncs_x"});
  CHECK_FALSE(sides.runtime);
  CHECK(sides.packages.empty());
}

TEST_CASE("inspect cgo: a program of another language has no border to tell of") {
  const std::string bytes = ElfProgram{.go = {.go = false}}.build();
  const auto sides = cgo_sides(ObjectView{"aarch64", "", view_of(bytes)});
  REQUIRE_FALSE(sides.has_value());
  CHECK(sides.error().code == Errc::not_found);
}

TEST_CASE("inspect cgo: one endless name with many marks costs neither time nor memory") {
  std::string name;
  for (int i = 0; i < 300; ++i) name += std::to_string(i) + "._Cfunc_";
  const CgoSides sides = sides_of({name});
  std::size_t kept = 0;
  for (const CgoBorder& one : sides.packages) kept += one.package.size();
  CHECK(kept <= name.size());
}

TEST_CASE("inspect go: GNU ld puts the table of a PIE among other data") {
  const std::string table = function_table_bytes({"main.main", "main._Cfunc_sqrt"}, {});
  const ElfProgram program{.go = {.table = false},
                           .type = 3,
                           .sections = {{".data.rel.ro", std::string(64, 'x') + table, 3}}};
  const Artifact slice = only_slice(program.build());
  REQUIRE(slice.go.has_value());
  CHECK(said(slice.go->cgo_used) == "yes from function table");
  CHECK(slice.go->cgo_packages == std::vector<std::string>{"main"});
  // Without a sign of Go the section is not searched.
  ElfProgram other = program;
  other.go.go = false;
  CHECK_FALSE(only_slice(other.build()).go.has_value());
}
