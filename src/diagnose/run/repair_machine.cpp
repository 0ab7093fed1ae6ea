#include "diagnose/run/repair_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/named_settings.h"
#include "diagnose/fixes/repair.h"
#include "diagnose/run/file_search.h"
#include "host/files.h"
#include "host/private_folder.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "machine/run/package_index.h"
#include "machine/snapshot.h"
#include "platform/contents.h"

namespace tenon {
namespace {

// Of the environment, beside those that the snapshot has.
constexpr auto more_names = std::to_array<const char*>(
    {"TMPDIR", "GOSUMDB", "GOVCS", "GOFIPS140", "GO386", "GOARM64", "GOGCCFLAGS", "CGO_FFLAGS",
     "CGO_CFLAGS_ALLOW", "CGO_LDFLAGS_ALLOW", "COMPILER_PATH", "GCC_EXEC_PREFIX",
     "CPLUS_INCLUDE_PATH", "ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR", "ZIG_LIB_DIR",
     "PKG_CONFIG_TOP_BUILD_DIR", "XDG_CACHE_HOME"});

std::vector<MachineSetting> own_settings(const SettingsState& state) {
  using enum MachineSetting::Place;
  std::vector<MachineSetting> out;
  const auto known = [&](std::string_view name) {
    return std::ranges::find(out, name, &MachineSetting::name) != out.end();
  };
  for (const Setting& one : state.list.value) {
    if (!one.active || known(one.name)) continue;
    if (one.where == "the environment") {
      out.push_back({one.name, one.value, environment});
    } else if (one.where == state.file.value) {
      out.push_back({one.name, one.value, file});
    }
  }
  for (const char* name : more_names) {
    const auto value = environment_variable(name);
    if (value && !value->empty() && !known(name)) out.push_back({name, *value, environment});
  }
  return out;
}

// What `go env` answers, or nothing when it does not.
std::string go_env(const std::string& name, std::vector<std::string> start) {
  start.insert(start.end(), {"go", "env", name});
  Command command;
  command.argv = std::move(start);
  command.deadline = std::chrono::milliseconds(5000);
  const auto exit = run(command);
  return exit && exit->ok() ? std::string(trim(exit->out)) : std::string();
}

std::string value_of(const std::string& name) {
  if (is_list_of_words(join_of(name))) return go_env(name, {});
  return environment_variable(name.c_str()).value_or("");
}

std::string packager() {
  constexpr std::array<const char*, 4> known{"apt-get", "dnf", "apk", "brew"};
  const auto* const found =
      std::ranges::find_if(known, [](const char* one) { return find_program(one).has_value(); });
  return found == known.end() ? std::string() : *found;
}

std::string own_compiler(const std::string& target, const std::string& sysroot, bool cxx) {
  Command command;
  command.argv = {own_path(), cxx ? "c++" : "cc", "--print-wrapper", "--target", target};
  if (!sysroot.empty()) command.argv.insert(command.argv.end(), {"--sysroot", sysroot});
  const auto exit = run(command);
  return exit && exit->ok() ? std::string(trim(exit->out)) : std::string();
}

// What a program prints that ends well.
std::optional<std::string> printed(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.environment = {"LC_ALL=C"};
  const auto exit = run(command);
  return exit && exit->ok() ? std::optional(exit->out) : std::nullopt;
}

bool installed(const std::string& package, const std::string& by) {
  if (by == "apt-get") {
    const auto state = printed({"dpkg-query", "-W", "-f", "${db:Status-Status}", "--", package});
    return state && state->starts_with("installed");
  }
  if (by == "dnf") return printed({"rpm", "-q", "--", package}).has_value();
  if (by == "apk") return printed({"apk", "info", "-e", package}).has_value();
  return by == "brew" && printed({"brew", "list", "--versions", package}).has_value();
}

// Packages are going to be installed: their lists may be fetched.
PackageLookup packages_with(const SoughtFile& file) {
  return look_up_packages({file}, {}, ListsFrom::network);
}

// The imports of a module are what its own files say, whatever a log does.
bool uses_module(const std::string& module) {
  if (printed({"go", "list", "-m", "--", module})) return true;
  const auto all = printed({"go", "list", "-e", "-deps", "./..."});
  if (!all) return false;
  return std::ranges::any_of(split(*all, '\n'), [&](std::string_view path) {
    return path == module || path.starts_with(module + "/");
  });
}

bool vendored() {
  const std::string file = go_env("GOMOD", {});
  return file.ends_with("go.mod") && is_folder(join_path(std::string(folder_of(file)), "vendor"));
}

// A file system can be mounted so that nothing on it is started.
bool runs_programs(const std::string& folder) {
  const std::string script = join_path(folder, "runs");
  if (!write_text(script, "#!/bin/sh\nexit 0\n", 0700)) return false;
  Command command;
  command.argv = {script};
  const auto exit = run(command);
  remove_tree(script);
  return exit && exit->ok();
}

}  // namespace

std::string ScratchFolders::take(std::string path, bool programs) {
  auto folder = std::make_unique<TemporaryFolder>(std::move(path));
  if (programs && !runs_programs(folder->path)) return {};
  return folders_.emplace_back(std::move(folder))->path;
}

std::string ScratchFolders::make(bool programs) {
  if (auto made = make_temporary_folder("fix")) {
    std::string path = take(*std::move(made), programs);
    if (!path.empty()) return path;
  }
  const std::string cache = private_cache();
  if (cache.empty()) return {};
  const std::string path =
      join_path(cache, fmt::format("fix-{}-{}", own_process(), folders_.size()));
  return private_folder(path) ? take(path, programs) : std::string();
}

bool ScratchFolders::has(const std::string& path) const {
  return std::ranges::any_of(folders_, [&](const auto& one) { return one->path == path; });
}

RepairMachine repair_machine(const SettingsState& settings, ScratchFolders& folders) {
  RepairMachine out;
  const OwnPlatform own = own_platform();
  out.goos = own.goos;
  out.goarch = own.goarch;
  out.settings = own_settings(settings);
  out.packager = packager();
  out.root = is_superuser();
  out.sudo = find_program("sudo").has_value();
  out.has_program = [](std::string_view program) { return find_program(program).has_value(); };
  out.installed = [by = out.packager](const std::string& package) {
    return installed(package, by);
  };
  out.packages_of = packages_with;
  out.folder_of = folder_that_has;
  out.uses_module = uses_module;
  out.vendored = vendored();
  out.value_of = value_of;
  out.default_of = [](const std::string& name) {
    return go_env(name, {"env", "-u", name, "GOENV=off"});
  };
  out.new_folder = [&folders](bool programs) { return folders.make(programs); };
  out.own_compiler = own_compiler;
  return out;
}

}  // namespace tenon
