// What a module requires, provides or cannot be used with: names with versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/version.h"

namespace tenon::pc {

struct Dependency {
  enum Flag : std::uint8_t {
    internal = 1,  // Requires.internal: for the build of the module itself
    private_ = 2,  // Requires.private: for static links, and for its Cflags
    query = 4,     // of the command line
    shared = 8,    // Requires.shared: for links that are not static
  };

  std::string name;
  Comparator comparator = Comparator::any;
  std::string version;
  std::uint8_t flags = 0;
  std::size_t line = 0;
  std::string field = {};  // "Requires.private"

  // "name" or "name >= version".
  [[nodiscard]] std::string text() const;
};

using Dependencies = std::vector<Dependency>;

// Adds the names of `text`, which commas and blanks divide, to those that are there; `like` gives
// flags, line and field. A name that is there without flags wins over the same name with flags. An
// operator without a version drops its name.
void add_dependencies(std::string_view text, const Dependency& like, Dependencies& out);

}  // namespace tenon::pc
