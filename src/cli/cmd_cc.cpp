// tenon cc, tenon c++: the compiler wrapper. Its start-up time is paid for every C file.
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/version.h"
#include "cli/table.h"
#include "cli/term.h"
#include "crossbuild/driver/cc_config.h"
#include "crossbuild/run/cc.h"
#include "crossbuild/run/dsymutil.h"
#include "crossbuild/run/engine_choice.h"
#include "crossbuild/run/find_toolchain.h"
#include "crossbuild/run/macos_headers.h"
#include "crossbuild/run/sysroot.h"
#include "crossbuild/run/trace.h"
#include "crossbuild/run/wrapper.h"
#include "crossbuild/trace.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "host/files.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

// Go's own minimum since 1.25; a link takes what Go's object says.
constexpr Version default_macos{12, 0, 0};

int say(Finding finding) {
  finding = completed(std::move(finding));
  // The build above says it, once.
  if (!trace({.kind = TraceRecord::Kind::finding, .finding = finding})) {
    tell(render_finding(finding, {}));
  }
  return finding.code == Code::usage_bad_option ? exit_usage : exit_no;
}

// cmd/link asks for strip and dsymutil; looking for them costs too much for every compile.
void add_programs(CcConfig& config, const std::vector<std::string>& args) {
  for (const std::string& arg : args) {
    if (!arg.contains("-print-prog-name")) continue;
    Toolchain& tools = config.toolchain;
    if (tools.strip.empty()) tools.strip = find_llvm_tool("strip").value_or("");
    if (tools.dsymutil.empty()) tools.dsymutil = find_llvm_tool("dsymutil").value_or("");
    if (tools.ar.empty()) tools.ar = find_llvm_tool("ar").value_or("");
  }
}

// One word to be used as CC, with everything that was found now written down.
int print_wrapper(const CcConfig& config) {
  if (auto note = config.native ? std::nullopt : missing_macos_headers(config)) {
    tell(render_finding(completed(std::move(*note)), {}));
  }
  const auto folder = make_wrapper(config.cache, own_path(), cc_options(config));
  if (!folder) {
    return say(make_finding(Code::usage_output_not_writable,
                            {{"path", config.cache}, {"reason", reason_text(folder.error())}},
                            config.cache));
  }
  print_document(fmt::format("{}/{}\n", *folder, config.cxx ? "c++" : "cc"));
  return exit_ok;
}

int run_for_machine(CcConfig& config, const std::vector<std::string>& args) {
  if (auto done = complete_cache(config); !done) return say(std::move(done).error());
  if (!args.empty() && args.front() == "--print-wrapper") return print_wrapper(config);
  auto code = run_native(config, args);
  if (!code) return say(std::move(code).error());
  return *code;
}

int run_wrapper(const std::vector<std::string>& args, bool cxx) {
  auto parsed = parse_cc(args, cxx);
  if (!parsed) return say(std::move(parsed).error());
  CcConfig& config = parsed->config;
  if (config.native) return run_for_machine(config, parsed->args);
  if (!config.sdk.empty()) {
    // A build wrote the options down after it had looked into the SDK; every compile is quicker.
    auto sdk = is_complete(config) ? check_sdk_folders(config.sdk) : check_sdk(config.sdk);
    if (!sdk) return say(std::move(sdk).error());
  }
  if (!config.sysroot.empty()) {
    auto sysroot = find_sysroot(config.sysroot, current_folder(), "tenon cc");
    if (!sysroot) return say(std::move(sysroot).error());
    config.sysroot = std::move(*sysroot);
  }
  if (auto done = complete(config, default_macos); !done) return say(std::move(done).error());
  add_programs(config, parsed->args);
  const auto asks = [&](std::string_view option) {
    return !parsed->args.empty() && parsed->args.front() == option;
  };
  if (asks("--print-wrapper")) return print_wrapper(config);
  auto code = asks("--run-dsymutil")
                  ? run_dsymutil(config, {parsed->args.begin() + 1, parsed->args.end()})
                  : run_cc(config, parsed->args, tenon_version());
  if (!code) return say(std::move(code).error());
  return *code;
}

