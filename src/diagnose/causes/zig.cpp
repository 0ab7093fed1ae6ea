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

constexpr Matcher table[] = {
    {Code::zig_darwin_framework_not_found, framework},
    {Code::zig_unsupported_linker_arg, linker_arg},
    {Code::zig_target_libc_incomplete, libc_incomplete},
    {Code::zig_no_libc_for_target, no_libc},
    {Code::zig_internal_link_symbol_missing, internal_link},
    {Code::zig_dsymutil_malformed_macho, dsymutil},
    {Code::windows_gcc_32bit_for_amd64_go, gcc_32},
    {Code::windows_arm64_runner_x86_mingw, arm64_x86_mingw},
    {Code::windows_clang_msvc_target_mthreads, clang_msvc},
    {Code::windows_gcc_output_unparsable, unparsable},
    {Code::ios_min_version_crt, min_version_crt},
    {Code::darwin_goos_darwin_with_ios_sdk, ios_sdk},
    {Code::android_ndk_r22_fno_common, ndk_fno_common},
    {Code::darwin_package_lacks_arm64_asm, arm64_asm},
};

}  // namespace

extern const Matchers matchers_zig;
const Matchers matchers_zig{table};

}  // namespace tenon
