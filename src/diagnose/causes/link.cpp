// Topic "link": libraries, static links, musl, pkg-config.
#include <vector>

#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

int libstdcxx(const Log& log, Proof& proof) {
  if (const auto hit = log.find("libstdc++.so.6: error adding symbols: DSO missing"))
    return proof.take(hit), sure;
  if (const auto hit = log.find("cannot find -lstdc++"); hit && !log.static_link)
    return proof.take(hit), sure;
  for (const std::string_view pattern :
       {"undefined reference to '__gxx_personality_v0", "undefined reference to '__cxa_",
        "undefined reference to 'operator ",
        "undefined reference to `std::", "undefined reference to `operator ",
        "undefined reference to `__cxa_", "undefined reference to `__gxx_personality_v0",
        "undefined reference to `vtable for __cxxabi",
        "undefined symbol: std::", "undefined symbol: operator new", "undefined symbol: __cxa_",
        "undefined symbol: __gxx_personality_v0", "\"std::", "\"operator new",
        "\"___gxx_personality_v0", "\"___cxa_", "\"vtable for __cxxabiv1",
        "undefined reference to 'std::"}) {
    const auto hit = log.find(pattern);
    if (!hit) continue;
    if (log.any("musl", "alpine", "ignoring file")) return proof.take(hit), possible;
    return proof.take(hit), sure;
  }
  return 0;
}

// A member of an archive that is named in the line: "libgit2.a(zstream.c.o)".
bool names_member(std::string_view text) {
  const std::size_t at = text.find(".a(");
  return at != text.npos && text.find(')', at) != text.npos;
}

// Functions of libraries that everybody has and nobody names.
bool of_usual_library(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"dlopen",
                                                          "dlsym",
                                                          "dlclose",
                                                          "dlerror",
                                                          "pthread_create",
                                                          "pthread_mutexattr_settype",
                                                          "sem_init",
                                                          "shm_open",
                                                          "clock_gettime",
                                                          "timer_create",
                                                          "pow",
                                                          "exp",
                                                          "log",
                                                          "sqrt",
                                                          "floor",
                                                          "ceil",
                                                          "fmod",
                                                          "inflate",
                                                          "deflate",
                                                          "crc32",
                                                          "compress2",
                                                          "inflateInit_",
                                                          "deflateInit_",
                                                          "SSL_new",
                                                          "EVP_DigestInit_ex",
                                                          "iconv_open",
                                                          "libiconv"});
  while (name.starts_with('_') || name.starts_with('`') || name.starts_with('\'')) {
    name.remove_prefix(1);
  }
  name = name.substr(0, name.find_first_of("'`\" @("));
  return std::ranges::find(names, name) != names.end();
}

int archive_deps(const Log& log, Proof& proof) {
  if (log.count(EventKind::symbol_undefined) == 0 || log.has("-fPIC")) return 0;
  const auto* of_cxx = log.event(EventKind::symbol_undefined, [](const LogEvent& one) {
    const std::string_view name = one.get("name");
    return name.contains("std::") || name.contains("operator ") || name.contains("__cxa_") ||
           name.contains("__gxx_");
  });
  if (of_cxx != nullptr) return 0;
  if (log.alpine && log.any("_chk'", "_chk`", "__isoc99")) return 0;
  // GNU ld and lld tell the member in the line above or below, ld64 in those below.
  std::optional<LogMatch> from;
  for (const std::string_view pattern : {"n function {name}", ".a({member}: undefined reference",
                                         ">>> referenced by", " in lib", ".a({member})"}) {
    for (auto& hit : log.all(pattern)) {
      if (from || !names_member(hit.text)) continue;
      from = std::move(hit);
    }
    if (from) break;
  }
  if (from) {
    proof.take(log.event(EventKind::symbol_undefined));
    return proof.take(from), likely;
  }
  const auto* usual = log.event(EventKind::symbol_undefined, [](const LogEvent& one) {
    return one.voice.tool != "Go's linker" && of_usual_library(one.get("name"));
  });
  if (usual != nullptr) return proof.take(usual), log.static_link ? likely : likely - 5;
  return 0;
}

