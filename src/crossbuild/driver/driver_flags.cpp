#include "crossbuild/driver/driver_flags.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/driver/linker_args.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

using Kind = DriverArg::Kind;
using enum FlagAction;

constexpr unsigned bit(FlagTool tool) { return static_cast<unsigned>(tool); }

constexpr unsigned zig_macho = bit(FlagTool::zig_ld_macho);
constexpr unsigned zig_elf = bit(FlagTool::zig_ld_elf);
constexpr unsigned lld = bit(FlagTool::lld_macho);
constexpr unsigned zig_coff = bit(FlagTool::zig_ld_coff);
constexpr unsigned zig_cc =
    bit(FlagTool::zig_cc_macho) | bit(FlagTool::zig_cc_elf) | bit(FlagTool::zig_cc_coff);
constexpr unsigned macho_cc = bit(FlagTool::zig_cc_macho) | bit(FlagTool::clang_cc);
constexpr unsigned zig_all = zig_cc | zig_macho | zig_elf | zig_coff;
constexpr unsigned macho_ld = zig_macho | lld;
constexpr unsigned macho = macho_cc | macho_ld;
constexpr unsigned cross = zig_all | macho;

constexpr std::string_view other_engine =
    "zig's linker does not know it; ld64.lld does: --engine clang";

// Rows of a link for Windows: zig hands the options to its lld-link, and knows the names that GNU
// ld has for few of them. It takes some without effect.
constexpr FlagRow left_out(std::string_view pattern, std::string_view reason) {
  return {pattern, Kind::linker, zig_coff, {}, drop, {}, reason};
}

constexpr FlagRow respelled(std::string_view pattern, std::string_view text,
                            std::string_view reason) {
  return {pattern, Kind::linker, zig_coff, {}, rewrite, text, reason};
}

constexpr FlagRow refused(std::string_view pattern, std::string_view reason) {
  return {pattern, Kind::linker, zig_coff, {}, refuse, {}, reason};
}

constexpr FlagRow library(std::string_view name, std::string_view reason) {
  return {name, Kind::library, zig_coff, {}, drop, {}, reason};
}

constexpr std::string_view always_set = "zig always sets it";
constexpr std::string_view never_read = "zig accepts it without effect";
constexpr std::string_view only_ld = "zig's linker cannot do it; only GNU ld can";

