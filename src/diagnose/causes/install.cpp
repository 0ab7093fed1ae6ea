#include "diagnose/causes/install.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/template.h"
#include "base/text.h"
#include "diag/finding.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"
#include "platform/contents.h"
#include "platform/packages.h"
#include "platform/runtime_packages.h"
#include "platform/vendor_kits.h"

namespace tenon {

const LibraryPackages* library_of(const Captures& captures) {
  const LibraryPackages* found = nullptr;
  for (const std::string_view key : {"header", "name"}) {
    const std::string_view name = capture(captures, key);
    if (found == nullptr && !name.empty()) found = packages_of(name);
  }
  return found;
}

namespace {

std::optional<SoughtFile> sought_file(const LogEvent& event) {
  using enum SoughtFile::Kind;
  switch (event.kind) {
    case EventKind::header_missing: return SoughtFile{header, std::string(event.get("header"))};
    case EventKind::pc_missing: return SoughtFile{pc, std::string(event.get("name"))};
    case EventKind::library_missing: return SoughtFile{library, std::string(event.get("name"))};
    default: return std::nullopt;
  }
}

}  // namespace

std::vector<SoughtFile> missing_files(const Log& log) {
  std::vector<SoughtFile> out;
  for (const LogEvent& event : log.events) {
    auto file = sought_file(event);
    if (file && !file->name.empty() && std::ranges::find(out, *file) == out.end())
      out.push_back(*std::move(file));
  }
  return out;
}

const PackageOfFile* indexed_package(const Log& log, const Captures& captures) {
  for (const std::string_view key : {"header", "name"}) {
    const std::string_view name = capture(captures, key);
    const PackageOfFile* found = name.empty() ? nullptr : log.build.packages.find(name);
    if (found != nullptr) return found;
  }
  return nullptr;
}

std::string_view debian_package(const Log& log, const Captures& captures) {
  const PackageOfFile* indexed = indexed_package(log, captures);
  if (indexed != nullptr && log.build.packages.program == "apt-get") return indexed->package;
  const LibraryPackages* found = library_of(captures);
  return found == nullptr ? std::string_view() : found->debian;
}

std::vector<Evidence> package_evidence(const Log& log, std::size_t line) {
  const PackageLookup& lookup = log.build.packages;
  const LogEvent* event = lookup.asked ? log.event_at(line) : nullptr;
  const auto file = event == nullptr ? std::nullopt : sought_file(*event);
  if (!file) return {};
  if (const PackageOfFile* found = lookup.find(file->name); found != nullptr) {
    if (found->path.empty()) return {};
    return {{Evidence::Kind::fact, lookup.source,
             fmt::format("{} has /{}", found->package, found->path)}};
  }
  if (library_of(event->captures) != nullptr) return {};
  if (!lookup.source.empty()) {
    return {{Evidence::Kind::fact, lookup.source, "unknown package: none has " + file->name}};
  }
  return {{Evidence::Kind::fact, "unknown package",
           fmt::format("tenon does not know {}, and this machine has no index of files to ask "
                       "(Debian, Ubuntu: apt-file update)",
                       file->name)}};
}

namespace {

// What no distribution packages lies where its vendor's installer put it.
std::vector<ShellCommand> kit_commands(const Log& log, const Captures& captures) {
  const bool unix = !log.origin.host.known() || log.origin.host.is("linux");
  for (const std::string_view key : {"header", "name"}) {
    const std::string_view name = capture(captures, key);
    const VendorKit* kit = name.empty() ? nullptr : vendor_kit_of(name);
    if (kit == nullptr || !unix) continue;
    const Captures words{{"include", std::string(kit->include_directory)},
                         {"library", std::string(kit->library_directory)}};
    return {{"ls", ShellWord::path(kit->include_directory)},
            {"env", ShellWord::filled("CGO_CPPFLAGS=-I{include}", words),
             ShellWord::filled("CGO_LDFLAGS=-L{library}", words), "go", "build"}};
  }
  return {};
}

}  // namespace

std::vector<ShellCommand> runtime_commands(const Log& log, std::string_view soname) {
  if (soname.empty()) return {};
  if (is_glibc_soname(soname)) {
    // An image without glibc: its programs bring their own, or none.
    return {{"env", "CGO_ENABLED=0", "go", "build"},
            {"go", "build", "-ldflags=-linkmode=external -extldflags=-static"}};
  }
  const RuntimePackages* found = runtime_packages_of(soname);
  if (found == nullptr) return {};
  std::vector<ShellCommand> out;
  const auto add = [&](std::string_view system, ShellWord tool, ShellWord verb,
                       std::string_view package) {
    const std::string_view family = package_family(log);
    const bool ours = family.empty() || family == system;
    if (ours && !package.empty())
      out.push_back({std::move(tool), std::move(verb), ShellWord::of(package)});
  };
  add("debian", "apt-get", "install", found->debian);
  add("fedora", "dnf", "install", found->fedora);
  add("alpine", "apk", "add", found->alpine);
  return out;
}

std::vector<ShellCommand> install_commands(const Log& log, const Captures& captures) {
  if (const PackageOfFile* indexed = indexed_package(log, captures); indexed != nullptr) {
    const std::string& program = log.build.packages.program;
    ShellCommand command{"apt-get", "install", ShellWord::of(indexed->package)};
    if (program == "dnf") command = {"dnf", "install", ShellWord::of(indexed->package)};
    if (program == "apk") command = {"apk", "add", ShellWord::of(indexed->package)};
    return {std::move(command)};
  }
  const LibraryPackages* found = library_of(captures);
  if (found == nullptr) return kit_commands(log, captures);
  std::vector<ShellCommand> out;
  const auto add = [&](ShellWord tool, ShellWord verb, std::string_view packages) {
    if (packages.empty()) return;
    ShellCommand& command = out.emplace_back(ShellCommand{std::move(tool), std::move(verb)});
    for (const std::string_view one : split_words(packages)) command.push_back(ShellWord::of(one));
  };
  const std::string_view family = package_family(log);
  if (log.origin.host.is("freebsd")) {
    add("pkg", "install", freebsd_package(*found));
    // clang searches the base system only; packages are below /usr/local.
    out.push_back({"env", "CGO_CPPFLAGS=-I/usr/local/include", "CGO_LDFLAGS=-L/usr/local/lib", "go",
                   "build"});
  } else if (family == "alpine") {
    add("apk", "add", found->alpine);
  } else if (log.origin.host.is("darwin")) {
    add("brew", "install", found->brew);
  } else if (family == "fedora") {
    add("dnf", "install", found->fedora);
  } else if (family == "debian") {
    add("apt-get", "install", found->debian);
  } else if (!log.origin.host.known() || log.origin.host.is("linux")) {
    add("apt-get", "install", found->debian);
    add("dnf", "install", found->fedora);
    add("apk", "add", found->alpine);
    if (!log.origin.host.known()) add("brew", "install", found->brew);
  }
  return out;
}

bool is_install_command(const std::vector<std::string>& argv) {
  if (argv.size() < 3) return false;
  const std::string start = argv[0] + " " + argv[1];
  const std::vector<std::string_view> names(argv.begin() + 2, argv.end());
  return std::ranges::any_of(
             all_packages(),
             [&](const LibraryPackages& one) {
               return (start == "apt-get install" && split_words(one.debian) == names) ||
                      (start == "dnf install" && split_words(one.fedora) == names) ||
                      (start == "apk add" && split_words(one.alpine) == names) ||
                      (start == "pkg install" && split_words(freebsd_package(one)) == names) ||
                      (start == "brew install" && split_words(one.brew) == names);
             }) ||
         (names.size() == 1 &&
          std::ranges::any_of(all_runtime_packages(), [&](const RuntimePackages& one) {
            return (start == "apt-get install" && one.debian == names.front()) ||
                   (start == "dnf install" && one.fedora == names.front()) ||
                   (start == "apk add" && one.alpine == names.front());
          }));
}

}  // namespace tenon
