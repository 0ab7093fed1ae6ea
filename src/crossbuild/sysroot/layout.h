// Where the entries of a package lie in a sysroot.
//
// Only what compiles and links is kept: headers, libraries, .pc files, loaders. /lib and its kin
// are links to /usr, as in today's distributions; a package that still puts files there has them
// mapped. Every link leads to a place in the sysroot: an absolute one is written relative to where
// it lies, and ".." at the top stays at the top, as after chroot(2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tenon {

// "./lib/x.so" -> "usr/lib/x.so"; nullopt for what is not kept. malformed for a path that begins
// with a slash, has "..", a NUL byte or more than 4096 bytes: no tool makes such packages.
[[nodiscard]] Result<std::optional<std::string>> place_in_sysroot(std::string_view path);

// Where the link of a package leads, as place_in_sysroot() would say of a path, but for any path.
// `path` is that of the link in the package.
[[nodiscard]] Result<std::string> link_place(std::string_view path, std::string_view target);

// The text of a link at `place` that leads to `to`; both are relative to the sysroot.
[[nodiscard]] std::string relative_link(std::string_view place, std::string_view to);

// Folders at the top that are links to their kin in usr.
[[nodiscard]] bool is_merged_folder(std::string_view name);

}  // namespace tenon
