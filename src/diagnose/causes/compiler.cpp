// Topic "compiler": the C compiler, the C library and Apple's tools are missing or mixed up.
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

const LogEvent* missing_header(const Log& log) { return log.event(EventKind::header_missing); }

// "/usr/bin/gcc-12" and "gcc.exe" are "gcc".
std::string_view program_name(std::string_view program) {
  std::string_view name = program.substr(program.find_last_of("/\\") + 1);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  return name;
}

bool is_c_compiler(std::string_view name) {
  if (name.ends_with(".exe")) name.remove_suffix(4);
  return name == "gcc" || name == "clang" || name == "cc" || name == "g++" || name == "clang++" ||
         name == "c++";
}

// "aarch64-linux-gnu-gcc-12", "/opt/zcc": what somebody would name a compiler.
bool named_like_compiler(std::string_view program) {
  const std::string_view name = program_name(program);
  return name.contains("cc") || name.contains("clang") || name.contains("++") ||
         name.contains("zig") || name == "icx" || name == "cl";
}

bool of_cgo(const LogEvent& event) {
  return event.text.contains("C compiler \"") || event.text.starts_with("cgo: ");
}

// Programs that a build starts and that are no compiler.
bool other_program(std::string_view program) {
  const std::string_view name = program_name(program);
  constexpr auto names = std::to_array<std::string_view>(
      {"git", "hg", "svn", "bzr", "fossil", "go", "make", "sh", "bash", "swig", "gfortran",
       "security", "protoc", "docker", "node", "npm", "python", "python3", "golangci-lint"});
  return program.contains("pkg-config") || program.contains("pkgconf") ||
         program.contains("/pkg/tool/") || program.contains("\\pkg\\tool\\") ||
         std::ranges::find(names, name) != names.end();
}

int not_installed(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::program_missing, [](const LogEvent& one) {
    return is_c_compiler(one.get("program"));
  });
  if (hit == nullptr) return 0;
  proof.take(hit);
  proof.captures.emplace_back("cc", hit->get("program"));
  // A Makefile that calls gcc itself says the same of the machine.
  return hit->voice.tool == "make" || hit->voice.tool == "the shell" ? likely + 5 : sure;
}

int env_points_to_missing(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::program_missing, [](const LogEvent& one) {
    const std::string_view program = one.get("program");
    return !is_c_compiler(program) && !other_program(program) && !program.contains(' ');
  });
  if (hit == nullptr) return 0;
  const std::string_view cc = hit->get("program");
  // Under a package's heading go starts its compiler and hardly anything else.
  const bool said = of_cgo(*hit) || (!hit->package.empty() && hit->text.contains("exec: \""));
  if (!said && !named_like_compiler(cc)) return 0;
  proof.take(hit);
  proof.captures.emplace_back("cc", cc);
  return named_like_compiler(cc) ? sure : said ? likely : 0;
}

int env_has_flags(const Log& log, Proof& proof) {
  if (const auto quote = log.find("CC environment variable could not be parsed: {why}"))
    return proof.take(quote), sure;
  if (const auto quote = log.find("CXX environment variable could not be parsed: {why}"))
    return proof.take(quote), sure;
  // CC="ccache gcc": Go calls the first word with a compiler's options.
  if (const auto launcher = log.find("ccache: invalid option")) return proof.take(launcher), sure;
  if (const auto launcher = log.find("sccache: error"); launcher && log.has("Usage"))
    return proof.take(launcher), likely;
  const auto* hit = log.event(EventKind::program_missing, [](const LogEvent& one) {
    const std::string_view program = one.get("program");
    if (other_program(program)) return false;
    // A path with a blank ends at the blank, mostly before it names a compiler.
    const bool half = of_cgo(one) && has_path_or_flags(program) && !named_like_compiler(program);
    return half || program.ends_with("\\Program") || program.ends_with("/Program") ||
           (program.contains(' ') && !program.contains("\\pkg\\"));
  });
  if (proof.take(hit)) {
    proof.captures.emplace_back("cc", hit->get("program"));
    return sure + 1;
  }
  return 0;
}

const LogEvent* missing_start_file(const Log& log) {
  return log.event(EventKind::start_file_missing,
                   [](const LogEvent& one) { return one.voice.tool != "ld64"; });
}

