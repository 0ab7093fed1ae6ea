// Topic "go": cgo switched off, flags refused, C names, go-sqlite3, Go itself.
#include <array>
#include <vector>

#include "base/text.h"
#include "diagnose/causes/cgo_flags.h"
#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

// Names of the standard library and of the language that an old Go does not know.
bool names_newer_go(std::string_view name) {
  constexpr auto packages = std::to_array<std::string_view>(
      {"any",     "min",      "max",       "clear",    "comparable", "strings.", "bytes.",
       "os.",     "io.",      "fs.",       "atomic.",  "sync.",      "errors.",  "slices.",
       "maps.",   "cmp.",     "context.",  "net.",     "http.",      "time.",    "reflect.",
       "unsafe.", "runtime.", "math.",     "fmt.",     "sort.",      "rand.",    "slog.",
       "netip.",  "x509.",    "tls.",      "big.",     "bits.",      "utf8.",    "url.",
       "json.",   "binary.",  "filepath.", "syscall.", "unix.",      "windows.", "testing.",
       "embed.",  "signal.",  "debug.",    "iter.",    "hash.",      "base64."});
  return std::ranges::any_of(packages, [&](std::string_view one) {
    return one.ends_with('.') ? name.starts_with(one) : name == one;
  });
}

bool cgo_is_off(const Log& log) {
  return log.any("CGO_ENABLED=0", "CGO_ENABLED: 0", "CGO_ENABLED=\"0\"", "CGO_ENABLED: \"0\"",
                 "CGO_ENABLED='0'", "CGO_ENABLED=false");
}

// Signs that packages with C were left out: files excluded, or names that only their cgo files
// have.
const LogEvent* left_out(const Log& log) {
  // C files of Go's own run time are left over from another release.
  if (log.any("imports runtime: C source", " proc.c ")) return nullptr;
  for (const EventKind kind : {EventKind::files_excluded, EventKind::c_files_alone}) {
    if (const auto* hit = log.event(kind)) return hit;
  }
  // For another target a whole package of C shows as its qualified names; a slip of the pen would
  // show on this machine as well.
  const bool other = log.cross || cgo_is_off(log);
  const bool many = lacks_many_names(log, other ? 2 : 3);
  for (const LogEvent& hit : log.events) {
    if (hit.kind != EventKind::go_name_undefined) continue;
    const std::string_view name = hit.get("name");
    // The standard library of a newer Go is another matter.
    if (names_newer_go(name)) continue;
    // A released dependency compiles; what it does not find of its own was left out.
    const bool dependency = hit.text.contains("/pkg/mod/") || hit.text.contains("\\pkg\\mod\\");
    const bool known = dependency || many || of_cgo_package(hit);
    if (known || name.contains("defaultContext") || name.contains("C.")) return &hit;
  }
  return nullptr;
}

int disabled_on_purpose(const Log& log, Proof& proof) {
  const auto* hit = left_out(log);
  if (log.has("go-sqlite3 requires cgo")) return 0;
  if (const auto loud = log.find("cgo is disabled"); loud) return proof.take(loud), likely;
  if (const auto loud = log.find("requires cgo; enable cgo"); loud && !log.has("-race requires"))
    return proof.take(loud), likely;
  if (!hit) return 0;
  proof.take(hit);
  if (cgo_is_off(log)) return sure;
  return hit->text.contains("C source files") ? possible + 7 : possible;
}

int disabled_by_cross(const Log& log, Proof& proof) {
  if (const auto target = log.find("{goos}/{goarch} requires external (cgo) linking, but cgo"))
    return proof.take(target), log.has("buildmode") ? possible : sure - 2;
  const auto* hit = left_out(log);
  if (hit == nullptr && log.cross && !cgo_is_off(log)) {
    // One name of another package: a slip, or files that the target leaves out.
    const auto* one = log.event(EventKind::go_name_undefined, [](const LogEvent& event) {
      return event.get("name").contains('.') && !names_newer_go(event.get("name"));
    });
    return one != nullptr && log.count(EventKind::go_error) == 0 ? (proof.take(one), possible) : 0;
  }
  if (hit == nullptr || log.has("CGO_ENABLED=0")) return 0;
  proof.take(hit);
  // A name of the program itself may as well be a slip.
  const bool own = hit->text.contains("undefined: ") && !hit->get("name").contains('.') &&
                   !hit->text.contains("/pkg/mod/") && !names_cgo_package(log);
  if (log.cross && own) return possible + 8;
  if (log.cross) return log.has("CGO_ENABLED=1") ? possible : likely + 12;
  if (log.has("failed to build for ")) return likely + 8;
  if (log.any("_linux_amd64", "linux_arm64", "windows_amd64", "darwin_arm64", "for linux",
              "for windows", "for darwin"))
    return likely;
  // Containers build for themselves; there it was switched off, or lacks a compiler.
  const bool image =
      log.text().starts_with("/go/") ||
      log.any("\n/go/", " /go/pkg", " /go/src", " /app/", "\n/app/", " /build/", " /workspace");
  if (image) return possible - 3;
  return log.windows ? possible - 4 : possible + 4;
}

