// Access to the table of rules. A topic is one file beside this one; CMake collects them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/rule.h"

namespace tenon {

[[nodiscard]] std::span<const RuleTopic* const> rule_topics();

// By code ("TN0201", any case) or slug; null when there is none.
[[nodiscard]] const Rule* find_rule(std::string_view code_or_slug);

// A finding from the rule's texts, placeholders filled.
[[nodiscard]] Finding make_finding(std::string_view code, const Captures& captures,
                                   std::string subject = {});

// Fills code, cause, severity and fixes of a finding that engine code made, from its rule; its own
// message and fixes stay when it has them.
[[nodiscard]] Finding completed(Finding finding);

struct LogHit {
  const Rule* rule = nullptr;
  std::size_t line = 0;  // counted from 1
  std::string text;
  Captures captures;
};

// Every line of a log that a rule explains, in order; several rules may explain one line.
[[nodiscard]] std::vector<LogHit> match_log(std::string_view log);

}  // namespace tenon
