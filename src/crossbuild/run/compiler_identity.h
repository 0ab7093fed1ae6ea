// Which compiler it is: by the content of the programs that make its objects.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crossbuild/cache/probes.h"

namespace tenon {

// A digest over the programs behind `program`: itself, and for gcc also cc1, cc1plus and as. They
// are read once and remembered below `cache` by path, size, time of change and inode; the name of
// the compiler in its own words comes first ("gcc", "zig"), for people.
struct CompilerIdentity {
  std::string name;    // base name of the program
  std::string digest;  // SHA-256, hex
};
[[nodiscard]] Result<CompilerIdentity> compiler_identity(const std::string& program,
                                                         const std::string& cache);

// The folders that the compiler searches by itself for `language` under `flags`. Asked once
// (`-E -v`), remembered below `cache`. `command`: the words that start the compiler. A relative one
// (of CPATH) stays relative.
[[nodiscard]] Result<OwnFolders> own_search_folders(const std::vector<std::string>& command,
                                                    const std::vector<std::string>& flags,
                                                    const std::string& language,
                                                    const CompilerIdentity& compiler,
                                                    const std::string& cache);

}  // namespace tenon
