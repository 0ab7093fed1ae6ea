// Where the linker of a target looks for libraries.
#pragma once

#include <string>
#include <vector>

#include "platform/target.h"

namespace tenon::link {

struct LinkerFolders {
  std::string driver;                // that was asked; empty: none, and the folders are the usual
  std::vector<std::string> folders;  // in search order; some may not exist
};

// `driver`: a gcc or clang, asked with -print-search-dirs. Without an answer: the folders of the
// sysroot by the target's triple.
[[nodiscard]] LinkerFolders linker_folders(const std::string& driver, const Target& target,
                                           const std::string& sysroot);

}  // namespace tenon::link
