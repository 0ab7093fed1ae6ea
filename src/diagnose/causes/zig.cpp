// Topic "zig": zig, Windows, iOS and Android as targets.
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

int framework(const Log& log, Proof& proof) {
  if (!log.zig) return 0;
  if (proof.take(log.find("framework not found for"))) return sure;
  if (proof.take(log.find("FrameworkNotFound"))) return sure;
  if (proof.take(log.event(EventKind::framework_missing,
                           [](const LogEvent& one) { return one.voice.tool == "zig"; })))
    return sure;
  if (proof.take(log.find("framework not found {name}"))) return sure;
  // Its own libSystem is there; the other libraries of macOS are in the SDK, too.
  const auto* library = log.event(EventKind::library_missing, [](const LogEvent& one) {
    const std::string name = library_of(one);
    return one.voice.tool == "zig" && (name == "resolv" || name == "objc" || name == "System");
  });
  if (library != nullptr && log.any("darwin", "macos")) return proof.take(library), sure - 2;
  if (const auto hit = log.find("fatal error: '{name}/{header}' file not found");
      hit && log.has("Foundation"))
    return proof.take(hit), likely;
  return 0;
}

int linker_arg(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::option_unknown, [](const LogEvent& one) {
    return one.voice.tool == "zig" && one.weight == Weight::failure;
  });
  return proof.take(hit) ? sure : 0;
}

int libc_incomplete(const Log& log, Proof& proof) {
  for (const std::string_view tree :
       {"lib/libc/{path}: fatal error: {header}", "zig/libc/{path}: fatal error: {header}"}) {
    if (const auto hit = log.find(tree)) return proof.take(hit), sure;
  }
  if (const auto gone = log.find("lib/libc/{file}' failed: FileNotFound"))
    return proof.take(gone), sure;
  if (const auto gone = log.find("unable to build {libc} CRT file"); gone && log.zig)
    return proof.take(gone), sure - 2;
  if (log.any("lib/libc/include", "lib/libc/glibc", "lib/libc/musl", "lib/libc/darwin") &&
      log.has("file not found")) {
    return proof.take(log.find("file not found")), sure - 2;
  }
  return 0;
}

int no_libc(const Log& log, Proof& proof) {
  if (proof.take(log.find("unable to find or provide libc for target"))) return sure + 3;
  if (proof.take(log.find("unable to provide libc for target"))) return sure + 3;
  if (proof.take(log.find("libc not available"))) return likely;
  // A target that zig has no headers of: not a header of its own tree is missing, all are.
  const auto* header = log.event(EventKind::header_missing, [](const LogEvent& one) {
    return is_libc_header(one.get("header")) && !one.text.contains("lib/libc/");
  });
  return log.zig && header != nullptr ? (proof.take(header), likely) : 0;
}

int internal_link(const Log& log, Proof& proof) {
  if (log.has("-flto")) return 0;
  return proof.take(log.find("relocation target {name} not defined")) ? sure : 0;
}

int dsymutil(const Log& log, Proof& proof) {
  if (proof.take(log.find("running dsymutil failed"))) return sure;
  return proof.take(log.find("Malformed MachO")) ? likely : 0;
}

int gcc_32(const Log& log, Proof& proof) {
  for (const std::string_view words :
       {"64-bit mode not compiled in", "64-Bit-Modus nicht einkompiliert",
        "nrecognised emulation mode: i386pep"}) {
    if (proof.take(log.find(words))) return sure;
  }
  const auto* size = log.event(EventKind::word_size_differs);
  return size != nullptr && log.windows ? (proof.take(size), sure - 2) : 0;
}

int arm64_x86_mingw(const Log& log, Proof& proof) {
  // Asked to build for another machine, or found on one: only the latter is this.
  if (log.any("failed to build for", "GOOS=", "GOARCH=")) return 0;
  if (!log.windows) return 0;
  const auto hit = log.find("gcc_arm64.S:{line}: Error:");
  return proof.take(hit) ? likely + 5
                         : (log.has("gcc_arm64.S") && log.has("> go ")
                                ? (proof.take(log.find("gcc_arm64.S")), likely + 5)
                                : 0);
}

