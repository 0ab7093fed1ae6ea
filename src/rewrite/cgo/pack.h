// The pack "cgo": Go files with C code, and what `tenon explain` and the gate find in them.
//
// From beginning to end: what stands before the package clause, the imports, the #cgo lines and the
// preamble are read by format/gosource, Go code and C code by tree-sitter. Each rule has the code
// of the cause whose fix it is. A rule makes an edit only where the result is surely as good on
// every system: it repairs what cannot compile as it stands, or what it writes means the same. What
// it finds beside that is left with the reason. Directories named "vendor" (copies of other
// modules) and "testdata" stay.
#pragma once

#include "rewrite/plan.h"

namespace tenon::rewrite::cgo {

[[nodiscard]] const Pack& pack();

}  // namespace tenon::rewrite::cgo