int disabled_no_compiler(const Log& log, Proof& proof) {
  const auto* hit = left_out(log);
  if (hit == nullptr || log.cross || log.has("CGO_ENABLED=0")) return 0;
  proof.take(hit);
  return log.windows ? likely : possible - 6;
}

int buildmode(const Log& log, Proof& proof) {
  const bool mode = log.any("buildmode=c-shared", "buildmode=c-archive", "buildmode=plugin",
                            "-buildmode c-shared", "-buildmode=pie", "buildmode=shared");
  if (const auto hit = log.find("-buildmode={mode} requires external"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("external linking required: buildmode="))
    return proof.take(hit), sure;
  // "android/amd64 requires ...": a target that always needs cgo; the mode of the build does not.
  if (const auto hit = log.find("requires external (cgo) linking, but cgo is not enabled"))
    return proof.take(hit), hit->text.contains("-buildmode") || mode ? sure - 2 : possible;
  if (const auto hit = log.find("-buildmode={mode} requires cgo")) return proof.take(hit), sure;
  if (const auto hit = log.find("loadinternal: cannot find runtime/cgo"); hit && mode)
    return proof.take(hit), sure;
  return 0;
}

int race(const Log& log, Proof& proof) {
  if (proof.take(log.find("-race requires cgo"))) return sure + 3;
  // The race detector's object needs a C library, which only an external link brings.
  if (proof.take(log.find("runtime/race(.text): {name}: not defined")) ||
      proof.take(log.find("runtime/race: {name}: not defined")))
    return likely;
  if (proof.take(log.find("-msan requires cgo")) || proof.take(log.find("-asan requires cgo")))
    return likely;
  return 0;
}

int c_file(const Log& log, Proof& proof) {
  if (log.any("imports runtime: C source", " proc.c ")) return 0;
  if (const auto old =
          log.find("because it contains {kind} files ({files}) but it's not using cgo"))
    return proof.take(old), log.cross ? likely : sure;
  const auto hit = log.find("source files not allowed when not using cgo");
  if (!hit || log.has("CGO_ENABLED=0")) return 0;
  // The log itself shows that cgo is on.
  if (log.any("CGO_ENABLED=1", "CGO_ENABLED=\"1\"", "go env CGO_ENABLED\n1"))
    return proof.take(hit), sure;
  // xgo turns cgo on; a plain GOOS turns it off.
  if (log.cross && !log.any("xgo", "CGO_ENABLED=1")) return 0;
  proof.take(hit);
  if (log.cross) return likely + 14;
  // "dummy.c" keeps vendoring tools from leaving out folders of packages that do use cgo.
  if (hit->text.contains("dummy.c")) return possible;
  return hit->text.contains("or SWIG") ? possible + 9 : likely;
}

int loadinternal(const Log& log, Proof& proof) {
  const auto hit = log.find("loadinternal: cannot find runtime/cgo");
  if (!hit) return 0;
  proof.take(hit);
  // What follows shows that the program was made all the same.
  const bool made = log.any("echo $?", "ok  \t", "Installed Go for", "Building Go toolchain",
                            "linkmode=external", "linkmode external");
  return made ? likely : possible - 4;
}

int pie_default(const Log& log, Proof& proof) {
  const auto hit = log.find("loadinternal: cannot find runtime/cgo");
  if (!hit || log.any("buildmode", "ok  ", "Building Go toolchain", "linkmode",
                      "CGO_ENABLED=0 GOOS", "GOOS=windows"))
    return 0;
  const bool distribution = log.any("go get", "go install", "alpine", "apk", "/usr/lib/go");
  return proof.take(hit), distribution ? likely : possible - 6;
}

int sqlite_stub(const Log& log, Proof& proof) {
  if (proof.take(log.find("go-sqlite3 requires cgo to work"))) return sure + 5;
  return proof.take(log.find("Binary was compiled with 'CGO_ENABLED=0'")) ? sure : 0;
}

int fts5(const Log& log, Proof& proof) {
  if (proof.take(log.find("no such module: fts5"))) return sure + 3;
  return proof.take(log.find("no such module: {name}")) ? possible : 0;
}

std::optional<LogMatch> lfs64(const Log& log) {
  for (const std::string_view pattern :
       {"'pread64' undeclared", "‘pread64’ undeclared", "use of undeclared identifier 'pread64'",
        "unknown type name 'off64_t'", "unknown type name ‘off64_t’", "'pwrite64' undeclared",
        "implicit declaration of function 'pread64'", "'stat64' undeclared"}) {
    if (auto hit = log.find(pattern)) return hit;
  }
  return std::nullopt;
}

int musl_pread(const Log& log, Proof& proof) {
  const auto hit = lfs64(log);
  if (!hit || log.android || log.freebsd) return 0;
  if (log.darwin && !log.alpine) return 0;
  return proof.take(hit),
         log.alpine || log.has("/go/pkg/mod") || log.has("/root/go") ? sure : likely + 5;
}

int other_pread(const Log& log, Proof& proof) {
  const auto hit = lfs64(log);
  if (!hit || log.alpine) return 0;
  // clang is the compiler of the BSDs and of macOS.
  const bool clang = hit->text.contains("use of undeclared") && !log.has("/go/pkg/mod");
  return proof.take(hit), log.android || log.freebsd || log.darwin ? sure
                          : clang                                  ? likely + 8
                                                                   : likely;
}

// The flag, the variable that could allow it, and the pattern where it is one to allow.
int rejected(const LogMatch& hit, std::string_view variable, int score, Proof& proof) {
  const std::string rest = hit.get("flag");
  const auto words = split_words(rest);
  const std::string flag(words.empty() ? std::string_view() : words.front());
  proof.captures.emplace_back("flag", flag);
  proof.captures.emplace_back("variable", variable);
  if (auto pattern = allow_pattern(flag)) proof.captures.emplace_back("allow", *std::move(pattern));
  proof.take(hit);
  return score;
}

int rejected_cflags(const Log& log, Proof& proof) {
  if (const auto hit = log.find("invalid flag in #cgo CFLAGS: {flag}"))
    return rejected(*hit, "CGO_CFLAGS_ALLOW", sure, proof);
  if (const auto hit = log.find("invalid flag in #cgo CPPFLAGS: {flag}"))
    return rejected(*hit, "CGO_CPPFLAGS_ALLOW", sure, proof);
  if (const auto hit = log.find("invalid flag in #cgo CXXFLAGS: {flag}"))
    return rejected(*hit, "CGO_CXXFLAGS_ALLOW", sure, proof);
  if (const auto hit = log.find("invalid flag in pkg-config --cflags: {flag}"))
    return hit->get("flag").starts_with("-") ? rejected(*hit, "CGO_CFLAGS_ALLOW", sure, proof) : 0;
  if (const auto hit = log.find("^pkg-config --cflags: {flag}");
      hit && hit->get("flag").starts_with("-") && log.has("invalid flag"))
    return rejected(*hit, "CGO_CFLAGS_ALLOW", sure - 5, proof);
  return 0;
}

int rejected_ldflags(const Log& log, Proof& proof) {
  if (const auto hit = log.find("invalid flag in #cgo LDFLAGS: {flag}"))
    return rejected(*hit, "CGO_LDFLAGS_ALLOW", sure, proof);
  if (const auto hit = log.find("invalid flag in go:cgo_ldflag: {flag}"))
    return rejected(*hit, "CGO_LDFLAGS_ALLOW", likely, proof);
  if (const auto hit = log.find("invalid flag in pkg-config --libs: {flag}"))
    return hit->get("flag").starts_with("-") ? rejected(*hit, "CGO_LDFLAGS_ALLOW", sure, proof) : 0;
  return 0;
}

int release_bug(const Log& log, Proof& proof) {
  const auto hit = log.find("invalid flag in go:cgo_ldflag");
  if (log.any("1.15.5", "1.14.12") && log.has("invalid flag"))
    return proof.take(hit ? hit : log.find("invalid flag")), sure + 4;
  // Only flags that came through another check are read here: what these releases did twice.
  return hit ? (proof.take(hit), likely + 8) : 0;
}

std::optional<LogMatch> unknown_name(const Log& log) {
  if (auto hit = log.find("could not determine kind of name for C.{name}")) return hit;
  return log.find("could not determine what C.{name} refers to");
}

std::size_t unknown_names(const Log& log) {
  return log.all("could not determine kind of name for C.").size() +
         log.all("could not determine what C.").size();
}

int blank_line(const Log& log, Proof& proof) {
  const auto hit = unknown_name(log);
  if (!hit) return 0;
  const std::string name = hit->get("name");
  constexpr std::array<std::string_view, 12> common{"puts",    "printf", "free",    "malloc",
                                                    "CString", "sqrt",   "hello",   "add",
                                                    "sum",     "random", "srandom", "strlen"};
  for (const std::string_view each : common) {
    if (name == each) return proof.take(hit), likely;
  }
  const bool lower = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  return proof.take(hit), lower && unknown_names(log) <= 2 ? possible + 4 : weak;
}

int misspelled(const Log& log, Proof& proof) {
  const auto hit = unknown_name(log);
  if (!hit) return 0;
  const std::string name = hit->get("name");
  constexpr std::array<std::string_view, 12> near{"Cstring",  "cstring",  "CSTRING",  "Gostring",
                                                  "goString", "gostring", "Char",     "Int",
                                                  "uint8",    "string",   "unsigned", "cString"};
  for (const std::string_view each : near) {
    if (name == each || name.starts_with(std::string(each) + "(")) return proof.take(hit), sure;
  }
  // One letter off a function that every C library has.
  constexpr auto common = std::to_array<std::string_view>(
      {"printf",   "fprintf",  "sprintf", "snprintf", "puts",      "fputs",     "malloc",
       "calloc",   "realloc",  "free",    "memcpy",   "memmove",   "memset",    "strlen",
       "strcmp",   "strncmp",  "strcpy",  "strncpy",  "strdup",    "getenv",    "setenv",
       "sizeof",   "strerror", "CString", "CBytes",   "GoString",  "GoStringN", "GoBytes",
       "uint",     "uchar",    "ulong",   "longlong", "ulonglong", "size_t",    "uint8_t",
       "uint32_t", "int64_t",  "double",  "float"});
  const std::vector<std::string_view> names(common.begin(), common.end());
  const std::string_view close = name.size() > 3 ? nearest(name, names) : std::string_view();
  if (!close.empty() && close != name) return proof.take(hit), likely;
  return proof.take(hit), weak - 5;
}

// Of the names that cgo does not know: how many differ in what stands before the first "_".
std::size_t families(const Log& log) {
  std::vector<std::string> seen;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::c_name_unknown) continue;
    const std::string_view name = one.get("name");
    const std::string family(name.substr(0, name.find('_')));
    if (std::ranges::find(seen, family) == seen.end()) seen.push_back(family);
  }
  return seen.size();
}

