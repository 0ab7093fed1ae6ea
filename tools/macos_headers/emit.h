// Writes the header of one framework.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

// A symbol that a program can bind, without the leading underscore of Mach-O.
struct Header {
  std::string text;
  // Where a framework is split: the functions of a module, "hid" of IOKit. The text declares all
  // else.
  std::map<std::string, std::string> modules;
  std::vector<std::string> symbols;
  std::vector<LeftOut> left_out;
  std::set<std::string> includes;  // frameworks whose headers it includes
  std::size_t declarations = 0;
};

// All declarations of `framework`, each behind those that it needs. The order is that of need and
// not of Apple's files: the declarations of a framework refer to each other in circles of files,
// so one header holds them all and the others include it.
[[nodiscard]] Header emit(const World& world, const Framework& framework);

}  // namespace macos_headers
