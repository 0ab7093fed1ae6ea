// tenon sysroot: a folder with the headers and libraries of another system.
//
// Packages come from the machine's apt (sysroot_apt.h) or from a folder. They are unpacked into a
// folder beside the sysroot, which takes its place when all of them are in it; so a sysroot is
// either as it was or complete. A record in it says which packages it holds: the same request again
// changes nothing and asks nobody.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/run/sysroot_writer.h"
#include "crossbuild/sysroot/name.h"
#include "crossbuild/sysroot/record.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon {

struct SysrootRequest {
  SysrootName name;
  std::vector<std::string> packages;
  std::string from;    // folder of .deb and .apk files; empty: from apt
  std::string output;  // absolute; empty: the folder that `tenon build --sysroot NAME` uses
  bool refresh = false;
  bool contents = false;  // fetch which package has which archive, for `tenon link`
};

struct SysrootResult {
  std::string folder;
  SysrootRecord record;
  SysrootCounts counts;  // of this run
  bool changed = false;
};

[[nodiscard]] Outcome<SysrootResult> make_sysroot(const SysrootRequest& request,
                                                  Progress& progress);

// What --sysroot means: a directory, or the name of one that `tenon sysroot` has made. TN0101 for a
// name without one. Relative paths start at `folder`.
[[nodiscard]] Outcome<std::string> find_sysroot(const std::string& text, const std::string& folder,
                                                const std::string& command);

// Where the sysroot of this name lies when no other folder was given; empty without a home.
[[nodiscard]] std::string sysroot_folder(const SysrootName& name);

// Stands for the packages in a sysroot; empty where it has no record.
[[nodiscard]] std::string sysroot_state(const std::string& folder);
// What a directory says that it is: the name in its record; empty when it has none.
[[nodiscard]] std::string sysroot_record_name(const std::string& folder);
// The list of archives that was fetched for this name; empty when there is none.
[[nodiscard]] std::string archive_list_path(const std::string& name);

}  // namespace tenon
