// One .pc file as a structure. The text is of somebody else: every byte may be there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/license.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"

namespace tenon::pc {

// A field of one value.
struct Field {
  std::string text;
  std::size_t line = 0;
};

struct Package {
  std::string id;      // as Requires names it: the file's name without .pc
  std::string file;    // path of the .pc file; empty for those of tenon itself
  std::string folder;  // where it lies, links of the file followed
  bool uninstalled = false;

  Variables variables;
  std::optional<Field> name, description, version, url, maintainer, source, license_file;
  License license;
  std::vector<std::string> copyright;
  std::vector<std::string> link_abi;  // "c", "c++": what a program must be linked as

  Dependencies requires_public, requires_private, requires_shared;  // internal ones are private
  Dependencies conflicts;
  Dependencies provides;  // the last one is the module itself

  Fragments cflags, cflags_private, cflags_shared;
  Fragments libs, libs_private, libs_shared;

  [[nodiscard]] std::string_view version_text() const {
    return version ? std::string_view(version->text) : std::string_view();
  }
};

// Where a text was found.
struct PackagePlace {
  std::string file;
  std::string folder;
  bool uninstalled = false;
};

// Nothing for a file without Name, Description or Version. Fields are read with the variables that
// stand above them. Each field and fragment has the line where it begins.
[[nodiscard]] std::optional<Package> parse_package(std::string_view text, PackagePlace place,
                                                   const Settings& settings, const Globals& globals,
                                                   Problems& problems);

}  // namespace tenon::pc
