// Files of rules: their form, where an error stands, and what they make of a text.
#include "rewrite/user/rule_file.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

constexpr std::string_view good = R"(# Errors without a format.
rule new-error
text an error without a format
language go
match
  (call_expression
    function: (selector_expression operand: (identifier) @package field: (field_identifier) @f)
    arguments: (argument_list . (interpreted_string_literal) @text .)
    (#eq? @package "fmt") (#eq? @f "Errorf")) @call
replace @call
  errors.New(@text)
before
  x := fmt.Errorf("a@b")
after
  x := errors.New("a@b")

rule no-panic
language go
match
  (call_expression function: (identifier) @f (#eq? @f "panic"))
leave @f
  a library returns errors
)";

std::vector<FilePlan> plans(const RuleFile& file, const std::map<std::string, std::string>& texts) {
  const UserPack pack("own.rules", file);
  Sources sources;
  for (const auto& [path, text] : texts) sources.paths.push_back(path);
  sources.read = [&](const std::string& path) -> tenon::Result<std::string> {
    return texts.at(path);
  };
  return pack.pack().plan(sources, 1, {});
}

std::string error_of(std::string_view text) {
  const auto file = read_rules(text);
  if (file) return "none";
  return std::to_string(file.error().line) + ":" + std::to_string(file.error().column) + ": " +
         file.error().what;
}

TEST_CASE("a rule replaces, another lists") {
  if (!tree::available()) return;
  const auto file = read_rules(good);
  REQUIRE(file);
  const UserPack pack("own.rules", *file);
  CHECK(pack.pack().files == ".go");
  const std::string text =
      "package p\n\nfunc f() error {\n\tpanic(1)\n\treturn fmt.Errorf(\"é %\") // "
      "fmt.Errorf(\"x\")\n}\n";
  const auto all = plans(*file, {{"a.go", text}, {"a.java", "fmt.Errorf(\"x\")"}});
  CHECK(applied(all[0].text, all[0].edits) ==
        "package p\n\nfunc f() error {\n\tpanic(1)\n\treturn errors.New(\"é %\") // "
        "fmt.Errorf(\"x\")\n}\n");
  REQUIRE(all[0].left.size() == 1);
  CHECK(all[0].left[0].line == 4);
  CHECK(all[0].left[0].why == "a library returns errors");
  CHECK_FALSE(all[1].looked_at);
}

TEST_CASE("what overlaps, and a text that cannot be read, is left") {
  if (!tree::available()) return;
  const auto file = read_rules(
      "rule twice\nlanguage go\nmatch\n  (call_expression function: (identifier) @f arguments: "
      "(_) @a (#eq? @f \"f\")) @all\nreplace @all\n  g@a\n");
  REQUIRE(file);
  const auto all = plans(*file, {{"a.go", "package p\nvar x = f(f(1))\nvar y = f(2)\n"},
                                 {"b.go", "package p\nvar x = f(1)\nfunc ) {\n"}});
  CHECK(applied(all[0].text, all[0].edits) == "package p\nvar x = f(f(1))\nvar y = g(2)\n");
  CHECK(all[0].left.size() == 2);
  CHECK(all[1].edits.empty());
  CHECK(all[1].left.size() == 1);
}

TEST_CASE("two parts of one match, an optional one, and an at sign") {
  if (!tree::available()) return;
  const auto file = read_rules(
      "rule swap\nlanguage c\nmatch\n  (binary_expression left: (identifier) @a operator: \"==\" "
      "right: (number_literal) @b)\nreplace @a\n  @b\nreplace @b\n  @a\nbefore\n  int x = n == 0;\n"
      "after\n  int x = 0 == n;\n");
  REQUIRE(file);
  const auto mail = read_rules(
      "rule at\nlanguage java\nmatch\n  ((identifier) @a (#any-of? @a \"p\" \"q\"))\nreplace @a\n  "
      "@@@a\n");
  REQUIRE(mail);
  CHECK(applied("int p, r;", plans(*mail, {{"A.java", "int p, r;"}})[0].edits) == "int @p, r;");
}

TEST_CASE("a predicate stands within a group, also of an alternation") {
  if (!tree::available()) return;
  const auto file = read_rules(
      "rule r\nlanguage go\nmatch\n  [((identifier) @a (#eq? @a \"x\"))\n  (int_literal) @a] ; "
      "(#eq?\nreplace @a\n  y\nbefore\n  v := x + z + 1\nafter\n  v := y + z + 1\n");
  CHECK(file.has_value());
}

TEST_CASE("an error has its line and column") {
  if (!tree::available()) return;
  const std::string head = "rule r\nlanguage go\n";
  CHECK(error_of("") == "1:1: a file begins with \"rule NAME\"");
  CHECK(error_of("rule a b\n") == "1:6: a rule has a name of letters, digits, \"-\", \"_\"");
  CHECK(error_of("rule r\nlanguage perl\nmatch\n  (x)\n") == "2:10: a language is go, java or c");
  CHECK(error_of(head + "match\n  (nosuch) @a\nreplace @a\n  x\n") ==
        "4:4: the grammar has no node of this name");
  CHECK(error_of(head + "match\n  (identifier\n    @a\nreplace @a\n  x\n") ==
        "5:5: this is not the form of a query");
  CHECK(error_of(head + "match\n  (identifier) @a\nreplace @b\n  x\n") ==
        "5:9: the query has no part @b");
  CHECK(error_of(head + "match\n  (identifier) @a\nreplace @a\n  x\n  y(@b)\n") ==
        "7:5: the query has no part @b; @@ is an @");
  CHECK(error_of(head + "match\n    (identifier) @a\n  (x)\n") ==
        "5:3: the line is indented less than the first of its part");
  CHECK(error_of(head + "match\n  (identifier) @a\n  ((#eq? @a \"x\")) @b\nleave @a\n  x\n") ==
        "5:4: a group begins with a pattern, and a predicate stands in a group after it");
  CHECK(error_of(head + "match\n  (call_expression function: (#eq? @a \"x\"))\nleave @a\n  x\n") ==
        "4:30: a group begins with a pattern, and a predicate stands in a group after it");
  CHECK(error_of(head + "match\n  (identifier) @a\n  (#eq? @a \"x\")\nleave @a\n  x\n")
            .starts_with("5:3:"));
  CHECK(error_of(head + "run\n  rm -rf /\n") == "3:1: a rule has no part \"run\"");
  CHECK(error_of(head + "language go\n") == "3:1: a second \"language\"");
  CHECK(error_of(head + "match\n  (identifier) @a\n") ==
        "1:1: a rule has either \"replace\" or \"leave\"");
  CHECK(error_of(head + "match\n  ((identifier) @a (#match? @a \"x\"))\nleave @a\n  no\n")
            .starts_with("4:3: a predicate"));
  CHECK(error_of(head + "match\n  (int_literal) @a\nreplace @a\n  1\nbefore\n  x = 2\nafter\n  x = "
                        "3\n") == "9:1: the rule makes of \"before\": x = 1");
}

}  // namespace
}  // namespace tenon::rewrite
