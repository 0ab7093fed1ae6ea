// A compiler wrapper as one file name. cmd/link probes flags with the first word of CC alone, so a
// CC of several words loses them (c-archive would get the machine's own ar).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace tenon {

// Makes a folder below `cache`, named after `options`, with links "cc", "c++" and "dsymutil" to
// the program `tenon` and a file with the options of `tenon cc`. Returns the folder. The name
// stands for the content: cmd/go, which keys its cache by CC, keeps different options apart.
[[nodiscard]] Result<std::string> make_wrapper(const std::string& cache, const std::string& tenon,
                                               const std::vector<std::string>& options);
// The same for PKG_CONFIG, of which cmd/go takes the first word only: a link "pkg-config", and the
// options of `tenon pkg-config`.
[[nodiscard]] Result<std::string> make_pkg_config_wrapper(const std::string& cache,
                                                          const std::string& tenon,
                                                          const std::vector<std::string>& options);

// The options for a program that was started as `argv0`, or nothing when that is no wrapper.
[[nodiscard]] Result<std::vector<std::string>> wrapper_options(const std::string& argv0);
// Whether options lie beside the link `argv0`.
[[nodiscard]] bool has_wrapper_options(const std::string& argv0);

}  // namespace tenon
