#include "link/run/linker_folders.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/target.h"

namespace tenon::link {
namespace {

constexpr std::chrono::seconds patience{20};
constexpr std::string_view mark = "libraries: =";

// "libraries: =/a/:/b/../c/"
std::vector<std::string> asked(const std::string& driver, const std::string& sysroot) {
  Command command;
  command.argv = {driver, "--sysroot=" + sysroot, "-print-search-dirs"};
  command.environment = {"LC_ALL=C"};
  command.deadline = patience;
  std::vector<std::string> out;
  const auto exit = run(command);
  if (!exit || !exit->ok()) return out;
  for (const std::string_view line : split(exit->out, '\n')) {
    if (!line.starts_with(mark)) continue;
    for (const std::string_view folder : split(line.substr(mark.size()), ':')) {
      if (folder.starts_with('/')) out.emplace_back(folder);
    }
  }
  return out;
}

}  // namespace

LinkerFolders linker_folders(const std::string& driver, const Target& target,
                             const std::string& sysroot) {
  LinkerFolders out;
  if (!driver.empty()) {
    out.folders = asked(driver, sysroot);
    if (!out.folders.empty()) out.driver = driver;
  }
  const std::string triple(target.platform->debian);
  for (const std::string_view top : {"/usr/lib/", "/lib/"}) {
    if (!triple.empty()) out.folders.push_back(fmt::format("{}{}{}", sysroot, top, triple));
  }
  // The compiler's own of the sysroot: libstdc++.a and libgcc.a of a native gcc.
  const std::string own = fmt::format("{}/usr/lib/gcc/{}", sysroot, triple);
  for (const std::string& version : search_folder(own)) {
    if (out.driver.empty()) out.folders.push_back(join_path(own, version));
  }
  for (const std::string_view top : {"/usr/local/lib", "/usr/lib", "/lib"}) {
    out.folders.push_back(fmt::format("{}{}", sysroot, top));
  }
  return out;
}

}  // namespace tenon::link
