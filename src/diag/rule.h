// A rule: one cause with its code, its texts, the log lines that betray it and its documentation.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/template.h"
#include "diag/finding.h"

namespace tenon {

// A fix with {placeholders}; `argv` is empty when a person has to act.
struct FixText {
  Fix::Safety safety = Fix::Safety::manual;
  std::string_view text;
  std::array<std::string_view, 8> argv{};
};

struct Rule {
  std::string_view code;  // "TN0201": two digits of topic, two of rule; never used again
  std::string_view slug;  // "sdk/framework-header-missing": public, stable
  Severity severity = Severity::error;
  std::string_view title;                 // at most 60 characters
  std::string_view message;               // one sentence with {placeholders}
  std::array<std::string_view, 6> log{};  // templates of lines that prove it; may be empty
  std::array<FixText, 3> fixes{};
  // Markdown with the sections "What happens", "How to see it", "How to fix it". A fenced block
  // ```log holds lines that this rule, and no other, must explain.
  std::string_view doc;
};

// A topic is one file in src/rules and one range of codes.
struct RuleTopic {
  std::string_view name;
  std::string_view prefix;  // the first four characters of its codes, "TN02"
  std::span<const Rule> rules;
};

}  // namespace tenon