int clang_msvc(const Log& log, Proof& proof) {
  // The linker of MSVC looks for MinGW's libraries, which Go names.
  const auto* library = log.event(EventKind::library_missing, [](const LogEvent& one) {
    return one.get("name").starts_with("mingw");
  });
  if (library != nullptr && library->voice.tool == "link.exe") return proof.take(library), sure;
  const auto hit = log.find("unsupported option '-mthreads' for target");
  if (hit) return proof.take(hit), sure;
  if (const auto other = log.find("argument unused during compilation: '-mthreads'"))
    return proof.take(other), on_windows(log) ? likely + 6 : likely;
  return log.has("-windows-msvc") && log.has("-mthreads")
             ? (proof.take(log.find("-mthreads")), sure)
             : 0;
}

int unparsable(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::object_unreadable);
  if (hit == nullptr) return 0;
  if (log.any("-flto", "lto")) return proof.take(hit), weak;
  // Elsewhere it is mostly a compiler that was told to write bitcode.
  return proof.take(hit), log.windows || log.has("$WORK\\") ? sure : possible - 4;
}

int min_version_crt(const Log& log, Proof& proof) {
  const auto* start = log.event(EventKind::start_file_missing, [](const LogEvent& one) {
    return one.voice.tool == "ld64" && one.get("name").starts_with('1');
  });
  return proof.take(start) ? sure + 3 : 0;
}

int ios_sdk(const Log& log, Proof& proof) {
  // In a program that go itself links these are files of an older Go; in somebody's archive it is
  // iOS.
  if (log.has("_arm64/link: running")) return 0;
  if (proof.take(log.find("_darwin_arm_init_"))) return sure;
  for (const std::string_view pattern :
       {"building for 'iOS', but linking in", "building for iOS, but linking in",
        "building for 'iOS-simulator', but linking in",
        "building for iOS Simulator, but linking in"}) {
    const auto hit = log.find(pattern);
    if (hit && log.any("built for 'macOS'", "built for macOS")) return proof.take(hit), likely + 8;
  }
  return 0;
}

int ndk_fno_common(const Log& log, Proof& proof) {
  if (!log.any("multiple definition of", "duplicate symbol")) return 0;
  if (log.any("x_cgo_inittls", "_cgo_yield", "x_cgo_threadentry")) {
    auto hit = log.find("multiple definition of");
    if (!hit) hit = log.find("duplicate symbol");
    return proof.take(hit), sure;
  }
  return 0;
}

// A name of a dependency's file for one system that another file, for one processor of it, gives.
std::optional<LogMatch> lacks_processor_file(const Log& log) {
  for (const std::string_view system : {"_darwin.go", "_linux.go", "_freebsd.go", "_windows.go"}) {
    if (auto hit = log.find(std::string(system) + ":{line}: undefined: {name}")) return hit;
  }
  return std::nullopt;
}

// Headers, options and registers that only Intel's processors have.
std::optional<LogMatch> of_intel(const Log& log) {
  for (const std::string_view pattern :
       {"this header is for x86 only", "only meant to be used on x86", "unsupported option '-mavx",
        "unsupported option '-msse", "unknown register name 'xmm", "unknown target CPU 'core2'",
        "unknown target CPU 'nehalem'", "'immintrin.h' file not found",
        "'emmintrin.h' file not found", "immintrin.h: No such file", "emmintrin.h: No such file",
        "cpuid.h: No such file", "'cpuid.h' file not found", "xmmintrin.h: No such file",
        "option '-mavx", "option '-msse", "option ‘-mavx", "option ‘-msse"}) {
    if (auto hit = log.find(pattern)) return hit;
  }
  return std::nullopt;
}

