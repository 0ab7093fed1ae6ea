#include "format/tree/tree.h"

#include <doctest/doctest.h>

#include <string>

namespace tenon::tree {
namespace {

TEST_CASE("a tree lies flat in the order of the text") {
  if (!available()) return;
  const std::string text = "package a\n\nfunc F(x int) int { return x + 1 }\n";
  const auto tree = parse(Language::go, text);
  REQUIRE(tree);
  CHECK_FALSE(tree->has_errors());
  for (Index i = 1; i < tree->size(); ++i) {
    CHECK((*tree)[i].parent < i);
    CHECK((*tree)[i].after > i);
    CHECK((*tree)[(*tree)[i].parent].after >= (*tree)[i].after);
  }
  // Names of tree-sitter-go's node-types.json.
  const Index function = tree->child_of_kind(0, kind_named(Language::go, "function_declaration"));
  REQUIRE(function != Tree::none);
  CHECK(tree->text(tree->child(function, field_named(Language::go, "name"))) == "F");
  Index sum = 1;
  while (sum < tree->size() && (*tree)[sum].kind != kind_named(Language::go, "binary_expression"))
    ++sum;
  REQUIRE(sum < tree->size());
  CHECK(tree->text(sum) == "x + 1");
  CHECK(tree->text(tree->child(sum, field_named(Language::go, "operator"))) == "+");
  CHECK(tree->above(sum, kind_named(Language::go, "function_declaration")) == function);
}

TEST_CASE("what fits no rule is marked") {
  if (!available()) return;
  const std::string text = "int f( { return 1; }";
  const auto tree = parse(Language::c, text);
  REQUIRE(tree);
  CHECK(tree->has_errors());
}

TEST_CASE("deep nesting is a list like any other") {
  if (!available()) return;
  const std::string text =
      "int x = " + std::string(10000, '(') + "1" + std::string(10000, ')') + ";";
  const auto tree = parse(Language::c, text);
  REQUIRE(tree);
  CHECK(tree->size() > 10000);
}

TEST_CASE("offsets are bytes in any encoding") {
  if (!available()) return;
  const std::string text = "// caf\xE9\nint x;\n";
  const auto tree = parse(Language::c, text);
  REQUIRE(tree);
  CHECK_FALSE(tree->has_errors());
  const Index declaration = tree->child_of_kind(0, kind_named(Language::c, "declaration"));
  REQUIRE(declaration != Tree::none);
  CHECK(tree->text(declaration) == "int x;");
}

}  // namespace
}  // namespace tenon::tree
