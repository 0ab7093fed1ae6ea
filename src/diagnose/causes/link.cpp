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

constexpr Matcher table[] = {
    {Code::link_libstdcxx_missing, libstdcxx},
    {Code::link_static_archive_deps_missing, archive_deps},
    {Code::linker_c_object_not_pic, not_pic},
    {Code::linker_lld_lacks_zlib_gnu, zlib_gnu},
    {Code::musl_prebuilt_lib_needs_glibc, needs_glibc},
    {Code::static_glibc_nss_warning, nss_warning},
    {Code::static_glibc_nss_crash, nss_crash},
    {Code::static_glibc_static_not_installed, glibc_static},
    {Code::static_dependency_has_no_archive, no_archive},
    {Code::static_dlopen_in_static_binary, dlopen_static},
    {Code::static_static_pie_crt_missing, static_pie},
    {Code::pkgconfig_not_installed, pc_not_installed},
    {Code::pkgconfig_env_points_to_missing_tool, pc_env},
    {Code::pkgconfig_dev_package_missing, pc_missing},
    {Code::pkgconfig_pc_not_in_search_path, pc_elsewhere},
    {Code::pkgconfig_required_pc_missing, pc_required},
    {Code::pkgconfig_malformed_pc_file, pc_malformed},
    {Code::pkgconfig_space_in_path, pc_space},
    {Code::pkgconfig_bad_directive, pc_directive},
    {Code::pkgconfig_cross_uses_host_pc, pc_cross},
    {Code::darwin_libresolv_not_linked, resolv},
};

}  // namespace

extern const Matchers matchers_link;
const Matchers matchers_link{table};

}  // namespace tenon