bool every_upper(const Log& log) {
  return std::ranges::all_of(log.events, [](const LogEvent& one) {
    return one.kind != EventKind::c_name_unknown ||
           std::ranges::none_of(one.get("name").substr(0, one.get("name").find(' ')),
                                [](char c) { return c >= 'a' && c <= 'z'; });
  });
}

int os_constant(const Log& log, Proof& proof) {
  const auto hit = unknown_name(log);
  if (!hit) return 0;
  const std::string name = hit->get("name");
  constexpr auto prefixes = std::to_array<std::string_view>(
      {"SHM_",     "CLONE_", "EPOLL",      "SOCK_CLOEXEC", "MAP_",   "PR_",   "RTLD_DEEPBIND",
       "TCP_",     "SO_",    "MS_",        "IN_",          "O_",     "MNT_",  "SIGRT",
       "SCHED_",   "AF_",    "PTRACE",     "TIOC",         "IFF_",   "BPF_",  "KERN_",
       "LOCK_",    "CLOCK_", "QOS_CLASS_", "EVFILT_",      "KEVENT", "NOTE_", "RLIMIT_",
       "IPPROTO_", "IP_",    "IPV6_"});
  for (const std::string_view each : prefixes) {
    if (name.starts_with(each)) return proof.take(hit), likely + 5;
  }
  // Names of several families at once: none of them is of this system.
  return every_upper(log) && families(log) > 1 ? (proof.take(hit), likely + 1) : 0;
}

