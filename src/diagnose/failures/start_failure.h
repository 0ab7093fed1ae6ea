// What a log says of a program that did not start: which file the loader or the kernel names, and
// what it did not find. Pure; whoever has the files can repeat the search.
//
// The messages are those of glibc (elf/dl-load.c, dl-lookup.c, dl-version.c), musl
// (ldso/dynlink.c), dyld (dyld/Loader.cpp) and of shells and Go for the errors of execve().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/log.h"

namespace tenon::explain {

struct StartFailure {
  enum class Speaker : std::uint8_t { elf_loader, dyld, kernel };
  Speaker speaker = Speaker::elf_loader;
  std::size_t line = 0;            // in the log, from 1
  std::vector<std::string> files;  // that it names, the program first where it is known
  bool names_program = false;      // musl and dyld name the file that asks, program or library
  std::string library;             // that was not found or not taken
  std::string symbol, version;     // that were not found
  std::string uuid;                // of the file that dyld names: "0D1DEADA-90CF-..."
};

// The first one of the log; nothing where no loader speaks.
[[nodiscard]] std::optional<StartFailure> start_failure(const Log& log);

}  // namespace tenon::explain
