#include "diag/catalog.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

using namespace tenon;

namespace {

// Rules for whatever a compiler may say: lines of other rules may match these too.
constexpr std::string_view general_rules[] = {"TN0408", "TN0604", "TN0605"};

bool is_general(std::string_view code) {
  return std::ranges::find(general_rules, code) != std::end(general_rules);
}

template <class Fn>
void each_rule(Fn fn) {
  for (const RuleTopic* topic : rule_topics()) {
    for (const Rule& rule : topic->rules) {
      const std::string code(rule.code);
      CAPTURE(code);
      fn(*topic, rule);
    }
  }
}

// The lines of the fenced blocks ```log of a page.
std::vector<std::string> examples(const Rule& rule) {
  std::vector<std::string> lines;
  bool inside = false;
  for (const std::string_view line : split(rule.doc, '\n')) {
    if (line.starts_with("```")) {
      inside = line == "```log";
    } else if (inside) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

// The first template of the rule that matches: the one that match_log takes.
std::string_view template_for(const Rule& rule, std::string_view line) {
  for (const std::string_view pattern : rule.log) {
    if (!pattern.empty() && match(pattern, line)) return pattern;
  }
  return {};
}

// Names in braces.
std::set<std::string> names_in(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) break;
    names.emplace(text.substr(at + 1, end - at - 1));
  }
  return names;
}

bool word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

TEST_CASE("rules: codes and slugs are unique and well formed") {
  std::set<std::string_view> codes, slugs, prefixes;
  for (const RuleTopic* topic : rule_topics()) CHECK(prefixes.insert(topic->prefix).second);
  each_rule([&](const RuleTopic& topic, const Rule& rule) {
    CHECK(codes.insert(rule.code).second);
    CHECK(slugs.insert(rule.slug).second);
    CHECK(rule.code.size() == 6);
    CHECK(rule.code.starts_with(topic.prefix));
    CHECK(parse_number(rule.code.substr(2)).has_value());
    const auto parts = split(rule.slug, '/');
    REQUIRE(parts.size() == 2);
    CHECK(word(parts[0]));
    CHECK(word(parts[1]));
  });
  CHECK(codes.size() > 40);
}

TEST_CASE("rules: texts") {
  each_rule([](const RuleTopic&, const Rule& rule) {
    CHECK_FALSE(rule.title.empty());
    CHECK(rule.title.size() <= 60);
    CHECK_FALSE(rule.message.empty());
    CHECK_FALSE(rule.message.contains('\n'));
    for (const FixText& fix : rule.fixes) {
      const bool has_command = !fix.argv[0].empty();
      CHECK((!has_command || !fix.text.empty()));
    }
  });
}

TEST_CASE("rules: pages have their sections, in order, with text in each") {
  each_rule([](const RuleTopic&, const Rule& rule) {
    std::size_t at = 0;
    for (const std::string_view heading :
         {"\n## What happens\n", "\n## How to see it\n", "\n## How to fix it\n"}) {
      const std::size_t found = rule.doc.find(heading, at);
      REQUIRE(found != std::string_view::npos);
      at = found + heading.size() - 1;
      const std::size_t next = rule.doc.find("\n## ", at);
      CHECK_FALSE(
          trim(rule.doc.substr(at, next == std::string_view::npos ? next : next - at)).empty());
    }
    std::size_t fences = 0;
    for (const std::string_view line : split(rule.doc, '\n')) {
      fences += line.starts_with("```") ? 1U : 0U;
      CHECK(line.size() <= 120);
    }
    CHECK(fences % 2 == 0);
  });
}

TEST_CASE("rules: every example is explained by its own rule and by no other") {
  each_rule([](const RuleTopic&, const Rule& rule) {
    for (const std::string& line : examples(rule)) {
      CAPTURE(line);
      bool own = false;
      for (const LogHit& hit : match_log(line)) {
        if (hit.rule == &rule) own = true;
        const std::string other(hit.rule->code);
        CAPTURE(other);
        CHECK((hit.rule == &rule || is_general(other)));
      }
      CHECK(own);
    }
  });
}

TEST_CASE("rules: every log template has an example that it is the first to match") {
  each_rule([](const RuleTopic&, const Rule& rule) {
    const auto lines = examples(rule);
    for (const std::string_view pattern : rule.log) {
      if (pattern.empty()) continue;
      CAPTURE(pattern);
      CHECK(std::ranges::any_of(
          lines, [&](const std::string& line) { return template_for(rule, line) == pattern; }));
    }
  });
}

TEST_CASE("rules: a log template gives every name that the message wants") {
  each_rule([](const RuleTopic&, const Rule& rule) {
    for (const std::string_view pattern : rule.log) {
      if (pattern.empty()) continue;
      CAPTURE(pattern);
      std::set<std::string> known = names_in(pattern);
      known.insert("target");  // diagnose() adds it
      for (const std::string& name : names_in(rule.message)) {
        CAPTURE(name);
        CHECK(known.contains(name));
      }
    }
  });
}

TEST_CASE("rules: look-up by code in any case, and by slug") {
  const Rule* rule = find_rule("TN0403");
  REQUIRE(rule != nullptr);
  CHECK(find_rule("tn0403") == rule);
  CHECK(find_rule(rule->slug) == rule);
  CHECK(find_rule("TN9999") == nullptr);
  CHECK(find_rule("") == nullptr);
}

TEST_CASE("rules: hits carry the line and what was captured") {
  const auto hits =
      match_log("# example.com/p\n  ld64.lld: error: library not found for -lssl\nok\n");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].rule->code == "TN0403");
  CHECK(hits[0].line == 2);
  CHECK(hits[0].text == "ld64.lld: error: library not found for -lssl");
  CHECK(capture(hits[0].captures, "library") == "ssl");
  CHECK(match_log("").empty());
  CHECK(match_log("all is well\n").empty());
}

TEST_CASE("rules: findings have the rule's texts, filled") {
  const Finding finding = make_finding("TN0403", {{"library", "ssl"}}, "example.com/p");
  CHECK(finding.cause == find_rule("TN0403")->slug);
  CHECK(finding.subject == "example.com/p");
  CHECK(finding.message.contains("asks for ssl"));
  CHECK_FALSE(finding.fixes.empty());
  Finding own;
  own.code = "TN0404";
  own.subject = "x";
  own.message = "said by the engine";
  own.evidence.push_back({Evidence::Kind::file, "a.o", "_f"});
  own.confidence = Confidence::likely;
  const Finding full = completed(own);
  CHECK(full.message == "said by the engine");
  CHECK(full.cause == find_rule("TN0404")->slug);
  CHECK(full.evidence.size() == 1);
  CHECK(full.confidence == Confidence::likely);
  CHECK_FALSE(full.fixes.empty());
  own.code = "none";
  CHECK(completed(own).message == "said by the engine");
}
