#include "crossbuild/driver/driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossbuild/driver/cc_config.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"
#include "platform/platforms.h"
#include "platform/target.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

bool stops_before_link(std::string_view arg) {
  static constexpr std::array<std::string_view, 7> flags{
      "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "--precompile"};
  return std::ranges::find(flags, arg) != flags.end();
}

bool asks_version(std::string_view arg) {
  return arg == "--version" || arg == "-v" || arg == "-dumpversion" || arg == "-dumpmachine" ||
         arg == "-V" || arg == "-qversion";
}

bool any_starts(const std::vector<DriverArg>& args, std::string_view prefix) {
  return std::ranges::any_of(args,
                             [&](const DriverArg& arg) { return arg.name.starts_with(prefix); });
}

// Whether -D or -U, joined or apart, is about NDEBUG.
bool names_ndebug(const std::vector<DriverArg>& args) {
  return std::ranges::any_of(args, [](const DriverArg& arg) {
    return arg.name.starts_with("-DNDEBUG") || arg.name == "-UNDEBUG" ||
           (!arg.values.empty() && arg.values.front() == "NDEBUG");
  });
}

bool has(const std::vector<std::string>& args, std::string_view wanted) {
  return std::ranges::find(args, wanted) != args.end();
}

// What `option` asks for: "--print-prog-name strip", "--print-prog-name=strip",
// "-print-prog-name=strip".
std::string asked(const std::vector<std::string>& args, std::string_view option) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string_view arg = args[i];
    if (arg.starts_with("--")) arg.remove_prefix(1);
    if (!arg.starts_with(option)) continue;
    arg.remove_prefix(option.size());
    if (arg.starts_with('=')) return std::string(arg.substr(1));
    if (i + 1 < args.size()) return args[i + 1];
  }
  return {};
}

// What the configuration header of libc++ would say: zig's copy has none, its driver passes these.
constexpr std::string_view libcxx_defines[] = {
    "-D_LIBCPP_ABI_VERSION=1",
    "-D_LIBCPP_ABI_NAMESPACE=__1",
    "-D_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS",
    "-D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS",
    "-D_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS=0",
    "-D_LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS",
    "-D_LIBCPP_HAS_THREADS=1",
    "-D_LIBCPP_HAS_MONOTONIC_CLOCK=1",
    "-D_LIBCPP_HAS_TERMINAL=1",
    "-D_LIBCPP_HAS_MUSL_LIBC=0",
    "-D_LIBCPP_HAS_FILESYSTEM=1",
    "-D_LIBCPP_HAS_RANDOM_DEVICE=1",
    "-D_LIBCPP_HAS_LOCALIZATION=1",
    "-D_LIBCPP_HAS_UNICODE=1",
    "-D_LIBCPP_HAS_WIDE_CHARACTERS=1",
    "-D_LIBCPP_HAS_NO_STD_MODULES",
    "-D_LIBCPP_HAS_TIME_ZONE_DATABASE=0",
    "-D_LIBCPP_PSTL_BACKEND_SERIAL",
    "-D_LIBCPP_HARDENING_MODE_DEFAULT=_LIBCPP_HARDENING_MODE_NONE",
    "-D_LIBCPP_ASSERTION_SEMANTIC_DEFAULT=_LIBCPP_ASSERTION_SEMANTIC_IGNORE"};

// zig's headers and ours, for clang on a machine without an SDK.
void add_darwin_headers(const CcConfig& config, std::vector<std::string>& out) {
  if (!config.sdk.empty()) {
    // clang reads a platform out of the folder's name; one such as "Mac OS X.sdk" misleads it.
    out.insert(out.end(), {"-isysroot", config.sdk, "-Wno-incompatible-sysroot"});
  } else if (!config.toolchain.zig.empty()) {
    out.emplace_back("-nostdlibinc");
    const std::string headers = zig_lib(config.toolchain) + "/libc/include/";
    if (config.cxx) {
      const std::string libcxx = zig_lib(config.toolchain) + "/libcxx/include";
      out.insert(out.end(), {"-nostdinc++", "-isystem", libcxx});
      out.insert(out.end(), std::begin(libcxx_defines), std::end(libcxx_defines));
    }
    // The folder's name up to zig 0.15, and since; clang ignores the one that does not exist.
    out.insert(out.end(),
               {"-isystem", headers + "any-macos-any", "-isystem", headers + "any-darwin-any"});
  }
}

