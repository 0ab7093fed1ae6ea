// Which of Apple's programs judges which kind of file, and what it will say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "codesign/verify/file_verdict.h"

namespace tenon::codesign {

enum class Shape : std::uint8_t {
  tool,
  library,
  app,
  bundle,
  disk_image,
  package,
  archive,
  object,
  other
};

// By the bytes of a file: Mach-O, disk image ("koly" at the end), installer package ("xar!"),
// static library, object or something else.
[[nodiscard]] Shape shape_of(ByteView file);

struct Advice {
  std::string shape;                   // "a command-line tool"
  std::vector<ShellCommand> commands;  // to be run on a Mac
  std::string answer;                  // what they will say of this file
  std::vector<std::string> obstacles;  // to notarization, each with what to do
  Shown stapling;
};

// `file` is the main executable of a bundle, or has no slices for what is not looked into.
[[nodiscard]] Advice advice_for(Shape shape, const std::string& path, const FileVerdict& file,
                                bool ticket);

}  // namespace tenon::codesign