int not_pic(const Log& log, Proof& proof) {
  if (proof.take(log.find("recompile with -fPIC"))) return sure;
  if (proof.take(log.find("recompile with -fPIE"))) return sure;
  if (const auto hit = log.find("relocation R_X86_64_32{rest} against"))
    return proof.take(hit), sure - 2;
  return proof.take(log.find("relocation R_AARCH64_ADR_PREL_PG_HI21 against")) ? likely : 0;
}

int zlib_gnu(const Log& log, Proof& proof) {
  if (const auto hit = log.find("--compress-debug-sections");
      hit && hit->text.contains("zlib-gnu") && hit->text.contains("rror"))
    return proof.take(hit), sure;
  return 0;
}

int needs_glibc(const Log& log, Proof& proof) {
  for (const std::string_view name : {"gnu_get_libc_version",
                                      "backtrace_symbols",
                                      "malloc_trim",
                                      "`backtrace'",
                                      "`mallinfo",
                                      "`obstack_",
                                      "`argp_parse",
                                      "`fts_open",
                                      "`rawmemchr",
                                      "`canonicalize_file_name",
                                      "__fprintf_chk",
                                      "__printf_chk",
                                      "__memcpy_chk",
                                      "__sprintf_chk",
                                      "__snprintf_chk",
                                      "__vsnprintf_chk",
                                      "__strcpy_chk",
                                      "__strcat_chk",
                                      "__isoc99_sscanf",
                                      "__isoc99_",
                                      "gnu_get_libc_version",
                                      "__memset_chk",
                                      "__fdelt_chk",
                                      "__longjmp_chk",
                                      "__vfprintf_chk",
                                      "__read_chk",
                                      "__strncpy_chk",
                                      "__realpath_chk",
                                      "__ctype_b_loc'",
                                      "__isoc23_"}) {
    const auto hit = log.find(name);
    if (!hit || !hit->text.contains("ndefined")) continue;
    const bool musl = log.alpine || log.zig || hit->text.contains("ld.lld");
    return proof.take(hit), musl ? sure : likely;
  }
  // Names that begin so are the C library's own; musl has few of glibc's.
  const auto* inner = log.event(EventKind::symbol_undefined, [](const LogEvent& one) {
    std::string_view name = one.get("name");
    while (name.starts_with('`') || name.starts_with('\'') || name.starts_with("‘")) {
      name.remove_prefix(name.starts_with("‘") ? 3 : 1);
    }
    return name.starts_with("__") && !name.starts_with("__cxa") && !name.starts_with("__gxx") &&
           !name.starts_with("__imp_") && !name.starts_with("__stack_chk") &&
           !name.starts_with("__atomic") && !name.starts_with("__aarch64");
  });
  if (inner != nullptr && (log.alpine || log.has("_glibc_"))) return proof.take(inner), sure - 2;
  if (inner != nullptr && log.any("race_linux_amd64.syso", "race_linux_arm64.syso"))
    return proof.take(inner), likely;
  // musl's loader speaks: of a library that somebody built elsewhere, or of the program itself.
  // musl 1.2.4 and later link no names of the time when offsets had 32 bits.
  for (const std::string_view name :
       {"pread64'", "pwrite64'", "open64'", "openat64'", "fstat64'", "lstat64'", "stat64'",
        "lseek64'", "ftruncate64'", "readdir64'", "__res_init'", "fcntl64'", "mmap64'"}) {
    const auto hit = log.find("undefined reference to `" + std::string(name));
    if (hit && log.alpine) return proof.take(hit), sure;
  }
  if (const auto hit = log.find("Error relocating {file}: __{name}_chk: symbol not found"))
    return proof.take(hit), hit->get("file").contains(".so") ? sure : likely;
  if (log.alpine) {
    if (const auto hit = log.find("Error relocating {file}: {name}: symbol not found"))
      return proof.take(hit), hit->get("file").contains(".so") ? likely : possible;
    if (const auto hit = log.find("ld-linux-x86-64.so.2, needed by"))
      return proof.take(hit), likely;
  }
  return 0;
}

