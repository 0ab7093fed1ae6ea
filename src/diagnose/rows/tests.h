// What rows name and cannot spell: predicates on one text, names made from others, and tests that
// compute on a whole log.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "diagnose/log.h"

namespace tenon::rows {

struct Predicate {
  std::string_view name;
  bool (*holds)(std::string_view text) = nullptr;
};

// A test takes the lines that it looked at into the proof when it holds.
struct Test {
  std::string_view name;
  bool (*holds)(const Log& log, Proof& proof) = nullptr;
};

// Makes a name for the texts of a cause from one of the log; empty: there is none.
struct Transform {
  std::string_view name;
  std::string (*made)(std::string_view text) = nullptr;
};

[[nodiscard]] std::span<const Predicate> predicates();
[[nodiscard]] std::span<const Transform> transforms();
[[nodiscard]] std::span<const Test> tests();

}  // namespace tenon::rows