// Order matters only where patterns overlap: the first row that matches governs.
constexpr FlagRow table[] = {
    // Chosen by the target, whatever a package asks for.
    {"-arch", Kind::flag, macho, {}, drop, {}, "the target names the architecture"},
    {"-target", Kind::flag, cross, {}, drop, {}, "the build names the target"},
    {"--target=*", Kind::flag, cross, {}, drop, {}, "the build names the target"},
    {"-mmacosx-version-min=*",
     Kind::flag,
     macho,
     {},
     minimum,
     "*",
     "zig ignores it silently; the version goes into the target"},
    {"-mmacos-version-min=*",
     Kind::flag,
     macho,
     {},
     minimum,
     "*",
     "zig ignores it silently; the version goes into the target"},
    {"-macosx_version_min",
     Kind::linker,
     macho_ld,
     {},
     minimum,
     {},
     "the version goes into the target"},
    {"-macos_version_min",
     Kind::linker,
     macho_ld,
     {},
     minimum,
     {},
     "the version goes into the target"},
    {"-platform_version",
     Kind::linker,
     macho_ld,
     {},
     minimum,
     {},
     "the version goes into the target"},
    {"-fuse-ld=*", Kind::flag, cross, {}, drop, {}, "the engine brings its linker"},
    {"-ld_classic", Kind::linker, macho_ld, {}, drop, {}, "chooses among Apple's own linkers"},
    {"-ld_new", Kind::linker, macho_ld, {}, drop, {}, "chooses among Apple's own linkers"},

    // Processors.
    {"-march=native",
     Kind::flag,
     cross,
     {},
     drop,
     {},
     "the build machine's processor is not the target's"},
    {"-mcpu=native",
     Kind::flag,
     cross,
     {},
     drop,
     {},
     "the build machine's processor is not the target's"},
    {"-mtune=*",
     Kind::flag,
     cross,
     {},
     drop,
     {},
     "tuning never changes what a program does, and zig parses it as a processor"},
    {"-march=armv8*",
     Kind::flag,
     bit(FlagTool::zig_cc_macho) | zig_macho,
     {},
     drop,
     {},
     "every Apple processor has ARMv8.4; zig knows processors, not architectures"},
    {"-march=armv8-a",
     Kind::flag,
     bit(FlagTool::zig_cc_elf) | bit(FlagTool::zig_cc_coff) | zig_elf | zig_coff,
     {},
     drop,
     {},
     "zig's baseline; zig knows processors, not architectures"},
    {"-march=x86-64",
     Kind::flag,
     zig_all,
     {},
     rewrite,
     "-march=x86_64",
     "zig spells processors with underscores"},
    {"-march=x86-64-v*",
     Kind::flag,
     zig_all,
     {},
     rewrite,
     "-march=x86_64_v*",
     "zig spells processors with underscores"},

    // Compiling.
    {"-fembed-bitcode*", Kind::flag, cross, {}, drop, {}, "obsolete since Xcode 14"},
    {"-stdlib=libc++", Kind::flag, zig_all, {}, drop, {}, "zig has no other"},
    {"-fno-plt", Kind::flag, macho, {}, drop, {}, "Mach-O has no PLT"},
    {"-flto*",
     Kind::flag,
     bit(FlagTool::zig_cc_macho) | zig_macho,
     {},
     drop,
     {},
     "zig's Mach-O linker cannot read bitcode; the program is the same, less optimized"},
    {"-mfpu=*",
     Kind::flag,
     macho_cc | bit(FlagTool::zig_cc_elf),
     {},
     drop,
     {},
     "a flag for 32-bit ARM"},

    // Libraries that are part of libSystem.
    {"m", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"dl", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"pthread", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"c", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"util", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"proc", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"info", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"dbm", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"poll", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"rpcsvc", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"System", Kind::library, macho_ld, {}, drop, {}, "always linked"},
    {"gcc", Kind::library, macho_ld, {}, drop, {}, "the engine brings compiler-rt"},
    {"gcc_s", Kind::library, macho_ld, {}, drop, {}, "part of libSystem"},
    {"stdc++", Kind::library, macho_ld, {}, rewrite, "c++", "macOS has libc++ only"},
    {"-static-libgcc", Kind::flag, macho_ld, {}, drop, {}, "macOS has no libgcc"},
    {"-static-libstdc++", Kind::flag, macho_ld, {}, drop, {}, "macOS has no libstdc++"},
    {"-static",
     Kind::flag,
     macho_ld,
     {},
     refuse,
     {},
     "macOS has no static executables: libSystem is always dynamic"},

    // What Go passes.
    {"--compress-debug-sections=*",
     Kind::linker,
     macho_ld,
     {},
     drop,
     {},
     "Mach-O linkers do not compress debug sections"},
    {"--compress-debug-sections=*",
     Kind::linker,
     zig_elf,
     {},
     drop,
     {},
     "tenon removes paths of this machine from the debug sections"},
    {"-no_pie", Kind::linker, zig_macho, {}, drop, {}, "zig always makes PIE, which always works"},
    {"-no_pie", Kind::linker, lld, {}, drop, {}, "macOS has not needed it since 10.7"},
    {"-nopie", Kind::flag, macho_ld, {}, drop, {}, "macOS has not needed it since 10.7"},
    {"-no-pie", Kind::flag, zig_macho, {0, 14, 0}, drop, {}, "zig always makes PIE"},
    {"-pie", Kind::linker, zig_macho, {}, drop, {}, "zig always makes PIE"},
    {"-x", Kind::linker, zig_macho, {0, 14, 0}, drop, {}, "only removes local symbols"},
    {"-flat_namespace", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-bind_at_load", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-no_uuid",
     Kind::linker,
     macho_ld,
     {},
     refuse,
     {},
     "macOS 26 does not start programs without LC_UUID"},

    // Linker flags of packages, on darwin.
    {"-U", Kind::linker, macho_ld, {}, flat, {}, "looked up in all libraries at run time"},
    {"-ObjC",
     Kind::linker,
     zig_macho,
     {},
     refuse,
     {},
     "zig reads it as -O bjC: categories in archives would be missing; --engine clang accepts it"},
    {"-ObjC",
     Kind::flag,
     zig_macho,
     {},
     refuse,
     {},
     "clang passes it to the linker, and zig's does not know it; --engine clang accepts it"},
    {"-all_load", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-sectcreate", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-exported_symbols_list", Kind::linker, zig_macho, {0, 17, 0}, refuse, {}, other_engine},
    {"-unexported_symbols_list", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-exported_symbol", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-unexported_symbol", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-alias", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-dylib", Kind::linker, zig_macho, {}, rewrite, "-dynamiclib", "the driver's spelling"},
    {"-export_dynamic", Kind::linker, zig_macho, {}, drop, {}, "tenon keeps exported symbols"},
    {"-w", Kind::linker, zig_macho, {0, 17, 0}, drop, {}, "only silences warnings"},
    {"-t", Kind::linker, zig_macho | zig_elf, {}, drop, {}, "only prints"},
    {"-why_load", Kind::linker, zig_macho, {}, drop, {}, "only prints"},
    {"-map", Kind::linker, zig_macho, {}, refuse, {}, other_engine},
    {"-no_warn_duplicate_libraries",
     Kind::linker,
     macho_ld,
     {},
     drop,
     {},
     "only silences a warning of Apple's linker"},
    {"-no_deduplicate", Kind::linker, zig_macho, {}, drop, {}, "zig does not deduplicate"},
    {"-no_compact_unwind",
     Kind::linker,
     zig_macho,
     {},
     drop,
     {},
     "unwind tables may stay; nothing depends on their absence"},
    {"-no_function_starts", Kind::linker, zig_macho, {}, drop, {}, "only for debuggers"},
    {"-function_starts", Kind::linker, zig_macho, {}, drop, {}, "zig always writes them"},
    {"-multiply_defined", Kind::linker, macho_ld, {}, drop, {}, "obsolete since 10.4"},
    {"-reproducible", Kind::linker, zig_macho, {}, drop, {}, "zig is always reproducible"},
    {"-oso_prefix", Kind::linker, zig_macho, {}, drop, {}, "debug maps are removed after the link"},
    {"-adhoc_codesign", Kind::linker, macho_ld, {}, drop, {}, "tenon signs after the link"},
    {"-no_adhoc_codesign", Kind::linker, macho_ld, {}, drop, {}, "tenon signs after the link"},
    {"-no_fixup_chains", Kind::linker, zig_macho, {}, drop, {}, "zig never writes chained fixups"},
    {"-fixup_chains",
     Kind::linker,
     zig_macho,
     {},
     drop,
     {},
     "zig writes opcodes, which every macOS reads"},
    {"-syslibroot", Kind::linker, macho_ld, {}, drop, {}, "--sdk names the SDK"},
    {"-z", Kind::linker, lld, {}, drop, {}, "only ELF has it; zig accepts it without effect"},
    {"-E", Kind::linker, lld, {}, drop, {}, "only ELF has it; tenon keeps exported symbols"},
    {"--no-gc-sections", Kind::linker, lld, {}, drop, {}, "ld64.lld's default"},
    {"-T", Kind::linker, macho_ld, {}, refuse, {}, "Mach-O linkers read no linker scripts"},

    // Linker flags of packages, on Linux. zig hands only what it knows to its ld.lld.
    {"--unresolved-symbols=*",
     Kind::linker,
     zig_elf,
     {},
     refuse,
     {},
     "zig's linker always needs every symbol; link with the library that has them, or load it"
     " with dlopen"},
    {"--export-dynamic-symbol=*",
     Kind::linker,
     zig_elf,
     {},
     rewrite,
     "--export-dynamic",
     "zig exports all or nothing; plugins see more names, never fewer"},
    {"--exclude-libs=*", Kind::linker, zig_elf, {}, drop, {}, "only hides names of a library"},
    {"--exclude-libs", Kind::linker, zig_elf, {}, drop, {}, "only hides names of a library"},
    {"-Bsymbolic-functions",
     Kind::linker,
     zig_elf,
     {},
     rewrite,
     "-Bsymbolic",
     "zig knows the form for all symbols"},
    {"--allow-multiple-definition",
     Kind::linker,
     zig_elf,
     {},
     refuse,
     {},
     "zig's linker never takes the first of two definitions; remove one of the libraries"},
    {"-zmuldefs",
     Kind::linker,
     zig_elf,
     {},
     refuse,
     {},
     "zig's linker never takes the first of two definitions; remove one of the libraries"},
    {"--warn-common", Kind::linker, zig_elf, {}, drop, {}, "only warns"},
    {"--no-warn-*", Kind::linker, zig_elf, {}, drop, {}, "only silences warnings"},
    {"--fatal-warnings", Kind::linker, zig_elf, {}, drop, {}, "only about warnings"},
    {"--no-fatal-warnings", Kind::linker, zig_elf, {}, drop, {}, "only about warnings"},
    {"--verbose", Kind::linker, zig_elf, {}, drop, {}, "only prints"},
    {"--trace", Kind::linker, zig_elf, {}, drop, {}, "only prints"},
    {"-rpath-link",
     Kind::linker,
     zig_elf,
     {},
     drop,
     {},
     "zig does not look into the libraries of libraries"},
    {"--rpath-link",
     Kind::linker,
     zig_elf,
     {},
     drop,
     {},
     "zig does not look into the libraries of libraries"},
    {"--push-state",
     Kind::linker,
     zig_elf,
     {},
     refuse,
     {},
     "zig's linker has no state to push; write -Bstatic and -Bdynamic around the library"},
    {"--pop-state",
     Kind::linker,
     zig_elf,
     {},
     refuse,
     {},
     "zig's linker has no state to pop; write -Bstatic and -Bdynamic around the library"},
    {"--defsym*", Kind::linker, zig_elf, {}, refuse, {}, "zig's linker cannot define symbols"},
    {"--wrap", Kind::linker, zig_elf, {0, 17, 0}, refuse, {}, "zig 0.17 accepts it"},
    {"--dynamic-list*",
     Kind::linker,
     zig_elf,
     {},
     rewrite,
     "--export-dynamic",
     "zig exports all or nothing; plugins see more names, never fewer"},
    {"--icf=*", Kind::linker, zig_elf, {}, drop, {}, "folding only saves space"},
    {"-Map", Kind::linker, zig_elf, {}, refuse, {}, "zig's linker writes no map"},
    {"--no-dynamic-linker", Kind::linker, zig_elf, {0, 17, 0}, refuse, {}, "zig 0.17 accepts it"},
    {"--copy-dt-needed-entries",
     Kind::linker,
     zig_elf,
     {},
     drop,
     {},
     "name the libraries of libraries; zig reports the missing ones"},
    {"-O*", Kind::linker, zig_elf | zig_macho, {}, drop, {}, "only optimizes the string tables"},

    // What Go passes on Windows. cmd/link asks which of some the linker takes, so that a wrong
    // answer
    // here would be believed.
    {"-mwindows",
     Kind::flag,
     zig_coff,
     {},
     rewrite,
     "-Wl,--subsystem,windows",
     "zig accepts it without effect: the program would open a console"},
    {"-g",
     Kind::flag,
     bit(FlagTool::zig_cc_coff),
     {},
     rewrite,
     "-gdwarf-4",
     "zig would write CodeView alone, whose PDB file go build does not keep; Go's is DWARF"},
    {"-mconsole", Kind::flag, zig_coff, {}, drop, {}, "the subsystem that zig chooses"},
    {"-mthreads", Kind::flag, zig_coff, {}, drop, {}, "MinGW-w64 always has threads"},
    left_out("--tsaware", always_set),
    left_out("--nxcompat", always_set),
    left_out("--dynamicbase", always_set),
    left_out("--high-entropy-va", always_set),
    left_out("--major-os-version*", "zig writes 6.0; the runtime of Go decides what it runs on"),
    left_out("--minor-os-version*", "zig writes 6.0; the runtime of Go decides what it runs on"),
    left_out("--major-subsystem-version*", never_read),
    left_out("--minor-subsystem-version*", never_read),
    left_out("--no-insert-timestamp", "time stamps are a hash of the program"),
    left_out("--compress-debug-sections=*", "lld-link does not compress debug sections"),
    left_out("-T", "lld-link reads no linker scripts; Go's only places .debug_gdb_scripts"),
    respelled("--disable-dynamicbase", "--no-dynamicbase", "zig's spelling"),
    left_out("--disable-high-entropy-va", "means nothing beside --disable-dynamicbase"),
    refused("--disable-nxcompat", only_ld),

    // Linker flags of packages, on Windows.
    {"-mdll", Kind::flag, zig_coff, {}, rewrite, "-shared", "zig accepts it without effect"},
    {"-static-libgcc", Kind::flag, zig_coff, {}, drop, {}, "zig has no libgcc"},
    {"-static-libstdc++", Kind::flag, zig_coff, {}, drop, {}, "zig's libc++ is always static"},
    left_out("--large-address-aware", "always set for 64 bits"),
    left_out("--enable-stdcall-fixup", "only 32-bit programs have such names"),
    left_out("--disable-stdcall-fixup", "only 32-bit programs have such names"),
    left_out("--kill-at", "only 32-bit programs have such names"),
    left_out("--add-stdcall-alias", "only 32-bit programs have such names"),
    left_out("--enable-auto-import", "lld-link does it where an input needs it"),
    left_out("--enable-runtime-pseudo-reloc*", "lld-link does it where an input needs it"),
    left_out("--no-seh", "64-bit programs have tables of handlers instead"),
    left_out("--warn-*", "only warns"),
    left_out("--no-warn-*", "only silences warnings"),
    left_out("--fatal-warnings", "only about warnings"),
    left_out("--no-fatal-warnings", "only about warnings"),
    left_out("--verbose", "only prints"),
    left_out("-v", "only prints"),
    left_out("--trace", "only prints"),
    left_out("-t", "only prints"),
    left_out("--no-demangle", "only about messages"),
    left_out("--exclude-libs*", "only hides names of a library"),
    left_out("--exclude-all-symbols",
             "exports are those of the .def file or __declspec(dllexport)"),
    left_out("--icf=*", "folding only saves space"),
    left_out("--insert-timestamp", "tenon builds are reproducible"),
    left_out("--file-alignment*", "zig chooses 512"),
    left_out("--section-alignment*", "zig chooses 4096"),
    left_out("-O*", "only optimizes string tables"),
    left_out("-z", "only ELF has it"),
    left_out("-rpath", "Windows searches the program's folder"),
    left_out("-rpath-link", "Windows searches the program's folder"),
    left_out("--as-needed", "lld-link imports only what is used"),
    left_out("--no-as-needed", "lld-link imports only what is used"),
    left_out("--enable-new-dtags", "only ELF has it"),
    left_out("--hash-style=*", "only ELF has it"),
    refused("--allow-multiple-definition",
            "zig's linker never takes the first of two definitions; remove one of the libraries"),
    refused("--defsym*", only_ld),
    refused("--wrap*", only_ld),
    refused("--delayload*", only_ld),
    refused("--heap*", only_ld),
    refused("--base-file*", only_ld),
    refused("--output-def*", only_ld),
    refused("--version-script*", "Windows has .def files for that; zig accepts it without effect"),
    refused("-Map", "zig's linker writes no map"),
    refused("--appcontainer", only_ld),
    refused("--forceinteg", only_ld),
    library("msvcrt", "zig links the newer C library, UCRT"),
    library("ucrt", "zig always links it"),
    library("ucrtbase", "zig always links it"),
    library("c", "zig always links UCRT"),
    library("gcc", "the engine brings compiler-rt"),
    library("gcc_s", "the engine brings compiler-rt"),
    library("gcc_eh", "the engine brings libunwind"),
    library("moldname", "part of zig's MinGW-w64"),
    {"stdc++", Kind::library, zig_coff, {}, rewrite, "c++", "zig has libc++ only"},
    {"synchronization",
     Kind::library,
     zig_coff,
     {},
     rewrite,
     "api-ms-win-core-synch-l1-2-0",
     "zig has the API set that it stands for"},
};

