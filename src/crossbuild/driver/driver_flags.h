// The table of driver and linker flags: which tool of which version takes them, and what is done
// about those it does not. Every row was measured with the versions it names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossbuild/driver/linker_args.h"
#include "platform/target.h"

namespace tenon {

// The program that finally reads a flag.
enum class FlagTool : unsigned {
  zig_cc_macho = 1,   // zig compiling for macOS
  zig_cc_elf = 2,     // zig compiling for Linux
  zig_ld_macho = 4,   // zig's own Mach-O linker
  zig_ld_elf = 8,     // zig linking for Linux (its ld.lld)
  lld_macho = 16,     // ld64.lld behind clang
  clang_cc = 32,      // clang compiling for macOS
  apple = 64,         // Apple's clang and ld
  zig_cc_coff = 128,  // zig compiling for Windows
  zig_ld_coff = 256,  // zig linking for Windows (its lld-link)
};

// The bit of a tool in FlagRow::tools.
constexpr unsigned bit(FlagTool tool) { return static_cast<unsigned>(tool); }

enum class FlagAction {
  drop,     // without it the result means the same
  rewrite,  // another spelling means the same
  refuse,   // no spelling means the same: leaving it out would change the program
  flat,     // names a symbol to be looked up in all libraries: handed to the stub maker
  minimum,  // names a deployment target: raises ours
};

struct FlagRow {
  std::string_view pattern;  // the flag; a trailing '*' matches any rest
  DriverArg::Kind kind;      // where it stands: flag, linker or library
  unsigned tools;            // FlagTool bits
  Version before;            // only for tools older than this; empty: all
  FlagAction action;
  std::string_view text;    // new spelling when rewritten; '*' stands for the matched rest
  std::string_view reason;  // for people; always given
};

// In driver_flag_table.cpp. Order matters only where patterns overlap: the first row that matches
// governs.
[[nodiscard]] std::span<const FlagRow> flag_table();

// The row that governs `arg` for a tool of `version`, or null when it passes unchanged.
[[nodiscard]] const FlagRow* find_flag(const DriverArg& arg, FlagTool tool, Version version);

// What became of a command line.
struct FilteredFlags {
  struct Note {
    std::string flag;
    const FlagRow* row;
  };
  std::vector<DriverArg> args;
  std::vector<std::string> flat_symbols;  // as the linker spells them, "_name"
  Version minimum;                        // highest deployment target named; empty when none
  std::vector<Note> dropped;              // dropped and rewritten ones
  std::vector<Note> refused;              // when not empty the command must not run
};

[[nodiscard]] FilteredFlags filter_flags(std::vector<DriverArg> args, FlagTool tool,
                                         Version version);

}  // namespace tenon
