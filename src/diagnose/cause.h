// A cause of failure that a log can betray: its documentation, and the function that knows it.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "diagnose/log.h"

namespace tenon {

// How sure a match is, from 0 (no) to 100. From `sure` up nothing else explains the lines.
namespace causes {
inline constexpr int sure = 90, likely = 70, possible = 45, weak = 25;
}

struct Cause {
  std::string_view code;   // "TN2001"; that of a rule where a finding of a command means the same
  std::string_view slug;   // public and stable
  std::string_view title;  // at most 60 characters
  // The page, one paragraph each. {names} are filled from the log where it is explained.
  std::string_view happens = {}, tell = {}, fix = {}, prevent = {};
  // Commands that mend it, words separated by blanks; {names} are filled.
  std::array<std::string_view, 2> commands{};
  // What the log alone may not be able to tell it from, and the command that decides.
  std::array<std::string_view, 4> rivals{};
  std::string_view decide = {};
  bool harmless = false;
  bool general = false;   // stands behind every cause that says why
  bool installs = false;  // a package of the system mends it, when its name is known
  int (*match)(const Log& log, Proof& proof) = nullptr;
};

struct CauseTopic {
  std::string_view name;
  std::span<const Cause> causes;
};

}  // namespace tenon
