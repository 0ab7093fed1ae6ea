#include "diagnose/rows/hidden_error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "diagnose/failures/severity.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon::rows {
namespace {

// A signal ended the program, or it is none of a build with Go: that is what there is to say.
bool tells_a_signal(std::string_view text) {
  constexpr auto codes = std::to_array<std::string_view>(
      {"status 132", "status 134", "status 135",  "status 136", "status 137", "status 138",
       "status 139", "status 0x",  "status 3221", "code 132",   "code 134",   "code 137",
       "code 139",   "code: 132",  "code: 134",   "code: 137",  "code: 139",  "code 0x",
       "code 3221",  "status 127", "code: 127",   "code 127",   "status 126", "code 126",
       "code: 126",  "npm ERR!",   "ELIFECYCLE"});
  return std::ranges::any_of(codes, [&](std::string_view one) { return text.contains(one); });
}

// Words of an error in a wording that nothing here knows: then it may well be shown.
bool may_be_the_error(std::string_view text) {
  constexpr auto words = std::to_array<std::string_view>(
      {" not ", "no ", "No ", "annot ", "nvalid", "nable to", "call to ", "nsupported", "issing",
       "nknown", "ndefined", "uplicate", "conflict", "denied", "must ", "expected", "FAIL"});
  return std::ranges::any_of(words, [&](std::string_view one) { return text.contains(one); });
}

}  // namespace

bool error_is_not_shown(const Log& log, Proof& proof) {
  std::optional<LogMatch> told;
  for (const LogLine& line : log.lines()) {
    const LogEvent* event = log.event_at(line.number);
    if (event != nullptr && event->weight == Weight::warning) continue;
    if (event != nullptr && event->weight == Weight::failure) return false;
    const auto trouble = trouble_of(line.text);
    const bool relays = event != nullptr || line.text.contains("ailed to build");
    if (!trouble && !relays) {
      if (may_be_the_error(line.text)) return false;
      continue;
    }
    if (trouble && trouble->weight == Weight::failure && !relays) return false;
    if (tells_a_signal(line.text)) return false;
    told = LogMatch{.line = line.number, .text = line.text, .captures = {}};
  }
  return proof.take(told);
}

}  // namespace tenon::rows
