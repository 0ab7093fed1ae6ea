#include "diag/catalog.h"

#include <algorithm>

#include "base/text.h"
#include "diag/topics.inc"  // made by CMake from the names of the topic files

namespace tenon {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

Fix make_fix(const FixText& text, const Captures& captures) {
  Fix fix{text.safety, fill(text.text, captures), {}};
  std::vector<std::string> argv;
  for (const std::string_view word : text.argv) {
    if (!word.empty()) argv.push_back(fill(word, captures));
  }
  if (!argv.empty()) fix.commands.push_back(std::move(argv));
  return fix;
}

}  // namespace

std::span<const RuleTopic* const> rule_topics() { return all_topics; }

const Rule* find_rule(std::string_view code_or_slug) {
  const std::string code = upper(code_or_slug);
  for (const RuleTopic* topic : rule_topics()) {
    for (const Rule& rule : topic->rules) {
      if (rule.code == code || rule.slug == code_or_slug) return &rule;
    }
  }
  return nullptr;
}

Finding make_finding(std::string_view code, const Captures& captures, std::string subject) {
  Finding finding;
  finding.code = code;
  finding.subject = std::move(subject);
  const Rule* rule = find_rule(code);
  if (rule == nullptr) return finding;
  finding.message = fill(rule->message, captures);
  finding.cause = rule->slug;
  finding.severity = rule->severity;
  for (const FixText& fix : rule->fixes) {
    if (!fix.text.empty()) finding.fixes.push_back(make_fix(fix, captures));
  }
  return finding;
}

Finding completed(Finding finding) {
  const Rule* rule = find_rule(finding.code);
  if (rule == nullptr) return finding;
  Finding full = make_finding(finding.code, {}, std::move(finding.subject));
  if (!finding.message.empty()) full.message = std::move(finding.message);
  if (!finding.fixes.empty()) full.fixes = std::move(finding.fixes);
  full.evidence = std::move(finding.evidence);
  full.confidence = finding.confidence;
  return full;
}

std::vector<LogHit> match_log(std::string_view log) {
  std::vector<LogHit> hits;
  std::size_t number = 0;
  for (const std::string_view line : split(log, '\n')) {
    ++number;
    for (const RuleTopic* topic : rule_topics()) {
      for (const Rule& rule : topic->rules) {
        for (const std::string_view pattern : rule.log) {
          if (pattern.empty()) break;
          auto captures = match(pattern, trim(line));
          if (!captures) continue;
          hits.push_back({&rule, number, std::string(trim(line)), std::move(*captures)});
          break;
        }
      }
    }
  }
  return hits;
}

}  // namespace tenon
