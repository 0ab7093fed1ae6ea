#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/run/compile_cache.h"
#include "crossbuild/run/file_problem.h"
#include "diag/finding.h"
#include "host/files.h"

namespace tenon {
namespace {

constexpr std::size_t largest_go_mod = std::size_t{1} << 20U;

// The module cache writes "!x" for "X".
std::string unescaped(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool upper =
        path[i] == '!' && i + 1 < path.size() && path[i + 1] >= 'a' && path[i + 1] <= 'z';
    out += upper ? static_cast<char>(path[++i] - 'a' + 'A') : path[i];
  }
  return out;
}

// ".../pkg/mod/example.com/m@v1.2.0/sub": the module's folder ends with its version.
std::string of_module_cache(const std::string& folder) {
  constexpr std::string_view mods = "/pkg/mod/";
  const std::size_t at = folder.find(mods);
  if (at == std::string::npos) return {};
  const std::size_t version = folder.find('@', at + mods.size());
  if (version == std::string::npos) return {};
  const std::size_t end = std::min(folder.find('/', version), folder.size());
  return folder.substr(0, end) + "=/_/" +
         unescaped(std::string_view(folder).substr(at + mods.size(), end - at - mods.size()));
}

std::string of_vendor(const std::string& folder) {
  constexpr std::string_view vendor = "/vendor/";
  const std::size_t at = folder.rfind(vendor);
  if (at == std::string::npos) return {};
  const std::string top = folder.substr(0, at + vendor.size() - 1);
  return is_file(top + "/modules.txt") ? top + "=/_/vendor" : std::string();
}

std::string module_of(std::string_view go_mod) {
  for (std::string_view line : split(go_mod, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 2 || words[0] != "module") continue;
    std::string_view name = words[1];
    if (name.size() > 2 && (name.front() == '"' || name.front() == '`')) {
      name = name.substr(1, name.size() - 2);
    }
    return std::string(name);
  }
  return {};
}

}  // namespace

Outcome<std::string> module_map(const std::string& folder) {
  if (!folder.starts_with('/')) return std::string();
  if (std::string map = of_module_cache(folder); !map.empty()) return map;
  if (std::string map = of_vendor(folder); !map.empty()) return map;
  for (std::string_view top = folder; top.size() > 1; top = folder_of(top)) {
    const std::string path = std::string(top) + "/go.mod";
    const auto text = read_text(path, largest_go_mod);
    const bool none = !text && (text.error().code == Errc::not_found ||
                                text.error().code == Errc::permission || is_folder(path));
    if (none) continue;
    if (!text) return std::unexpected(unreadable_input(path, text.error()));
    const std::string name = module_of(*text);
    return name.empty() ? std::string() : std::string(top) + "=/_/" + name;
  }
  return std::string();
}

}  // namespace tenon
