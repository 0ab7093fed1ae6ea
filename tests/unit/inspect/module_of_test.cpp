// Module paths and packages as `go help modules` and `go help importpath` define them.
#include "inspect/module_of.h"

#include <doctest/doctest.h>

#include "inspect/artifact.h"

using namespace tenon;

namespace {

GoArtifact program() {
  GoArtifact out;
  out.module = GoModuleFact{"example.com/app", "v1.0.0", "", ""};
  out.dependencies = {{"example.com/lib", "v1.0.0", "", ""},
                      {"example.com/lib/v2", "v2.0.0", "", ""}};
  return out;
}

}  // namespace

TEST_CASE("module_of: the longest path that is a prefix at a slash") {
  const GoArtifact go = program();
  CHECK(module_of("example.com/lib/sub", &go) == "example.com/lib");
  CHECK(module_of("example.com/lib/v2/sub", &go) == "example.com/lib/v2");
  CHECK(module_of("example.com/library", &go) == "(module unknown)");
  CHECK(module_of("example.com/app", &go) == "example.com/app");
}

TEST_CASE("module_of: the main package, the standard library, and what the compiler makes") {
  const GoArtifact go = program();
  CHECK(module_of("main", &go) == "example.com/app");
  CHECK(module_of("net/http", &go) == "standard library");
  CHECK(module_of("vendor/golang.org/x/net/idna", &go) == "standard library");
  CHECK(module_of("(compiler)", &go) == "(compiler)");
  CHECK(module_of("main", nullptr) == "(main package)");
  CHECK(module_of("example.com/x", nullptr) == "(module unknown)");
}
