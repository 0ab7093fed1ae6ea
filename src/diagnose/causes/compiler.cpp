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

constexpr Matcher table[] = {
    {Code::cc_not_installed, not_installed},
    {Code::cc_env_points_to_missing_compiler, env_points_to_missing},
    {Code::cc_env_has_flags_or_spaces, env_has_flags},
    {Code::alpine_musl_dev_missing, musl_dev},
    {Code::linux_libc_dev_missing, libc_dev},
    {Code::linux_dev_headers_missing, dev_headers},
    {Code::linux_dev_lib_missing, dev_lib},
    {Code::clt_missing_or_broken_after_os_upgrade, clt_missing},
    {Code::clt_license_not_accepted, clt_license},
    {Code::clt_stale_sdk_path, stale_sdk},
    {Code::clt_xcrun_cache_race_harmless, xcrun_cache},
    {Code::darwin_non_apple_clang_on_path, non_apple_clang},
    {Code::sdk_too_old_for_go, sdk_too_old},
    {Code::sdk_old_linker_needs_on_disk_framework, on_disk_framework},
    {Code::darwin_deployment_target_mismatch_warning, deployment_warning},
    {Code::darwin_harmless_lc_dysymtab_warning, lc_dysymtab},
    {Code::darwin_harmless_deprecated_ld_flag, deprecated_flag},
    {Code::darwin_harmless_duplicate_libraries, duplicate_libraries},
};

}  // namespace

extern const Matchers matchers_compiler;
const Matchers matchers_compiler{table};

}  // namespace tenon
