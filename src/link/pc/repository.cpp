#include "link/pc/repository.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/words.h"

namespace tenon::pc {
namespace {

constexpr int most_links = 40;

bool is_pc_file(std::string_view name) {
  return name.size() >= 3 && same_letters(name.substr(name.size() - 3), ".pc");
}

// A name that begins with a slash stays below the folder.
std::string child_of(std::string folder, std::string_view name) {
  folder += '/';
  folder += name;
  return folder;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += ':';
    out += part;
  }
  return out;
}

Edges edges_of(const Dependencies& dependencies) {
  Edges out;
  out.reserve(dependencies.size());
  for (const Dependency& one : dependencies) out.push_back({one, nullptr});
  return out;
}

}  // namespace

Node::Node(Package read)
    : package(std::move(read)),
      required(edges_of(package.requires_public)),
      required_private(edges_of(package.requires_private)),
      required_shared(edges_of(package.requires_shared)) {}

Repository::Repository(const Settings& settings, Files& files)
    : settings_(settings), files_(files), globals_(settings) {
  for (const std::string& folder : settings.folders) add_folder(folder);
  add_own("pkg-config");
  add_own("pkgconf");
}

void Repository::add_folder(const std::string& folder) {
  std::string path = without_double_slashes(folder);
  const auto identity = files_.identity(path);
  if (!identity || std::ranges::find(identities_, *identity) != identities_.end() ||
      std::ranges::find(folders_, path) != folders_.end()) {
    return;
  }
  identities_.push_back(*identity);
  folders_.push_back(std::move(path));
}

// The modules that stand for this program.
void Repository::add_own(const std::string& id) {
  Package package;
  package.id = id;
  package.name = Field{id};
  package.description = Field{"virtual package defining pkgconf API version supported"};
  package.version = Field{std::string(pkgconf_version)};
  package.variables.set("pc_system_libdirs", joined(settings_.system_lib), 0, true);
  package.variables.set("pc_system_includedirs", joined(settings_.system_include), 0, true);
  package.variables.set("pc_path", joined(settings_.default_folders), 0, true);
  preloaded_.push_back(&nodes_.emplace_back(std::move(package)));
}

// Where a file lies, when it is a link: where that leads.
std::string Repository::folder_of_file(const std::string& path) {
  std::string file = path;
  for (int i = 0; i < most_links; ++i) {
    const auto target = files_.link_target(file);
    if (!target) break;
    const bool relative = !target->starts_with('/') && file.contains('/');
    const std::string folder(folder_of(file));
    file = *target;
    if (relative) file = child_of(folder.empty() ? "/" : folder, *target);
  }
  if (!file.contains('/')) return file;
  return std::string(folder_of(file));
}

Node* Repository::load(const std::string& path, bool uninstalled, Problems& problems) {
  if (!is_pc_file(path)) return nullptr;
  const auto text = files_.read(path);
  if (!text) return nullptr;
  PackagePlace place{.file = path, .folder = folder_of_file(path), .uninstalled = uninstalled};
  auto package = parse_package(*text, std::move(place), settings_, globals_, problems);
  if (!package) return nullptr;
  return &nodes_.emplace_back(*std::move(package));
}

void Repository::preload(Problems& problems) {
  if (std::exchange(preload_done_, true)) return;
  for (const std::string& path : settings_.preloaded) {
    if (Node* node = load(path, false, problems)) preloaded_.push_back(node);
  }
}

Node* Repository::find(const std::string& name, Problems& problems) {
  preload(problems);
  if (is_pc_file(name)) {
    if (Node* node = load(name, false, problems)) {
      add_folder(node->package.folder);
      cache_.insert_or_assign(node->package.id, node);
      return node;
    }
  }
  if (const auto found = cache_.find(name); found != cache_.end()) return found->second;
  for (Node* node : preloaded_) {
    if (node->package.id == name) return node;
  }
  for (const std::string& folder : folders_) {
    const std::string path = child_of(folder, name);
    Node* node =
        settings_.use_uninstalled ? load(path + "-uninstalled.pc", true, problems) : nullptr;
    if (node == nullptr) node = load(path + ".pc", false, problems);
    if (node == nullptr) continue;
    cache_.insert_or_assign(node->package.id, node);
    return node;
  }
  return nullptr;
}

Node* Repository::scan(const std::function<bool(Node&)>& visit, Problems& problems) {
  preload(problems);
  for (Node* node : preloaded_) {
    if (visit(*node)) return node;
  }
  for (const std::string& folder : std::vector<std::string>(folders_)) {
    for (const std::string& name : files_.list(folder)) {
      if (!is_pc_file(name)) continue;
      const auto cached = cache_.find(std::string_view(name).substr(0, name.size() - 3));
      Node* node = cached != cache_.end() ? cached->second : nullptr;
      if (node == nullptr) {
        node = load(child_of(folder, name), false, problems);
        if (node == nullptr) continue;
        cache_.emplace(node->package.id, node);
      }
      if (visit(*node)) return node;
    }
  }
  return nullptr;
}

}  // namespace tenon::pc