// What a compiler says when a header is older, or newer, than the code that includes it.
int header_differs(const Log& log, Proof& proof) {
  if (const auto hit = log.find("#error {text}");
      hit && log.any("version", "requires", ">=", "supports", "newer", "older"))
    return proof.take(hit), likely + 5;
  for (const std::string_view pattern :
       {" has no member named '{name}'", " has no member named ‘{name}’",
        "no member named '{name}' in", "too few arguments to function",
        "too many arguments to function"}) {
    const auto hit = log.find(pattern);
    if (hit && log.any("_cgo", "/pkg/mod/", "cgo-gcc-prolog", "# "))
      return proof.take(hit), possible;
  }
  return 0;
}

int header_too_old(const Log& log, Proof& proof) {
  const auto hit = unknown_name(log);
  if (!hit) return header_differs(log, proof);
  if (unknown_names(log) >= 2) return proof.take(hit), likely;
  const bool upper = std::ranges::any_of(hit->get("name"), [](char c) { return c == '_'; });
  return proof.take(hit), upper ? possible + 8 : possible;
}

int export_preamble(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::symbol_duplicate);
  if (hit == nullptr) return 0;
  // The source, shown beside the failure.
  if (log.has("//export ")) return proof.take(hit), sure - 3;
  if (!log.any("_cgo_export.o", "_cgo_export.c", ".cgo2.o", "_x002.o", "_x001.o")) return 0;
  if (log.any("x_cgo_inittls", "_Cfunc_") && !log.has("_cgo_export")) return 0;
  return proof.take(hit), sure;
}

