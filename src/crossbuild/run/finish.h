// From a linked file to a finished one: sign, gate, put in place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crossbuild/plan/finish_plan.h"

namespace tenon {

struct Finished {
  std::vector<std::vector<GateRow>> gates;  // one for each slice
  std::string sha256;
  std::uint64_t size = 0;
  bool passed = false;  // the file was written; else the gate failed and nothing was
};

[[nodiscard]] Result<Finished> finish(const FinishRequest& request);

// Where two files differ: "first at 0x4000 in __TEXT,__text". Nothing when they are equal.
[[nodiscard]] Result<std::optional<std::string>> difference(const std::string& one,
                                                            const std::string& other);

}  // namespace tenon
