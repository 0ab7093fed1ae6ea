// How the dyld of each release words a failure: macOS 12.0 to 12.3, 12.4 to 12.7, and 13 and newer.
//
// Rules: dyld-940 to 957, dyld-960, dyld-1042 and newer: dyld/JustInTimeLoader.cpp
// (loadDependents), dyld/Loader.cpp (resolveSymbol), common/MachOFile.cpp (compatibleSlice).
#pragma once

#include <string>
#include <string_view>

#include "format/macho/macho.h"

namespace tenon::dyld {

// An image in a message. Releases before 13 say nothing but the path.
struct NamedImage {
  std::string_view path;
  std::string_view uuid;
  std::string_view too_new;  // " (built for macOS 27.0 which is newer than running OS)", or nothing
};

[[nodiscard]] std::string library_text(macho::Version macos, std::string_view library,
                                       const NamedImage& from, std::string_view reason);
[[nodiscard]] std::string symbol_text(macho::Version macos, std::string_view symbol,
                                      const NamedImage& from, const NamedImage& in);
[[nodiscard]] std::string flat_symbol_text(macho::Version macos, std::string_view symbol);
// "have 'x86_64', need 'arm64'"
[[nodiscard]] std::string have_need_text(macho::Version macos, std::string_view have,
                                         std::string_view need);

}  // namespace tenon::dyld