// Behind every other search folder, so that a header of the compiler, of zig or of the user goes
// before: tenon's are for what nobody else has. -idirafter is the only flag that says so, whatever
// the language; the headers count as system headers.
void add_macos_headers(const CcConfig& config, std::vector<std::string>& argv) {
  if (!takes_macos_headers(config) || config.macos_headers.empty()) return;
  if (has(argv, "-nostdinc")) return;
  argv.insert(argv.end(), {"-idirafter", config.macos_headers + "/include"});
}

// header_case.h.
void add_windows_headers(const CcConfig& config, std::vector<std::string>& argv) {
  if (config.windows_headers.empty() || has(argv, "-nostdinc")) return;
  argv.insert(argv.end(), {"-ivfsoverlay", config.windows_headers});
}

// "/usr/lib/aarch64-linux-gnu" and what is below it, on Debian.
bool is_multiarch(std::string_view path) {
  if (path.starts_with("/usr")) path.remove_prefix(4);
  if (!path.starts_with("/lib/")) return false;
  path.remove_prefix(5);
  return std::ranges::any_of(platforms(), [&](const Platform& platform) {
    return !platform.debian.empty() && path.starts_with(platform.debian);
  });
}

// Folders where Unix systems and package managers keep what belongs to the machine itself.
bool is_host_folder(std::string_view path) {
  static constexpr std::array<std::string_view, 9> exact{
      "/usr/include", "/usr/lib",           "/usr/lib64",     "/usr/lib32",      "/lib",
      "/lib64",       "/usr/local/include", "/usr/local/lib", "/usr/local/lib64"};
  static constexpr std::array<std::string_view, 8> below{
      "/usr/include/",  "/usr/local/include/", "/usr/local/opt/",  "/usr/local/Cellar/",
      "/opt/homebrew/", "/opt/local/",         "/home/linuxbrew/", "/sw/"};
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::ranges::find(exact, path) != exact.end() ||
         std::ranges::any_of(below, [&](auto prefix) { return path.starts_with(prefix); }) ||
         is_multiarch(path);
}

// The folder that a search flag names, joined (-L/x) or apart (-L /x); empty for other arguments.
std::string_view searched_folder(const DriverArg& arg) {
  static constexpr std::array<std::string_view, 7> flags{
      "-I", "-L", "-F", "-isystem", "-iquote", "-idirafter", "-iframework"};
  for (const std::string_view flag : flags) {
    if (arg.name == flag && !arg.values.empty()) return arg.values[0];
    if (flag.size() == 2 && arg.name.size() > 2 && arg.name.starts_with(flag)) {
      return std::string_view(arg.name).substr(2);
    }
  }
  return {};
}

// What go's -trimpath asks a compiler for: the module's folder is written as "/_/MODULE".
constexpr std::string_view trimmed_by_go = "=/_/";
constexpr std::string_view prefix_map = "-ffile-prefix-map=";

// go takes the module that it compiles out of __FILE__ and of debug information, but not the
// folders that CGO_CFLAGS, #cgo lines and pkg-config add. They are taken out too, where go trims at
// all: before the flags of others, which hold as they are. `known` are folders that are mapped
// anyway.
std::vector<std::string> map_search_folders(const std::vector<DriverArg>& args,
                                            std::vector<std::string> known) {
  std::vector<std::string> out;
  bool trims = false;
  for (const DriverArg& arg : args) {
    if (!arg.name.starts_with(prefix_map)) continue;
    const std::string_view map = std::string_view(arg.name).substr(prefix_map.size());
    trims = trims || map.contains(trimmed_by_go);
    known.emplace_back(map.substr(0, map.find('=')));
  }
  if (!trims) return out;
  for (const DriverArg& arg : args) {
    std::string folder(searched_folder(arg));
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    const bool mapped = std::ranges::any_of(known, [&](const std::string& from) {
      return !from.empty() && (folder == from || folder.starts_with(from + "/"));
    });
    if (mapped || folder.size() < 2 || !folder.starts_with('/')) continue;
    out.push_back(std::string(prefix_map) + folder + "=/include");
    known.push_back(std::move(folder));
  }
  return out;
}

void add_sysroot(const CcConfig& config, std::vector<std::string>& out) {
  if (config.sysroot.empty() || config.target.darwin()) return;
  const std::string& root = config.sysroot;
  const std::string triple(config.target.platform->debian);
  out.insert(out.end(),
             {"-isystem", root + "/usr/include", "-isystem", root + "/usr/include/" + triple});
}

