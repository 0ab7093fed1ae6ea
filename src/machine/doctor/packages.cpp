// pkg-config and libraries of Homebrew: what the project asks for, and where it is.
#include "platform/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"

namespace tenon::doctor {
namespace {

// False when there is none to ask.
bool tool(const Snapshot& snapshot, bool wanted, Findings& out) {
  const Setting* set = active(snapshot, "PKG_CONFIG");
  if (snapshot.packages.pkg_config.state != FactState::absent) return true;
  if (set != nullptr) {
    out.push_back(of_cause(Code::pkgconfig_env_points_to_missing_tool,
                           {Severity::error,
                            "PKG_CONFIG",
                            "PKG_CONFIG names " + set->value + ", which is not there",
                            {fact(set->where, "PKG_CONFIG=" + set->value)},
                            {unset(*set)}}));
  } else if (wanted) {
    out.push_back(of_cause(Code::pkgconfig_not_installed,
                           {Severity::error,
                            "pkg-config",
                            "packages of this project use pkg-config, which is not on PATH",
                            {fact("PATH", "no program of the name pkg-config")}}));
  }
  return false;
}

// By the system's own name for what has the file.
Fix install(const Snapshot& snapshot, const std::string& name) {
  const LibraryPackages* known = packages_of(name);
  Fix fix{Fix::Safety::manual,
          shown_format("install the development package that has {}.pc", name),
          {}};
  struct Manager {
    Packager packager;
    std::string_view LibraryPackages::* package;
    ShellCommand command;
  };
  const Manager managers[] = {{Packager::apt, &LibraryPackages::debian, {"apt-get", "install"}},
                              {Packager::dnf, &LibraryPackages::fedora, {"dnf", "install"}},
                              {Packager::apk, &LibraryPackages::alpine, {"apk", "add"}},
                              {Packager::brew, &LibraryPackages::brew, {"brew", "install"}}};
  for (const Manager& one : managers) {
    if (one.packager != packager_of(snapshot) || known == nullptr || (known->*one.package).empty())
      continue;
    fix.safety = Fix::Safety::review;
    fix.commands = {one.command};
    for (const std::string_view word : split_words(known->*one.package)) {
      fix.commands.front().push_back(ShellWord::of(word));
    }
  }
  return fix;
}

void one_package(const Snapshot& snapshot, const CgoPackage& package, const std::string& name,
                 Findings& out) {
  const PcFile* hidden = nullptr;
  for (const PcFile& one : snapshot.packages.pc_files.value) {
    if (one.name != name) continue;
    if (one.searched) return;
    if (hidden == nullptr) hidden = &one;
  }
  const Severity severity = package.fallback ? Severity::warning : Severity::error;
  const Evidence asked = fact(package.path, "#cgo pkg-config: " + name);
  if (hidden == nullptr) {
    out.push_back(
        of_cause(Code::pkgconfig_dev_package_missing,
                 {severity,
                  name,
                  fmt::format("{} needs {} from pkg-config, but {}.pc is not installed",
                              package.path, name, name),
                  {asked, fact(snapshot.packages.pc_search.source,
                               "looks in " + join(snapshot.packages.pc_search.value, ", "))},
                  {install(snapshot, name)}}));
    return;
  }
  out.push_back(of_cause(
      Code::pkgconfig_pc_not_in_search_path,
      {severity,
       name,
       fmt::format("{}.pc is in {}, where pkg-config does not search", name, hidden->folder),
       {asked, {Evidence::Kind::file, fmt::format("{}/{}.pc", hidden->folder, name), "there"}},
       {{Fix::Safety::manual, shown_format("add {} to PKG_CONFIG_PATH", hidden->folder), {}}}}));
}

void brew_libraries(const Snapshot& snapshot, const CgoPackage& package, Findings& out) {
  if (!package.pc.empty()) return;  // the .pc file names the folder
  for (const PcFile& library : snapshot.packages.brew_libraries.value) {
    if (library.searched ||
        std::ranges::find(package.libraries, library.name) == package.libraries.end()) {
      continue;
    }
    const auto names = [&](const std::string& text) { return text.contains(library.folder); };
    bool named = std::ranges::any_of(package.folders, names);
    for (const char* name : {"CGO_LDFLAGS", "LIBRARY_PATH"}) {
      const Setting* set = active(snapshot, name);
      named = named || (set != nullptr && names(set->value));
    }
    if (named) continue;
    out.push_back(of_cause(
        Code::darwin_brew_prefix_not_searched,
        {Severity::warning,
         library.name,
         fmt::format("{} links -l{}, which is in {}: clang does not search there", package.path,
                     library.name, library.folder),
         {fact(package.path, "-l" + library.name), fact(library.folder, "lib" + library.name)}}));
  }
}

// What the compiler did not find for a package, in its own words.
void files(const CgoPackage& package, Findings& out) {
  const std::string_view said = trim(package.said);
  if (!said.empty()) {
    std::string problem(said.substr(0, said.find('\n')));
    if (const std::size_t at = problem.find("error: "); at != problem.npos) {
      problem.erase(0, at + std::string_view("error: ").size());
    } else if (const std::size_t find = problem.find("cannot find "); find != problem.npos) {
      problem.erase(0, find);
    }
    Finding found =
        of_rule(Code::project_c_files_missing,
                {{"package", package.path}, {"problem", std::move(problem)}}, package.path, {});
    for (const std::string_view line : split(said, '\n')) {
      if (found.evidence.size() == 4) break;
      found.evidence.push_back({Evidence::Kind::command, "the C compiler", std::string(line)});
    }
    out.push_back(std::move(found));
  } else if (!package.missing.empty()) {
    out.push_back(of_rule(Code::project_c_directory_missing,
                          {{"package", package.path}, {"folders", join(package.missing, ", ")}},
                          package.path, {fact(package.missing.front(), "not there")}));
  }
}

}  // namespace

void diagnose_packages(const Snapshot& snapshot, Findings& out) {
  const auto& packages = snapshot.project.cgo;
  // Of a build without cgo nobody asks.
  const bool wanted = packages.known() && cgo_decision(snapshot).value != "0";
  const bool asks = wanted && std::ranges::any_of(packages.value, [](const CgoPackage& one) {
                      return !one.pc.empty();
                    });
  if (!tool(snapshot, asks, out) || !wanted) return;
  for (const CgoPackage& package : packages.value) {
    const std::size_t before = out.size();
    if (snapshot.packages.pc_files.known()) {
      for (const std::string& name : package.pc) one_package(snapshot, package, name, out);
    }
    brew_libraries(snapshot, package, out);
    if (out.size() == before) files(package, out);
  }
}

Fix install_package(const Snapshot& snapshot, const std::string& apt, const std::string& others) {
  ShellCommand command;
  switch (packager_of(snapshot)) {
    case Packager::apt: command = {"apt-get", "install", ShellWord::of(apt)}; break;
    case Packager::dnf: command = {"dnf", "install", ShellWord::of(others)}; break;
    case Packager::apk: command = {"apk", "add", ShellWord::of(apt)}; break;
    case Packager::zypper: command = {"zypper", "install", ShellWord::of(others)}; break;
    case Packager::pacman:
    case Packager::brew:
    case Packager::none: break;
  }
  if (command.empty()) {
    return {Fix::Safety::manual,
            shown_format("install the package of this system that has {}", apt),
            {}};
  }
  return {Fix::Safety::review,
          shown_format("install {}", command.back().argument()),
          {std::move(command)}};
}

Packager packager_of(const Snapshot& snapshot) {
  if (snapshot.system.goos == "darwin") return Packager::brew;
  // ID of os-release(5).
  constexpr std::pair<std::string_view, Packager> names[] = {
      {"debian", Packager::apt},
      {"ubuntu", Packager::apt},
      {"linuxmint", Packager::apt},
      {"raspbian", Packager::apt},
      {"pop", Packager::apt},
      {"kali", Packager::apt},
      {"fedora", Packager::dnf},
      {"rhel", Packager::dnf},
      {"centos", Packager::dnf},
      {"rocky", Packager::dnf},
      {"almalinux", Packager::dnf},
      {"ol", Packager::dnf},
      {"amzn", Packager::dnf},
      {"alpine", Packager::apk},
      {"wolfi", Packager::apk},
      {"arch", Packager::pacman},
      {"manjaro", Packager::pacman},
      {"opensuse-leap", Packager::zypper},
      {"opensuse-tumbleweed", Packager::zypper}};
  for (const auto& [name, packager] : names) {
    if (snapshot.system.name.value == name) return packager;
  }
  return Packager::none;
}

void keep_own_commands(const Snapshot& snapshot, Findings& out) {
  constexpr std::pair<std::string_view, Packager> programs[] = {
      {"apt-get", Packager::apt},      {"apt", Packager::apt},       {"dpkg", Packager::apt},
      {"dnf", Packager::dnf},          {"yum", Packager::dnf},       {"apk", Packager::apk},
      {"pacman", Packager::pacman},    {"zypper", Packager::zypper}, {"brew", Packager::brew},
      {"xcode-select", Packager::brew}};
  const Packager own = packager_of(snapshot);
  const auto foreign = [&](const ShellCommand& command) {
    const std::vector<std::string> argv = arguments_of(command);
    const std::size_t first = argv.size() > 1 && argv.front() == "sudo" ? 1 : 0;
    // Packages of MSYS2, whose pacman is not that of Arch.
    const bool windows = argv.back().starts_with("mingw-w64-");
    return windows || std::ranges::any_of(programs, [&](const auto& one) {
             return one.first == argv[first] && one.second != own;
           });
  };
  for (Finding& finding : out) {
    for (Fix& fix : finding.fixes) {
      const bool had = !fix.commands.empty();
      std::erase_if(fix.commands, foreign);
      if (had && fix.commands.empty()) fix.safety = Fix::Safety::manual;
    }
  }
}

}  // namespace tenon::doctor
