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

constexpr Matcher table[] = {
    {Code::gccgo_libgo_missing, libgo},
    {Code::ldso_shared_library_not_found, so_not_found},
    {Code::ldso_glibc_too_old, glibc_old},
    {Code::ldso_glibc_binary_on_musl, glibc_on_musl},
    {Code::dyld_absolute_path_missing, dyld_absolute},
    {Code::dyld_rpath_unset, dyld_rpath},
    {Code::dyld_rpath_dir_lacks_library, dyld_rpath_dir},
    {Code::dyld_wrong_arch, dyld_arch},
    {Code::dyld_library_validation_team_id, team_ids},
    {Code::dyld_library_not_signed, lib_unsigned},
    {Code::dyld_quarantined_library, lib_quarantined},
    {Code::dyld_macos_too_old_for_go, macos_old},
    {Code::dyld_library_path_shadows_system, shadows},
};

}  // namespace

extern const Matchers matchers_run;
const Matchers matchers_run{table};

}  // namespace tenon
