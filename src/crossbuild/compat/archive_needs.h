// What the archives of a link for Linux need besides the C library. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/file_source.h"
#include "crossbuild/driver/cc_config.h"

namespace tenon {

struct ArchiveNeeds {
  std::vector<std::string> glibc_users;  // archives that use names of glibc, in a link with musl
  bool unwinds = false;                  // Rust and C++ objects unwind the stack
};

// Nothing for other engines and systems: there the linker has all of it.
[[nodiscard]] ArchiveNeeds archive_needs(const CcConfig& config,
                                         const std::vector<std::string>& archives,
                                         FileSource& files);

}  // namespace tenon