const LogEvent* static_use(const Log& log, bool of_dlopen) {
  return log.event(EventKind::static_warning,
                   [&](const LogEvent& one) { return (one.get("name") == "dlopen") == of_dlopen; });
}

int nss_warning(const Log& log, Proof& proof) {
  if (const auto* hit = static_use(log, false)) return proof.take(hit), possible + 5;
  const auto* dlopen = static_use(log, true);
  return dlopen != nullptr ? (proof.take(dlopen), weak) : 0;
}

int dlopen_static(const Log& log, Proof& proof) {
  // musl's own words, and those of a library that meets another glibc than was linked in.
  if (const auto hit = log.find("Dynamic loading not supported")) return proof.take(hit), sure;
  if (const auto hit = log.find("GLIBC_PRIVATE' not found")) return proof.take(hit), likely;
  return proof.take(static_use(log, true)) ? possible + 10 : 0;
}

int nss_crash(const Log& log, Proof& proof) {
  // The trace of a crash whose first lines are not shown.
  if (const auto hit = log.find("_C2func_getaddrinfo("); hit && log.any(" fp=0x", "[syscall"))
    return proof.take(hit), likely + 8;
  if (!log.any("SIGSEGV", "SIGFPE", "unexpected signal", "signal 0xb", "segmentation",
               "Segmentation", "floating point", "__libc_dlopen", "__nss_lookup", "dl_open_worker"))
    return 0;
  if (const auto hit = log.find("getaddrinfo"); hit && !log.has("warning: Using"))
    return proof.take(hit), likely + 8;
  if (const auto hit = log.find("_cgo_{hash}_C2func_get")) return proof.take(hit), likely;
  for (const std::string_view name :
       {"mygetpwnam", "mygetpwuid", "mygetgr", "getpwnam_r", "getgrgid_r", "getgrouplist"}) {
    if (const auto hit = log.find(name)) return proof.take(hit), likely + 5;
  }
  if (const auto hit = log.find("_nss_")) return proof.take(hit), likely;
  if (const auto hit = log.find("getpwuid")) return proof.take(hit), likely;
  return 0;
}

// What GNU ld and its like do not find.
std::vector<const LogEvent*> missing_libraries(const Log& log) {
  std::vector<const LogEvent*> out;
  for (const LogEvent& one : log.events) {
    if (one.kind == EventKind::library_missing && one.voice.tool == "GNU ld") out.push_back(&one);
  }
  return out;
}

bool third_party_missing(const Log& log) {
  return std::ranges::any_of(missing_libraries(log), [](const LogEvent* one) {
    return !is_libc_library(library_of(*one));
  });
}

int glibc_static(const Log& log, Proof& proof) {
  for (const LogEvent* hit : missing_libraries(log)) {
    const std::string name = library_of(*hit);
    if (!is_libc_library(name) || hit->text.contains("alpine")) continue;
    if (name == "stdc++" && !log.static_link) continue;
    if (name == "resolv" && !log.static_link) return proof.take(hit), possible;
    // Start files come with the shared C library's own package: that one is missing as a whole.
    if (!log.static_link && log.count(EventKind::start_file_missing) > 0)
      return proof.take(hit), possible;
    if (log.static_link && third_party_missing(log)) return proof.take(hit), likely;
    return proof.take(hit), sure;
  }
  return 0;
}

int no_archive(const Log& log, Proof& proof) {
  // Without archives of the C library and of others the link is static, though nobody says so.
  const auto libraries = missing_libraries(log);
  const bool whole = log.count(EventKind::start_file_missing) > 0;
  const bool archives = !whole && std::ranges::any_of(libraries, [](const LogEvent* one) {
    const std::string name = library_of(*one);
    return name == "c" || name == "m" || name == "pthread";
  });
  for (const LogEvent* hit : libraries) {
    const bool own = is_libc_library(library_of(*hit));
    if (!own && archives && !log.static_link) return proof.take(hit), sure + 1;
    if (own) {
      if (log.static_link) continue;
      return proof.take(hit), weak;
    }
    if (log.static_link) return proof.take(hit), sure;
  }
  if (const auto hit = log.find("unable to find library -l{name}"); hit && log.static_link)
    return proof.take(hit), sure - 2;
  if (const auto hit = log.find("attempted static link of dynamic object"))
    return proof.take(hit), sure + 2;
  return 0;
}

