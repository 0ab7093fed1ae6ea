// The programs of this machine that decide the bytes of an output, as properties.
#pragma once

#include <string>
#include <vector>

#include "wire/values.h"

namespace tenon::fleet {

struct GoProgram {
  std::string path, version;  // "1.26.8"
};

// Those that answer `go env GOVERSION`, in this order; equal versions once. "go" is looked up in
// PATH.
[[nodiscard]] std::vector<GoProgram> find_go(const std::vector<std::string>& programs);

// The program whose builds the cells are: this one, or tenon beside tenon-fleet. go writes its path
// into what it builds.
[[nodiscard]] std::string tenon_program();

// Where zig keeps the C libraries that it builds: debug information holds how long this path is.
[[nodiscard]] std::string zig_cache();

// Version of this tenon with its commit, of zig, where its cache lies, the system and the
// processor.
[[nodiscard]] std::vector<remote::Property> own_properties();

}  // namespace tenon::fleet
