#include "diagnose/project/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/project/trace.h"
#include "format/gomod/gomod.h"
#include "format/gosource/source.h"

namespace tenon::project {
namespace {

std::string joined(std::string_view folder, std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  std::string out(folder);
  while (name.starts_with("../")) {
    name.remove_prefix(3);
    const std::size_t slash = out.rfind('/');
    out.resize(slash == out.npos ? 0 : slash);
  }
  if (name.empty() || name == ".") return out;
  if (!out.ends_with('/')) out += '/';
  return out.append(name);
}

std::string_view last(std::string_view path) { return path.substr(path.rfind('/') + 1); }

constexpr std::size_t most_files_of_folder = 2000;

}  // namespace

Packages::Packages(const ProjectPlace& place, const ProjectDisk& disk)
    : place_(place), disk_(disk) {
  if (const auto text = disk.read(joined(place.root, "go.mod"))) mod_ = gomod::read(*text);
  vendored_ = disk.read(joined(place.root, "vendor/modules.txt")).has_value();
}

bool Packages::exists(const std::string& path) const {
  return !disk_.list(path).empty() || disk_.read(path).has_value();
}

std::string Packages::module_folder(const gomod::Module& module) const {
  const gomod::Module by = gomod::replaced(mod_, module);
  if (by.version.empty()) {
    return by.path.starts_with('/') ? by.path : joined(place_.root, by.path);
  }
  if (place_.module_cache.empty()) return {};
  return joined(place_.module_cache,
                fmt::format("{}@{}", gomod::escaped(by.path), gomod::escaped(by.version)));
}

std::optional<std::string> Packages::folder(std::string_view import_path) const {
  const auto found = [&](std::string path) -> std::optional<std::string> {
    if (path.empty() || disk_.list(path).empty()) return std::nullopt;
    return path;
  };
  const auto rest = [&](std::string_view prefix) {
    std::string_view tail = import_path.substr(prefix.size());
    if (tail.starts_with('/')) tail.remove_prefix(1);
    return tail;
  };
  if (gomod::below(import_path, mod_.module)) {
    return found(joined(place_.root, rest(mod_.module)));
  }
  if (vendored_) {
    if (auto path = found(joined(joined(place_.root, "vendor"), import_path))) return path;
  }
  if (const gomod::Module* module = gomod::module_of(mod_, import_path)) {
    const std::string folder = module_folder(*module);
    if (!folder.empty()) return found(joined(folder, rest(module->path)));
  }
  // Only the standard library has no dot in the first element.
  const bool standard = !import_path.substr(0, import_path.find('/')).contains('.');
  if (!standard || place_.go_root.empty()) return std::nullopt;
  return found(joined(joined(place_.go_root, "src"), import_path));
}

std::string Packages::import_path(std::string_view folder) const {
  const auto tail = [&](std::string_view root) {
    const std::string_view rest = folder.substr(root.size());
    return std::string(rest);
  };
  const std::string vendor = joined(place_.root, "vendor/");
  if (folder.starts_with(vendor)) return std::string(folder.substr(vendor.size()));
  for (const gomod::Module& module : mod_.require) {
    const std::string root = module_folder(module);
    if (!root.empty() && gomod::below(folder, root)) return module.path + tail(root);
  }
  if (!mod_.module.empty() && gomod::below(folder, place_.root)) {
    return mod_.module + tail(place_.root);
  }
  return {};
}

std::optional<std::string> Packages::locate(std::string_view path, std::string_view package) const {
  std::string plain(path);
  std::ranges::replace(plain, '\\', '/');
  // The module cache is the same tree everywhere, whatever stands before it.
  constexpr std::string_view cache = "/pkg/mod/";
  if (const std::size_t at = plain.find(cache); at != plain.npos && !place_.module_cache.empty()) {
    std::string found = joined(place_.module_cache, plain.substr(at + cache.size()));
    if (exists(found)) return found;
  }
  if (plain.starts_with('/')) {
    if (exists(plain)) return plain;
    // The project of another machine: the longest tail that this one has.
    for (std::size_t at = plain.find('/', 1); at != plain.npos; at = plain.find('/', at + 1)) {
      std::string found = joined(place_.root, plain.substr(at + 1));
      if (plain.size() - at > 1 && exists(found)) return found;
    }
    return std::nullopt;
  }
  if (std::string found = joined(place_.root, plain); exists(found)) return found;
  if (const auto home = folder(package)) {
    if (std::string found = joined(*home, last(plain)); exists(found)) return found;
  }
  return folder(plain);
}

const std::vector<GoFile>& Packages::files(const std::string& folder) {
  const auto [entry, fresh] = files_.try_emplace(folder);
  if (!fresh) return entry->second;
  for (const std::string& name : disk_.list(folder)) {
    if (!name.ends_with(".go") || name.ends_with("_test.go")) continue;
    if (entry->second.size() >= most_files_of_folder) break;
    std::string path = joined(folder, name);
    auto text = disk_.read(path);
    if (!text) continue;
    gosource::Source source = gosource::read(*text);
    entry->second.push_back({std::move(path), *std::move(text), std::move(source)});
  }
  return entry->second;
}

void Packages::walk(const std::string& folder, std::size_t depth, std::size_t& left,
                    std::vector<std::string>& out) const {
  constexpr std::size_t deepest = 12;
  bool has_go = false;
  for (const std::string& name : disk_.list(folder)) {
    if (left == 0) return;
    --left;
    if (name.ends_with(".go")) {
      has_go = true;
    } else if (depth < deepest && !name.contains('.') && !name.starts_with('_') &&
               name != "testdata" && name != "node_modules") {
      walk(joined(folder, name), depth + 1, left, out);
    }
  }
  if (has_go) out.push_back(folder);
}

std::vector<std::string> Packages::own_folders(std::size_t most) const {
  std::vector<std::string> out;
  walk(place_.root, 0, most, out);
  return out;
}

std::vector<std::string> Packages::all_folders(std::size_t most) const {
  std::vector<std::string> out;
  walk(place_.root, 0, most, out);
  for (const gomod::Module& module : mod_.require) {
    if (vendored_ || most == 0) break;
    const std::string folder = module_folder(module);
    if (!folder.empty()) walk(folder, 0, most, out);
  }
  return out;
}

}  // namespace tenon::project
