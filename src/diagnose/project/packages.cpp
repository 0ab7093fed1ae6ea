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

// A replacement by a folder is relative to the file that says it.
void make_absolute(gomod::File& file, const std::string& folder) {
  for (gomod::Replacement& one : file.replace) {
    if (one.by.version.empty() && !one.by.path.starts_with('/'))
      one.by.path = joined(folder, one.by.path);
  }
}

}  // namespace

Packages::Packages(const ProjectPlace& place, const ProjectDisk& disk)
    : place_(place), disk_(disk) {
  add_part(place.root);
  if (!place.work_file.empty()) add_workspace();
  for (const std::string& folder : {place.root, work_folder_}) {
    std::string vendor = joined(folder, "vendor");
    if (!folder.empty() && disk.read(joined(vendor, "modules.txt")))
      vendors_.push_back(std::move(vendor));
  }
}

// With the replacements of go.work first: they hold for all modules.
void Packages::add_part(const std::string& root) {
  Part out{root, {}};
  if (const auto text = disk_.read(joined(root, "go.mod"))) out.mod = gomod::read(*text);
  make_absolute(out.mod, root);
  out.mod.replace.insert(out.mod.replace.begin(), work_.replace.begin(), work_.replace.end());
  parts_.push_back(std::move(out));
}

void Packages::add_workspace() {
  const auto text = disk_.read(place_.work_file);
  if (!text) return;
  work_ = gomod::read(*text);
  work_folder_ = place_.work_file.substr(0, place_.work_file.rfind('/'));
  make_absolute(work_, work_folder_);
  parts_.clear();
  add_part(place_.root);
  for (const std::string& folder : work_.use) {
    std::string root = folder.starts_with('/') ? folder : joined(work_folder_, folder);
    while (root.ends_with('/')) root.pop_back();
    if (root != place_.root) add_part(root);
  }
}

const Part* Packages::part_of(std::string_view import_path) const {
  const Part* best = nullptr;
  for (const Part& one : parts_) {
    const bool longer = best == nullptr || one.mod.module.size() > best->mod.module.size();
    if (gomod::below(import_path, one.mod.module) && longer) best = &one;
  }
  return best;
}

bool Packages::exists(const std::string& path) const {
  return !disk_.list(path).empty() || disk_.read(path).has_value();
}

std::string Packages::module_folder(const Part& part, const gomod::Module& module) const {
  const gomod::Module by = gomod::replaced(part.mod, module);
  if (by.version.empty()) return by.path;
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
  if (const Part* own = part_of(import_path))
    return found(joined(own->root, rest(own->mod.module)));
  for (const std::string& vendor : vendors_) {
    if (auto path = found(joined(vendor, import_path))) return path;
  }
  for (const Part& part : parts_) {
    const gomod::Module* module = gomod::module_of(part.mod, import_path);
    const std::string folder = module == nullptr ? std::string() : module_folder(part, *module);
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
  for (const std::string& root : {place_.root, work_folder_}) {
    const std::string vendor = joined(root, "vendor/");
    if (!root.empty() && folder.starts_with(vendor)) return tail(vendor);
  }
  for (const Part& part : parts_) {
    for (const gomod::Module& module : part.mod.require) {
      const std::string root = module_folder(part, module);
      if (!root.empty() && gomod::below(folder, root)) return module.path + tail(root);
    }
  }
  const Part* best = nullptr;
  for (const Part& part : parts_) {
    const bool closer = best == nullptr || part.root.size() > best->root.size();
    if (!part.mod.module.empty() && gomod::below(folder, part.root) && closer) best = &part;
  }
  return best == nullptr ? std::string() : best->mod.module + tail(best->root);
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
  if (!work_folder_.empty()) {
    if (std::string found = joined(work_folder_, plain); exists(found)) return found;
  }
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
  walk_parts(most, out);
  return out;
}

void Packages::walk_parts(std::size_t& left, std::vector<std::string>& out) const {
  std::vector<std::string_view> walked;
  for (const Part& part : parts_) {
    const bool inside = std::ranges::any_of(
        walked, [&](std::string_view root) { return gomod::below(part.root, root); });
    if (inside) continue;
    walked.push_back(part.root);
    walk(part.root, 0, left, out);
  }
}

std::vector<std::string> Packages::all_folders(std::size_t most) const {
  std::vector<std::string> out;
  walk_parts(most, out);
  for (const Part& part : parts_) {
    for (const gomod::Module& module : part.mod.require) {
      if (!vendors_.empty() || most == 0) return out;
      const std::string folder = module_folder(part, module);
      if (!folder.empty()) walk(folder, 0, most, out);
    }
  }
  return out;
}

}  // namespace tenon::project
