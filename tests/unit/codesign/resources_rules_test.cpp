#include <doctest/doctest.h>

#include <string>

#include "base/memory_tree.h"
#include "codesign/resources/links.h"
#include "codesign/resources/pattern.h"
#include "codesign/resources/rules.h"

using namespace tenon;
using namespace tenon::resources;

namespace {

bool matches(std::string_view pattern, std::string_view text) {
  const auto compiled = Pattern::compile(pattern);
  CAPTURE(pattern);
  REQUIRE(compiled.has_value());
  return compiled->search(text);
}

Errc refused(std::string_view pattern) {
  const auto compiled = Pattern::compile(pattern);
  CAPTURE(pattern);
  REQUIRE_FALSE(compiled.has_value());
  return compiled.error().code;
}

RuleSet rules_of(const plist::Dict& rules) {
  auto parsed = RuleSet::parse(rules);
  REQUIRE(parsed.has_value());
  return *std::move(parsed);
}

RuleSet default2(const std::string& resources) {
  return rules_of(*default_rules(resources).find("rules2")->dict());
}

}  // namespace

TEST_CASE("pattern: what the default rules use") {
  CHECK(matches("^.*", ""));
  CHECK(matches("^[^/]+$", "Info.plist"));
  CHECK_FALSE(matches("^[^/]+$", "a/b"));
  CHECK(matches("^(Frameworks|MacOS|Library/(Automator|Spotlight))/", "Library/Spotlight/x"));
  CHECK_FALSE(matches("^(Frameworks|MacOS|Library/(Automator|Spotlight))/", "Library/Other/x"));
  CHECK_FALSE(matches("^(Frameworks|MacOS)/", "x/MacOS/y"));
  CHECK(matches(".*\\.dSYM($|/)", "a/b.dSYM"));
  CHECK(matches(".*\\.dSYM($|/)", "a/b.dSYM/c"));
  CHECK_FALSE(matches(".*\\.dSYM($|/)", "a/b.dSYMs"));
  CHECK(matches("^(.*/)?\\.DS_Store$", ".DS_Store"));
  CHECK(matches("^(.*/)?\\.DS_Store$", "a/b/.DS_Store"));
  CHECK_FALSE(matches("^(.*/)?\\.DS_Store$", "a/x.DS_Store"));
  CHECK(matches("^Resources/.*\\.lproj/locversion.plist$", "Resources/a.lproj/locversionXplist"));
}

TEST_CASE("pattern: operators and sets") {
  CHECK(matches("b", "abc"));
  CHECK(matches("a|b", "xb"));
  CHECK(matches("^(a|b)+$", "abba"));
  CHECK_FALSE(matches("^(a|b)+$", "abca"));
  CHECK(matches("^(Frameworks/|())x$", "x"));
  CHECK(matches("^a?b*c+$", "bbc"));
  CHECK_FALSE(matches("^a?b*c+$", "aab"));
  CHECK(matches("[]a-c]", "]"));
  CHECK(matches("[^]a]", "b"));
  CHECK_FALSE(matches("^[a-c-]+$", "abd"));
  CHECK(matches("^[a-c-]+$", "a-c"));
  CHECK(matches("[\\.]", "\\"));
  CHECK(matches("a.c", "a\nc"));
  CHECK(matches("(^|/)x", "a/x"));
  CHECK(matches("\\$\\^\\(\\[", "$^(["));
  CHECK(matches("^((a*)*)*$", "aaaa"));
}

TEST_CASE("pattern: what may mean something else is not decided") {
  for (const char* pattern :
       {"a{1,2}", "{", "[[:alpha:]]", "[[.x.]]", "\\1", "\\w", "\\<a", "*a", "a**", "a|", "|a", "",
        "^*", "(a", "[a", "a\\", "a)", "[c-a]", "[\xc3\xa9]"}) {
    (void)refused(pattern);
  }
  CHECK(refused(std::string(600, 'a')) == Errc::unsupported);
  CHECK(refused(std::string(200, '(')) == Errc::unsupported);
}

