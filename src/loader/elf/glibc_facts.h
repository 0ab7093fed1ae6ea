// What one build of glibc's loader has compiled in, read out of its bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "format/elf/elf.h"

namespace tenon::loader {

struct GlibcFacts {
  std::vector<std::string> default_folders;  // each with a slash at its end, in search order
  std::string lib;                           // the value of $LIB
  elf::GlibcVersion version;                 // 0.0 when the bytes do not say
};

// `libc` may be empty: a loader before 2.33 does not say its version, libc.so.6 always does.
[[nodiscard]] GlibcFacts read_glibc_facts(ByteView loader, ByteView libc, bool wide);

// "2.36" out of "... release version 2.36.", the banner of glibc; 0.0 without one.
[[nodiscard]] elf::GlibcVersion banner_version(std::string_view bytes);

}  // namespace tenon::loader