int static_pie(const Log& log, Proof& proof) { return proof.take(log.find("rcrt1.o")) ? sure : 0; }

int pc_not_installed(const Log& log, Proof& proof) {
  if (proof.take(log.find("exec: \"pkg-config\": executable file not found"))) return sure + 3;
  if (proof.take(log.find("pkg-config: command not found"))) return sure;
  return proof.take(log.find("pkg-config: not found")) ? sure : 0;
}

int pc_env(const Log& log, Proof& proof) {
  auto hit = log.find("exec: \"{tool}\": executable file not found");
  if (!hit) hit = log.find("exec: \"{tool}\": stat {path}: no such file");
  if (!hit) hit = log.find("fork/exec {tool}: no such file");
  if (hit && hit->get("tool").contains("pkg-config") && hit->get("tool") != "pkg-config")
    return proof.take(hit), sure + 3;
  if (hit && hit->get("tool").contains("pkgconf")) return proof.take(hit), sure;
  return 0;
}

int pc_missing(const Log& log, Proof& proof) {
  if (const auto hit = log.find("Package {name} was not found in the pkg-config search path"))
    return proof.take(hit), likely + 8;
  if (const auto hit = log.find("Package '{name}', required by 'virtual:world', not found"))
    return proof.take(hit), likely + 8;
  if (const auto hit = log.find("Package '{name}', required by 'world', not found"))
    return proof.take(hit), likely + 8;
  if (const auto hit = log.find("No package '{name}' found")) return proof.take(hit), likely + 5;
  return 0;
}

int pc_elsewhere(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::pc_missing, [](const LogEvent& one) {
    return one.get("other").empty() || one.get("other").ends_with("world");
  });
  if (hit == nullptr) return 0;
  proof.take(hit);
  // Somebody has looked, and it is there.
  std::string name(hit->get("name"));
  name = name.substr(0, name.find_first_of("'\" "));
  if (log.has("/" + name + ".pc\n")) return sure;
  if (!hit->text.starts_with("Package ")) return 0;
  // A Mac with Homebrew, or somebody who has just installed it: it is usually there.
  return log.darwin ? likely : possible;
}

int pc_required(const Log& log, Proof& proof) {
  for (const auto& hit : log.all("Package '{name}', required by '{other}', not found")) {
    const std::string other = hit.get("other");
    if (other == "world" || other == "virtual:world") continue;
    return proof.take(hit), sure + 2;
  }
  return proof.take(log.find("Package '{other}' requires '{name}' but version of")) ? likely + 10
                                                                                    : 0;
}

int pc_malformed(const Log& log, Proof& proof) {
  // A lone -I or -L: the folder behind it is empty.
  for (const std::string_view pattern :
       {"invalid flag in pkg-config --cflags: -I$", "invalid flag in pkg-config --libs: -L$",
        "invalid flag in pkg-config --cflags: -I ", "invalid flag in pkg-config --libs: -L "}) {
    if (const auto hit = log.find(pattern)) return proof.take(hit), sure + 2;
  }
  for (const std::string_view pattern :
       {"Variable '{name}' not defined in", "' has no Version: field", "' has no Name: field",
        "' has no Description: field", "Unknown keyword '{word}' in '",
        "argument to '-I' is missing", "argument to '-L' is missing", "missing path after '-I'",
        "missing path after ‘-I’", "malformed keyword"}) {
    if (const auto hit = log.find(pattern);
        hit && log.any(".pc", "pkg-config", "pkgconf", "-I", "-L"))
      return proof.take(hit), likely;
  }
  return 0;
}

