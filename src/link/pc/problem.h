// What a reading of .pc files has to say beside its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tenon::pc {

struct Problem {
  enum class Kind : std::uint8_t {
    malformed,         // a line or file that cannot be read as it was meant
    missing,           // a module that no directory has
    missing_private,   // the same, named in Requires.private; 1.8 accepted it without --static
    wrong_version,     // a module that is there in another version
    conflict,          // a Conflicts rule that holds
    cycle,             // modules that require each other
    host_leak,         // a module or a flag of this machine in a cross build
    outside_sysroot,   // a search directory of the environment that does not lie in the sysroot
    sysroot_ignored,   // PKG_CONFIG_SYSROOT_DIR that names no sysroot
    nothing_requested  // no module was named
  };
  Kind kind = Kind::malformed;
  bool error = false;  // no answer without it; else a warning
  // As pkgconf says it, with line breaks at the ends: one sentence or several.
  std::string text;
  std::string file = {};    // of the .pc file that says so; empty when none does
  std::size_t line = 0;     // 0: of the whole file
  std::string module = {};  // what is missing, wrong, or leads out of the sysroot
  std::string other = {};   // who requires it; the flag; the version that there is
  std::string rule = {};    // that a version does not satisfy: ">= 2.0"
};

using Problems = std::vector<Problem>;

}  // namespace tenon::pc