bool of_alpine(const Log& log, const LogEvent& hit) {
  return log.alpine || hit.text.contains("alpine") || hit.text.contains("fortify");
}

int musl_dev(const Log& log, Proof& proof) {
  if (const auto* hit = missing_start_file(log); hit != nullptr && of_alpine(log, *hit))
    return proof.take(hit), sure;
  // There, and of another width: that is the compiler's.
  if (auto hit = log.find("cannot find -lssp_nonshared"); hit && !log.has("skipping incompatible"))
    return proof.take(hit), sure;
  const auto* hit = missing_header(log);
  if (hit == nullptr || !is_libc_header(hit->get("header")) || log.zig) return 0;
  if (log.alpine) return proof.take(hit), sure;
  if (of_macos(log) || log.has("-linux-gnu") || log.windows) return 0;
  proof.take(hit);
  // The images of golang keep Go in /usr/local/go and modules in /go; those without gcc's friends
  // are Alpine's.
  const bool image = log.any("/usr/local/go/src/runtime/cgo", "/go/pkg/mod", "/go/src/");
  return image ? possible + 5 : possible - 2;
}

int libc_dev(const Log& log, Proof& proof) {
  if (const auto* hit = missing_start_file(log);
      hit != nullptr && !log.alpine && !log.static_link) {
    // A cross compiler's own C library is another package.
    return proof.take(hit), log.cross ? possible : likely;
  }
  const auto* hit = missing_header(log);
  if (hit == nullptr || !is_libc_header(hit->get("header")) || log.alpine || log.windows) return 0;
  if (of_macos(log)) return 0;
  if (hit->get("header").starts_with("gnu/stubs-") || log.zig) return 0;
  proof.take(hit);
  return log.any("x86_64-linux-gnu", "aarch64-linux-gnu", "apt", "debian", "ubuntu", "redhat",
                 "yum", "dnf")
             ? sure
             : possible;
}

int dev_headers(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::header_missing, [](const LogEvent& one) {
    return !is_libc_header(one.get("header")) && !one.get("header").contains(' ');
  });
  if (hit == nullptr) return 0;
  const std::string header(hit->get("header"));
  if (is_apple_header(header)) return 0;
  if (of_macos(log)) return 0;
  if (log.has("lib/libc/include") || header.starts_with("gnu/stubs")) return 0;
  if (log.windows && !log.linux_os) return 0;
  proof.take(hit);
  return log.has("Package ") && log.has("was not found") ? weak : likely + 5;
}

int dev_lib(const Log& log, Proof& proof) {
  for (const LogEvent& hit : log.events) {
    if (hit.kind != EventKind::library_missing) continue;
    const std::string_view tool = hit.voice.tool;
    if (tool == "ld64" || tool == "link.exe") continue;
    const std::string name = library_of(hit);
    // Its shared form without the link that a linker needs: a part of the C library that has one.
    if (name == "resolv" && !log.static_link && tool == "GNU ld") return proof.take(&hit), likely;
    if ((is_libc_library(name) && tool != "zig") || name.starts_with("crt")) continue;
    if (tool == "GNU ld") {
      if (log.static_link || name == "ssp_nonshared") continue;
      if (hit.text.contains("-linux-gnu") && hit.text.contains("/bin/ld") && log.cross) continue;
    } else if (of_macos(log) || log.any("macos", "darwin", "windows")) {
      continue;
    }
    return proof.take(&hit), likely;
  }
  return 0;
}

int clt_missing(const Log& log, Proof& proof) {
  if (const auto* hit = log.event(EventKind::tools_missing)) {
    proof.take(hit);
    return hit->text.contains("unable to find utility") ? likely : sure;
  }
  if (proof.take(log.find("xcode-select: error: tool '{tool}' requires Xcode"))) return likely;
  if (proof.take(log.find("xcrun: error: SDK \"{sdk}\" cannot be located"))) return possible;
  if (proof.take(log.find("xcrun: error: unable to lookup item"))) return likely;
  if (proof.take(log.find("xcrun: error: cannot be used within an App Sandbox"))) return possible;
  const auto* hit = missing_header(log);
  if (hit == nullptr || log.zig) return 0;
  if (is_libc_header(hit->get("header"))) {
    if (of_macos(log)) return proof.take(hit), likely;
    // clang without any header of C: as likely a Mac as not, where nothing else is known.
    const bool known = !log.goos.empty() || !log.build.host_goos.empty() || log.linux_os ||
                       log.windows || log.alpine || log.freebsd;
    return !known && hit->voice.tool == "clang" ? (proof.take(hit), possible + 1) : 0;
  }
  // Clang itself is there, and Apple's SDK is not.
  const bool linux_target = log.any("GOOS=darwin", "osxcross", "-linux-gnu");
  if (is_apple_header(hit->get("header")))
    return proof.take(hit), log.darwin && !linux_target ? likely : possible;
  return 0;
}

