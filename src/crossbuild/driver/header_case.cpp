#include "crossbuild/driver/header_case.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"

namespace tenon {
namespace {

// In single quotes nothing but the quote is special.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

}  // namespace

std::string header_overlay(const std::vector<HeaderFolder>& folders) {
  std::string out = "{version: 0, case-sensitive: false, roots: [\n";
  for (const HeaderFolder& folder : folders) {
    out += fmt::format("{{name: {}, type: directory, contents: [\n", quoted(folder.path));
    for (const std::string& file : folder.files) {
      out += fmt::format("{{name: {}, type: file, external-contents: {}}},\n", quoted(file),
                         quoted(join_path(folder.path, file)));
    }
    out += "]},\n";
  }
  return out + "]}\n";
}

}  // namespace tenon
