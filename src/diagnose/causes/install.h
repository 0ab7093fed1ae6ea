// The commands that install what a cause misses.
#pragma once

#include <string>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "diagnose/log.h"
#include "platform/packages.h"

namespace tenon {

// The library of the missing header, link or .pc file that was captured; nullptr when not known.
[[nodiscard]] const LibraryPackages* library_of(const Captures& captures);

// On the system that the log speaks of; empty when that is not known.
[[nodiscard]] std::vector<ShellCommand> install_commands(const Log& log, const Captures& captures);

// Whether a command installs packages of one known library.
[[nodiscard]] bool is_install_command(const std::vector<std::string>& argv);

}  // namespace tenon