bool matches(const FlagRow& row, const DriverArg& arg) {
  if (row.kind != arg.kind) return false;
  const std::string_view name =
      arg.kind == Kind::library ? std::string_view(arg.values.front()) : std::string_view(arg.name);
  if (row.pattern.ends_with('*')) {
    return name.starts_with(row.pattern.substr(0, row.pattern.size() - 1));
  }
  return name == row.pattern;
}

std::string rewritten(const FlagRow& row, std::string_view name) {
  const std::size_t star = row.text.find('*');
  if (star == std::string_view::npos) return std::string(row.text);
  std::string out(row.text.substr(0, star));
  out += name.substr(row.pattern.size() - 1);
  return out;
}

// The version a flag names: behind its '=', or its value ("macos" 11.0 12.0 for -platform_version).
Version named_version(const FlagRow& row, const DriverArg& arg) {
  std::string_view text;
  if (row.pattern.ends_with('*')) {
    text = std::string_view(arg.name).substr(row.pattern.size() - 1);
  } else if (!arg.values.empty()) {
    text = arg.name == "-platform_version" && arg.values.size() > 1 ? arg.values[1] : arg.values[0];
  }
  return parse_version(text).value_or(Version{});
}

DriverArg rewrite_arg(const FlagRow& row, const DriverArg& arg) {
  if (arg.kind == Kind::library) return {Kind::library, "-l", {rewritten(row, arg.values[0])}};
  const bool to_driver = row.text == "-dynamiclib";
  return {to_driver ? Kind::flag : arg.kind, rewritten(row, arg.name), {}};
}

