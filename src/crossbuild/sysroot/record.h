// What lies in a sysroot: a text file in it, one fact a line, fields separated by tabs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon {

struct SysrootPackage {
  std::string name, version, architecture;
  std::string sha256;  // of the package file

  friend bool operator==(const SysrootPackage&, const SysrootPackage&) = default;
};

struct SysrootRecord {
  std::string name;                 // "debian:12/arm64"
  std::vector<std::string> wanted;  // packages that were asked for by name
  std::vector<SysrootPackage> packages;

  friend bool operator==(const SysrootRecord&, const SysrootRecord&) = default;
};

inline constexpr std::string_view record_file = ".tenon-sysroot";

[[nodiscard]] std::string write_record(const SysrootRecord& record);
[[nodiscard]] Result<SysrootRecord> parse_record(std::string_view text);

// What a package says of itself: the file "control" of a .deb, ".PKGINFO" of an .apk. malformed
// without a name, a version or an architecture, or with other characters than those have.
[[nodiscard]] Result<SysrootPackage> parse_control(std::string_view text);
[[nodiscard]] Result<SysrootPackage> parse_pkginfo(std::string_view text);

}  // namespace tenon
