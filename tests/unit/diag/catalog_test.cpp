#include "diag/catalog.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

using namespace tenon;

namespace {

template <class Fn>
void each_rule(Fn fn) {
  for (const CodeArea& area : code_areas()) {
    for (const Code code : area.codes) {
      CAPTURE(code_text(code));
      fn(code, entry(code));
    }
  }
}

}  // namespace

TEST_CASE("catalogue: an entry is found by its code and by its slug, and by nothing else") {
  std::size_t count = 0;
  const auto check = [&](std::span<const CodeArea> areas) {
    for (const CodeArea& area : areas) {
      for (const Code code : area.codes) {
        CAPTURE(code_text(code));
        CHECK(find_code(code_text(code)) == code);
        CHECK(find_code(slug_of(code)) == code);
        CHECK(code_text(code).starts_with(area.prefix));
        ++count;
      }
    }
  };
  check(code_areas());
  check(cause_topics());
  CHECK(count > 200);
  CHECK(find_code("tn0403") == Code::sdk_library_missing);
  CHECK_FALSE(find_code("TN9999").has_value());
  CHECK_FALSE(find_code("").has_value());
  CHECK(code_text(Code::none).empty());
  CHECK(slug_of(Code::none).empty());
}

TEST_CASE("catalogue: the page of a retired code begins with a live code that stands for it") {
  std::size_t retired = 0;
  const auto check = [&](std::span<const CodeArea> areas) {
    for (const CodeArea& area : areas) {
      for (const Code code : area.codes) {
        const CodeEntry& one = entry(code);
        if (one.retired.empty()) continue;
        CAPTURE(one.code);
        ++retired;
        const auto heir = find_code(one.retired.substr(0, one.retired.find(' ')));
        REQUIRE(heir.has_value());
        CHECK(entry(*heir).retired.empty());
        CHECK(code_page(one).starts_with("Retired: " + std::string(code_text(*heir))));
      }
    }
  };
  check(code_areas());
  check(cause_topics());
  CHECK(retired > 0);
}

TEST_CASE("catalogue: a retired cause without a page of its own names its heir too") {
  Cause cause;
  cause.happens = "It happened.";
  CodeEntry one;
  one.retired = "TN2001 stands for it.";
  one.cause = &cause;
  CHECK(code_page(one).starts_with("Retired: TN2001 stands for it.\n\n## What happens\n"));
}

TEST_CASE("rules: texts") {
  each_rule([](Code, const CodeEntry& rule) {
    CHECK_FALSE(rule.message.contains('\n'));
    for (const FixText& fix : rule.fixes) CHECK_FALSE(fix.text.empty());
  });
}

TEST_CASE("rules: pages have their sections, in order, with text in each") {
  each_rule([](Code, const CodeEntry& rule) {
    const std::string page = "\n" + std::string(rule.page);
    std::size_t at = 0;
    for (const std::string_view heading :
         {"\n## What happens\n", "\n## How to see it\n", "\n## How to fix it\n"}) {
      const std::size_t found = page.find(heading, at);
      REQUIRE(found != std::string::npos);
      at = found + heading.size() - 1;
      const std::size_t next = page.find("\n## ", at);
      CHECK_FALSE(trim(page.substr(at, next == std::string::npos ? next : next - at)).empty());
    }
    std::size_t fences = 0;
    for (const std::string_view line : split(rule.page, '\n')) {
      fences += line.starts_with("```") ? 1U : 0U;
      CHECK(line.size() <= 120);
    }
    CHECK(fences % 2 == 0);
  });
}

TEST_CASE("rules: findings have the rule's texts, filled") {
  const Finding finding =
      make_finding(Code::sdk_library_missing, {{"library", "ssl"}}, "example.com/p");
  CHECK(finding.code == Code::sdk_library_missing);
  CHECK(finding.subject == "example.com/p");
  CHECK(finding.message.contains("needs ssl"));
  CHECK_FALSE(finding.fixes.empty());
  Finding own;
  own.code = Code::sdk_unknown_home;
  own.subject = "x";
  own.message = "said by the engine";
  own.evidence.push_back({Evidence::Kind::file, "a.o", "_f"});
  own.confidence = Confidence::likely;
  const Finding full = completed(own);
  CHECK(full.message == "said by the engine");
  CHECK(full.code == Code::sdk_unknown_home);
  CHECK(full.evidence.size() == 1);
  CHECK(full.confidence == Confidence::likely);
  CHECK_FALSE(full.fixes.empty());
  own.code = Code::none;
  CHECK(completed(own).message == "said by the engine");
}

TEST_CASE("a finding: an empty value is seen, and not the name of its place") {
  const Finding found =
      make_finding(Code::usage_unreadable_input, {{"path", ""}, {"reason", "cannot open"}}, "");
  CHECK(found.message.text() == "'': cannot open");
}