int clt_license(const Log& log, Proof& proof) {
  if (proof.take(log.find("agreed to the Xcode license"))) return sure + 5;
  if (proof.take(log.find("Agreeing to the Xcode/iOS license"))) return sure + 5;
  if (proof.take(log.find("Xcode license agreement"))) return sure;
  return proof.take(log.find("clang failed: exit status 69")) ||
                 proof.take(log.find("exit status 69"))
             ? likely
             : 0;
}

int stale_sdk(const Log& log, Proof& proof) {
  for (const std::string_view pattern :
       {"directory not found for option '{flag}'", "search path '{flag}' not found",
        "no such sysroot directory: '{flag}'", "SDK \"{flag}\" cannot be located",
        "sysroot '{flag}'"}) {
    for (const auto& hit : log.all(pattern)) {
      if (!hit.text.contains("MacOSX")) continue;
      proof.take(hit);
      return sure;
    }
  }
  if (proof.take(log.find("SDK \"macosx{version}\" cannot be located"))) return sure;
  return 0;
}

int xcrun_cache(const Log& log, Proof& proof) {
  const auto hit = log.find("couldn't open cache file");
  const auto other = log.find("couldn't create cache file");
  if (!hit && !other) return 0;
  proof.take(hit ? hit : other);
  return log.any("\nok ", "ok  ") ? sure : likely;
}

// Apple's driver is called clang; those of others say their release: "clang-14: error:".
std::optional<LogMatch> versioned_driver(const Log& log) {
  for (const auto& hit : log.all("clang-{release}: ")) {
    const std::string release = hit.get("release");
    const bool number = release.find_first_not_of("0123456789.") == release.npos;
    if (number) return hit;
  }
  return std::nullopt;
}

// Text stubs are read by Apple's linkers; one of another origin takes them for broken objects.
const LogEvent* unread_stub(const Log& log) {
  return log.event(EventKind::file_ignored, [](const LogEvent& one) {
    return one.get("file").contains(".tbd") &&
           (one.text.contains("unsupported file format") || one.text.contains("0x2D 0x2D"));
  });
}

int non_apple_clang(const Log& log, Proof& proof) {
  if (log.zig) return 0;
  if (const auto* hit = unread_stub(log)) return proof.take(hit), sure;
  if (const auto hit = log.find("unsupported tapi file type")) return proof.take(hit), sure - 2;
  const bool linux_build = log.any("GOOS=linux", "-linux-gnu", "/usr/lib/llvm-", "alpine");
  if (const auto hit = log.find("ld: library 'System' not found"))
    return proof.take(hit), log.darwin ? likely : sure;
  if (const auto hit = log.find("library not found for -lSystem")) return proof.take(hit), likely;
  if (const auto hit = log.find("unable to find library -lSystem")) return proof.take(hit), sure;
  const bool other =
      log.any("/opt/llvm", "Cellar/llvm", "opt/homebrew/opt/llvm", "/nix/store", "wasi-sdk",
              "conda", "opt/local/libexec/llvm", "swiftly", "devbox", "emsdk");
  const auto driver = versioned_driver(log);
  if (driver && !linux_build &&
      log.any("framework not found", "' not found", "file not found", "unable to execute command",
              "unsupported tapi", "unknown option", "library not found", "-arch", "Trace/BPT"))
    return proof.take(driver), sure - 1;
  if (!log.darwin && !driver) return 0;
  const auto* framework = log.event(EventKind::framework_missing);
  if (framework != nullptr) return proof.take(framework), likely;
  if (!other) return 0;
  if (const auto* hit = log.event(EventKind::option_unused);
      hit != nullptr && hit->get("flag").starts_with("-arch"))
    return proof.take(hit), likely;
  if (const auto* hit = missing_header(log)) return proof.take(hit), likely + 1;
  if (const auto hit = log.find("invalid active developer path")) return proof.take(hit), weak;
  return 0;
}