std::vector<std::string> zig_command(const CcConfig& config) {
  std::vector<std::string> out{config.toolchain.zig, config.cxx ? "c++" : "cc"};
  for (std::string& flag : config.target.zig_flags()) out.push_back(std::move(flag));
  if (config.target.darwin() && !config.sdk.empty()) {
    // Before zig's own headers: those of the SDK fit its frameworks.
    out.insert(out.end(), {"-I" + config.sdk + "/usr/include", "-iframework",
                           config.sdk + "/System/Library/Frameworks"});
  }
  add_sysroot(config, out);
  return out;
}

// Defaults of zig cc that no other C compiler has.
void undo_zig_defaults(const CcConfig& config, const std::vector<DriverArg>& args,
                       std::vector<std::string>& out) {
  if (!any_starts(args, "-fsanitize") && !any_starts(args, "-fno-sanitize")) {
    out.emplace_back("-fno-sanitize=undefined");  // on at -O0: traps where gcc carries on
  }
  if (!any_starts(args, "-Wdate-time") && !any_starts(args, "-Werror=date-time")) {
    out.emplace_back("-Wno-date-time");  // an error in zig: __DATE__ is ordinary C
  }
  if (!names_ndebug(args)) {
    out.emplace_back("-UNDEBUG");  // zig defines it at -O2: assertions with effects would go
  }
  if (config.target.windows()) {
    // zig always adds CodeView, with its command line and a temporary name in its cache.
    out.insert(out.end(), {"-gno-codeview-command-line", "-Xclang", "-object-file-name=c.o"});
  }
  if (config.target.libc == Libc::musl) {
    // musl 1.2.4 hides pread64 and its kin without it; with it they are the plain functions.
    if (!any_starts(args, "-D_LARGEFILE64_SOURCE")) out.emplace_back("-D_LARGEFILE64_SOURCE=1");
  }
}

}  // namespace

