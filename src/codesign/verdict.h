// The one set of words for a judgement: four states, each with the evidence for it. Hashes, the
// CMS, the resources of a bundle and requirements are all judged in these words. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"
#include "codesign/blob/os_status.h"

namespace tenon::codesign {

// In the order of gravity: the worst of several is their maximum.
enum class State : std::uint8_t {
  absent,   // there is nothing to check: no signature, no certificate, no resources
  valid,    // checked, right
  unknown,  // could not be decided; the causes say why
  invalid,  // checked, wrong; the causes say why
};

// As JSON and text print it: "none", "valid", "unknown", "invalid".
[[nodiscard]] std::string_view state_name(State state);

// One piece of evidence. `code` never changes its meaning; `os_name` and `os_status` are what
// Apple's Security framework answers in this case (SecBase.h, CSCommon.h, cssmerr.h), empty and 0
// when it says nothing.
struct Cause {
  std::string code;     // "page.hash"
  std::string message;  // a sentence without its subject
  std::string where;    // "page 12", "slot 5", a path
  std::string os_name;
  std::int64_t os_status = 0;
};

[[nodiscard]] Cause make_cause(std::string_view code, std::string message, std::string where,
                               OsStatus os = OS_NONE);

struct Verdict {
  State state = State::absent;
  std::vector<Cause> causes;  // the gravest first; those of `absent` and `valid` explain

  // Adds a cause; the graver of both states remains. What explained `absent` or `valid` goes with
  // a first doubt.
  void blame(State worse, Cause cause);

  // The gravest cause; one without texts when there is none.
  [[nodiscard]] const Cause& cause() const TENON_LIFETIMEBOUND;
};

}  // namespace tenon::codesign
