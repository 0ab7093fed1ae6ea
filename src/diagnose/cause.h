// Who tells whether a log betrays a cause. The texts of causes are in the catalogue.
#pragma once

#include <span>

#include "diag/codes.h"
#include "diagnose/log.h"

namespace tenon {

// How sure a match is, from 0 (no) to 100. From `sure` up nothing else explains the lines.
namespace causes {
inline constexpr int sure = 90, likely = 70, possible = 45, weak = 25;
}

struct Matcher {
  Code code;
  int (*match)(const Log& log, Proof& proof);
};

// Those of one topic, a file of causes/.
using Matchers = std::span<const Matcher>;

}  // namespace tenon
