#include "diagnose/run/project_disk.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "diagnose/project/trace.h"
#include "host/files.h"
#include "machine/probe/go_facts.h"
#include "machine/probe/own_platform.h"

namespace tenon {

ProjectDisk project_disk() {
  constexpr std::size_t most_file = std::size_t{4} << 20U;
  return {.read = [](const std::string& path) -> std::optional<std::string> {
            if (!is_file(path)) return std::nullopt;
            auto text = read_text(path, most_file);
            if (!text) return std::nullopt;
            return *std::move(text);
          },
          .list = [](const std::string& folder) { return search_folder(folder); }};
}

ProjectPlace project_place(const std::string& folder) {
  const GoFolders folders = find_go_folders(folder);
  ProjectPlace out;
  out.root = folders.module_root;
  out.module_cache = folders.module_cache;
  out.go_root = folders.root;
  OwnPlatform own = own_platform();
  out.target.goos = std::move(own.goos);
  out.target.goarch = std::move(own.goarch);
  return out;
}

}  // namespace tenon