int sdk_too_old(const Log& log, Proof& proof) {
  if (log.any("dyld:", "dyld[", "Expected in")) return 0;
  for (const std::string_view name :
       {"\"_SecTrustCopyCertificateChain\", referenced", "\"_SecTrustEvaluateWithError\"",
        "\"_clock_gettime\", referenced", "\"_SecKeyCopy", "\"_mach_continuous"}) {
    if (const auto hit = log.find(name)) return proof.take(hit), sure;
  }
  if (const auto hit = log.find("undefined symbol: _SecTrust{rest}")) return proof.take(hit), sure;
  return 0;
}

int on_disk_framework(const Log& log, Proof& proof) {
  const auto hit = log.find("{path}.framework/{name}' file not found");
  if (hit) return proof.take(hit), possible;
  if (const auto open = log.find("can't open file{words}/System/Library/Frameworks/"))
    return proof.take(open), sure;
  if (const auto open = log.find("can't open file: /System/Library/Frameworks/"))
    return proof.take(open), sure;
  if (const auto open = log.find("file not found: /System/Library/Frameworks/"))
    return proof.take(open), sure;
  if (const auto open = log.find("file not found: /usr/lib/system/libsystem"))
    return proof.take(open), sure;
  if (const auto open = log.find("cannot open {path}System/Library/Frameworks/"))
    return proof.take(open), sure;
  return 0;
}

int deployment_warning(const Log& log, Proof& proof) {
  if (proof.take(log.find("was built for newer macOS version"))) return possible;
  if (proof.take(log.find("was built for newer OSX version"))) return possible;
  if (proof.take(log.find("was built for newer 'macOS' version"))) return possible;
  if (proof.take(log.find("which is newer than target minimum of"))) return possible;
  return proof.take(log.find("was built for newer '{os}' version")) ? possible : 0;
}

int lc_dysymtab(const Log& log, Proof& proof) {
  return proof.take(log.find("malformed LC_DYSYMTAB")) ? possible + 1 : 0;
}

int deprecated_flag(const Log& log, Proof& proof) {
  if (log.has("unrecognized option")) return 0;
  for (const std::string_view flag :
       {"-no_pie is deprecated", "-bind_at_load is deprecated", "-pagezero_size is deprecated",
        "-ld_classic is deprecated"}) {
    if (proof.take(log.find(flag))) return possible;
  }
  return 0;
}

int duplicate_libraries(const Log& log, Proof& proof) {
  return proof.take(log.find("ignoring duplicate libraries")) ? possible : 0;
}

