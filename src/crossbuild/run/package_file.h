// Package files of Debian (.deb) and Alpine (.apk).
#pragma once

#include <string>

#include "crossbuild/run/sysroot_writer.h"
#include "crossbuild/sysroot/record.h"
#include "diag/finding.h"
#include "platform/platforms.h"

namespace tenon {

// Name, version, architecture and digest. A file that is no package is a finding.
[[nodiscard]] Outcome<SysrootPackage> describe_package(const std::string& path);
[[nodiscard]] Outcome<void> unpack_package(const std::string& path, SysrootWriter& writer);

// Whether the package is for this platform or for all.
[[nodiscard]] bool fits(const SysrootPackage& package, const Platform& platform);

}  // namespace tenon
