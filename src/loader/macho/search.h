// Where dyld looks for a library, in its order: the variables, the name itself (alone on the disk,
// in the cryptex, then on the disk or in the shared cache), @loader_path, @executable_path and the
// LC_RPATHs from the image that asks up to the program, the fallback directories.
//
// Rules: dyld-1378 dyld/DyldProcessConfig.cpp (forEachPathVariant, forEachDylibFallback,
// forEachFrameworkFallback, addSuffix, getFrameworkPartialPath) and dyld/Loader.cpp
// (forEachResolvedAtPathVar, expandAtLoaderPath, expandAndNormalizeAtExecutablePath). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loader/macho/settings.h"

namespace tenon::dyld {

enum class Way : std::uint8_t {
  variable,      // DYLD_LIBRARY_PATH, DYLD_FRAMEWORK_PATH
  suffix,        // DYLD_IMAGE_SUFFIX
  disk,          // the name itself, not in the shared cache
  cryptex,       // below the cryptex of the system
  name,          // the name itself
  loader_path,   // @loader_path
  program_path,  // @executable_path
  rpath,         // an LC_RPATH
  own_fallback,  // DYLD_FALLBACK_*
  fallback,      // /usr/local/lib, /usr/lib, /Library/Frameworks, /System/Library/Frameworks
};

[[nodiscard]] std::string_view way_name(Way way);

// A path that dyld tries.
struct Candidate {
  std::string path;
  Way way = Way::name;
  std::string origin;  // the variable, or "LC_RPATH @loader_path/../lib of /opt/app/bin/tool"
};

// The image that asks, and those that led to it, nearest first; the last is the program.
struct ChainLink {
  std::string path;
  std::vector<std::string> rpaths;
};

struct Question {
  std::string name;  // as the load command has it
  std::vector<const ChainLink*> chain;
  bool inserted = false;  // from DYLD_INSERT_LIBRARIES: @rpath and @loader_path mean nothing
  bool fallback = false;  // the image that asks was built with an SDK before 14.0
  std::string program;    // path of the program
};

// How many paths one name may lead to: a hostile file has ten thousand LC_RPATHs.
inline constexpr std::size_t most_candidates = 65536;

[[nodiscard]] std::vector<Candidate> candidates(const Question& question, const Settings& settings);

// "Foo.framework/Versions/A/Foo" of a path into a framework; empty for any other.
[[nodiscard]] std::string_view framework_part(std::string_view path);

// Whether dyld expects the path in its shared cache, where it need not be on the disk.
[[nodiscard]] bool may_be_in_cache(std::string_view path);

}  // namespace tenon::dyld
