// What of the calling conventions binds a file, and only that. Much of what is said about Go and C
// is not so: frame pointers are no condition of Go's garbage collector (C runs on the g0 stack,
// which is neither scanned nor moved), exceptions inside C++ are harmless.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "inspect/tables.h"
#include "inspect/x18.h"

namespace tenon {

struct AbiRow {
  std::string check;   // stable name: "exec-stack", "exceptions", ...
  std::string state;   // "ok", "warning", "info" or "unknown"
  std::string value;   // what was found
  std::string source;  // the rule, with where it is written

  // The evidence by function, for checks that look into code; most first.
  std::vector<FunctionCount> functions{};
};

[[nodiscard]] Result<std::vector<AbiRow>> abi_rows(const ObjectView& object);

}  // namespace tenon