constexpr Cause table[] = {
    {.code = "TN2001",
     .slug = "cc/not-installed",
     .title = "There is no C compiler",
     .happens = "Packages with C code are compiled with gcc or clang, and no program of that name "
                "is on PATH.",
     .tell = "The name in quotes is a plain program name: `command -v {cc}` prints nothing.",
     .fix = "Install a compiler with the headers of the C library, or build without C if the "
            "program works so.",
     .prevent = "Build in an image that has a compiler; `tenon build` brings one.",
     .commands = {"apt-get install build-essential", "apk add build-base"},
     .match = not_installed},
    {.code = "TN2002",
     .slug = "cc/env-points-to-missing-compiler",
     .title = "CC names a program that does not exist",
     .happens = "CC, from the environment, `go env -w` or a repackaged Go, names {cc}, which is "
                "not there.",
     .tell = "`go env CC` prints it; `go env GOENV` names the file that may hold it.",
     .fix = "Remove the setting, or install that compiler.",
     .prevent = "Set CC for one command only, not with `go env -w`.",
     .commands = {"go env -u CC", "go env CC"},
     .match = env_points_to_missing},
    {.code = "TN2003",
     .slug = "cc/env-has-flags-or-spaces",
     .title = "CC holds flags or an unquoted path",
     .happens = "CC is taken for one program name, blanks and flags with it.",
     .tell = "`go env CC` shows a blank.",
     .fix = "Put flags into CGO_CFLAGS, and a path with blanks into quotes.",
     .prevent = "Keep compilers in folders without blanks.",
     .commands = {"go env -u CC"},
     .match = env_has_flags},
    {.code = "TN2004",
     .slug = "alpine/musl-dev-missing",
     .title = "Alpine without the C library's headers",
     .happens = "Alpine's gcc comes without the headers and start files of musl.",
     .tell = "stdlib.h, Scrt1.o or ssp_nonshared is missing, and paths say alpine or fortify.",
     .fix = "Install musl-dev, or build-base with everything.",
     .prevent = "Put build-base into the build stage.",
     .commands = {"apk add build-base"},
     .rivals = {"linux/libc-dev-missing"},
     .decide = "cat /etc/os-release",
     .match = musl_dev},
    {.code = "TN2005",
     .slug = "linux/libc-dev-missing",
     .title = "The headers of the C library are missing",
     .happens = "A compiler is installed and the C library's headers are not.",
     .tell = "A header such as stdlib.h is missing on Debian, Ubuntu, Fedora or RHEL.",
     .fix = "Install the development package of the C library.",
     .prevent = "Install build-essential, not gcc alone.",
     .commands = {"apt-get install build-essential", "dnf install glibc-devel"},
     .rivals = {"alpine/musl-dev-missing"},
     .decide = "cat /etc/os-release",
     .match = libc_dev},
    {.code = "TN2006",
     .slug = "linux/dev-headers-missing",
     .title = "A library's headers are missing",
     .happens =
         "The package needs {header} of a C library whose development package is not installed.",
     .tell = "The header is none of the C library's own.",
     .fix = "Install the -dev (Debian, Alpine) or -devel (Fedora) package that holds {header}. "
            "`tenon build` and builds for another machine look for it in --sysroot DIR and "
            "CGO_CFLAGS=-I, not among the headers of this machine.",
     .prevent = "List the development packages beside the build instructions.",
     .commands = {"apt-file search {header}"},
     .installs = true,
     .match = dev_headers},
    {.code = "TN2007",
     .slug = "linux/dev-lib-missing",
     .title = "The linker does not find a library",
     .happens = "The linker looks for lib{name}.so or lib{name}.a, which the development package "
                "has.",
     .tell = "`ldconfig -p` lists lib{name}.so.N and no lib{name}.so.",
     .fix = "Install the development package; do not make the link by hand. `tenon build` and "
            "builds for another machine look for it in --sysroot DIR and CGO_LDFLAGS=-L, not among "
            "the libraries of this machine.",
     .prevent = "List the development packages beside the build instructions.",
     .commands = {"apt-file search lib{name}.so"},
     .rivals = {"cross/target-libs-missing"},
     .installs = true,
     .match = dev_lib},
    {.code = "TN2008",
     .slug = "clt/missing-or-broken-after-os-upgrade",
     .title = "Command Line Tools are missing",
     .happens = "macOS keeps compilers in the Command Line Tools, and an upgrade of the system "
                "removes them.",
     .tell = "`xcode-select -p` names a folder without usr/bin/xcrun.",
     .fix = "Install them again, or select an existing Xcode.",
     .prevent = "Install them after every upgrade of the system.",
     .commands = {"xcode-select --install", "sudo xcode-select --reset"},
     .rivals = {"darwin/non-apple-clang-on-path"},
     .decide = "xcode-select -p",
     .match = clt_missing},
    {.code = "TN2009",
     .slug = "clt/license-not-accepted",
     .title = "Xcode's licence is not agreed to",
     .happens =
         "After an update Apple's clang does nothing but ask for agreement, with exit status 69.",
     .tell = "`clang --version` prints the same words.",
     .fix = "Agree to it.",
     .prevent = "Do so after every update of Xcode.",
     .commands = {"sudo xcodebuild -license accept"},
     .match = clt_license},
    {.code = "TN2010",
     .slug = "clt/stale-sdk-path",
     .title = "Flags name an SDK that is gone",
     .happens = "A path with the version of an SDK is in flags, SDKROOT or Go's build cache, and "
                "an update removed it.",
     .tell = "The path names MacOSX and a version: `xcrun --show-sdk-path` says where it is now.",
     .fix = "Remove the versioned path, and what Go has cached of it.",
     .prevent = "Ask xcrun for the path, or use MacOSX.sdk without a version.",
     .commands = {"go clean -cache", "xcrun --show-sdk-path"},
     .match = stale_sdk},
    {.code = "TN2011",
     .slug = "clt/xcrun-cache-race-harmless",
     .title = "xcrun made its cache twice: harmless",
     .happens = "Several compilers started at once and all wanted to make xcrun's cache.",
     .tell = "The next run passes.",
     .fix = "Run again.",
     .prevent = "Call `xcrun --find clang` once before a parallel build.",
     .commands = {"xcrun --find clang"},
     .harmless = true,
     .match = xcrun_cache},
    {.code = "TN2012",
     .slug = "darwin/non-apple-clang-on-path",
     .title = "A clang that does not know Apple's SDK",
     .happens = "A clang of Homebrew's LLVM, nix, conda or wasi-sdk comes first and finds no "
                "system library or framework.",
     .tell = "`which -a clang` shows it before /usr/bin/clang.",
     .fix = "Use Apple's clang, or tell the other one the SDK.",
     .prevent = "Keep such compilers out of PATH.",
     .commands = {"env CC=/usr/bin/clang go build", "xcrun --show-sdk-path"},
     .rivals = {"clt/missing-or-broken-after-os-upgrade"},
     .decide = "which -a clang",
     .match = non_apple_clang},
    {.code = "TN2013",
     .slug = "sdk/too-old-for-go",
     .title = "The SDK is older than this Go needs",
     .happens = "Go's standard library links functions that the selected SDK does not list yet.",
     .tell = "Functions of Security or libSystem are undefined at link time.",
     .fix = "Update the Command Line Tools, or use an older Go.",
     .prevent = "Update both together.",
     .commands = {"softwareupdate --list"},
     .match = sdk_too_old},
    {.code = "TN2014",
     .slug = "sdk/old-linker-needs-on-disk-framework",
     .title = "An old linker opens frameworks on disk",
     .happens = "Since macOS 11 system frameworks exist in dyld's cache only; a linker that does "
                "not read text stubs finds none.",
     .tell = "A file in /System/Library/Frameworks is said to be missing.",
     .fix = "Use a linker that reads .tbd files of the SDK.",
     .prevent = "Update the tools with the system.",
     .commands = {"xcode-select --install"},
     .match = on_disk_framework},
    {.code = "TN0410",
     .slug = "darwin/deployment-target-mismatch-warning",
     .title = "Built for a newer macOS: a warning",
     .happens = "An object was compiled for a newer macOS than the link asks for.",
     .tell = "The line is a warning, and the link goes on.",
     .fix = "Nothing; or set MACOSX_DEPLOYMENT_TARGET and rebuild.",
     .prevent = "Set MACOSX_DEPLOYMENT_TARGET for all of a build.",
     .commands = {"env MACOSX_DEPLOYMENT_TARGET=12.0 go build -a"},
     .harmless = true,
     .match = deployment_warning},
    {.code = "TN2016",
     .slug = "darwin/harmless-lc-dysymtab-warning",
     .title = "LC_DYSYMTAB of go.o: harmless",
     .happens = "Xcode 15's linker warns of the order of symbols in Go's object.",
     .tell = "Nothing behind it says error.",
     .fix = "Nothing; newer Go orders them.",
     .prevent = "Update Go.",
     .harmless = true,
     .match = lc_dysymtab},
    {.code = "TN2017",
     .slug = "darwin/harmless-deprecated-ld-flag",
     .title = "A deprecated linker flag: harmless",
     .happens = "Go passes a flag that newer linkers call deprecated.",
     .tell = "The line is a warning.",
     .fix = "Nothing; newer Go does not pass it.",
     .prevent = "Update Go.",
     .harmless = true,
     .match = deprecated_flag},
    {.code = "TN2018",
     .slug = "darwin/harmless-duplicate-libraries",
     .title = "A library named twice: harmless",
     .happens = "Several packages name one library.",
     .tell = "The line is a warning.",
     .fix = "Nothing, or -Wl,-no_warn_duplicate_libraries.",
     .prevent = "Nothing.",
     .harmless = true,
     .match = duplicate_libraries},
};

}  // namespace

extern const CauseTopic causes_compiler;
const CauseTopic causes_compiler{"compiler", table};

}  // namespace tenon
