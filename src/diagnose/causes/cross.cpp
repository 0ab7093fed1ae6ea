// Topic "cross": a compiler, Go, a program or an image that is for another machine than it is used
// on or for.
#include "diagnose/causes/match_helpers.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

using namespace causes;

// A compiler that does not know the option that Go passes for a machine.
const LogEvent* machine_flag(const Log& log) {
  return log.event(EventKind::option_unknown, [](const LogEvent& one) {
    std::string_view flag = one.get("flag");
    while (!flag.empty() && flag.front() != '-') flag.remove_prefix(1);
    return flag.starts_with("-m64") || flag.starts_with("-marm") || flag.starts_with("-m32");
  });
}

bool names_triple(std::string_view text) {
  const std::string_view program = text.substr(0, text.find(": "));
  return has_triple(program.substr(program.rfind('/') + 1));
}

// A C file of runtime/cgo for one system does not compile: the compiler is for another. Empty when
// there is none. "linux_amd64", "windows_amd64", "darwin_arm64".
const LogEvent* foreign_runtime(const Log& log, std::string_view system) {
  return log.event(EventKind::runtime_c_refused, [&](const LogEvent& one) {
    const std::string_view platform = one.get("platform");
    return platform.empty() ? system == "linux" : platform.starts_with(system);
  });
}

// How clang words what gcc words otherwise.
bool of_clang(std::string_view text) {
  return text.contains("is invalid in C99") || text.contains("[-Werror,-W") ||
         text.contains("call to undeclared function") || text.contains("use of undeclared");
}

// A cross compiler that the log itself sets; empty when it sets none.
std::string target_compiler(const Log& log) {
  for (const auto& hit : log.all("CC={cc} ")) {
    const std::string cc = hit.get("cc");
    const bool bare = cc.contains("-none-") || cc.contains("-elf");
    if (has_triple(cc) && !bare && !cc.contains(' ')) return cc;
  }
  return {};
}

bool sets_target_compiler(const Log& log) { return !target_compiler(log).empty(); }

// What `go version` says of itself where the log shows it, and the machine beside it.
bool go_for_another_machine(const Log& log) {
  const auto version = log.find("go version go{release} {system}/{arch}");
  if (!version) return false;
  std::string arch = version->get("arch");
  arch = arch.substr(0, arch.find_first_of(" \t,;)\"'"));
  const bool arm64 = log.any("aarch64", "arm64\n", "Apple M"), amd64 = log.has("x86_64\n");
  return (arm64 && (arch == "arm" || arch == "amd64" || arch == "386")) ||
         (amd64 && (arch == "arm64" || arch == "arm"));
}

int go_arch(const Log& log, Proof& proof) {
  const auto* itself = log.event(EventKind::wrong_machine, [](const LogEvent& one) {
    return one.text.contains("bin/go: ") || one.text.contains("bin/go:cannot");
  });
  if (itself != nullptr) return proof.take(itself), sure;
  if (const auto* size = log.event(EventKind::word_size_differs);
      size != nullptr && !log.cross && !log.windows)
    return proof.take(size), likely + 5;
  const auto* hit = machine_flag(log);
  if (hit == nullptr || names_triple(hit->text)) return 0;
  if (go_for_another_machine(log)) return proof.take(hit), sure;
  if (log.cross) return 0;
  return proof.take(hit), likely + 5;
}

// GOOS and GOARCH of a compiler by its name: "x86_64-w64-mingw32-gcc".
void name_target(std::string_view program, Proof& proof) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  proof.captures.emplace_back("cc", name);
  if (const auto goos = goos_of(name); !goos.empty()) proof.captures.emplace_back("ccos", goos);
  if (const auto goarch = goarch_of(name); !goarch.empty())
    proof.captures.emplace_back("ccarch", goarch);
}

int target_cc(const Log& log, Proof& proof) {
  const auto* hit = machine_flag(log);
  if (hit != nullptr && names_triple(hit->text)) {
    name_target(std::string_view(hit->text).substr(0, hit->text.find(": ")), proof);
    return proof.take(hit), sure;
  }
  // Assembly for the processor that most machines have, and a compiler that does not know it.
  const auto* intel = log.event(EventKind::assembler_refuses,
                                [](const LogEvent& one) { return one.get("arch") == "amd64"; });
  if (intel != nullptr && log.goarch != "amd64") return proof.take(intel), sure;
  const std::string cc = target_compiler(log);
  if (cc.empty()) return 0;
  name_target(cc, proof);
  if (const auto* other = log.event(EventKind::runtime_c_refused)) return proof.take(other), sure;
  if (const auto* other = log.event(EventKind::assembler_refuses); other != nullptr && !log.cross)
    return proof.take(other), likely;
  return 0;
}

