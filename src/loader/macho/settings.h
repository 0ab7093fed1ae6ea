// What decides dyld's search beside the files: the release of macOS, the environment, and what the
// security policy of the program lets through.
//
// Rules: dyld-1378 dyld/DyldProcessConfig.cpp (Security, PathOverrides::addEnvVar). Which variables
// the kernel lets through is not in open code; by Apple's documentation of the hardened runtime a
// program that has it needs the entitlement com.apple.security.cs.allow-dyld-environment-variables,
// and a restricted one (set-uid, a segment __RESTRICT, CS_RESTRICT) gets none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/macho/macho.h"

namespace tenon::dyld {

// Of the main program.
struct Policy {
  bool hardened = false;             // CS_RUNTIME
  bool allows_environment = false;   // the entitlement allow-dyld-environment-variables
  bool restricted = false;           // set-uid, __RESTRICT or CS_RESTRICT
  bool validates_libraries = false;  // CS_REQUIRE_LV, or hardened without the entitlement
                                     // disable-library-validation

  // Whether variables that name paths count.
  [[nodiscard]] bool takes_paths() const {
    return !restricted && (!hardened || allows_environment);
  }
};

// A directory to search, and what named it: "DYLD_LIBRARY_PATH", "LC_DYLD_ENVIRONMENT".
struct SearchFolder {
  std::string folder, origin;
};

struct Settings {
  macho::Version macos{26, 0, 0};
  Policy policy;
  std::vector<SearchFolder> framework_path, library_path;
  std::vector<SearchFolder> fallback_framework_path, fallback_library_path;
  bool own_framework_fallback = false;  // a variable replaces the standard directories
  bool own_library_fallback = false;
  std::vector<std::string> inserted;        // DYLD_INSERT_LIBRARIES
  std::vector<std::string> image_suffixes;  // DYLD_IMAGE_SUFFIX
  // Variables that dyld does not see, or that are not simulated here, each with the reason.
  std::vector<std::pair<std::string, std::string>> ignored, not_simulated;

  // "/System/Volumes/Preboot/Cryptexes/OS" since macOS 13; empty before.
  [[nodiscard]] std::string_view cryptex() const;
};

// `environment`: "NAME=VALUE" each, of which those of dyld are read; `main`: the program, at
// `main_path`, whose LC_DYLD_ENVIRONMENT comes after the environment's directories.
[[nodiscard]] Settings read_settings(const std::vector<std::string>& environment,
                                     const macho::File& main, const std::string& main_path,
                                     macho::Version macos, const Policy& policy);

}  // namespace tenon::dyld
