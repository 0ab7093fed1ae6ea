// Carries out a call of the compiler wrapper.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/driver/cc_config.h"

namespace tenon {

// Runs the compiler or linker for `args` with our own standard streams and returns its exit code.
// What tenon itself has to say is in the finding. `config` is complete: nothing is searched here.
[[nodiscard]] Outcome<int> run_cc(const CcConfig& config, const std::vector<std::string>& args,
                                  std::string_view tenon_version);

// The same for `config.native`: the machine's own compiler, every argument as it is but for what
// the cache of compiles replaces (run/compile_cache.h).
[[nodiscard]] Outcome<int> run_native(const CcConfig& config, const std::vector<std::string>& args);

}  // namespace tenon