int host_cc(const Log& log, Proof& proof) {
  const auto* refused = log.event(EventKind::assembler_refuses);
  if (refused != nullptr && (refused->get("arch") != "amd64" || log.goarch == "amd64")) {
    const bool asked = log.has("failed to build for") || log.cross;
    if (!log.windows || asked) {
      proof.take(refused);
      return refused->text.contains("no such instruction") ? sure : sure - 2;
    }
  }
  if (const auto* hit = foreign_runtime(log, "linux");
      hit != nullptr && !log.darwin && !of_clang(hit->text))
    return proof.take(hit), sure - 3;
  if (const auto* hit = log.event(EventKind::runtime_c_refused);
      hit != nullptr && log.has("cc1.exe"))
    return proof.take(hit), likely + 5;
  // go asks for -fPIC for systems that have it; only compilers for Windows ignore it.
  if (const auto hit = log.find("-fPIC ignored for target")) return proof.take(hit), sure - 2;
  for (const std::string_view system : {"freebsd", "netbsd", "openbsd", "android", "solaris"}) {
    if (const auto* hit = foreign_runtime(log, system)) return proof.take(hit), likely + 5;
  }
  if (const auto* size = log.event(EventKind::word_size_differs); size != nullptr && log.cross)
    return proof.take(size), likely + 8;
  const auto* flag = machine_flag(log);
  if (flag != nullptr && !names_triple(flag->text) && (log.cross || flag->text.contains("-marm"))) {
    return proof.take(flag), likely + 8;
  }
  // The compiler's own library, of its own machine: it has none for the target.
  const auto* own = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return one.text.contains("skipping incompatible") &&
           (one.text.contains("libgcc.a") || one.text.contains("ssp_nonshared"));
  });
  if (own != nullptr) return proof.take(own), likely + 8;
  const auto* unused = log.event(EventKind::option_unused, [](const LogEvent& one) {
    return one.get("flag").starts_with("-mno-thumb") || one.get("flag").starts_with("-marm") ||
           one.get("flag").starts_with("-mthumb");
  });
  if (unused != nullptr) return proof.take(unused), possible + 10;
  const auto emulation = log.find("nrecognised emulation mode: {mode}");
  if (emulation && !emulation->get("mode").starts_with("i386pe"))
    return proof.take(emulation), likely;
  const auto* abi = log.event(EventKind::option_unknown, [](const LogEvent& one) {
    return one.get("flag").contains("-mabi") || one.get("flag").contains("-march=");
  });
  if (abi != nullptr && !names_triple(abi->text)) return proof.take(abi), likely;
  // Apple's linker leaves out what go compiled for another processor.
  const auto* ignored = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    const bool of_arm64 = one.text.contains("built for macOS-arm64") ||
                          one.text.contains("unknown-arm64") || one.text.contains("0xCF") ||
                          one.text.contains("found architecture 'arm64'");
    return of_go_link(one.get("file")) && !one.text.contains("0x7F") && !of_arm64;
  });
  if (ignored != nullptr) return proof.take(ignored), likely;
  if (log.cross && !log.has("darwin")) {
    const auto* format = log.event(EventKind::file_format);
    if (format != nullptr && format->text.contains("not recognized"))
      return proof.take(format), of_go_link(format->text) ? likely : possible;
  }
  return 0;
}

int bare_metal(const Log& log, Proof& proof) {
  for (const std::string_view name : {"-none-eabi", "-none-elf", "-unknown-elf", "-elf-gcc"}) {
    if (log.has(name) && !log.has("-linux-")) return proof.take(log.find(name)), sure;
  }
  return 0;
}

int float_abi(const Log& log, Proof& proof) {
  if (proof.take(log.find("gnu/stubs-soft.h"))) return sure + 3;
  if (proof.take(log.find("gnu/stubs-hard.h"))) return sure + 3;
  return proof.take(log.find("uses VFP register arguments, {file} does not")) ? sure : 0;
}

