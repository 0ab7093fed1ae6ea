// Topic "run": the program is built and does not start: ld.so, the kernel, dyld.
#include <algorithm>
#include <array>

#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

int libgo(const Log& log, Proof& proof) { return proof.take(log.find("libgo.so")) ? sure + 3 : 0; }

int so_not_found(const Log& log, Proof& proof) {
  const auto hit = log.find("error while loading shared libraries: {name}: {why}");
  if (hit && !hit->get("why").contains("wrong ELF") && !hit->get("why").contains("file too short"))
    return proof.take(hit), log.has("libgo.so") ? 0 : sure;
  const auto* translated = log.event(EventKind::library_not_loaded, [](const LogEvent& one) {
    return one.voice.tool == "ld.so" && !one.text.contains("libgo.so");
  });
  if (translated != nullptr) return proof.take(translated), sure;
  if (const auto musl = log.find("Error loading shared library {name}: No such file"))
    return proof.take(musl), musl->get("name").contains("ld-linux") ? weak : likely;
  return proof.take(log.find(": cannot open shared object file: No such file")) ? likely : 0;
}

int glibc_old(const Log& log, Proof& proof) {
  if (log.has("GLIBC_PRIVATE' not found")) return 0;
  if (const auto hit = log.find("version `GLIBC_{version}' not found"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("version 'GLIBC_{version}' not found"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("version `GLIBCXX_{version}' not found"))
    return proof.take(hit), likely;
  return 0;
}

int glibc_on_musl(const Log& log, Proof& proof) {
  if (const auto* hit = log.event(EventKind::no_such_program)) return proof.take(hit), sure;
  // The file exists; what does not is its interpreter.
  if (const auto hit = log.find("^/{path}: No such file or directory$");
      hit && log.lines().size() <= 2 && !hit->get("path").contains(' ')) {
    return proof.take(hit), likely;
  }
  // The shell sees the file and not the loader that it names.
  if (const auto hit = log.find("sh: ./{file}: No such file or directory"))
    return proof.take(hit),
           log.any("dynamically linked, interpreter", "alpine") ? sure : likely - 5;
  if (const auto hit = log.find("Error loading shared library ld-linux"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("Error loading shared library libresolv.so.2"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("ld-linux-x86-64.so.2: No such file")) return proof.take(hit), sure;
  if (const auto hit = log.find("exec {file}: no such file or directory");
      hit && !hit->text.contains("fork/exec")) {
    return proof.take(hit), likely;
  }
  if (const auto hit = log.find("exec user process caused");
      hit && log.has("no such file or directory"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("standard_init_linux.go:{n}: exec user process");
      hit && log.has("no such file"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("sh: {file}: not found");
      hit && !log.any("gcc", "pkg-config", "make:")) {
    if (hit->get("file").contains('/')) return proof.take(hit), likely;
    // Typed by name: a program that is there, or one that is not installed.
    constexpr std::array<std::string_view, 12> usual{"go",   "git",    "make",   "curl",
                                                     "bash", "npm",    "sudo",   "apk",
                                                     "node", "python", "docker", "jq"};
    if (std::ranges::find(usual, hit->get("file")) == usual.end()) return proof.take(hit), possible;
  }
  if (const auto hit = log.find("Error relocating {file}: "); hit)
    return proof.take(hit), hit->get("file").contains(".so")                       ? possible
                            : log.any("_chk", "__res_", "gnu_get_libc", "__libc_") ? sure
                                                                                   : likely;
  if (const auto hit = log.find("starting container process caused");
      hit && log.has("no such file or directory"))
    return proof.take(hit), likely;
  return 0;
}

std::optional<LogMatch> not_loaded(const Log& log) {
  if (auto hit = log.find("Library not loaded: {name}")) return hit;
  auto hit = log.find("dlopen({name}, {flags}): {why}");
  const bool looked = hit && (hit->text.contains("image not found") ||
                              hit->text.contains("no such file") || hit->text.contains("LC_RPATH"));
  return looked ? hit : std::nullopt;
}

// What dyld says of a file that is there: then no path is the matter.
bool refused_by_dyld(const Log& log) {
  return log.any("incompatible architecture", "missing compatible architecture", "code signature",
                 "wrong architecture", "not valid for use", "system policy", "Team ID");
}

// A folder that dyld tried for an @rpath name and that is none of its own fallbacks: a run path.
bool tried_run_path(const Log& log) {
  const std::size_t at = log.text().find("tried:");
  if (at == std::string::npos) return false;
  std::string_view rest = std::string_view(log.text()).substr(at + 6);
  rest = rest.substr(0, 4096);
  while (true) {
    const std::size_t end = rest.find(" (");
    if (end == rest.npos) return false;
    std::string_view path = rest.substr(0, end);
    path = path.substr(path.find_last_of("\n\t ,") + 1);
    while (path.starts_with('\'') || path.starts_with('"')) path.remove_prefix(1);
    const bool fallback = path.contains("@rpath") || path.contains("/Cryptexes/") ||
                          path.starts_with("/usr/local/lib/") || path.starts_with("/usr/lib/") ||
                          path.starts_with("/lib/") || path.starts_with("/System/");
    if (path.contains('/') && !fallback) return true;
    rest.remove_prefix(end + 2);
  }
}

int dyld_absolute(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  if (!hit || !hit->get("name").starts_with("/") || refused_by_dyld(log)) return 0;
  return proof.take(hit), sure;
}

int dyld_rpath(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  if (!hit || hit->get("name").starts_with("/") || refused_by_dyld(log)) return 0;
  if (log.any("no LC_RPATH's found")) return proof.take(hit), sure + 2;
  if (log.has("RPATH failed to expanding")) return proof.take(hit), possible;
  const bool tried = log.any("tried: '", "no such file");
  if (!hit->get("name").starts_with("@rpath"))
    return proof.take(hit), tried && hit->get("name").starts_with("@") ? likely - 8 : sure - 2;
  if (tried_run_path(log)) return proof.take(hit), possible;
  return proof.take(hit), likely + 10;
}

int dyld_rpath_dir(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  if (!hit || !hit->get("name").starts_with("@") || refused_by_dyld(log)) return 0;
  if (log.has("no LC_RPATH's found")) return 0;
  if (const auto expanded = log.find("RPATH failed to expanding"))
    return proof.take(expanded), sure;
  if (hit->get("name").starts_with("@rpath") && tried_run_path(log))
    return proof.take(hit), likely + 15;
  return proof.take(hit), log.any("tried: '/", "tried: '@") ? likely - 5 : possible - 8;
}

int dyld_arch(const Log& log, Proof& proof) {
  if (const auto hit = log.find("incompatible architecture (have '{have}', need '{need}'"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("missing compatible architecture (have '{have}', need '{need}'"))
    return proof.take(hit), sure + 2;
  if (const auto hit = log.find("mach-o, but wrong architecture")) return proof.take(hit), sure + 2;
  return proof.take(log.find("wrong architecture")) && log.darwin ? likely : 0;
}

int team_ids(const Log& log, Proof& proof) {
  if (proof.take(log.find("different Team IDs"))) return sure + 4;
  if (proof.take(log.find("mapped file has no Team ID"))) return sure + 4;
  if (proof.take(log.find("mapping process has no Team ID"))) return sure + 4;
  if (proof.take(log.find("mapping process is a platform binary, but mapped file is not")))
    return sure + 2;
  if (proof.take(log.find("Library Validation failed"))) return likely;
  return proof.take(log.find("library validation")) ? likely : 0;
}

int lib_unsigned(const Log& log, Proof& proof) {
  if (proof.take(log.find("mapped file has no cdhash"))) return sure + 4;
  if (proof.take(log.find("completely unsigned"))) return sure + 2;
  if (const auto hit = log.find("not valid for use in process: mapp");
      hit && !log.any("Team ID", "system policy"))
    return proof.take(hit), likely;
  return proof.take(log.find("no suitable image found")) && log.has("code signature invalid")
             ? possible
             : 0;
}

int lib_quarantined(const Log& log, Proof& proof) {
  if (proof.take(log.find("library load denied by system policy"))) return sure + 4;
  return proof.take(log.find("library load disallowed by system policy")) ? sure + 4 : 0;
}

bool of_system(std::string_view path) {
  return path.starts_with("/usr/lib/") || path.starts_with("/System/");
}

// A library of macOS asks for another of its own, and dyld took one from elsewhere.
bool taken_from_elsewhere(const Log& log) {
  const auto from = log.find("Referenced from: {path}");
  auto in = log.find("Expected in: {path}");
  if (!in) in = log.find("xpected in '{path}'");
  return from && in && of_system(from->get("path")) && in->get("path").contains('/') &&
         !of_system(in->get("path"));
}

int macos_old(const Log& log, Proof& proof) {
  // Kinds of load commands that this dyld has never heard of.
  if (const auto unknown = log.find("load command {number} is unknown"))
    return proof.take(unknown), sure;
  if (const auto newer = log.find("which is newer than running OS")) return proof.take(newer), sure;
  const auto hit = log.find("Symbol not found: {name}");
  if (!hit) return 0;
  const bool system =
      log.any("/usr/lib/libSystem.B.dylib", "/System/Library/Frameworks", "/usr/lib/libresolv");
  if (log.any("built for Mac OS X", "built for macOS", "which was built for"))
    return proof.take(hit), sure;
  // What comes with macOS does not lack a symbol of macOS.
  if (taken_from_elsewhere(log)) return 0;
  // Where every library is looked through, a name of the system's that none has is a newer one.
  if (log.has("Expected in: flat namespace")) return proof.take(hit), likely + 5;
  return system ? (proof.take(hit), sure) : (proof.take(hit), possible);
}

int shadows(const Log& log, Proof& proof) {
  const auto symbol = log.find("Symbol not found: {name}");
  if (const auto hit = log.find("DYLD_LIBRARY_PATH"))
    return proof.take(hit), symbol || log.any("not loaded", "mismatch") ? sure + 2 : likely;
  if (!symbol) return 0;
  if (taken_from_elsewhere(log)) return proof.take(symbol), sure;
  auto from = log.find("Referenced from: {path}"), in = log.find("Expected in: {path}");
  if (!in) in = log.find("xpected in '{path}'");
  const bool outside = in && !of_system(in->get("path")) && in->get("path").contains('/');
  const bool local = outside && (in->get("path").starts_with("/usr/local/") ||
                                 in->get("path").starts_with("/opt/"));
  if (local) return proof.take(symbol), likely;
  if (log.has("Expected in: flat namespace") && from && of_system(from->get("path")))
    return proof.take(symbol), likely;
  return 0;
}

constexpr Cause table[] = {
    {.code = "TN2501",
     .slug = "gccgo/libgo-missing",
     .title = "The program was built by gccgo",
     .happens = "gccgo links its run time, libgo, dynamically.",
     .tell = "`ldd` names libgo.",
     .fix = "Build it with gc, or install libgo.",
     .prevent = "Check which go comes first on PATH.",
     .commands = {"go version"},
     .match = libgo},
    {.code = "TN2502",
     .slug = "ldso/shared-library-not-found",
     .title = "ld.so does not find a library",
     .happens = "{name} is needed and in none of the folders that ld.so searches.",
     .tell = "`ldd PROGRAM`, `tenon inspect PROGRAM`.",
     .fix = "Install it, or give a run path.",
     .prevent = "Link with -Wl,-rpath,'$ORIGIN', or statically.",
     .commands = {"ldconfig -p", "env LD_LIBRARY_PATH=DIR PROGRAM"},
     .match = so_not_found},
    {.code = "TN2503",
     .slug = "ldso/glibc-too-old",
     .title = "The program needs a newer glibc",
     .happens = "It was linked on a system with a newer glibc than this one.",
     .tell = "`tenon inspect PROGRAM` names the symbols that ask for it.",
     .fix = "Build for an older glibc, or statically.",
     .prevent = "`tenon build --target linux/amd64:gnu2.17`, or musl.",
     .commands = {"tenon build --target {target}:gnu2.17", "env CGO_ENABLED=0 go build"},
     .match = glibc_old},
    {.code = "TN2504",
     .slug = "ldso/glibc-binary-on-musl",
     .title = "A program for glibc on a system without it",
     .happens = "Alpine and empty images have no glibc: the kernel finds no loader and says that "
                "the file does not exist.",
     .tell = "`tenon inspect PROGRAM` names its interpreter.",
     .fix = "Build statically.",
     .prevent = "`tenon build --target linux/amd64` is static, with musl.",
     .commands = {"tenon build --target {target}", "env CGO_ENABLED=0 go build"},
     .match = glibc_on_musl},
    {.code = "TN2505",
     .slug = "dyld/absolute-path-missing",
     .title = "A library is not where the program says",
     .happens = "The install name {name} is an absolute path, and nothing is there.",
     .tell = "`otool -L PROGRAM`.",
     .fix = "Install the library, or link again with @rpath.",
     .prevent = "Link with install names that begin with @rpath.",
     .commands = {"otool -L PROGRAM"},
     .match = dyld_absolute},
    {.code = "TN2506",
     .slug = "dyld/rpath-unset",
     .title = "There is no run path",
     .happens = "The install name {name} is relative and the program has no run path to look in.",
     .tell = "`otool -l PROGRAM` lists LC_RPATH.",
     .fix = "Link with a run path.",
     .prevent = "-Wl,-rpath,@executable_path/../lib.",
     .commands = {"install_name_tool -add_rpath @executable_path PROGRAM"},
     .rivals = {"dyld/rpath-dir-lacks-library"},
     .decide = "otool -l PROGRAM",
     .match = dyld_rpath},
    {.code = "TN2507",
     .slug = "dyld/rpath-dir-lacks-library",
     .title = "The run path's folder lacks the library",
     .happens = "A run path exists, and {name} is not in its folders.",
     .tell = "The folders that were tried are listed.",
     .fix = "Copy the library there.",
     .prevent = "Stage libraries with the program.",
     .rivals = {"dyld/rpath-unset"},
     .decide = "otool -l PROGRAM",
     .match = dyld_rpath_dir},
    {.code = "TN2508",
     .slug = "dyld/wrong-arch",
     .title = "The library is for another architecture",
     .happens = "It has {have}, and the process needs {need}.",
     .tell = "`lipo -info LIBRARY`.",
     .fix = "Use the matching library, or a universal one.",
     .prevent = "Build program and libraries for one architecture.",
     .commands = {"lipo -info LIBRARY"},
     .match = dyld_arch},
    {.code = "TN2509",
     .slug = "dyld/library-validation-team-id",
     .title = "Library validation refuses another team",
     .happens = "The program has the hardened runtime, which loads only libraries of its own team.",
     .tell = "`codesign -dv` of both shows TeamIdentifier.",
     .fix = "Sign both with one identity, or allow others by entitlement.",
     .prevent = "Sign everything that is shipped.",
     .commands = {"tenon verify PROGRAM LIBRARY"},
     .match = team_ids},
    {.code = "TN2510",
     .slug = "dyld/library-not-signed",
     .title = "The library is not signed",
     .happens = "The process accepts signed code only.",
     .tell = "`tenon verify LIBRARY`.",
     .fix = "Sign it.",
     .prevent = "Sign after every change.",
     .commands = {"tenon sign LIBRARY"},
     .match = lib_unsigned},
    {.code = "TN2511",
     .slug = "dyld/quarantined-library",
     .title = "The library was downloaded and not notarized",
     .happens = "Gatekeeper refuses libraries with the quarantine attribute that have no ticket.",
     .tell = "`xattr LIBRARY` shows com.apple.quarantine.",
     .fix = "Remove the attribute if you trust it.",
     .prevent = "Notarize what you ship.",
     .commands = {"xattr -d com.apple.quarantine LIBRARY"},
     .match = lib_quarantined},
    {.code = "TN2512",
     .slug = "dyld/macos-too-old-for-go",
     .title = "This macOS is too old for the program",
     .happens = "{name} came with a newer macOS; this release of Go uses it.",
     .tell = "`sw_vers`, `tenon inspect PROGRAM`.",
     .fix = "Update macOS, or build with an older Go.",
     .prevent = "State the oldest macOS of each release.",
     .commands = {"sw_vers"},
     .match = macos_old},
    {.code = "TN2513",
     .slug = "dyld/library-path-shadows-system",
     .title = "DYLD_LIBRARY_PATH hides system libraries",
     .happens = "A library of the same name in that folder is loaded in place of the system's.",
     .tell = "`env | grep DYLD`.",
     .fix = "Unset it.",
     .prevent = "Use run paths.",
     .commands = {"env -u DYLD_LIBRARY_PATH PROGRAM"},
     .match = shadows},
};

}  // namespace

extern const CauseTopic causes_run;
const CauseTopic causes_run{"run", table};

}  // namespace tenon
