// What a call of the compiler wrapper is, and the command line that does it. Pure: reads no file,
// starts nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"

namespace tenon {

enum class DriverJob {
  identify,       // `-### -x c -c -`: cmd/go asks who the compiler is
  version,        // --version, -v
  print_program,  // --print-prog-name strip: cmd/link asks for Mach-O tools
  print_file,     // --print-file-name=libsynchronization.a: cmd/link asks for the library
  compile,        // -c, -S, -E, -M
  link,
};

struct DriverCall {
  DriverJob job = DriverJob::link;
  std::string program;               // for print_program
  std::string file;                  // for print_file
  std::vector<std::string> inputs;   // files, in order; "-" is standard input
  std::vector<std::string> sources;  // those inputs that have to be compiled
  std::string output;                // of -o; empty when not given
  std::string language;              // of -x; empty when not given
  bool dry_run = false;              // -### with real inputs
};

// `args` are the compiler's arguments with response files expanded, `parsed` the same in groups.
[[nodiscard]] DriverCall classify(const std::vector<std::string>& args,
                                  const std::vector<DriverArg>& parsed);

// The line that answers `identify`. It names everything that changes what a compile gives, since
// cmd/go takes it for the compiler's identity.
[[nodiscard]] std::string identity(const CcConfig& config, std::string_view tenon_version);

// The linker that -fuse-ld= of a call without inputs asks for, where no engine has it: "bfd".
// cmd/link asks so for GNU ld (`-fuse-ld=bfd -Wl,--version` on freebsd/arm64) and goes on when that
// fails, but stops when another linker answers. The reason of its wish, lld of LLVM 8, is of the
// past.
[[nodiscard]] std::string foreign_linker(const DriverCall& call,
                                         const std::vector<DriverArg>& args);

// The compiler and its leading arguments for `config`: target, headers, and what undoes defaults
// that gcc and clang do not have.
[[nodiscard]] std::vector<std::string> compiler_command(const CcConfig& config);

struct DriverCommand {
  std::vector<std::string> argv;
  FilteredFlags flags;
  std::vector<std::string> host_folders;  // search folders of this machine that were left out
};

// Takes search folders of the building machine (-I/usr/include, -L/opt/homebrew/lib ...) out of
// `args` and returns what was taken: their contents are for another system.
[[nodiscard]] std::vector<std::string> remove_host_folders(const CcConfig& config,
                                                           std::vector<DriverArg>& args);

// The command for a compile. `stdin_file`: where standard input was put, or empty.
[[nodiscard]] DriverCommand compile_command(const CcConfig& config, std::vector<DriverArg> args,
                                            const std::string& stdin_file);

// Folders to search at a link.
struct StubFolders {
  std::string libraries;             // -L: filled by the stub maker
  std::string frameworks;            // -F: likewise
  std::vector<std::string> sysroot;  // -L: of a Linux sysroot, those that exist
};

// The command for a link of objects and archives. `flags` are filtered already.
[[nodiscard]] std::vector<std::string> link_command(const CcConfig& config,
                                                    const FilteredFlags& flags,
                                                    const StubFolders& stubs, bool flat);

// Which row set of the flag table governs a call.
[[nodiscard]] FlagTool compile_tool(const CcConfig& config);
[[nodiscard]] FlagTool link_tool(const CcConfig& config);
[[nodiscard]] Version tool_version(const CcConfig& config);

// Where the library is that a compiler is asked for by its file name; empty when nothing is known.
[[nodiscard]] std::string library_file(const CcConfig& config, std::string_view name);

// The folder of zig's own files: the one that the program stands in.
[[nodiscard]] std::string zig_lib(const Toolchain& toolchain);

// True for names of C, C++, Objective-C and assembler sources.
[[nodiscard]] bool is_source(std::string_view path);

}  // namespace tenon