int target_libs(const Log& log, Proof& proof) {
  const auto* header = log.event(EventKind::header_missing);
  if (header != nullptr && sets_target_compiler(log) && !log.alpine &&
      !is_apple_header(header->get("header")))
    return proof.take(header), is_libc_header(header->get("header")) ? sure + 1 : likely + 6;
  const auto* skipped = log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return one.text.contains("skipping incompatible");
  });
  if (skipped != nullptr) return proof.take(skipped), likely + 5;
  for (const LogEvent& hit : log.events) {
    if (hit.kind != EventKind::library_missing || hit.voice.tool != "GNU ld") continue;
    const std::string_view tool = std::string_view(hit.text).substr(0, hit.text.find(": "));
    const bool cross =
        tool.contains("-linux-") && !tool.contains("alpine") && !library_of(hit).starts_with("ssp");
    if (cross && (log.cross || !tool.contains("x86_64"))) return proof.take(&hit), likely + 8;
  }
  const auto* start = log.event(EventKind::start_file_missing, [&](const LogEvent& one) {
    return one.text.contains("-linux-") && !one.text.contains("alpine") && log.cross;
  });
  if (start != nullptr) return proof.take(start), likely;
  const auto* format = log.event(EventKind::file_format, [](const LogEvent& one) {
    return one.text.contains("in wrong format") || one.text.contains("is incompatible with") ||
           one.text.contains("Relocations in generic ELF");
  });
  if (format != nullptr && !log.zig) return proof.take(format), likely;
  return 0;
}

int needs_mingw(const Log& log, Proof& proof) {
  // Cygwin's gcc is for Cygwin, and has none of MinGW's libraries.
  if (const auto cygwin = log.find("pc-cygwin{rest}")) return proof.take(cygwin), sure;
  if (const auto cygwin = log.find("pc-msys{rest}")) return proof.take(cygwin), likely + 5;
  if (const auto* hit = foreign_runtime(log, "windows")) return proof.take(hit), sure - 2;
  if (const auto* hit = foreign_runtime(log, "libinit_windows")) return proof.take(hit), sure - 2;
  const auto* header = log.event(EventKind::header_missing, [](const LogEvent& one) {
    return one.get("header") == "windows.h" || one.get("header") == "Windows.h" ||
           one.text.contains("_windows.c");
  });
  if (header != nullptr && !on_windows(log)) return proof.take(header), sure - 2;
  if (header != nullptr && log.goos == "windows") return proof.take(header), likely;
  // clang takes the flag for a system of its own and warns; go makes that an error.
  const auto* unused = log.event(EventKind::option_unused, [](const LogEvent& one) {
    return one.get("flag").starts_with("-mthreads");
  });
  if (unused != nullptr && !on_windows(log)) return proof.take(unused), likely + 5;
  if (log.has("'-arch'") || log.has("‘-arch’")) return 0;
  const auto* flag = log.event(EventKind::option_unknown, [](const LogEvent& one) {
    const std::string_view text = one.get("flag");
    const bool windows = text.contains("-mthreads") || text.contains("-mwindows") ||
                         text.contains("-mconsole") || text.contains("-mdll");
    return windows && !one.text.contains("clang") && !one.text.contains("unsupported option");
  });
  return proof.take(flag) ? sure : 0;
}

int cxx_not_set(const Log& log, Proof& proof) {
  // The link of a program with C++ in it is CXX's: it gets objects that CC made for the target.
  const auto running = log.find("running {cxx} failed");
  const auto* foreign = log.event(EventKind::file_format);
  if (running && foreign != nullptr && running->get("cxx").contains("++") &&
      !has_triple(running->get("cxx"))) {
    proof.take(foreign);
    return proof.take(running), sure;
  }
  for (const std::string_view name : {"g++", "c++", "clang++"}) {
    for (const std::string_view flag : {"-marm", "-m64", "-mthreads", "-arch"}) {
      for (const std::string_view quote : {"'", "‘"}) {
        const auto hit =
            log.find(std::string(name) + ": error: unrecognized command{dash}line option " +
                     std::string(quote) + std::string(flag));
        if (hit && !names_triple(hit->text)) return proof.take(hit), sure + 4;
      }
    }
  }
  // The C parts are of the target, those of C++ of this machine.
  const auto wrong = log.find("file in wrong format");
  if (wrong && log.any("CC=", "\"CC\"") && !log.any("CXX=", "\"CXX\"") &&
      log.any("g++", ".cpp", ".cc:", "libstdc++"))
    return proof.take(wrong), likely + 4;
  return 0;
}

