// From a linked file to a finished one: sign, gate, put in place.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crossbuild/gate/gate.h"

namespace tenon {

struct FinishRequest {
  std::vector<std::string> staged;  // one linked file, or the slices of a universal one
  std::string destination;
  std::string identifier;          // of the code signature; empty: Apple's rule from the file name
  std::vector<GateRequest> gates;  // one for each staged file
  std::vector<std::string> neutral;  // folders to be taken out of debug information
};

struct Finished {
  std::vector<std::vector<GateRow>> gates;  // one for each slice
  std::string sha256;
  std::uint64_t size = 0;
  bool passed = false;  // the file was written; else the gate failed and nothing was
};

[[nodiscard]] Result<Finished> finish(const FinishRequest& request);

// Where two files differ: "first at 0x4000 in __TEXT,__text". Empty when they are equal.
[[nodiscard]] Result<std::string> difference(const std::string& one, const std::string& other);

}  // namespace tenon
