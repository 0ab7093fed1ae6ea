// Who writes x18: the platform's register on Apple's systems and Windows, any other one on Linux.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "inspect/tables.h"

namespace tenon {

struct FunctionCount {
  std::string name;  // "at 0x100004000" without a symbol
  std::uint64_t count = 0;
};

struct X18Use {
  std::vector<FunctionCount> functions;       // instructions that write it, most first
  std::vector<FunctionCount> doubtful;        // words that would if they were no data
  std::uint64_t instructions = 0, maybe = 0;  // sums of both
  std::uint64_t not_decoded = 0;              // words that are SVE, SME or data
  std::uint64_t words = 0;                    // all that were looked at
};

// Of an arm64 object. An instruction counts where its bytes are known to be code: told by mapping
// symbols of ELF, or reached from the start of a function over branches. Data by LC_DATA_IN_CODE
// and by mapping symbols is left out.
[[nodiscard]] Result<X18Use> x18_use(const ObjectView& object);

}  // namespace tenon
