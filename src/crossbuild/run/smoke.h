// Runs a finished program: directly, or under qemu-user.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crossbuild/build_output.h"
#include "platform/target.h"

namespace tenon {

// For what cannot be run at all.
[[nodiscard]] SmokeResult smoke_not_run(std::string why, std::optional<Fix> fix = std::nullopt);

// `sysroot`: where the libraries are that it was linked with; empty: none.
[[nodiscard]] SmokeResult smoke_run(const std::string& program, const Target& target,
                                    const std::string& sysroot,
                                    const std::vector<std::string>& args,
                                    std::chrono::milliseconds deadline);

}  // namespace tenon
