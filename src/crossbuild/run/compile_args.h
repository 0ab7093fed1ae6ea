// What the wrapper for a target and the one for the machine itself share about their arguments.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/run/compile_cache.h"
#include "diag/finding.h"

namespace tenon {

// @FILE replaced by the words of the file.
[[nodiscard]] Result<std::vector<std::string>> expand_response_files(
    const std::vector<std::string>& args);

// The folder of the package: go names it in the first -I, as it compiles some files elsewhere.
[[nodiscard]] std::string package_folder(const std::vector<DriverArg>& args);

// Puts the map of the package's module (module_map) in front, where no map covers it.
[[nodiscard]] Outcome<void> add_module_map(std::vector<DriverArg>& args);

// compile_once, its result told to the build above. `source` as it was given.
[[nodiscard]] Outcome<int> compile_kept(CompileJob job, const std::string& source);

}  // namespace tenon