int pc_space(const Log& log, Proof& proof) {
  // "C:/Program Files (x86)/..." came apart.
  if (const auto hit = log.find("error: Files: No such file or directory");
      hit && log.any(":/Program", ":\\Program"))
    return proof.take(hit), likely + 10;
  for (const std::string_view pattern : {"invalid flag in pkg-config --libs: {flag}",
                                         "invalid flag in pkg-config --cflags: {flag}"}) {
    const auto hit = log.find(pattern);
    if (hit && !hit->get("flag").starts_with("-")) return proof.take(hit), sure;
  }
  return 0;
}

int pc_directive(const Log& log, Proof& proof) {
  // Libraries among the flags of a compile: an option on the line asks for them.
  if (const auto hit = log.find("invalid flag in pkg-config --cflags: -l{name}"))
    return proof.take(hit), sure + 1;
  if (const auto hit = log.find("invalid pkg-config package name: {name}"))
    return proof.take(hit), sure;
  return 0;
}

int pc_cross(const Log& log, Proof& proof) {
  // Headers of the build machine in a compile for another.
  if (log.has("pkg-config") && log.cross && log.any("aarch64-linux-gnu-", "arm-linux-gnueabi")) {
    if (const auto hit = log.find("/usr/include/x86_64-linux-gnu/{header}"))
      return proof.take(hit), sure + 2;
  }
  if (proof.take(log.find("unsafe header/library path used in cross-compilation"))) return sure + 3;
  if (proof.take(log.find("pkg-config has not been configured to support cross-compilation")))
    return sure;
  return 0;
}

int resolv(const Log& log, Proof& proof) {
  for (const std::string_view name : {"\"_res_9_", "undefined symbol: res_9_", "_res_ninit",
                                      "_res_nclose", "_res_nsearch", "_res_9_n"}) {
    if (proof.take(log.find(name))) return sure;
  }
  return 0;
}

