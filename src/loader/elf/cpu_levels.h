// Which subdirectories of glibc-hwcaps a processor has, best first.
// Rules: glibc sysdeps/x86_64/dl-hwcaps_subdirs.c,
// sysdeps/powerpc/powerpc64/le/dl-hwcaps_subdirs.c, sysdeps/s390/s390-64/dl-hwcaps_subdirs.c; the
// features of x86-64 levels are those of the psABI. No other processor has any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::loader {

// Of the level that --cpu names: "x86-64-v3" gives v3 and v2, "x86-64" none. nullopt for a name
// that glibc does not have.
[[nodiscard]] std::optional<std::vector<std::string>> hwcaps_of_level(std::string_view level);

// Of an x86-64 processor, by the line "flags" of /proc/cpuinfo.
[[nodiscard]] std::vector<std::string> hwcaps_of_cpuinfo(std::string_view cpuinfo);

// All names, for messages: "x86-64-v4, x86-64-v3, ...".
[[nodiscard]] std::string level_names();

// All subdirectories that some glibc searches.
[[nodiscard]] std::vector<std::string_view> known_hwcaps();

}  // namespace tenon::loader