TEST_CASE("pattern: time does not explode") {
  const std::string text(20000, 'a');
  CHECK_FALSE(matches("^(a*)*(a*)*(a*)*(a|aa)+b$", text));
  std::string options;
  for (int i = 0; i < 100; ++i) options += "a?";
  CHECK(matches("^" + options + ".*$", text));
}

TEST_CASE("rules: the default ones") {
  const RuleSet rules = default2("Resources/");
  CHECK(rules.find("MacOS/tool").nested);
  CHECK(rules.find("Helper").nested);
  CHECK_FALSE(rules.find("MacOS/tool.dSYM/Contents/x").nested);
  CHECK(rules.find("Info.plist").omitted);
  CHECK(rules.find("PkgInfo").omitted);
  CHECK_FALSE(rules.find("version.plist").nested);
  CHECK(rules.find("Resources/en.lproj/x").optional);
  CHECK_FALSE(rules.find("Resources/Base.lproj/x").optional);
  CHECK(rules.find("Resources/en.lproj/locversion.plist").omitted);
  CHECK(rules.find("Frameworks/.DS_Store").omitted);
  CHECK(rules.find("Other/x").sealed());
  for (const char* path : {"MacOS/tool", "Info.plist", "Resources/x", "Other/x"}) {
    CHECK_FALSE(rules.find(path).ambiguous);
  }
  const RuleSet flat = default2("");
  CHECK_FALSE(flat.find("Frameworks/x.dylib").nested);
  CHECK(flat.find("en.lproj/x").optional);
}

TEST_CASE("rules: weights, ties and values") {
  plist::Dict rules;
  rules.add("^.*", true);
  rules.add("^a", false);  // weight 1 as well
  plist::Dict heavy;
  heavy.add("weight", 7.9);
  heavy.add("optional", true);
  rules.add("^ab", std::move(heavy));
  const RuleSet set = rules_of(rules);
  CHECK(set.find("x").sealed());
  CHECK(set.find("ax").ambiguous);
  CHECK(set.find("abx").optional);
  CHECK_FALSE(set.find("abx").ambiguous);

  plist::Dict bad;
  bad.add("^a", "text");
  CHECK(RuleSet::parse(bad).error().error.code == Errc::malformed);
  CHECK(RuleSet::parse(bad).error().rule == "^a");
  plist::Dict weight, negative;
  negative.add("weight", std::int64_t{-1});
  weight.add("^a", std::move(negative));
  CHECK(RuleSet::parse(weight).error().error.code == Errc::malformed);
}

TEST_CASE("rules: weak ones are named") {
  const plist::Dict defaults = default_rules("Resources/");
  CHECK_FALSE(weakness(*defaults.find("rules2")->dict(), 2, "Resources/").has_value());
  CHECK_FALSE(weakness(*defaults.find("rules")->dict(), 1, "Resources/").has_value());
  plist::Dict none;
  CHECK(weakness(none, 2, "") == "no rule seals everything");
  plist::Dict omits;
  omits.add("^.*", true);
  omits.add("^Frameworks/", false);
  CHECK(weakness(omits, 2, "") == "rule ^Frameworks/ omits files");
}

TEST_CASE("links: are followed inside of the tree only") {
  MemoryTree tree;
  tree.add_file("a/b/file", "x");
  tree.add_link("a/up", "..");
  tree.add_link("a/out", "../../x");
  tree.add_link("a/loop", "loop");
  tree.add_link("a/abs", "/etc");
  tree.add_link("a/far", "up/a/./b");
  using Outcome = Resolved::Outcome;
  CHECK(resolve(tree, "a/far/file")->path == "a/b/file");
  CHECK(resolve(tree, "a/up")->path.empty());
  CHECK(resolve(tree, "a/out")->outcome == Outcome::outside);
  CHECK(resolve(tree, "a/loop")->outcome == Outcome::circle);
  CHECK(resolve(tree, "a/abs/passwd")->outcome == Outcome::absolute);
  CHECK(resolve(tree, "a/b/file/..")->outcome == Outcome::missing);
  CHECK(resolve(tree, "a/none")->outcome == Outcome::missing);
  for (const char* path : {"", "/a", "a/", "a//b", "a/../b", "."}) CHECK_FALSE(is_plain_path(path));
}
