#include "codesign/verdict.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "codesign/blob/os_status.h"

namespace tenon::codesign {

std::string_view state_name(State state) {
  switch (state) {
    case State::absent: return "none";
    case State::valid: return "valid";
    case State::unknown: return "unknown";
    case State::invalid: return "invalid";
  }
  return "none";
}

Cause make_cause(std::string_view code, std::string message, std::string where, OsStatus os) {
  return {std::string(code), std::move(message), std::move(where), std::string(os.name), os.number};
}

void Verdict::blame(State worse, Cause cause) {
  const bool graver = worse > state;
  // Why there was nothing to judge is no cause of what is wrong.
  if (graver && worse >= State::unknown && state <= State::valid) causes.clear();
  state = std::max(state, worse);
  causes.insert(graver ? causes.begin() : causes.end(), std::move(cause));
}

const Cause& Verdict::cause() const {
  static const Cause none;
  return causes.empty() ? none : causes.front();
}

}  // namespace tenon::codesign
