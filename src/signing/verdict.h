// What is said of a signed file: three separate judgements, each with its causes. Values only;
// verify.h makes them. Everything here owns its texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/identity.h"

namespace tenon::signing {

using identity::Cause;
using identity::State;

struct Judgement {
  State state = State::none;
  std::vector<Cause> causes;  // of invalid and unknown, the gravest first

  // Adds a cause; the worse of both states remains.
  void blame(State worse, Cause cause);
};

}  // namespace tenon::signing