constexpr Cause table[] = {
    {.code = "TN2401",
     .slug = "link/libstdcxx-missing",
     .title = "C++ objects without the C++ library",
     .happens = "The link uses a C driver, and objects of C++ need the C++ run time.",
     .tell = "Names of std:: or operator new are undefined.",
     .fix = "Name the library.",
     .prevent = "A .cpp file in the package makes cgo link with the C++ driver.",
     .commands = {"env CGO_LDFLAGS=-lstdc++ go build"},
     .match = libstdcxx},
    {.code = "TN2402",
     .slug = "link/static-archive-deps-missing",
     .title = "An archive's own libraries are not named",
     .happens = "A static library does not say what it needs; the link has to.",
     .tell = "References in {archive}.a are undefined.",
     .fix = "Add what it needs behind it.",
     .prevent = "Use `pkg-config --static --libs`.",
     .commands = {"pkg-config --static --libs NAME"},
     .match = archive_deps},
    {.code = "TN2403",
     .slug = "linker/c-object-not-pic",
     .title = "Objects are not position-independent",
     .happens = "A PIE or shared link needs code that can lie anywhere, and an archive was "
                "compiled without -fPIC.",
     .tell = "recompile with -fPIC.",
     .fix = "Compile it with -fPIC, or link a plain program.",
     .prevent = "Compile libraries with -fPIC.",
     .commands = {"go build -buildmode=exe"},
     .match = not_pic},
    {.code = "TN2404",
     .slug = "linker/lld-lacks-zlib-gnu",
     .title = "lld refuses zlib-gnu",
     .happens = "An older Go asks for a form of compression that lld dropped.",
     .tell = "--compress-debug-sections=zlib-gnu in an error.",
     .fix = "Do not compress DWARF, or update Go.",
     .prevent = "Update Go.",
     .commands = {"go build -ldflags=-compressdwarf=false"},
     .match = zlib_gnu},
    {.code = "TN2405",
     .slug = "musl/prebuilt-lib-needs-glibc",
     .title = "A library made for glibc in a musl link",
     .happens = "The archive calls functions that only glibc has.",
     .tell = "Names end in _chk or begin with __isoc99.",
     .fix = "Build it for musl, use its musl tag, or link against glibc.",
     .prevent = "`tenon build` supplies these names for musl.",
     .commands = {"tenon build --target {target}:musl", "go build -tags musl"},
     .match = needs_glibc},
    {.code = "TN2406",
     .slug = "static/glibc-nss-warning",
     .title = "getaddrinfo in a static glibc program: a warning",
     .happens = "glibc loads name services at run time, also from a static program.",
     .tell = "The line is a warning, the link succeeds.",
     .fix = "Nothing, or resolve names in Go.",
     .prevent = "Use musl for static programs.",
     .commands = {"go build -tags netgo,osusergo"},
     .harmless = true,
     .match = nss_warning},
    {.code = "TN2407",
     .slug = "static/glibc-nss-crash",
     .title = "A static glibc program crashes in name services",
     .happens = "Name services of another glibc are loaded into a static program.",
     .tell = "getaddrinfo or getpwuid in the trace.",
     .fix = "Resolve in Go, link dynamically, or use musl.",
     .prevent = "Use musl for static programs.",
     .commands = {"go build -tags netgo,osusergo"},
     .match = nss_crash},
    {.code = "TN2408",
     .slug = "static/glibc-static-not-installed",
     .title = "The static C library is not installed",
     .happens = "A static link needs libc.a, which Fedora and RHEL have in a package of its own.",
     .tell = "cannot find -lc or -lpthread.",
     .fix = "Install it.",
     .prevent = "Use musl for static programs.",
     .commands = {"dnf install glibc-static", "apt-get install libc6-dev"},
     .rivals = {"static/dependency-has-no-archive"},
     .match = glibc_static},
    {.code = "TN2409",
     .slug = "static/dependency-has-no-archive",
     .title = "A library has no static form here",
     .happens = "A static link needs lib{name}.a, and the package has only the shared library.",
     .tell = "cannot find -l{name} with -static.",
     .fix = "Install its -static package, or link dynamically.",
     .prevent = "Alpine has -static packages for most.",
     .commands = {"apk add {name}-static"},
     .match = no_archive},
    {.code = "TN2410",
     .slug = "static/dlopen-in-static-binary",
     .title = "dlopen in a static program",
     .happens =
         "A static glibc program can load libraries only of the very glibc it was linked with.",
     .tell = "Using 'dlopen' in statically linked applications.",
     .fix = "Link dynamically, or remove what calls dlopen.",
     .prevent = "Do not link plugins statically.",
     .match = dlopen_static},
    {.code = "TN2411",
     .slug = "static/static-pie-crt-missing",
     .title = "No start file for a static PIE",
     .happens = "A static position-independent program needs rcrt1.o, which this C library lacks.",
     .tell = "rcrt1.o is missing.",
     .fix = "Link without PIE.",
     .prevent = "Use musl.",
     .commands = {"go build -buildmode=exe"},
     .match = static_pie},
    {.code = "TN0609",
     .slug = "pkgconfig/not-installed",
     .title = "pkg-config is not installed",
     .happens = "A package asks pkg-config for flags.",
     .tell = "`command -v pkg-config` prints nothing.",
     .fix = "Install it.",
     .prevent = "List it beside the compiler.",
     .commands = {"apt-get install pkg-config", "brew install pkgconf"},
     .match = pc_not_installed},
    {.code = "TN2413",
     .slug = "pkgconfig/env-points-to-missing-tool",
     .title = "PKG_CONFIG names a program that is missing",
     .happens = "PKG_CONFIG, from the environment or `go env -w`, names {tool}.",
     .tell = "`go env PKG_CONFIG`.",
     .fix = "Remove it or install the tool.",
     .prevent = "Set it for one command only.",
     .commands = {"go env -u PKG_CONFIG"},
     .match = pc_env},
    {.code = "TN0608",
     .slug = "pkgconfig/dev-package-missing",
     .title = "A library's .pc file is missing",
     .happens = "pkg-config does not know {name}: its development package is not installed, or "
                "lies elsewhere.",
     .tell = "`pkg-config --exists {name}`.",
     .fix = "Install the development package of {name}. `tenon build` and builds for another "
            "machine ask the .pc files of --sysroot DIR, not those of this machine; for macOS name "
            "the library by CGO_CFLAGS and CGO_LDFLAGS.",
     .prevent = "List it beside the compiler.",
     .commands = {"apt-file search {name}.pc", "brew install {name}"},
     .rivals = {"pkgconfig/pc-not-in-search-path"},
     .decide = "find / -name {name}.pc",
     .installs = true,
     .match = pc_missing},
    {.code = "TN2415",
     .slug = "pkgconfig/pc-not-in-search-path",
     .title = "The .pc file is elsewhere",
     .happens = "{name}.pc exists in a folder that pkg-config does not search.",
     .tell = "`find / -name {name}.pc` finds it.",
     .fix = "Name the folder.",
     .prevent = "Use the pkg-config of the same package manager.",
     .commands = {"env PKG_CONFIG_PATH=DIR go build"},
     .rivals = {"pkgconfig/dev-package-missing"},
     .decide = "find / -name {name}.pc",
     .match = pc_elsewhere},
    {.code = "TN2416",
     .slug = "pkgconfig/required-pc-missing",
     .title = "A library's own requirement is missing",
     .happens = "{other} needs {name}, whose .pc file is not found.",
     .tell = "required by '{other}'.",
     .fix = "Install the development package of {name}. `tenon build` and builds for another "
            "machine ask the .pc files of --sysroot DIR, not those of this machine; for macOS name "
            "the library by CGO_CFLAGS and CGO_LDFLAGS.",
     .prevent = "Install development packages by the package manager.",
     .commands = {"apt-file search {name}.pc"},
     .installs = true,
     .match = pc_required},
    {.code = "TN2417",
     .slug = "pkgconfig/malformed-pc-file",
     .title = "A .pc file gives an empty path",
     .happens = "A variable in a .pc file is empty, and -I or -L stands alone.",
     .tell = "`pkg-config --cflags --libs NAME`.",
     .fix = "Correct or update that package.",
     .prevent = "Check .pc files of your own with pkg-config --validate.",
     .commands = {"pkg-config --validate NAME"},
     .match = pc_malformed},
    {.code = "TN2418",
     .slug = "pkgconfig/space-in-path",
     .title = "A blank in a path of a .pc file",
     .happens = "The flags are split at the blank.",
     .tell = "The refused flag is half of a path.",
     .fix = "Move it to a folder without blanks.",
     .prevent = "Install libraries to such folders.",
     .match = pc_space},
    {.code = "TN2419",
     .slug = "pkgconfig/bad-directive",
     .title = "Options in #cgo pkg-config",
     .happens = "The line takes names of packages only.",
     .tell = "invalid pkg-config package name.",
     .fix = "Remove the options.",
     .prevent = "Use #cgo LDFLAGS for flags.",
     .match = pc_directive},
    {.code = "TN0610",
     .slug = "pkgconfig/cross-uses-host-pc",
     .title = "pkg-config answers for this machine",
     .happens = "In a cross build pkg-config gives paths of the machine that builds.",
     .tell = "-I/usr/include in a cross build.",
     .fix = "Point it to the target's folders.",
     .prevent = "`tenon build --sysroot` isolates it.",
     .commands = {"env PKG_CONFIG_LIBDIR=SYSROOT/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=SYSROOT "
                  "go build"},
     .match = pc_cross},
    {.code = "TN2421",
     .slug = "darwin/libresolv-not-linked",
     .title = "libresolv is not linked",
     .happens = "Since Go 1.20 the net package calls libresolv on macOS; who links a Go archive "
                "has to name it.",
     .tell = "_res_9_ functions are undefined.",
     .fix = "Add -lresolv to the final link.",
     .prevent = "Note it beside the archive.",
     .commands = {"clang main.c libgo.a -lresolv"},
     .match = resolv},
};

}  // namespace

extern const CauseTopic causes_link;
const CauseTopic causes_link{"link", table};

}  // namespace tenon
