#include "link/run/homebrew.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "host/files.h"
#include "platform/platforms.h"

namespace tenon::link {
namespace {

void add(const std::string& folder, HomebrewFolders& out) {
  if (!is_folder(folder)) return;
  out.libraries.push_back(folder);
  for (const std::string& modules :
       {folder + "/pkgconfig", join_path(folder_of(folder), "share/pkgconfig")}) {
    if (is_folder(modules)) out.modules.push_back(modules);
  }
}

}  // namespace

HomebrewFolders homebrew_folders(const std::string& sysroot, const Platform& platform) {
  std::array<std::string_view, 3> prefixes{"/opt/homebrew", "/usr/local", "/opt/local"};
  if (platform.goarch != "arm64") std::swap(prefixes[0], prefixes[1]);
  HomebrewFolders out;
  for (const std::string_view prefix : prefixes) {
    const std::string root = sysroot == "/" ? std::string(prefix) : sysroot + std::string(prefix);
    add(root + "/lib", out);
    for (const std::string& keg : search_folder(root + "/opt"))
      add(join_path(join_path(root + "/opt", keg), "lib"), out);
  }
  return out;
}

}  // namespace tenon::link