int run_c(const std::vector<std::string>& args) {
  if (args.empty() || args.front() == "--help" || args.front() == "-h") {
    const int code = print_help(*find_command("cc"), {});
    return args.empty() ? exit_usage : code;
  }
  return run_wrapper(args, false);
}

int run_cxx(const std::vector<std::string>& args) {
  if (args.empty() || args.front() == "--help" || args.front() == "-h") {
    const int code = print_help(*find_command("c++"), {});
    return args.empty() ? exit_usage : code;
  }
  return run_wrapper(args, true);
}

constexpr OptionSpec options[] = {
    {"--target", "TARGET", "darwin/arm64[:12.0], linux/arm64[:musl|:gnu2.17], ...", false,
     "TARGET"},
    {"--engine", "NAME", "zig (default), clang, apple", false, "zig clang apple auto"},
    {"--min", "VERSION", "oldest macOS; default 12.0; at a link, the version in Go's object"},
    {"--sdk", "DIR", "Apple SDK, for code that includes framework headers"},
    {"--no-macos-headers", "", "do not use tenon's headers for macOS"},
    {"--sysroot", "DIR", "headers and libraries for a Linux target; or a name: debian:12/arm64"},
    {"--flat-lookup", "", "accept symbols whose library is unknown"},
    {"--zig,--clang,--lld", "PATH", "programs of the engine, instead of searching for them"},
    {"--strip,--dsymutil,--ar", "PATH", "paths that --print-prog-name prints"},
    {"--cache", "DIR", "directory of the stub libraries"},
    {"--native", "", "the machine's own gcc or clang, with the cache of compiles"},
    {"--compiler", "PATH", "the compiler of --native"},
    {"--no-cache", "", "compile each time, and keep nothing"},
    {"--keep-paths", "", "leave the module's own directory in objects as it is"},
    {"--raise-min", "", "let objects raise the deployment target"},
    {"--print-wrapper", "", "print the path of a wrapper with these options, for use as CC"},
};

constexpr Example examples[] = {
    {"CC=\"tenon cc --target darwin/arm64\" CGO_ENABLED=1 GOOS=darwin GOARCH=arm64 go build",
     "your own go build, with a compiler that links for macOS"},
    {"CC=$(tenon cc --target darwin/arm64 --print-wrapper)",
     "the same as one path, which cmd/link needs for -buildmode=c-archive"},
    {"CC=\"tenon cc --native\" CXX=\"tenon c++ --native\" go build",
     "the machine's own compiler; what was compiled before is taken from the cache"},
    {"tenon cc --target linux/arm64:gnu2.17 -O2 -c x.c", "an object for glibc 2.17 and newer"},
};

constexpr std::string_view text =
    "A C compiler for one target, for use as CC. All settings are in the command line, so Go's\n"
    "build cache keeps targets apart. Options of tenon come first; the first argument that is not\n"
    "one of them, and everything after it, goes to the compiler. For macOS, tenon makes stub\n"
    "libraries at each link, so no SDK is needed unless the code includes framework headers.";

}  // namespace

extern const CommandSpec command_cc;
const CommandSpec command_cc{.name = "cc",
                             .summary = "a C compiler for a target, for use as CC",
                             .usage = "--target TARGET|--native [OPTIONS] COMPILER-ARGUMENTS",
                             .description = text,
                             .options = options,
                             .examples = examples,
                             .raw = run_c,
                             .operands = "FILE",
                             .own_options = true};

extern const CommandSpec command_cxx;
const CommandSpec command_cxx{.name = "c++",
                              .summary = "a C++ compiler for a target, to be used as CXX",
                              .usage = "--target TARGET|--native [OPTIONS] COMPILER-ARGUMENTS",
                              .description = text,
                              .options = options,
                              .examples = examples,
                              .raw = run_cxx,
                              .operands = "FILE",
                              .own_options = true};

}  // namespace tenon