// zig names processors with underscores: apple_m1, cortex_a72.
void spell_for_zig(DriverArg& arg, FlagTool tool) {
  if ((bit(tool) & zig_all) == 0 || arg.kind != Kind::flag) return;
  if (!arg.name.starts_with("-mcpu=")) return;
  const std::size_t end = arg.name.find('+');
  std::replace(arg.name.begin() + 6,
               end == std::string::npos ? arg.name.end()
                                        : arg.name.begin() + static_cast<std::ptrdiff_t>(end),
               '-', '_');
}

// -march=armv8.2-a+crc+crypto: zig has no architectures; the features go to its clang directly.
bool expand_arm_march(const DriverArg& arg, FlagTool tool, std::vector<DriverArg>& out) {
  if (tool != FlagTool::zig_cc_elf || arg.kind != Kind::flag) return false;
  if (!arg.name.starts_with("-march=armv")) return false;
  const auto parts = split(std::string_view(arg.name).substr(7), '+');
  const auto feature = [&](std::string_view name) {
    out.push_back({Kind::flag, "-Xclang", {"-target-feature"}});
    out.push_back({Kind::flag, "-Xclang", {"+" + std::string(name)}});
  };
  std::string architecture(parts[0].substr(4));  // "8.2-a"
  architecture = architecture.substr(0, architecture.find('-'));
  if (architecture != "8") feature("v" + architecture + "a");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "crypto") {
      feature("aes");
      feature("sha2");
    } else if (parts[i] == "simd") {
      feature("neon");
    } else if (parts[i] == "fp16") {
      feature("fullfp16");
    } else {
      feature(parts[i]);
    }
  }
  return true;
}

}  // namespace

