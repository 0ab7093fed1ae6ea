// From names of modules to flags, each with the line that it comes from.
//
//   MachineFiles files;                                 // link/run/machine_files.h
//   Settings settings = sysroot_settings(root, "aarch64-linux-gnu");
//   settings.link_static = settings.merge_private = true;
//   const Solution solution = solve({"libcurl >= 7.80", "zlib"}, settings, files);
//
// Order and repeats are those of pkgconf 3.0.7: who needs a library stands before it, of equal -l
// the last one stays, of equal -I and -L the first one, and a group of the linker or a -framework
// pair stays whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/graph.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"

namespace tenon::pc {

struct Solution {
  bool ok = false;  // false: `problems` has an error, and there are no flags
  // Without the -I and -L of system directories, unless settings keep them.
  Fragments cflags;
  Fragments libs;
  // All modules that the flags come from, who needs one before it.
  std::vector<Package> packages;
  Problems problems;
};

// `modules` as on pkg-config's command line: "zlib", "zlib >= 1.2", or the path of a .pc file.
[[nodiscard]] Solution solve(const std::vector<std::string>& modules, const Settings& settings,
                             Files& files);

// The same of names that are parsed already, in a graph that the caller keeps.
// `private_modules`: of modules that only Requires.private names too, as for Cflags and for a
// static link.
[[nodiscard]] Fragments cflags_of(Graph& graph, const Settings& settings, bool private_modules);
[[nodiscard]] Fragments libs_of(Graph& graph, const Settings& settings, bool private_modules);

// For a sysroot of Linux: its own directories and no others, -I and -L with the sysroot in front,
// system directories by target. `triplet` is Debian's name of the target ("aarch64-linux-gnu");
// empty for a distribution without such directories.
[[nodiscard]] Settings sysroot_settings(const std::string& sysroot, std::string_view triplet);

}  // namespace tenon::pc
