#include "cli/link/choices.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/stubs/system_libraries.h"
#include "host/process.h"
#include "link/closure/closure.h"
#include "platform/target.h"

namespace tenon {

std::optional<link::Mode> link_mode_named(std::string_view name) {
  if (name == "static") return link::Mode::static_only;
  if (name == "hybrid") return link::Mode::hybrid;
  if (name == "as-is") return link::Mode::as_is;
  return std::nullopt;
}

std::string link_driver(const std::string& wanted, const Target& target) {
  if (wanted == "zig" || wanted == "none") return {};
  if (!wanted.empty()) return find_program(wanted).value_or(std::string());
  if (target.libc != Libc::glibc || target.platform->cross_cc.empty()) return {};
  return find_program(target.platform->cross_cc).value_or(std::string());
}

std::vector<std::string> libraries_of_system(const Target& target) {
  std::vector<std::string> out;
  if (!target.darwin()) return out;
  for (const SystemLibrary& one : system_libraries()) {
    if (!one.framework) out.emplace_back(one.name);
  }
  return out;
}

}  // namespace tenon
