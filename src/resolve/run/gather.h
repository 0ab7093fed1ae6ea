// Reads what the pure part works on: files below a root, the environment of a process, a program.
// Sends nothing.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "resolve/binary.h"
#include "resolve/inputs.h"

namespace tenon::resolve {

// `root` stands before every path, those in symbolic links too; empty: this machine.
[[nodiscard]] Machine read_machine(const std::string& root);
// The variables that matter, as this process has them.
[[nodiscard]] Environment own_environment();
// Those of a running process. Linux.
[[nodiscard]] Result<Environment> process_environment(std::uint64_t process);
// The first slice; unsupported for a file that no reader knows.
[[nodiscard]] Result<BinaryFacts> read_binary(const std::string& path);

}  // namespace tenon::resolve