int arm64_asm(const Log& log, Proof& proof) {
  if (const auto intel = of_intel(log))
    return proof.take(intel), log.arm64 || log.darwin ? sure : likely;
  if (const auto hit = lacks_processor_file(log); hit && !hit->get("name").contains('.') &&
                                                  hit->text.contains("/pkg/mod/") &&
                                                  !log.any("GOOS=", "CGO_ENABLED"))
    return proof.take(hit), hit->text.contains("_darwin.go") ? likely - 4 : possible - 5;
  if (const auto hit = log.find("missing function body"); hit)
    return proof.take(hit), log.arm64 || log.darwin ? likely : possible;
  if (!log.has("arm64")) return 0;
  // Names of instructions that only Intel's processors have.
  if (log.has("Undefined symbols for architecture arm64")) {
    for (const std::string_view word :
         {"cpuid", "avx", "Avx", "AVX", "sse", "SSE", "_x86", "amd64"}) {
      const auto hit = log.find("\"_{name}\", referenced from");
      if (hit && hit->get("name").contains(word)) return proof.take(hit), likely;
    }
    // Called by the package's own C code, and nobody has it: its assembly is for another processor.
    if (const auto hit = log.find("in _x0{object}.o");
        hit && !hit->text.contains("_Cfunc_") && !log.any("ignoring file", "std::"))
      return proof.take(hit), weak + 8;
  }
  if (const auto hit = log.find("relocation target {name} not defined");
      hit && !log.has("runtime/cgo"))
    return proof.take(hit), likely;
  return 0;
}

