// The machine's own index of the files of packages: apt's Contents where `apt-file update` fetched
// them, the files that dpkg has installed, the caches of dnf and apk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/contents.h"

namespace tenon {

// Whether dnf and apk may fetch their lists first.
enum class ListsFrom : std::uint8_t { cache, network };

// Which packages of `distribution` ("debian:12"; empty: this machine's) have these files. It takes
// ten seconds at most; what could not be told by then is not told. No index of another release is
// asked: names of packages change.
[[nodiscard]] PackageLookup look_up_packages(const std::vector<SoughtFile>& files,
                                             const std::string& distribution,
                                             ListsFrom lists = ListsFrom::cache);

}  // namespace tenon
