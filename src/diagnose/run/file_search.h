// Files of libraries that lie where no tool looks without being told.
#pragma once

#include <string>

#include "platform/contents.h"

namespace tenon {

// The folder to name (-I, -L, PKG_CONFIG_PATH, LD_LIBRARY_PATH): one that the flags of the project
// name already, or one below /usr/local, ~/.local, /opt and Homebrew. None below /usr/include: of
// two headers with one name that is the wrong one (node/zlib.h). Empty: it is in none of them.
[[nodiscard]] std::string folder_that_has(const SoughtFile& file);

}  // namespace tenon
