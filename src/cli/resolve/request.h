// What the command line of `tenon resolve` says, with the facts that it names read.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/table.h"
#include "diag/finding.h"
#include "resolve/binary.h"
#include "resolve/inputs.h"

namespace tenon {

struct ResolveRequest {
  resolve::Inputs inputs;
  std::optional<resolve::BinaryFacts> binary;
  std::string binary_path;
};

// Whether the files and the environment are those of this machine.
[[nodiscard]] bool is_local(const Arguments& arguments);
[[nodiscard]] Outcome<ResolveRequest> read_resolve_request(const Arguments& arguments);

}  // namespace tenon