std::span<const FlagRow> flag_table() { return table; }

const FlagRow* find_flag(const DriverArg& arg, FlagTool tool, Version version) {
  for (const FlagRow& row : table) {
    if ((row.tools & bit(tool)) == 0 || !matches(row, arg)) continue;
    if (!row.before.empty() && version >= row.before) continue;
    return &row;
  }
  return nullptr;
}

FilteredFlags filter_flags(std::vector<DriverArg> args, FlagTool tool, Version version) {
  FilteredFlags out;
  for (DriverArg& arg : args) {
    const FlagRow* row = find_flag(arg, tool, version);
    if (row == nullptr) {
      if (expand_arm_march(arg, tool, out.args)) continue;
      spell_for_zig(arg, tool);
      out.args.push_back(std::move(arg));
      continue;
    }
    switch (row->action) {
      case drop: break;
      case rewrite: out.args.push_back(rewrite_arg(*row, arg)); break;
      case refuse: out.refused.push_back({spelled(arg), row}); continue;
      case flat:
        out.flat_symbols.insert(out.flat_symbols.end(), arg.values.begin(), arg.values.end());
        continue;
      case minimum: out.minimum = std::max(out.minimum, named_version(*row, arg)); break;
    }
    out.dropped.push_back({spelled(arg), row});
  }
  return out;
}

}  // namespace tenon
