// Where a sysroot of macOS has libraries that are not the system's: Homebrew's prefixes, that of
// MacPorts, and the kegs of formulas that no prefix links.
#pragma once

#include <string>
#include <vector>

#include "platform/platforms.h"

namespace tenon::link {

struct HomebrewFolders {
  std::vector<std::string> libraries, modules;  // in search order; all exist
};

// The prefix of the target's own processor first: /opt/homebrew for arm64, /usr/local for amd64; a
// library of the other one is for the other processor. Of each prefix what it links, then its kegs.
[[nodiscard]] HomebrewFolders homebrew_folders(const std::string& sysroot,
                                               const Platform& platform);

}  // namespace tenon::link
