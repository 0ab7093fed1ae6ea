#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "diagnose/events/scan.h"
#include "diagnose/project/trace.h"

using namespace tenon;
using Kind = ProjectFact::Kind;

namespace {

// A machine of a few files.
struct Files {
  std::map<std::string, std::string> files;

  [[nodiscard]] ProjectDisk disk() const {
    return {.read = [this](const std::string& path) -> std::optional<std::string> {
              const auto found = files.find(path);
              if (found == files.end()) return std::nullopt;
              return found->second;
            },
            .list =
                [this](const std::string& folder) {
                  std::set<std::string> names;
                  for (const auto& [path, text] : files) {
                    if (!path.starts_with(folder + "/")) continue;
                    const std::string rest = path.substr(folder.size() + 1);
                    names.insert(rest.substr(0, rest.find('/')));
                  }
                  return std::vector<std::string>(names.begin(), names.end());
                }};
  }

  [[nodiscard]] std::vector<ProjectFact> trace(std::string_view log,
                                               std::string goos = "linux") const {
    const ProjectPlace place{.root = "/p",
                             .module_cache = "/cache",
                             .go_root = "/go",
                             .target = {.goos = std::move(goos), .goarch = "amd64", .tags = {}},
                             .pc_folders = {"/pc"}};
    return trace_project(scan_log(log), place, disk());
  }
};

const Files project{{
    {"/p/go.mod", "module example.com/app\n\nrequire github.com/Mattn/lib v1.0.0\n"},
    {"/p/main.go",
     "package main\n\nimport \"github.com/Mattn/lib\"\n\nfunc main() { lib.Open() }\n"},
    {"/p/db/a.go", "package db\nvar a = Here\nvar b = Win\nvar c = Tagged\nvar d = Nowhere\n"},
    {"/p/db/b.go",
     "package db\n\n// #cgo LDFLAGS: -lfoo -framework Bar\nimport \"C\"\n\nfunc Here() {}\n"},
    {"/p/db/c_windows.go", "package db\n\nfunc Win() {}\n"},
    {"/p/db/d.go", "//go:build cgo\n\npackage db\n\nvar Tagged = 1\n"},
    {"/p/lost/l.go", "package lost\n\n// #include <a.h>\n\nimport \"C\"\n"},
    {"/cache/github.com/!mattn/lib@v1.0.0/lib.go",
     "package lib\n\n// #cgo pkg-config: foo-2\nimport \"C\"\n\nfunc Open() {}\n"},
    {"/cache/github.com/!mattn/lib@v1.0.0/w_windows.go", "package lib\n"},
    {"/pc/foo.pc", "Name: foo\nLibs: -L/x -lfoo\n"},
    {"/pc/foo-2.pc", "Name: foo\n"},
}};

}  // namespace

TEST_CASE("a name of another package is traced to the cgo file that declares it") {
  const auto facts = project.trace("# example.com/app\n./main.go:5:19: undefined: lib.Open\n");
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == Kind::left_out_by_cgo);
  CHECK(facts[0].package == "github.com/Mattn/lib");
  CHECK(facts[0].evidence.where == "/cache/github.com/!mattn/lib@v1.0.0/lib.go:4");
  CHECK(facts[0].evidence.text == "import \"C\"");
  CHECK(facts[0].line == 2);
}

TEST_CASE("names of the own package: cgo, a constraint, another system, nowhere") {
  const auto facts = project.trace(
      "# example.com/app/db\ndb/a.go:2:9: undefined: Here\ndb/a.go:3:9: undefined: Win\n"
      "db/a.go:4:9: undefined: Tagged\ndb/a.go:5:9: undefined: Nowhere\n");
  REQUIRE(facts.size() == 4);
  CHECK(facts[0].kind == Kind::left_out_by_cgo);
  CHECK(facts[1].kind == Kind::left_out_by_target);
  CHECK(facts[2].kind == Kind::left_out_by_cgo);
  CHECK(facts[2].evidence.text == "//go:build cgo");
  CHECK(facts[3].kind == Kind::not_declared);
  // A name that is there for the target is no fact: whatever is wrong, it is not this.
  CHECK(project.trace("db/a.go:3:9: undefined: Win\n", "windows").empty());
}

TEST_CASE("all files excluded, with the path of another machine") {
  const auto facts = project.trace(
      "package example.com/app imports github.com/Mattn/lib: build constraints exclude all Go "
      "files "
      "in /home/ci/go/pkg/mod/github.com/!mattn/lib@v1.0.0\n");
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == Kind::left_out_by_cgo);
  CHECK(facts[0].package == "github.com/Mattn/lib");
}

