#include "format/gomod/gomod.h"

#include <doctest/doctest.h>

using namespace tenon;

TEST_CASE("go.mod: requirements, replacements, comments") {
  const auto file = gomod::read(R"(// a comment
module "example.com/app" // another

go 1.22.1

require github.com/A/b v1.0.0
require (
	github.com/A/b/v2 v2.1.0 // indirect
	gopkg.in/yaml.v3 v3.0.1
)
replace (
	github.com/A/b => ../b
	gopkg.in/yaml.v3 v3.0.1 => example.com/fork v1.2.3
)
exclude x.y/z v1.0.0
)");
  CHECK(file.module == "example.com/app");
  CHECK(file.go == "1.22.1");
  REQUIRE(file.require.size() == 3);
  CHECK(gomod::module_of(file, "github.com/A/b/c")->path == "github.com/A/b");
  CHECK(gomod::module_of(file, "github.com/A/b/v2/c")->path == "github.com/A/b/v2");
  CHECK(gomod::module_of(file, "github.com/A/bc") == nullptr);
  CHECK(gomod::replaced(file, file.require[0]).path == "../b");
  CHECK(gomod::replaced(file, file.require[0]).version.empty());
  CHECK(gomod::replaced(file, file.require[1]).path == "github.com/A/b/v2");
  CHECK(gomod::replaced(file, file.require[2]).version == "v1.2.3");
}

TEST_CASE("capital letters in the module cache") {
  CHECK(gomod::escaped("github.com/BurntSushi/toml") == "github.com/!burnt!sushi/toml");
}

TEST_CASE("go.mod: a requirement without a path is passed over") {
  const auto file = gomod::read("require (\n `` v1.0.0\n a.b/c v1.1.0\n)\nrequire \"\" v1.2.0\n");
  REQUIRE(file.require.size() == 1);
  CHECK(file.require[0].path == "a.b/c");
}
