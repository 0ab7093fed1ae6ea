// What stands for the modules that a search can find.
#pragma once

#include <string>
#include <vector>

#include "link/pc/repository.h"

namespace tenon::pc {

// A digest of the .pc files in these folders, their paths and texts. cmd/go does not put what
// pkg-config answers into the keys of its cache (cmd/go/internal/work: buildActionID has the flags
// of the environment and of the sources only); who puts this into a flag keeps objects that were
// made with other answers apart.
[[nodiscard]] std::string modules_state(const std::vector<std::string>& folders, Files& files);

}  // namespace tenon::pc
