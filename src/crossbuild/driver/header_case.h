// Headers of Windows by any spelling. Windows ignores case, so packages that are written there say
// #include <Windows.h>; zig's MinGW-w64 has windows.h. A file for clang's -ivfsoverlay lists the
// headers once more, to be found without regard to case. It comes behind the search folders: a
// header that a folder of the user has goes first. Pure; run/windows_headers.h keeps the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tenon {

struct HeaderFolder {
  std::string path;
  std::vector<std::string> files;
};

// The overlay as text: YAML, as clang reads it.
[[nodiscard]] std::string header_overlay(const std::vector<HeaderFolder>& folders);

}  // namespace tenon
