// The border between Go and C in a finished program, from the names of Go's functions, which
// survive strip. Rules: cmd/cgo/out.go of Go for the names of the wrappers.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "format/gobin/pclntab.h"
#include "inspect/tables.h"

namespace tenon {

// The border of one package; all lists sorted, each name once.
struct CgoBorder {
  std::string package;               // import path; "main" for the main package; empty when unknown
  std::vector<std::string> calls;    // C functions that Go calls
  std::vector<std::string> helpers;  // of cgo itself: CString, GoString, CBytes, ...
  std::vector<std::string> exports;  // Go functions that C can call (//export)
};

struct CgoSides {
  bool runtime = false;  // runtime/cgo is linked in
  std::vector<CgoBorder> packages;
};

[[nodiscard]] CgoSides cgo_sides(const gobin::Pclntab& table);

// not_found when the object has no function table of Go.
[[nodiscard]] Result<CgoSides> cgo_sides(const ObjectView& object);

}  // namespace tenon
