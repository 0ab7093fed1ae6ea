// The packages of a distribution for another processor, by the machine's own apt.
#pragma once

#include <string>
#include <vector>

#include "crossbuild/sysroot/name.h"
#include "diag/finding.h"
#include "diag/progress.h"

namespace tenon {

// Brings the packages and all that they depend on into `folder`, which is ours and kept as a cache.
// Returns their files.
[[nodiscard]] Outcome<std::vector<std::string>> fetch_packages(
    const SysrootName& name, const std::vector<std::string>& packages, const std::string& folder,
    Progress& progress);

// Which package has which archive, as the text of ArchiveList; the distribution's index of files is
// fetched for it, some ten megabytes. Empty where the distribution publishes none.
[[nodiscard]] Outcome<std::string> fetch_archive_list(const SysrootName& name,
                                                      const std::string& folder,
                                                      Progress& progress);

}  // namespace tenon