int darwin_from_linux(const Log& log, Proof& proof) {
  // A file of Go's for macOS, and no folder of a Mac anywhere.
  const bool mac = log.any("/Users/", "/usr/local/Cellar", "/opt/homebrew", "Xcode", "/Library/");
  const auto* header = log.event(EventKind::header_missing, [](const LogEvent& one) {
    return !is_apple_header(one.get("header")) &&
           (one.text.contains("_darwin.go:") || one.text.contains("_bsd.go:"));
  });
  if (header != nullptr && !mac) return proof.take(header), likely + 5;
  const auto* name = log.event(EventKind::c_name_unknown,
                               [](const LogEvent& one) { return one.get("name") == "AI_MASK"; });
  if (name != nullptr) return proof.take(name), likely;
  if (const auto* hit = foreign_runtime(log, "darwin"); hit != nullptr && !log.zig)
    return proof.take(hit), sure - 2;
  // Files of Go for macOS, read with the headers of Linux.
  if (const auto hit = log.find("cgo_bsd.go:{line}: could not determine"); hit && log.has("darwin"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("getgrouplist_darwin.go:{line}: warning: implicit"))
    return proof.take(hit), likely;
  const auto* arch = log.event(EventKind::option_unknown, [](const LogEvent& one) {
    std::string_view flag = one.get("flag");
    while (!flag.empty() && flag.front() != '-') flag.remove_prefix(1);
    return flag.starts_with("-arch") && !flag.starts_with("-arch=");
  });
  if (arch != nullptr) return proof.take(arch), sure + 3;
  if (const auto hit = log.find("argument unused during compilation: '-arch"); hit) {
    return proof.take(hit), log.any("Cellar", "conda", "/nix/", "homebrew") ? weak : likely - 5;
  }
  if (log.any("GOOS=darwin", "GOOS: darwin") &&
      log.any("CoreFoundation/CoreFoundation.h", "mach/mach.h") && !log.zig) {
    if (const auto hit = log.find("fatal error: ")) return proof.take(hit), likely;
  }
  return 0;
}

int host_clang_for_linux(const Log& log, Proof& proof) {
  // clang of a Mac or of Linux: the former is what people have without choosing it.
  const auto* unused = log.event(EventKind::option_unused, [](const LogEvent& one) {
    const std::string_view flag = one.get("flag");
    return flag.starts_with("-mno-thumb") || flag.starts_with("-marm") ||
           flag.starts_with("-mthumb");
  });
  if (unused != nullptr && log.goos == "linux") return proof.take(unused), likely;
  if (const auto* hit = foreign_runtime(log, "linux"); hit != nullptr && of_clang(hit->text))
    return proof.take(hit), sure;
  if (const auto hit = log.find("ld: unknown option: --build-id"))
    return proof.take(hit), likely + 5;
  if (!log.darwin) return 0;
  if (const auto hit = log.find("linux_syscall.c:{rest}")) return proof.take(hit), sure;
  if (const auto* hit = foreign_runtime(log, "linux")) return proof.take(hit), sure;
  if (const auto hit = log.find("built for unsupported file format ( 0x7F 0x45 0x4C 0x46"))
    return proof.take(hit), sure + 4;
  if (const auto hit = log.find("unknown options: --build-id"); hit) return proof.take(hit), likely;
  if (const auto hit = log.find("ld: unknown option: -z"); hit) return proof.take(hit), likely;
  if (const auto hit = log.find("ld: unknown option: {flag}");
      hit && log.any("GOOS=linux", "linux_amd64", "linux_arm64"))
    return proof.take(hit), likely;
  if (const auto hit = log.find("argument unused during compilation: '-pthread");
      hit && log.has("GOOS=linux"))
    return proof.take(hit), weak;
  return 0;
}

int host_tool_built_for_target(const Log& log, Proof& proof) {
  // go generate builds a tool for the target with the compiler of this machine.
  if (const auto running = log.find(": running \"{program}\": exit status");
      running && log.event(EventKind::relay, [](const LogEvent& one) {
        return one.text.contains("link: running");
      }) != nullptr) {
    proof.take(log.event(EventKind::file_ignored));
    return proof.take(running), sure;
  }
  const auto* wrong = log.event(EventKind::wrong_machine);
  if (wrong != nullptr && log.find(": running \"{program}\": exit status"))
    return proof.take(wrong), sure + 2;
  if (wrong != nullptr && wrong->text.contains("go-build") && wrong->text.contains("ad CPU type"))
    return proof.take(wrong), sure + 1;
  // A shell that takes a program of another machine for a script.
  for (const std::string_view pattern :
       {"{program}: 1: Syntax error: ", "{program}: 1: ELF: not found",
        "{program}: line 1: syntax error: unexpected"}) {
    if (const auto script = log.find(pattern); script && log.cross)
      return proof.take(script), likely;
  }
  // A script starts what it has built; a person would have typed ./NAME.
  if (const auto script = log.find("sh: /{path}: cannot execute binary file"))
    return proof.take(script), likely;
  const auto hit = log.find("exec format error");
  if (!hit || log.any("standard_init_linux", "exec user process")) return 0;
  if (log.has("exec /") && !log.has("fork/exec /")) return 0;
  if (const auto started = log.find("fork/exec {file}: exec format error");
      started && !started->get("file").contains("go-build") && !log.any("go env", "go run"))
    return proof.take(started), possible + 5;
  // A target on the command line, and a program of the build itself that has to run here.
  const bool generator = log.any("go generate", "go:generate", "go tool", ": running \"", "gen.exe",
                                 "generate", "stringer", "mockgen", "protoc-gen");
  const bool target = log.any("GOOS=", "GOARCH=") && !log.any("go env -w", "go env GOOS");
  if (target && (generator || log.has("go run"))) return proof.take(hit), likely + 6;
  return proof.take(hit), generator ? likely + 5 : possible - 5;
}

int goos_persisted(const Log& log, Proof& proof) {
  if (const auto hit = log.find("not a valid Win32 application"))
    return proof.take(hit), hit->text.contains("fork/exec") ? likely + 5 : possible;
  if (proof.take(log.find("cannot execute binary file: Exec format error"))) return possible;
  if (proof.take(log.find("cannot execute binary file"))) return possible - 3;
  if (const auto hit = log.find("go: cannot install cross-compiled binaries when GOBIN is set"))
    return proof.take(hit), likely;
  if (const auto hit = log.find("exec format error"); hit && log.any("go env -w GO", "go env GOOS"))
    return proof.take(hit), likely + 8;
  if (const auto hit = log.find("fork/exec {file}: exec format error")) {
    return proof.take(hit), log.any("go run", "go test", "go-build") ? likely : possible;
  }
  return 0;
}

int image_arch(const Log& log, Proof& proof) {
  if (proof.take(log.find("exec user process caused")))
    return log.has("exec format error") ? sure : weak;
  if (proof.take(log.find("does not match the detected host platform"))) return likely;
  if (const auto hit = log.find("exec {file}: exec format error");
      hit && !hit->text.contains("fork/exec"))
    return proof.take(hit), sure;
  // A program that came with the image, and not from a build.
  for (const std::string_view folder :
       {"/usr/bin/", "/usr/local/bin/", "/bin/", "/app/", "/opt/"}) {
    const auto hit = log.find("fork/exec " + std::string(folder) + "{program}: exec format error");
    if (hit) return proof.take(hit), likely;
  }
  // A service of the system it was installed on.
  if (const auto hit = log.find("Failed to execute {program}: Exec format error"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("Failed at step EXEC spawning {program}: Exec format error"))
    return proof.take(hit), sure;
  return proof.take(log.find("no matching manifest for")) ? likely : 0;
}

constexpr Matcher table[] = {
    {Code::goroot_go_arch_not_host_arch, go_arch},
    {Code::cross_host_cc_used_for_target, host_cc},
    {Code::cross_target_cc_with_host_goarch, target_cc},
    {Code::cross_bare_metal_compiler, bare_metal},
    {Code::cross_float_abi_mismatch, float_abi},
    {Code::cross_target_libs_missing, target_libs},
    {Code::cross_windows_needs_mingw, needs_mingw},
    {Code::cross_cxx_not_set, cxx_not_set},
    {Code::cross_darwin_from_linux_needs_osxcross_or_zig, darwin_from_linux},
    {Code::cross_host_clang_for_linux_target, host_clang_for_linux},
    {Code::cross_host_tool_built_for_target, host_tool_built_for_target},
    {Code::env_goos_goarch_persisted, goos_persisted},
    {Code::container_image_arch_mismatch, image_arch},
};

}  // namespace

extern const Matchers matchers_cross;
const Matchers matchers_cross{table};

}  // namespace tenon
