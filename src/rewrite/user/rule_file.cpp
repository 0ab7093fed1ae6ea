#include "rewrite/user/rule_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "format/tree/query.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"
#include "rewrite/user/user_plan.h"

namespace tenon::rewrite {
namespace {

constexpr std::size_t most_rules = 200, most_bytes = 1'000'000;

using Failed = std::unexpected<RuleFileError>;

Failed wrong(std::size_t line, std::size_t column, std::string what) {
  return std::unexpected(RuleFileError{line, column, std::move(what)});
}

// A word at the start of a line, the rest of that line, and the indented lines behind it.
struct Part {
  std::size_t line = 0;
  std::string_view word, rest;
  std::size_t rest_column = 1;
  std::string text;
  std::size_t indent = 0;      // blanks that were taken off each line of the text
  std::size_t first_line = 0;  // of the text
};

bool is_blank_line(std::string_view line) { return trim(line).empty(); }

std::expected<std::vector<Part>, RuleFileError> parts_of(std::string_view text) {
  std::vector<Part> out;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    if (!indented && (line.empty() || line.starts_with('#'))) {
      if (!out.empty() && !out.back().text.empty()) out.back().text += '\n';
      continue;
    }
    if (!indented) {
      const std::size_t end = std::min(line.find(' '), line.size());
      const std::string_view rest = trim(line.substr(end));
      const std::size_t column =
          rest.empty() ? end + 1 : static_cast<std::size_t>(rest.data() - line.data()) + 1;
      out.push_back({number, line.substr(0, end), rest, column, {}, 0, 0});
      continue;
    }
    if (out.empty()) return wrong(number, 1, "a file begins with \"rule NAME\"");
    Part& part = out.back();
    if (part.text.empty() && part.first_line == 0) {
      if (is_blank_line(line)) continue;
      part.first_line = number;
      part.indent = line.find_first_not_of(" \t");
    }
    const std::size_t own = std::min(line.find_first_not_of(" \t"), line.size());
    if (own < part.indent && !is_blank_line(line))
      return wrong(number, own + 1, "the line is indented less than the first of its part");
    if (number > part.first_line) part.text += '\n';
    part.text += line.substr(std::min(part.indent, line.size()));
  }
  for (Part& part : out) {
    while (part.text.ends_with('\n')) part.text.pop_back();
  }
  return out;
}

// Where a byte of the part's text stands in the file.
RuleFileError at_offset(const Part& part, std::size_t offset, std::string what) {
  const std::string_view before = std::string_view(part.text).substr(0, offset);
  const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
  const std::size_t start = before.rfind('\n');
  const std::size_t column = offset - (start == std::string_view::npos ? 0 : start + 1);
  return {part.first_line + lines, part.indent + column + 1, std::move(what)};
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::optional<std::uint32_t> capture_of(const UserRule& rule, std::string_view name) {
  const auto& all = rule.query.captures();
  const auto found = std::ranges::find(all, name);
  if (found == all.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - all.begin());
}

// What stands behind "replace" and "leave".
std::expected<std::uint32_t, RuleFileError> target_of(const UserRule& rule, const Part& part) {
  if (!part.rest.starts_with('@'))
    return wrong(part.line, part.rest_column, "the name of a part is expected: @name");
  if (const auto found = capture_of(rule, part.rest.substr(1))) return *found;
  return wrong(part.line, part.rest_column, "the query has no part " + std::string(part.rest));
}

std::expected<std::vector<TemplatePiece>, RuleFileError> pieces_of(const UserRule& rule,
                                                                   const Part& part) {
  std::vector<TemplatePiece> out;
  const std::string_view text = part.text;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@') {
      plain += text[i];
    } else if (text.substr(i + 1).starts_with('@')) {
      plain += text[i++];
    } else {
      std::size_t end = i + 1;
      while (end < text.size() && is_name(text[end])) ++end;
      const auto capture = capture_of(rule, text.substr(i + 1, end - i - 1));
      if (!capture)
        return std::unexpected(at_offset(
            part, i,
            "the query has no part " + std::string(text.substr(i, end - i)) + "; @@ is an @"));
      out.push_back({std::move(plain), 0, false});
      out.push_back({{}, *capture, true});
      plain.clear();
      i = end - 1;
    }
  }
  out.push_back({std::move(plain), 0, false});
  return out;
}

std::optional<tree::Language> language_named(std::string_view name) {
  if (name == "go") return tree::Language::go;
  if (name == "java") return tree::Language::java;
  if (name == "c") return tree::Language::c;
  return std::nullopt;
}

const Part* find_part(const std::vector<Part>& parts, std::string_view word) {
  const auto found = std::ranges::find(parts, word, &Part::word);
  return found == parts.end() ? nullptr : &*found;
}

