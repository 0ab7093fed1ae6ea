// Two answers to one name, side by side, and what explains a difference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/shown.h"
#include "diag/report.h"
#include "resolve/answer.h"
#include "resolve/decision.h"
#include "resolve/go_client.h"

namespace tenon::resolve {

struct BothAnswers {
  std::string name;
  Order go_order = Order::unknown;  // that of a program that uses Go's resolver
  LookupResult go;
  std::uint64_t go_ms = 0;
  LookupResult libc;
  std::string libc_code;  // "EAI_NONAME"
  std::uint64_t libc_ms = 0;
  // Go's way once more without EDNS0, tried when Go failed and libc did not.
  std::optional<LookupResult> go_without_edns;
};

// The same addresses in any order, or an error of the same kind.
[[nodiscard]] bool same_answers(const BothAnswers& both);
// Sentences, the most likely first; empty when the answers are the same.
[[nodiscard]] std::vector<std::string> explain_difference(const Resolver& resolver,
                                                          const BothAnswers& both);

// "192.0.2.1, 192.0.2.2", or the error.
[[nodiscard]] std::string outcome_text(const LookupResult& result);
[[nodiscard]] Data both_data(const BothAnswers& both, const std::vector<std::string>& why);
[[nodiscard]] Shown both_text(const BothAnswers& both, const std::vector<std::string>& why);

}  // namespace tenon::resolve