TEST_CASE("libraries, frameworks and .pc files are traced to their #cgo line") {
  const auto facts = project.trace(
      "/usr/bin/ld: cannot find -lfoo: No such file or directory\nld: framework not found Bar\n"
      "Package foo-2 was not found in the pkg-config search path.\n");
  REQUIRE(facts.size() == 5);
  CHECK(facts[0].evidence.where == "/p/db/b.go:3");
  CHECK(facts[1].kind == Kind::pc_file);
  CHECK(facts[1].evidence.where == "/pc/foo.pc");
  CHECK(facts[2].evidence.where == "/p/db/b.go:3");
  CHECK(facts[3].evidence.where == "/cache/github.com/!mattn/lib@v1.0.0/lib.go:3");
  CHECK(facts[4].evidence.where == "/pc/foo-2.pc");
}

TEST_CASE("C code that import \"C\" does not see") {
  const auto facts = project.trace(
      "# example.com/app/lost\nlost/l.go:9:2: could not determine what C.x refers to\n");
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == Kind::lost_preamble);
  CHECK(facts[0].evidence.where == "/p/lost/l.go:5");
}

TEST_CASE("what cannot be found is not guessed") {
  // Another project's file of the same name.
  CHECK(project.trace("main.go:2:1: undefined: Elsewhere\n").empty());
  CHECK(project.trace("other/x.go:1:1: undefined: pkg.Name\n").empty());
  CHECK(project.trace("build constraints exclude all Go files in /nowhere/at/all\n").empty());
  CHECK(Files{}.trace("main.go:1:1: undefined: X\n/usr/bin/ld: cannot find -lfoo\n").empty());
}

namespace {

const Files workspace{{
    {"/w/go.work", "go 1.24\n\nuse (\n\t./app\n\t./lib\n)\n\nreplace example.com/old => ./old\n"},
    {"/w/app/go.mod", "module example.com/app\n\nrequire example.com/old v1.0.0\n"},
    {"/w/app/main.go", "package main\n\nimport \"example.com/lib\"\n\nvar x = lib.Open\n"},
    {"/w/lib/go.mod", "module example.com/lib\n"},
    {"/w/lib/open.go", "package lib\n\n// #cgo LDFLAGS: -lfoo\nimport \"C\"\n\nfunc Open() {}\n"},
    {"/w/old/old.go", "package old\n\n// #cgo LDFLAGS: -lold\nimport \"C\"\n"},
}};

std::vector<ProjectFact> of_workspace(std::string_view log, bool with_work = true) {
  const ProjectPlace place{.root = "/w/app",
                           .work_file = with_work ? "/w/go.work" : "",
                           .module_cache = "/cache",
                           .go_root = "/go",
                           .target = {.goos = "linux", .goarch = "amd64", .tags = {}},
                           .pc_folders = {}};
  return trace_project(scan_log(log), place, workspace.disk());
}

}  // namespace

TEST_CASE("a name of another module of the workspace is traced through go.work") {
  const std::string_view log = "# example.com/app\n./main.go:5:9: undefined: lib.Open\n";
  const auto facts = of_workspace(log);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == Kind::left_out_by_cgo);
  CHECK(facts[0].package == "example.com/lib");
  CHECK(facts[0].evidence.where == "/w/lib/open.go:4");
  CHECK(of_workspace(log, false).empty());
}

TEST_CASE("a library is traced to a module that go.work uses or replaces") {
  const auto facts = of_workspace(
      "/usr/bin/ld: cannot find -lfoo: No such file or directory\n"
      "/usr/bin/ld: cannot find -lold: No such file or directory\n");
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].evidence.where == "/w/lib/open.go:3");
  CHECK(facts[1].evidence.where == "/w/old/old.go:3");
}

TEST_CASE("what go says of a workspace is held against go.work") {
  const auto outside = of_workspace(
      "current directory is contained in a module that is not one of the workspace modules listed "
      "in go.work. You can add the module to the workspace using:\n");
  REQUIRE(outside.size() == 1);
  CHECK(outside[0].kind == Kind::work_line);
  CHECK(outside[0].evidence.where == "/w/go.work:3");
  CHECK(outside[0].message == "go.work uses ./app, ./lib");
  const auto replaced = of_workspace(
      "main.go:3:8: example.com/old@v1.0.0: replacement directory ./old does not exist\n");
  REQUIRE(replaced.size() == 1);
  CHECK(replaced[0].evidence.where == "/w/go.work:8");
  const auto lacking = of_workspace(
      "main.go:3:8: no required module provides package example.com/lib/deep; to add it:\n");
  REQUIRE(lacking.size() == 1);
  CHECK(lacking[0].evidence.where == "/w/go.work:5");
  CHECK(
      of_workspace("main.go:3:8: no required module provides package golang.org/x/text\n").empty());
}