// The example: what the rule makes of it must be what its file says.
std::optional<RuleFileError> check_example(const RuleFile& file, const UserRule& rule,
                                           const std::vector<Part>& parts) {
  const Part* before = find_part(parts, "before");
  const Part* after = find_part(parts, "after");
  if (before == nullptr && after == nullptr) return std::nullopt;
  const Part& shown = before != nullptr ? *before : *after;
  if (before == nullptr || after == nullptr)
    return RuleFileError{shown.line, 1, "\"before\" and \"after\" stand together"};
  FilePlan plan;
  plan_text(file, rule.language, before->text, {rule.name}, plan);
  if (plan.unread) return RuleFileError{before->line, 1, plan.unread->what};
  const std::string made = applied(before->text, plan.edits);
  if (made == after->text) return std::nullopt;
  return RuleFileError{after->line, 1, "the rule makes of \"before\": " + made};
}

std::expected<UserRule, RuleFileError> rule_of(const std::vector<Part>& parts) {
  const Part& head = parts.front();
  if (head.rest.empty() || !std::ranges::all_of(head.rest, is_name))
    return wrong(head.line, head.rest_column, "a rule has a name of letters, digits, \"-\", \"_\"");
  for (const Part& part : parts) {
    constexpr std::string_view known[] = {"rule",    "text",  "language", "match",
                                          "replace", "leave", "before",   "after"};
    if (std::ranges::find(known, part.word) == std::end(known))
      return wrong(part.line, 1, fmt::format("a rule has no part \"{}\"", part.word));
    const bool again = part.word != "replace" && find_part(parts, part.word) != &part;
    if (again) return wrong(part.line, 1, fmt::format("a second \"{}\"", part.word));
  }
  const Part* language = find_part(parts, "language");
  const Part* match = find_part(parts, "match");
  if (language == nullptr) return wrong(head.line, 1, "the rule has no \"language\"");
  const auto chosen = language_named(language->rest);
  if (!chosen) return wrong(language->line, language->rest_column, "a language is go, java or c");
  if (match == nullptr || match->text.empty())
    return wrong(match == nullptr ? head.line : match->line, 1, "the rule has no \"match\"");
  auto query = tree::Query::compile(*chosen, match->text);
  if (!query) return std::unexpected(at_offset(*match, query.error().offset, query.error().what));
  UserRule out{.name = std::string(head.rest), .text = {}, .query = std::move(*query)};
  out.language = *chosen;
  if (const Part* text = find_part(parts, "text")) out.text = text->rest;
  for (const Part& part : parts) {
    if (part.word == "replace") {
      const auto capture = target_of(out, part);
      if (!capture) return std::unexpected(capture.error());
      auto pieces = pieces_of(out, part);
      if (!pieces) return std::unexpected(std::move(pieces.error()));
      out.replacements.push_back({*capture, std::move(*pieces)});
    } else if (part.word == "leave") {
      const auto capture = target_of(out, part);
      if (!capture) return std::unexpected(capture.error());
      out.leaves = true;
      out.left_capture = *capture;
      out.why = part.text;
    } else if (part.word == "before") {
      out.before = part.text;
    } else if (part.word == "after") {
      out.after = part.text;
    }
  }
  if (out.replacements.empty() == !out.leaves)
    return wrong(head.line, 1, "a rule has either \"replace\" or \"leave\"");
  return out;
}

}  // namespace

std::expected<RuleFile, RuleFileError> read_rules(std::string_view text) {
  if (text.size() > most_bytes) return wrong(1, 1, "a file of rules has at most 1 MB");
  auto parts = parts_of(text);
  if (!parts) return std::unexpected(std::move(parts.error()));
  if (parts->empty() || parts->front().word != "rule")
    return wrong(parts->empty() ? 1 : parts->front().line, 1, "a file begins with \"rule NAME\"");
  RuleFile out;
  std::vector<std::vector<Part>> all;
  for (Part& part : *parts) {
    if (part.word == "rule") all.emplace_back();
    all.back().push_back(std::move(part));
  }
  if (all.size() > most_rules)
    return wrong(all[most_rules].front().line, 1, "a file has at most 200 rules");
  for (const std::vector<Part>& one : all) {
    auto rule = rule_of(one);
    if (!rule) return std::unexpected(std::move(rule.error()));
    if (std::ranges::find(out.rules, rule->name, &UserRule::name) != out.rules.end())
      return wrong(one.front().line, one.front().rest_column, "a rule of this name is above");
    out.rules.push_back(std::move(*rule));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (auto error = check_example(out, out.rules[i], all[i]))
      return std::unexpected(std::move(*error));
  }
  return out;
}

}  // namespace tenon::rewrite
