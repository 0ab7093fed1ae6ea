// Finds Go and the compilers of a machine: Host -> facts. Never judges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/target.h"
#include "platform/toolchain.h"

namespace tenon {

// What was looked at, for a report that says why nothing was found.
struct Search {
  std::vector<std::string> tried;
};

// A zig program: `wanted` if given, else TENON_ZIG, PATH, the ziglang package beside tenon itself
// (pip installs both into one environment) or in the user's Python folders.
[[nodiscard]] std::optional<std::string> find_zig(const std::string& wanted, Search& search);

// Version of a zig program. Read from the package's metadata where there is some, else asked and
// remembered in `cache` under the program's path, size and time. nullopt when it does not answer.
[[nodiscard]] std::optional<Version> zig_version(const std::string& zig, const std::string& cache);

// clang with its linker and tools: clang, clang-21 ... clang-16, newest first.
struct ClangTools {
  std::string clang;
  Version version;
  std::string lld;  // ld64.lld of the same version, empty when absent
};

[[nodiscard]] std::optional<ClangTools> find_clang(const std::string& wanted,
                                                   const std::string& cache, Search& search);

// strip, dsymutil or ar of LLVM, which read Mach-O on any machine; newest first.
[[nodiscard]] std::optional<std::string> find_llvm_tool(std::string_view tool);

// Fills the empty paths of `toolchain`. false with `missing` set when the engine cannot be had.
struct ToolchainRequest {
  std::optional<Engine> engine;  // what the user asked for
  bool darwin = false;           // the target's side
  std::string cache;
};

struct FoundToolchain {
  std::optional<Toolchain> toolchain;
  std::string missing;  // what was not found: "zig", "clang", "ld64.lld", "xcrun"
  Search search;
};

[[nodiscard]] FoundToolchain find_toolchain(const ToolchainRequest& request, Toolchain known);

}  // namespace tenon
