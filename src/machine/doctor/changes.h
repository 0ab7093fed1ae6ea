// What is not as it was when doctor ran last: releases, programs, settings and checks.
#pragma once

#include <string>
#include <vector>

#include "machine/snapshot.h"

namespace tenon {

struct FactChange {
  std::string name;           // "compiler version", "GOFLAGS"
  std::string before, after;  // empty: it was not there
};

// Of what is known in both; a fact that was not asked for has not changed.
[[nodiscard]] std::vector<FactChange> changes_between(const Snapshot& before, const Snapshot& now);

}  // namespace tenon
