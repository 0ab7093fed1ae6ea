// The commands that install what a cause misses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "diag/finding.h"
#include "diagnose/log.h"
#include "platform/contents.h"
#include "platform/packages.h"

namespace tenon {

// The library of the missing header, link or .pc file that was captured; nullptr when not known.
[[nodiscard]] const LibraryPackages* library_of(const Captures& captures);

// The headers, .pc files and libraries that the log misses, each once.
[[nodiscard]] std::vector<SoughtFile> missing_files(const Log& log);

// The package that has what was captured, as the machine's index has it; nullptr when no index was
// asked, or has it not.
[[nodiscard]] const PackageOfFile* indexed_package(const Log& log, const Captures& captures);

// The package in the terms of one column of the table; empty when neither index nor table has it.
[[nodiscard]] std::string_view debian_package(const Log& log, const Captures& captures);

// What is told of the package of the file on this line: who has it, or that nobody knows. Nothing
// where no index was asked.
[[nodiscard]] std::vector<Evidence> package_evidence(const Log& log, std::size_t line);

// On the system that the log speaks of; empty when that is not known.
[[nodiscard]] std::vector<ShellCommand> install_commands(const Log& log, const Captures& captures);

// Where a program does not find a shared library when it starts: the package that has it, or how to
// build without glibc where that is what is missing. Empty when neither is known.
[[nodiscard]] std::vector<ShellCommand> runtime_commands(const Log& log, std::string_view soname);

// Whether a command installs packages of one known library.
[[nodiscard]] bool is_install_command(const std::vector<std::string>& argv);

}  // namespace tenon