int duplicated_package(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::symbol_duplicate);
  if (hit == nullptr || log.has("_cgo_export.o")) return 0;
  if (log.any("x_cgo_inittls", "_cgo_yield")) return 0;
  // Objects of Go's own link have numbers: the C code of two packages.
  if (log.any("_Cfunc_", "vendor/", "/0000", "000001.o", "000002.o", "0000"))
    return proof.take(hit), likely + 8;
  return proof.take(hit), possible;
}

int lto(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::object_unreadable);
  if (hit != nullptr && log.any("-flto", "lto", "LTO")) return proof.take(hit), sure + 2;
  // Bitcode is no object to a linker without a plugin, and has no names for Go's own.
  const auto* format = log.event(EventKind::file_format, [](const LogEvent& one) {
    return one.text.contains("go-link") || one.text.contains("_cgo_") || one.text.contains(".o:");
  });
  if (format != nullptr && log.has("-flto")) return proof.take(format), sure + 2;
  const auto* lost = log.event(EventKind::symbol_undefined,
                               [](const LogEvent& one) { return one.voice.tool == "Go's linker"; });
  if (lost != nullptr && log.has("-flto")) return proof.take(lost), sure + 2;
  if (const auto other = log.find("plugin needed to handle lto object"))
    return proof.take(other), likely;
  if (const auto other = log.find("LLVM IR bitcode")) return proof.take(other), likely;
  if (const auto other = log.find("LLVM{n}bitcode"); other && !log.zig)
    return proof.take(other), possible;
  return hit != nullptr ? (proof.take(hit), possible - 3) : 0;
}

constexpr Matcher table[] = {
    {Code::cgo_disabled_needs_cgo, disabled_on_purpose},
    {Code::cgo_disabled_by_cross_compile, disabled_by_cross},
    {Code::cgo_disabled_no_c_compiler, disabled_no_compiler},
    {Code::cgo_buildmode_needs_cgo, buildmode},
    {Code::cgo_race_needs_cgo, race},
    {Code::cgo_c_file_without_import_c, c_file},
    {Code::toolchain_harmless_loadinternal_message, loadinternal},
    {Code::distro_pie_default_go, pie_default},
    {Code::sqlite_cgo_disabled_stub, sqlite_stub},
    {Code::sqlite_fts5_tag_missing, fts5},
    {Code::sqlite_musl_lfs64_pread64, musl_pread},
    {Code::sqlite_pread64_on_non_linux, other_pread},
    {Code::cgo_flag_rejected_cflags, rejected_cflags},
    {Code::cgo_flag_rejected_ldflags, rejected_ldflags},
    {Code::go_release_bug_cgo_flags, release_bug},
    {Code::cgo_preamble_blank_line, blank_line},
    {Code::cgo_misspelled_c_name, misspelled},
    {Code::cgo_os_specific_c_constant, os_constant},
    {Code::cgo_header_too_old_for_binding, header_too_old},
    {Code::cgo_definition_in_export_preamble, export_preamble},
    {Code::go_duplicated_vendored_cgo_package, duplicated_package},
    {Code::cgo_lto_object_unparsable, lto},
};

}  // namespace

extern const Matchers matchers_go;
const Matchers matchers_go{table};

}  // namespace tenon
