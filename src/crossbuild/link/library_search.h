// How a linker finds the libraries that its arguments name: the folders of -L and -F in their
// order, and in each folder the kinds of library in theirs. Pure: files are asked of a FileSource.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_source.h"
#include "crossbuild/driver/linker_args.h"

namespace tenon {

struct SearchFolders {
  std::vector<std::string> libraries;   // -L
  std::vector<std::string> frameworks;  // -F
};

[[nodiscard]] SearchFolders search_folders(const std::vector<DriverArg>& args);

// ".tbd", ".dylib", ".a": the order of Apple's linker.
inline constexpr std::string_view macho_endings[] = {".tbd", ".dylib", ".a"};
inline constexpr std::string_view archive_endings[] = {".a"};

// The file that -lNAME means, or nothing when no folder has one.
[[nodiscard]] std::optional<std::string> find_library(const SearchFolders& folders,
                                                      std::string_view name,
                                                      std::span<const std::string_view> endings,
                                                      FileSource& files);
// The file that -framework NAME means.
[[nodiscard]] std::optional<std::string> find_framework(const SearchFolders& folders,
                                                        std::string_view name, FileSource& files);

// The static libraries that a link names, as files, in the order of the arguments.
[[nodiscard]] std::vector<std::string> named_archives(const std::vector<DriverArg>& args,
                                                      FileSource& files);

// A program for musl is static, but a linker takes libNAME.so where libNAME.a lies beside it: the
// libraries of `args` that the folders of -L, or else `sysroot`, have as archives become these
// files. Names of the C library and of the compiler's own libraries stay: those are zig's.
void choose_archives(std::vector<DriverArg>& args, const std::vector<std::string>& sysroot,
                     FileSource& files);

}  // namespace tenon
