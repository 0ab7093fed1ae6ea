// What can be changed before a command that failed runs again.
//
// A cause has its fixes as commands for people (causes/commands.h). A repair is what a program can
// do about it: settings of the environment for the runs to come, and commands that run once before.
// `env CC=clang go build` becomes the setting CC=clang, whatever the command is; options of the go
// command become words of GOFLAGS; `go env -u CC` becomes whatever takes the value away at the
// place where it stands; a command for another system, for a program that is not there, or with a
// name that the reader has to put in becomes nothing. Behind the fixes of the causes come the
// settings that the failure names: if one of its lines has the value of GOROOT, GOROOT may be why.
// First are a compiler for the target, where that is another machine, and the folder of a file that
// is missing and that the machine has, last are settings that say where tools look, and packages
// that the package manager names for the file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/failures/failures.h"
#include "diagnose/failures/fix_facts.h"
#include "diagnose/fixes/env_setting.h"
#include "diagnose/fixes/named_settings.h"
#include "diagnose/log.h"
#include "platform/contents.h"

namespace tenon {

struct Repair {
  std::string cause;               // its slug; empty: a setting that the failure names
  Environment env;                 // of the runs to come, with complete values
  std::vector<std::string> fresh;  // those of it whose value is a new folder
  std::vector<std::vector<std::string>> commands;  // once, before
  std::vector<std::string> resets;  // settings of `go env -w` that `env` stands before
  Changes changes = Changes::this_command;

  [[nodiscard]] bool empty() const { return env.empty() && commands.empty(); }
  // Whether both do the same, whatever they are for. One new folder is as good as another.
  friend bool operator==(const Repair& one, const Repair& other);
};

// The machine before any repair. Pure functions ask it; run/repair_machine.h answers for this one.
struct RepairMachine {
  std::string goos, goarch;              // its own
  std::vector<MachineSetting> settings;  // that hold
  std::string packager;                  // "apt-get", "dnf", "apk", "brew"; empty: none
  bool root = false, sudo = false;
  std::function<bool(std::string_view program)> has_program;
  std::function<bool(const std::string& package)> installed;
  // What the index of packages says of a file; no source: there is none at hand.
  std::function<PackageLookup(const SoughtFile& file)> packages_of;
  // The folder to name for a file that lies where nothing looks for it; empty: it is not found.
  std::function<std::string(const SoughtFile& file)> folder_of;
  // Whether the project is built with the module, or imports a package of it.
  std::function<bool(const std::string& module)> uses_module;
  bool vendored = false;  // the project has a folder "vendor"
  // What go takes for a name now, and what it would take if nobody had set it.
  std::function<std::string(const std::string& name)> value_of, default_of;
  // A new folder that can be written; `programs`: and that programs can be started from.
  std::function<std::string(bool programs)> new_folder;
  // A compiler for CC (or CXX) that tenon makes for "linux/arm64"; empty: it cannot.
  std::function<std::string(const std::string& target, const std::string& sysroot, bool cxx)>
      own_compiler;
};

struct RepairsAllowed {
  bool unsafe =
      false;  // packages, files of the project, and settings that decide where code is from
};

// In the order to try. `now`: what the repairs so far have set.
[[nodiscard]] std::vector<Repair> repairs_of(const Failure& failure, const Log& log,
                                             const RepairMachine& machine, const Environment& now,
                                             RepairsAllowed allowed);

// The packages that a repair installs.
[[nodiscard]] std::vector<std::string> packages_of(const Repair& repair);

// As lines of a shell script.
[[nodiscard]] std::vector<std::string> shell_lines(const Environment& environment);
[[nodiscard]] std::vector<std::string> shell_lines(const Repair& repair);

}  // namespace tenon
