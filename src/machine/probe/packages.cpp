// pkg-config, where it looks, what lies elsewhere, and Homebrew.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "host/files.h"
#include "machine/probe/probe.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

constexpr std::array<const char*, 2> brew_prefixes{"/opt/homebrew", "/usr/local"};

void add(std::vector<std::string>& list, std::string_view path) {
  if (!path.empty() && std::ranges::find(list, path) == list.end()) list.emplace_back(path);
}

// PKG_CONFIG_PATH, then PKG_CONFIG_LIBDIR or what the program was built with (pkg-config(1)).
ListFact search_path(const MachineAccess& machine, const SettingsState& settings,
                     const PackagesState& packages, std::chrono::milliseconds limit) {
  ListFact out = ListFact::of({}, "pkg-config");
  for (const std::string_view path : split(setting_value(settings, "PKG_CONFIG_PATH"), ':')) {
    add(out.value, path);
  }
  std::string own = setting_value(settings, "PKG_CONFIG_LIBDIR");
  if (own.empty()) {
    if (!packages.pkg_config.known()) return ListFact::open("there is no pkg-config");
    const TextFact said =
        machine.ask({packages.pkg_config.value, "--variable", "pc_path", "pkg-config"}, limit);
    if (!said.known()) return ListFact::open(said.why);
    own = said.value;
    if (own.empty()) return ListFact::open("pkg-config does not report its search path");
  }
  for (const std::string_view path : split(own, ':')) add(out.value, path);
  return out;
}

// Where .pc files may lie, besides.
std::vector<std::string> other_folders(const MachineAccess& machine) {
  std::vector<std::string> out;
  const auto below = [&](const std::string& base, std::string_view rest) {
    for (const std::string& name : search_folder(machine.at(base))) {
      out.push_back(fmt::format("{}/{}{}", base, name, rest));
    }
  };
  for (const char* prefix : {"/usr", "/usr/local", "/opt/homebrew", "/opt/local", "/sw"}) {
    for (const char* rest : {"/lib/pkgconfig", "/lib64/pkgconfig", "/share/pkgconfig"}) {
      out.push_back(std::string(prefix) + rest);
    }
  }
  for (const char* prefix : brew_prefixes) {
    below(fmt::format("{}/opt", prefix), "/lib/pkgconfig");  // keg-only formulas
  }
  if (machine.goos == "linux") below("/usr/lib", "/pkgconfig");
  below("/opt", "/lib/pkgconfig");
  for (const char* name : {"CONDA_PREFIX", "VCPKG_ROOT"}) {
    const std::string prefix = machine.variable(name);
    if (!prefix.empty()) out.push_back(prefix + "/lib/pkgconfig");
  }
  return out;
}

Fact<std::vector<PcFile>> pc_files(const MachineAccess& machine, const PackagesState& packages) {
  constexpr std::size_t most = 3000;
  if (!packages.pc_search.known()) {
    return Fact<std::vector<PcFile>>::open(packages.pc_search.why);
  }
  auto out = Fact<std::vector<PcFile>>::of({}, "pkg-config's directories and the usual others");
  std::string unread;
  const auto take = [&](const std::string& folder, bool searched) {
    const auto files = list_folder(machine.at(folder));
    if (!files && files.error().code != Errc::not_found && unread.empty()) {
      unread = folder + ": " + unread_reason(files.error());
    }
    for (const std::string& file : files ? *files : std::vector<std::string>()) {
      if (!file.ends_with(".pc") || out.value.size() >= most) continue;
      std::string name = file.substr(0, file.size() - 3);
      // Two spellings of one folder hold the same.
      const bool known = std::ranges::any_of(out.value, [&](const PcFile& one) {
        return one.name == name && (one.searched || one.folder == folder);
      });
      if (!known) out.value.push_back({std::move(name), folder, searched});
    }
  };
  for (const std::string& folder : packages.pc_search.value) take(folder, true);
  for (const std::string& folder : other_folders(machine)) take(folder, false);
  // What lies there might be the answer: nothing is told of a part.
  if (!unread.empty()) return Fact<std::vector<PcFile>>::open(unread);
  return out;
}

}  // namespace

PackagesState probe_packages(const MachineAccess& machine, const SettingsState& settings,
                             std::chrono::milliseconds limit) {
  PackagesState out;
  const std::string set = setting_value(settings, "PKG_CONFIG");
  const auto words = go_split(set.empty() ? "pkg-config" : set);
  const auto program = words && !words->empty() ? machine.find(words->front()) : std::nullopt;
  out.pkg_config = program ? TextFact::of(*program, "PATH") : TextFact::none("PATH");
  out.pc_folders = ListFact::of({}, "the usual places");
  for (const Platform& platform : platforms()) {
    std::string folder = fmt::format("/usr/lib/{}/pkgconfig", platform.debian);
    const bool seen = std::ranges::find(out.pc_folders.value, folder) != out.pc_folders.value.end();
    if (!platform.debian.empty() && !seen && machine.folder(folder))
      out.pc_folders.value.push_back(std::move(folder));
  }
  for (const char* folder :
       {"/usr/lib64/pkgconfig", "/usr/lib/pkgconfig", "/usr/share/pkgconfig",
        "/usr/local/lib/pkgconfig", "/opt/homebrew/lib/pkgconfig", "/opt/local/lib/pkgconfig"}) {
    if (machine.folder(folder)) out.pc_folders.value.emplace_back(folder);
  }
  out.pc_search = search_path(machine, settings, out, limit);
  out.pc_files = pc_files(machine, out);
  out.brew_libraries = Fact<std::vector<PcFile>>::open("no project was checked");
  if (machine.goos != "darwin") {
    out.brew = Fact<std::vector<BrewPrefix>>::none("this is not a Mac");
    return out;
  }
  out.brew = Fact<std::vector<BrewPrefix>>::of({}, "bin/brew of the prefixes");
  const std::string path = machine.variable("PATH");
  const auto folders = split(path, ':');
  for (const char* prefix : brew_prefixes) {
    if (!machine.file(fmt::format("{}/bin/brew", prefix))) continue;
    const bool on_path = std::ranges::find(folders, fmt::format("{}/bin", prefix)) != folders.end();
    const bool arm = std::string_view(prefix) == "/opt/homebrew";
    out.brew.value.push_back({prefix, arm ? "arm64" : "amd64", on_path});
  }
  return out;
}

Fact<std::vector<PcFile>> probe_brew_libraries(const MachineAccess& machine,
                                               const PackagesState& packages,
                                               const ProjectState& project) {
  if (!packages.brew.known()) return Fact<std::vector<PcFile>>::none(packages.brew.source);
  if (!project.cgo.known()) return Fact<std::vector<PcFile>>::open("the project is not known");
  auto out = Fact<std::vector<PcFile>>::of({}, "lib of Homebrew's prefixes");
  for (const CgoPackage& package : project.cgo.value) {
    for (const std::string& library : package.libraries) {
      for (const BrewPrefix& brew : packages.brew.value) {
        const std::string folder = brew.path + "/lib";
        const bool there = machine.file(fmt::format("{}/lib{}.dylib", folder, library)) ||
                           machine.file(fmt::format("{}/lib{}.a", folder, library));
        // clang searches /usr/local by itself.
        if (there) out.value.push_back({library, folder, brew.path == "/usr/local"});
      }
    }
  }
  return out;
}

}  // namespace tenon
