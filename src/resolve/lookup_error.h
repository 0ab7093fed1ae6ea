// One error line of a lookup, without any look at a machine: what it proves, which of the known
// causes it can be, and what to run where it proves none. A fix is named only for a cause that the
// line alone makes likely. `tenon explain` uses it for the lookups in a log.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/report.h"

namespace tenon::resolve {

// "lookup NAME on SERVER: REASON"; without a server libc answered, or nobody was asked.
struct LookupError {
  std::string name, server, reason;
};

[[nodiscard]] std::optional<LookupError> parse_lookup_error(std::string_view line);

// A known cause of failed lookups. The numbers are stable.
struct LookupCause {
  std::uint8_t number = 0;
  std::string_view slug;
  std::string_view title;
  std::string_view telling;  // the evidence that tells it
  std::string_view fix;
};

[[nodiscard]] std::span<const LookupCause> lookup_causes();

struct LookupVerdict {
  std::optional<LookupError> error;          // absent: the line is of another kind
  const LookupCause* cause = nullptr;        // nullptr: not enough evidence
  bool certain = false;                      // of `cause`; else likely
  std::string says;                          // what the line proves
  std::vector<const LookupCause*> possible;  // where it proves none
  std::vector<std::string> run;              // commands that tell them apart
};

// `line` may be several lines; the first that says something counts.
[[nodiscard]] LookupVerdict judge_lookup_error(std::string_view line);

// The first line of a log that is the error of a lookup; empty when there is none.
[[nodiscard]] std::string_view first_lookup_line(std::string_view log);

[[nodiscard]] Data verdict_data(const LookupVerdict& verdict);

}  // namespace tenon::resolve
