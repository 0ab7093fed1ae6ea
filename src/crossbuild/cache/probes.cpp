#include "crossbuild/cache/probes.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "crossbuild/cache/compile_call.h"
#include "crossbuild/cache/includes.h"
#include "crossbuild/cache/manifest.h"

namespace tenon {

Probes::Probes(const CompileCall& call, OwnFolders own, std::set<std::string> read, Look look)
    : call_(call),
      missing_(std::move(own.missing)),
      read_(std::move(read)),
      look_(std::move(look)) {
  const std::vector<std::string>& searched = own.searched;
  const auto add = [&](const std::vector<std::string>& folders, bool may_be_own) {
    for (const std::string& folder : folders) {
      // A folder that the compiler searches anyway keeps its place there.
      if (may_be_own && std::ranges::find(searched, folder) != searched.end()) continue;
      if (std::ranges::find(folders_, folder) == folders_.end()) folders_.push_back(folder);
    }
  };
  add(call.folders, true);
  add(call.system_folders, true);
  add(searched, false);
  add(call.late_folders, false);
}

void Probes::add(const std::string& file, const std::vector<IncludeName>& names, bool first) {
  const std::string folder(folder_of(file));
  for (const IncludeName& name : names) {
    ask(folder, name);
    if (!first) continue;
    for (const char* ending : {".gch", ".pch"})
      ask(folder, {name.name + ending, name.quoted, true});
  }
}

void Probes::ask(const std::string& folder_of_file, const IncludeName& name) {
  if (name.name.starts_with('/')) {
    ask_in(std::string(folder_of(name.name)), std::string(base_name(name.name)));
    return;
  }
  // The question is the same from every file when the folder of the file plays no part.
  std::string id = name.quoted ? folder_of_file : std::string();
  id += '\n';
  id += name.name;
  id += name.everywhere ? "\n+" : "\n";
  if (!asked_.insert(id).second) return;
  if (const std::size_t slash = name.name.find('/'); slash != std::string::npos) {
    const std::string inner = name.name.substr(0, slash) + ".framework/Headers";
    for (const std::string& folder : call_.frameworks) {
      ask_in(join_path(folder, inner), name.name.substr(slash + 1));
    }
  }
  // Where in the order they would come is not known: a hit there does not end the search.
  for (const std::string& folder : missing_) ask_in(folder, name.name);
  if (name.quoted) {
    if (ask_in(folder_of_file, name.name) && !name.everywhere) return;
    for (const std::string& folder : call_.quote_folders) {
      if (ask_in(folder, name.name) && !name.everywhere) return;
    }
  }
  for (const std::string& folder : folders_) {
    if (ask_in(folder, name.name) && !name.everywhere) return;
  }
}

bool Probes::ask_in(const std::string& folder, const std::string& name) {
  if (no_folder_.contains(folder)) return false;
  const std::string path = join_path(folder, name);
  if (read_.contains(absolute_path("/", path)) || present_.contains(path)) return true;
  if (absent_.contains({folder, name})) return false;
  switch (look_(path)) {
    case Place::file: present_.insert(path); return true;
    case Place::unknown: unknown_ = true; return false;
    case Place::nothing:
    case Place::folder: break;
  }
  switch (look_folder(folder)) {
    case Place::folder: absent_.emplace(folder, name); break;
    case Place::unknown: unknown_ = true; break;
    case Place::nothing:
    case Place::file: no_folder_.insert(folder); break;
  }
  return false;
}

// Asked for each name that is not in it.
Place Probes::look_folder(const std::string& folder) {
  const auto known = folder_kinds_.find(folder);
  if (known != folder_kinds_.end()) return known->second;
  return folder_kinds_.emplace(folder, look_(folder)).first->second;
}

void Probes::add_computed(const std::string& file) {
  const std::string folder(folder_of(file));
  std::vector<std::string> roots{folder};
  roots.insert(roots.end(), call_.quote_folders.begin(), call_.quote_folders.end());
  roots.insert(roots.end(), folders_.begin(), folders_.end());
  for (const std::string& path : read_) {
    for (const std::string& root : roots) {
      const bool below =
          path.size() > root.size() + 1 && path.starts_with(root) && path[root.size()] == '/';
      if (below) ask(folder, {path.substr(root.size() + 1), true, false});
    }
  }
}

void Probes::keep(KeptCompile& out) const {
  for (const std::string& path : present_) out.present.push_back(portable_path(call_.maps, path));
  for (const std::string& folder : no_folder_) {
    out.absent.push_back({portable_path(call_.maps, folder), {}});
  }
  std::string last;
  for (const auto& [folder, name] : absent_) {
    if (out.absent.empty() || folder != last || out.absent.back().names.empty()) {
      out.absent.push_back({portable_path(call_.maps, folder), {}});
    }
    last = folder;
    out.absent.back().names.push_back(name);
  }
}

}  // namespace tenon