bool is_source(std::string_view path) {
  static constexpr std::array<std::string_view, 13> endings{
      ".c", ".cc", ".cpp", ".cxx", ".C", ".m", ".mm", ".s", ".S", ".sx", ".c++", ".i", ".ii"};
  return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

DriverCall classify(const std::vector<std::string>& args, const std::vector<DriverArg>& parsed) {
  DriverCall call;
  call.program = asked(args, "-print-prog-name");
  call.file = asked(args, "-print-file-name");
  bool before_link = false;
  bool version = false;
  for (const DriverArg& arg : parsed) {
    if (arg.kind == DriverArg::Kind::input) call.inputs.push_back(arg.name);
    if (arg.kind != DriverArg::Kind::flag) continue;
    if (arg.name == "-o" && !arg.values.empty()) call.output = arg.values[0];
    if (arg.name.starts_with("-o") && arg.name.size() > 2) call.output = arg.name.substr(2);
    if (arg.name == "-x" && !arg.values.empty()) call.language = arg.values[0];
    if (arg.name.starts_with("-x") && arg.name.size() > 2) call.language = arg.name.substr(2);
    if (arg.name == "-###") call.dry_run = true;
    before_link = before_link || stops_before_link(arg.name);
    version = version || asks_version(arg.name);
  }
  const bool forced = !call.language.empty() && call.language != "none";
  for (const std::string& input : call.inputs) {
    if (input == "-" || is_source(input) || forced) call.sources.push_back(input);
  }
  if (!call.program.empty()) {
    call.job = DriverJob::print_program;
  } else if (!call.file.empty()) {
    call.job = DriverJob::print_file;
  } else if (call.dry_run && has(call.inputs, "-")) {
    call.job = DriverJob::identify;
  } else if (version && call.inputs.empty()) {
    call.job = DriverJob::version;
  } else if (before_link) {
    call.job = DriverJob::compile;
  }
  return call;
}

std::string identity(const CcConfig& config, std::string_view tenon_version) {
  std::string out = fmt::format(
      "tenon version {} ({}, {}", tenon_version, config.toolchain.describe(),
      config.target.darwin() ? config.target.clang_triple() : config.target.zig_triple());
  if (!config.sdk.empty()) out += ", SDK " + config.sdk;
  if (const std::string headers = macos_headers_text(config); !headers.empty()) {
    out += ", headers " + headers;
  }
  return out + ") clang";
}

std::vector<std::string> remove_host_folders(const CcConfig& config, std::vector<DriverArg>& args) {
  std::vector<std::string> removed;
  if (config.toolchain.engine == Engine::apple) return removed;
  std::erase_if(args, [&](const DriverArg& arg) {
    if (arg.kind != DriverArg::Kind::flag || !is_host_folder(searched_folder(arg))) return false;
    removed.push_back(spelled(arg));
    return true;
  });
  return removed;
}

FlagTool compile_tool(const CcConfig& config) {
  if (config.toolchain.engine == Engine::apple) return FlagTool::apple;
  if (config.toolchain.engine == Engine::clang) return FlagTool::clang_cc;
  switch (config.target.platform->container) {
    case Container::macho: return FlagTool::zig_cc_macho;
    case Container::pe: return FlagTool::zig_cc_coff;
    default: return FlagTool::zig_cc_elf;
  }
}

FlagTool link_tool(const CcConfig& config) {
  if (config.toolchain.engine == Engine::apple) return FlagTool::apple;
  if (config.toolchain.engine == Engine::clang && config.target.darwin())
    return FlagTool::lld_macho;
  switch (config.target.platform->container) {
    case Container::macho: return FlagTool::zig_ld_macho;
    case Container::pe: return FlagTool::zig_ld_coff;
    default: return FlagTool::zig_ld_elf;
  }
}

Version tool_version(const CcConfig& config) {
  return config.toolchain.engine == Engine::zig ? config.toolchain.zig_version
                                                : config.toolchain.clang_version;
}

// The race detector waits on addresses. cmd/link names the library for that only where the compiler
// knows its file; zig has it under the name of an API set (driver_flag_table.cpp).
std::string library_file(const CcConfig& config, std::string_view name) {
  if (!config.target.windows() || name != "libsynchronization.a") return {};
  return zig_lib(config.toolchain) + "/libc/mingw/lib-common/api-ms-win-core-synch-l1-2-0.def";
}

std::string foreign_linker(const DriverCall& call, const std::vector<DriverArg>& args) {
  constexpr std::string_view flag = "-fuse-ld=";
  if (call.job != DriverJob::link || !call.inputs.empty()) return {};
  for (const DriverArg& arg : args) {
    if (arg.kind != DriverArg::Kind::flag || !arg.name.starts_with(flag)) continue;
    const std::string name = arg.name.substr(flag.size());
    if (name == "bfd" || name == "gold") return name;
  }
  return {};
}

std::string zig_lib(const Toolchain& toolchain) {
  const std::size_t slash = toolchain.zig.rfind('/');
  return toolchain.zig.substr(0, slash == std::string::npos ? 0 : slash + 1) + "lib";
}

std::vector<std::string> compiler_command(const CcConfig& config) {
  if (config.toolchain.engine == Engine::zig) return zig_command(config);
  std::string program = config.toolchain.clang;
  if (config.cxx) program += "++";
  // clang-19 has its C++ driver beside it as clang++-19.
  const std::size_t name = config.toolchain.clang.rfind('/') + 1;  // 0 without a folder
  if (const std::size_t at = config.toolchain.clang.find("clang-", name);
      config.cxx && at != std::string::npos) {
    program =
        config.toolchain.clang.substr(0, at) + "clang++" + config.toolchain.clang.substr(at + 5);
  }
  if (config.toolchain.engine == Engine::apple) {
    std::vector<std::string> out{program, "-arch", std::string(config.target.platform->apple_arch),
                                 "-mmacosx-version-min=" + config.target.min.text()};
    if (!config.sdk.empty()) out.insert(out.end(), {"-isysroot", config.sdk});
    return out;
  }
  std::vector<std::string> out{program, "-target", config.target.clang_triple()};
  if (config.target.darwin()) {
    add_darwin_headers(config, out);
  } else if (!config.sysroot.empty()) {
    out.push_back("--sysroot=" + config.sysroot);
  }
  return out;
}

DriverCommand compile_command(const CcConfig& config, std::vector<DriverArg> args,
                              const std::string& stdin_file) {
  DriverCommand out;
  const bool macho = config.target.darwin();
  std::vector<std::string> defaults;
  if (config.toolchain.engine == Engine::zig) undo_zig_defaults(config, args, defaults);
  out.host_folders = remove_host_folders(config, args);
  out.flags = filter_flags(std::move(args), compile_tool(config), tool_version(config));
  CcConfig used = config;
  if (macho) used.target.min = std::max(used.target.min, out.flags.minimum);
  out.argv = compiler_command(used);
  out.argv.insert(out.argv.end(), defaults.begin(), defaults.end());
  if (config.toolchain.engine != Engine::apple) {
    out.argv.insert(out.argv.end(), {"-Wno-unknown-warning-option", "-Qunused-arguments"});
  }
  const std::string zig = config.toolchain.zig.empty() ? "" : zig_lib(config.toolchain);
  for (std::string& map : map_search_folders(out.flags.args, {zig, config.sdk, config.sysroot})) {
    out.argv.push_back(std::move(map));
  }
  // Headers of zig are named in debug information; where it is installed is nobody's business.
  if (!config.toolchain.zig.empty() && config.toolchain.engine != Engine::apple) {
    out.argv.push_back("-ffile-prefix-map=" + zig_lib(config.toolchain) + "=/zig");
  }
  // The same for headers of an SDK or a sysroot.
  if (!config.sdk.empty()) out.argv.push_back("-ffile-prefix-map=" + config.sdk + "=/sdk");
  if (!config.sysroot.empty()) {
    out.argv.push_back("-ffile-prefix-map=" + config.sysroot + "=/sysroot");
  }
  if (takes_macos_headers(config) && !config.macos_headers.empty()) {
    out.argv.push_back("-ffile-prefix-map=" + config.macos_headers + "=/macos-headers");
  }
  for (const DriverArg& arg : out.flags.args) {
    const bool is_stdin = arg.name == "-" && arg.values.empty();
    if (is_stdin && !stdin_file.empty()) {
      out.argv.push_back(stdin_file);
    } else {
      append_args(arg, out.argv);
    }
  }
  add_macos_headers(config, out.argv);
  add_windows_headers(config, out.argv);
  return out;
}

std::vector<std::string> link_command(const CcConfig& config, const FilteredFlags& flags,
                                      const StubFolders& stubs, bool flat) {
  CcConfig used = config;
  used.target.min = std::max(used.target.min, flags.minimum);
  std::vector<std::string> out = compiler_command(used);
  const Engine engine = config.toolchain.engine;
  if (engine == Engine::clang && config.target.darwin()) {
    // clang passes -platform_version only to linkers that it believes to be new enough.
    out.insert(out.end(), {"--ld-path=" + config.toolchain.lld, "-mlinker-version=820"});
  }
  // Libraries of a sysroot need the glibc that they were made with, whatever the program is linked
  // for; the machine that runs it has to have it. A later flag of the user decides.
  if (!config.sysroot.empty() && config.target.libc == Libc::glibc) {
    out.emplace_back("-Wl,--allow-shlib-undefined");
  }
  for (const DriverArg& arg : flags.args) append_args(arg, out);
  for (const std::string& folder : stubs.sysroot) out.push_back("-L" + folder);
  if (!stubs.libraries.empty()) out.push_back("-L" + stubs.libraries);
  if (!stubs.frameworks.empty()) out.push_back("-F" + stubs.frameworks);
  if (engine == Engine::zig) {
    // Go hands -O2 to the link, from which zig concludes that unreferenced code may go: //export
    // functions would be missing from the program.
    out.emplace_back("-Wl,--no-gc-sections");
    const auto named = [&](std::string_view name) {
      return std::ranges::find(flags.args, name, &DriverArg::name) != flags.args.end();
    };
    // zig keeps symbols when the -g that Go adds follows -s.
    if (!config.target.darwin() && named("-s")) out.emplace_back("-Wl,-s");
    // Room for the signature, where Go asks for none (c-shared on amd64).
    const bool room =
        std::ranges::any_of(out, [](const std::string& arg) { return arg.contains("-headerpad"); });
    if (config.target.darwin() && !room) out.emplace_back("-Wl,-headerpad,0x400");
  }
  if (flat) out.insert(out.end(), {"-undefined", "dynamic_lookup"});
  const bool compiles = std::ranges::any_of(flags.args, [](const DriverArg& arg) {
    return arg.kind == DriverArg::Kind::input && is_source(arg.name);
  });
  if (compiles) add_windows_headers(config, out);
  return out;
}

}  // namespace tenon
