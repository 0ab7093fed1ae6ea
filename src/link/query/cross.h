// pkg-config for a sysroot: nothing of this machine comes into the flags without a word.
#pragma once

#include <string>
#include <vector>

#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/query/answer.h"
#include "link/query/environment.h"
#include "link/query/request.h"

namespace tenon::pc {

struct Cross {
  std::string sysroot;  // absolute
  std::string triplet;  // Debian's name of the target's directories; may be empty
};

struct PreparedCross {
  Prepared prepared;
  Personality personality;
  // Search directories of the environment and of options that lie outside of the sysroot. They are
  // not searched; `problems` names each.
  std::vector<std::string> outside;
  Problems problems;
};

// `files` must outlive the settings: paths in flags are looked up in the sysroot.
[[nodiscard]] PreparedCross prepare_cross(const Request& request, const Environment& environment,
                                          const Cross& cross, Files& files);

// What the answer has of this machine: files of modules, and paths in flags, that lie outside of
// the sysroot, and modules that are missing in it and that one of `host_folders` has.
[[nodiscard]] Problems find_leaks(const Answer& answer, const Cross& cross,
                                  const std::vector<std::string>& host_folders, Files& files);

// The same for links only: .pc files and directories of flags that lie in the sysroot by their
// path, and lead out of it.
[[nodiscard]] Problems find_links_outside(const std::vector<Package>& packages,
                                          const Fragments& fragments, const std::string& sysroot,
                                          Files& files);

}  // namespace tenon::pc
