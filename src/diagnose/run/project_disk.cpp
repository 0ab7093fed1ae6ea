#include "diagnose/run/project_disk.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/fact.h"
#include "base/path.h"
#include "diagnose/project/trace.h"
#include "host/files.h"
#include "host/process.h"
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

TextFact work_file(std::string folder) {
  if (const auto set = environment_variable("GOWORK"); set && !set->empty()) {
    return *set == "off" ? TextFact::none("GOWORK=off") : TextFact::of(*set, "GOWORK");
  }
  while (true) {
    std::string file = join_path(folder, "go.work");
    if (is_file(file)) return TextFact::of(std::move(file), "found above the module");
    if (folder.empty() || folder == "/") return TextFact::none("no go.work above the module");
    folder = folder_of(folder);
  }
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
