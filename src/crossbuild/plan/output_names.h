// Names of the files that a build makes. -o may be a pattern for several targets: {os}, {arch},
// {libc}, {target} and {ext} are known with the target; {name} is the name that go gives to a
// program, so it is filled for each finished file. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "platform/target.h"

namespace tenon {

// Whether {name} is in it.
[[nodiscard]] bool is_pattern(std::string_view output);
// TN0101 for a placeholder that does not exist.
[[nodiscard]] Outcome<void> check_output(const std::string& output);

struct TargetOutput {
  Target target;
  std::string output;  // of -o
  std::string mode;    // of -buildmode
};

// TN0101 for targets that would get one and the same file.
[[nodiscard]] Outcome<void> check_apart(const std::vector<TargetOutput>& outputs);
// Everything but {name} is filled.
[[nodiscard]] std::string output_for(std::string_view output, const Target& target,
                                     std::string_view mode);
// {name} is filled: `file` is what go named it.
[[nodiscard]] std::string named_output(std::string_view output, std::string_view file);

// ".so", ".dylib", ".a"; empty for programs of Unix.
[[nodiscard]] std::string_view output_extension(const Target& target, std::string_view mode);
// What a C linker finds for -lPROGRAM: "libPROGRAM.so".
[[nodiscard]] std::string shared_library_name(std::string_view program, const Target& target);
// What go names the program of a package: the last element of its import path that is no version.
// `files` are the packages as the user named them: for source files the first one counts.
[[nodiscard]] std::string program_name(std::string_view import_path,
                                       const std::vector<std::string>& files);

}  // namespace tenon