constexpr Cause table[] = {
    {.code = "TN2201",
     .slug = "zig/darwin-framework-not-found",
     .title = "zig has no frameworks",
     .happens = "zig brings libSystem only; frameworks are in Apple's SDK.",
     .tell = "`zig` in the log, and a framework is not found; warnings above it are noise.",
     .fix = "Give the SDK, or let tenon make stubs.",
     .prevent = "`tenon build --target darwin/arm64` makes stubs at each link.",
     .commands = {"tenon build --target {target}"},
     .match = framework},
    {.code = "TN0309",
     .slug = "zig/unsupported-linker-arg",
     .title = "zig refuses a linker flag",
     .happens =
         "zig's linker front end does not know {flag}, which Go or a #cgo LDFLAGS line passes.",
     .tell = "The line says error, not warning.",
     .fix = "Update zig, or remove the flag.",
     .prevent = "`tenon cc` filters such flags.",
     .commands = {"tenon build"},
     .match = linker_arg},
    {.code = "TN2203",
     .slug = "zig/target-libc-incomplete",
     .title = "zig's libc lacks a header for this target",
     .happens =
         "A header inside of zig's own lib/libc tree includes one that this release does not have.",
     .tell = "The path is in zig's folder.",
     .fix = "Use another release of zig.",
     .prevent = "Pin a release that works.",
     .commands = {"pip install ziglang"},
     .match = libc_incomplete},
    {.code = "TN2204",
     .slug = "zig/no-libc-for-target",
     .title = "zig has no libc of that name",
     .happens = "The triple lacks its ABI, such as eabihf, or names one that zig does not have.",
     .tell = "zig lists related targets below.",
     .fix = "Use one of those.",
     .prevent = "`zig targets` lists them.",
     .commands = {"zig targets"},
     .match = no_libc},
    {.code = "TN0614",
     .slug = "zig/internal-link-symbol-missing",
     .title = "Go's own linker misses a C function",
     .happens = "Go links internally and does not find a function that zig's C library has.",
     .tell = "runtime/cgo(.text): relocation target.",
     .fix = "Link externally.",
     .prevent = "Update Go.",
     .commands = {"go build -ldflags=-linkmode=external"},
     .match = internal_link},
    {.code = "TN2206",
     .slug = "zig/dsymutil-malformed-macho",
     .title = "dsymutil cannot read zig's output",
     .happens = "dsymutil refuses the Mach-O file that zig linked.",
     .tell = "running dsymutil failed.",
     .fix = "Leave out debug information, or update zig.",
     .prevent = "Build with -ldflags=-w where nobody debugs.",
     .commands = {"go build -ldflags=-w"},
     .match = dsymutil},
    {.code = "TN2207",
     .slug = "windows/gcc-32bit-for-amd64-go",
     .title = "A 32-bit gcc, and Go for amd64",
     .happens = "The MinGW that comes first on PATH builds 32-bit code only.",
     .tell = "`gcc -dumpmachine` says mingw32.",
     .fix = "Put MinGW-w64 for x86_64 first.",
     .prevent = "Install MSYS2's mingw-w64-x86_64-gcc.",
     .commands = {"gcc -dumpmachine"},
     .match = gcc_32},
    {.code = "TN2208",
     .slug = "windows/arm64-runner-x86-mingw",
     .title = "Windows on arm64 with a MinGW for Intel",
     .happens = "Go is for windows/arm64 and gcc for x86.",
     .tell = "gcc_arm64.S cannot be assembled on a Windows machine.",
     .fix = "Install llvm-mingw or MSYS2's CLANGARM64.",
     .prevent = "Check the runner's architecture.",
     .commands = {"gcc -dumpmachine"},
     .rivals = {"cross/host-cc-used-for-target"},
     .decide = "go env GOHOSTARCH",
     .match = arm64_x86_mingw},
    {.code = "TN2209",
     .slug = "windows/clang-msvc-target-mthreads",
     .title = "clang for MSVC refuses -mthreads",
     .happens = "clang targets MSVC by default, and Go's flags are for MinGW.",
     .tell = "The target in the message ends with msvc.",
     .fix = "Let clang target windows-gnu.",
     .prevent = "Use llvm-mingw.",
     .commands = {"env CC={compiler} go build"},
     .match = clang_msvc},
    {.code = "TN2210",
     .slug = "windows/gcc-output-unparsable",
     .title = "Go cannot read what gcc wrote",
     .happens = "The object format or its debug information is one that Go's reader refuses.",
     .tell = "cannot parse _cgo_.o.",
     .fix = "Use another release of gcc, or a newer Go.",
     .prevent = "Pin the compiler.",
     .commands = {"gcc --version"},
     .rivals = {"cgo/lto-object-unparsable"},
     .match = unparsable},
    {.code = "TN2211",
     .slug = "ios/min-version-crt",
     .title = "No minimum version of iOS is given",
     .happens = "Without one clang asks for a start file of old systems that is gone.",
     .tell = "crt1.3.1.o.",
     .fix = "Pass -mios-version-min.",
     .prevent = "Use gomobile or xcrun's flags.",
     .commands =
         {"env CGO_CFLAGS=-mios-version-min=12.0 CGO_LDFLAGS=-mios-version-min=12.0 go build"},
     .match = min_version_crt},
    {.code = "TN2212",
     .slug = "darwin/goos-darwin-with-ios-sdk",
     .title = "GOOS=darwin with an SDK of iOS",
     .happens = "The archive was compiled with iOS's SDK for macOS.",
     .tell = "_darwin_arm_init_ functions are undefined.",
     .fix = "GOOS=ios, or remove SDKROOT.",
     .prevent = "Set GOOS and SDKROOT together.",
     .commands = {"env GOOS=ios CGO_ENABLED=1 go build"},
     .match = ios_sdk},
    {.code = "TN2213",
     .slug = "android/ndk-r22-fno-common",
     .title = "NDK r22 and an old Go",
     .happens = "clang of NDK r22 defaults to -fno-common, and an old runtime/cgo defines a "
                "variable twice.",
     .tell = "Names of runtime/cgo are defined twice.",
     .fix = "Update Go, or pass -fcommon.",
     .prevent = "Update Go with the NDK.",
     .commands = {"env CGO_CFLAGS=-fcommon go build"},
     .match = ndk_fno_common},
    {.code = "TN2214",
     .slug = "darwin/package-lacks-arm64-asm",
     .title = "A package has assembly for Intel only",
     .happens = "A function is written in assembly for amd64 or 386 and for no other machine.",
     .tell = "`ls *_amd64.s` in the package.",
     .fix = "Update or replace the package.",
     .prevent = "Check before porting.",
     .commands = {"go list -m -u all"},
     .match = arm64_asm},
};

}  // namespace

extern const CauseTopic causes_zig;
const CauseTopic causes_zig{"zig", table};

}  // namespace tenon
