// Predicates of rows on one text: a name, a path, a line.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "diagnose/rows/names.h"
#include "diagnose/rows/symbols.h"
#include "diagnose/rows/tests.h"
#include "platform/packages.h"
#include "platform/symbol_libraries.h"

namespace tenon::rows {

// Packages of every release of Go: where one is missing, GOROOT is wrong.
bool is_old_std_package(std::string_view name) {
  constexpr auto names =
      std::to_array<std::string_view>({"archive/tar",   "bufio",         "builtin",
                                       "bytes",         "cmd/cgo",       "compress/gzip",
                                       "crypto",        "crypto/md5",    "crypto/sha1",
                                       "crypto/tls",    "crypto/x509",   "database/sql",
                                       "encoding/hex",  "errors",        "encoding/json",
                                       "expvar",        "flag",          "fmt",
                                       "hash",          "html",          "io",
                                       "io/ioutil",     "log",           "math",
                                       "math/rand",     "mime",          "net",
                                       "net/http",      "net/url",       "os",
                                       "os/exec",       "os/signal",     "path",
                                       "os/user",       "path/filepath", "reflect",
                                       "regexp",        "runtime",       "runtime/cgo",
                                       "runtime/debug", "sort",          "strconv",
                                       "strings",       "sync",          "sync/atomic",
                                       "syscall",       "text/template", "time",
                                       "testing",       "unicode",       "unicode/utf8",
                                       "unsafe",        "encoding",      "encoding/base64"});
  return std::ranges::find(names, name) != names.end();
}

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

bool has_triple(std::string_view program) {
  return std::ranges::count(program.substr(program.find_last_of("/\\") + 1), '-') >= 2;
}

// Headers of the C library itself.
bool is_libc_header(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"stdlib.h",      "stdio.h",       "string.h",       "strings.h",
       "stdint.h",      "errno.h",       "unistd.h",       "pthread.h",
       "signal.h",      "limits.h",      "assert.h",       "ctype.h",
       "math.h",        "time.h",        "fcntl.h",        "features.h",
       "inttypes.h",    "wchar.h",       "wctype.h",       "locale.h",
       "setjmp.h",      "stddef.h",      "stdarg.h",       "stdbool.h",
       "sched.h",       "semaphore.h",   "poll.h",         "termios.h",
       "syslog.h",      "getopt.h",      "glob.h",         "libgen.h",
       "dirent.h",      "fnmatch.h",     "regex.h",        "utime.h",
       "netdb.h",       "pwd.h",         "grp.h",          "dlfcn.h",
       "byteswap.h",    "endian.h",      "ifaddrs.h",      "execinfo.h",
       "malloc.h",      "resolv.h",      "arpa/inet.h",    "netinet/in.h",
       "netinet/tcp.h", "net/if.h",      "sys/types.h",    "sys/stat.h",
       "sys/socket.h",  "sys/time.h",    "sys/mman.h",     "sys/wait.h",
       "sys/select.h",  "sys/ioctl.h",   "sys/resource.h", "sys/param.h",
       "sys/uio.h",     "sys/un.h",      "sys/utsname.h",  "sys/syscall.h",
       "sys/epoll.h",   "sys/statvfs.h", "sys/cdefs.h",    "bits/libc-header-start.h",
       "bits/types.h",  "gnu/stubs.h",   "gnu/stubs-32.h", "gnu/stubs-64.h"});
  return std::ranges::find(names, name) != names.end();
}

namespace {

// Headers of Apple's SDK: nobody installs them apart.
bool is_apple_header(std::string_view name) {
  constexpr auto starts = std::to_array<std::string_view>({"CoreFoundation/",
                                                           "Foundation/",
                                                           "Security/",
                                                           "Cocoa/",
                                                           "AppKit/",
                                                           "IOKit/",
                                                           "CoreServices/",
                                                           "ApplicationServices/",
                                                           "Carbon/",
                                                           "CoreGraphics/",
                                                           "CoreAudio/",
                                                           "AudioToolbox/",
                                                           "CoreMIDI/",
                                                           "Metal/",
                                                           "QuartzCore/",
                                                           "WebKit/",
                                                           "UserNotifications/",
                                                           "LocalAuthentication/",
                                                           "SystemConfiguration/",
                                                           "CoreWLAN/",
                                                           "CoreBluetooth/",
                                                           "Availability",
                                                           "TargetConditionals.h",
                                                           "AvailabilityMacros.h",
                                                           "mach/",
                                                           "libkern/",
                                                           "os/lock.h",
                                                           "dispatch/",
                                                           "objc/",
                                                           "xpc/",
                                                           "_types.h",
                                                           "sys/_types"});
  return std::ranges::any_of(starts, [&](std::string_view one) { return name.starts_with(one); });
}

bool has_path_or_flags(std::string_view program) {
  return program.contains('/') || program.contains(' ') || program.contains('\\');
}

// What go itself hands to the linker: compiled for the target, whatever the linker believes.
bool of_go_link(std::string_view file) {
  return file.contains("go.o") || file.contains("000000.o") || file.contains("go-link");
}

bool in_module(std::string_view file) {
  return file.contains("pkg/mod") || file.contains("/vendor/") || file.contains("\\pkg\\mod");
}

// A warning "ignoring file" of a link for amd64.
bool links_for_amd64(std::string_view text) {
  for (const std::string_view words : {"building for macOS-", "linked (", "required architecture '",
                                       "architecture being linked ("}) {
    const std::size_t at = text.find(words);
    if (at != text.npos && text.substr(at + words.size()).starts_with("x86_64")) return true;
  }
  return false;
}

// A file of the standard library, with its line.
bool std_source_file(std::string_view text) {
  const bool library = text.contains("/go/src/") || text.contains("libexec/src/") ||
                       text.contains("\\go\\src\\") || text.contains("\\Go\\src\\");
  const std::size_t file = text.find(".go:");
  return library && file != text.npos && text.find("src") < file;
}

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

// "14", "14.0.6".
bool release_number(std::string_view text) {
  return text.find_first_not_of("0123456789.") == text.npos;
}

// How clang words what gcc words otherwise.
bool clang_words(std::string_view text) {
  return text.contains("is invalid in C99") || text.contains("[-Werror,-W") ||
         text.contains("call to undeclared function") || text.contains("use of undeclared");
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

// Names that begin so are the C library's own, but for those of compilers.
bool libc_inner_name(std::string_view name) {
  while (name.starts_with('`') || name.starts_with('\'') || name.starts_with("‘")) {
    name.remove_prefix(name.starts_with("‘") ? 3 : 1);
  }
  return name.starts_with("__") && !name.starts_with("__cxa") && !name.starts_with("__gxx") &&
         !name.starts_with("__imp_") && !name.starts_with("__stack_chk") &&
         !name.starts_with("__atomic") && !name.starts_with("__aarch64");
}

// "printer.local": one name before it. Longer ones are those of clusters and companies.
bool multicast(std::string_view host) {
  return host.ends_with(".local") && std::ranges::count(host, '.') == 1;
}

// What the standard library got since Go 1.7.
bool of_newer_std(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"context",
                                                          "math/bits",
                                                          "net/http/httptrace",
                                                          "slices",
                                                          "maps",
                                                          "cmp",
                                                          "iter",
                                                          "log/slog",
                                                          "embed",
                                                          "io/fs",
                                                          "math/rand/v2",
                                                          "net/netip",
                                                          "unique",
                                                          "weak",
                                                          "structs",
                                                          "testing/fstest",
                                                          "testing/slogtest",
                                                          "testing/synctest",
                                                          "runtime/metrics",
                                                          "runtime/coverage",
                                                          "runtime/cgo",
                                                          "crypto/ecdh",
                                                          "crypto/hkdf",
                                                          "crypto/pbkdf2",
                                                          "crypto/sha3",
                                                          "crypto/mlkem",
                                                          "crypto/fips140",
                                                          "crypto/ed25519",
                                                          "encoding/json/v2",
                                                          "encoding/json/jsontext",
                                                          "go/version",
                                                          "go/build/constraint",
                                                          "hash/maphash",
                                                          "time/tzdata",
                                                          "os/signal",
                                                          "arena",
                                                          "simd",
                                                          "sync/v2",
                                                          "container/heap/v2",
                                                          "debug/buildinfo",
                                                          "go/doc/comment",
                                                          "errors/v2"});
  return std::ranges::find(names, name) != names.end() || name.starts_with("internal/") ||
         name.starts_with("crypto/internal/");
}

bool has_upper(std::string_view name) {
  return std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// One letter off a function or type that every C library, or cgo, has.
bool near_usual_name(std::string_view name) {
  constexpr auto common = std::to_array<std::string_view>(
      {"printf",   "fprintf",  "sprintf", "snprintf", "puts",      "fputs",     "malloc",
       "calloc",   "realloc",  "free",    "memcpy",   "memmove",   "memset",    "strlen",
       "strcmp",   "strncmp",  "strcpy",  "strncpy",  "strdup",    "getenv",    "setenv",
       "sizeof",   "strerror", "CString", "CBytes",   "GoString",  "GoStringN", "GoBytes",
       "uint",     "uchar",    "ulong",   "longlong", "ulonglong", "size_t",    "uint8_t",
       "uint32_t", "int64_t",  "double",  "float"});
  const std::vector<std::string_view> names(common.begin(), common.end());
  const std::string_view close = name.size() > 3 ? nearest(name, names) : std::string_view();
  return !close.empty() && close != name;
}

// Frameworks with C or Objective-C headers in /System/Library/Frameworks of macOS.
constexpr std::string_view frameworks =
    "AGL AVFAudio AVFoundation AVKit Accelerate Accessibility Accounts AddressBook AppKit "
    "AppleScriptKit ApplicationServices AudioToolbox AudioUnit AuthenticationServices "
    "AutomaticAssessment Automator BackgroundTasks BusinessChat CFNetwork CalendarStore CallKit "
    "Carbon ClassKit CloudKit Cocoa Collaboration ColorSync Combine Contacts ContactsUI "
    "CoreAudio CoreAudioKit CoreBluetooth CoreData CoreDisplay CoreFoundation CoreGraphics "
    "CoreHaptics CoreImage CoreLocation CoreMIDI CoreML CoreMedia CoreMediaIO CoreMotion "
    "CoreServices CoreSpotlight CoreTelephony CoreText CoreVideo CoreWLAN CryptoTokenKit "
    "DVDPlayback DeviceCheck DirectoryService DiscRecording DiskArbitration DriverKit "
    "EndpointSecurity EventKit ExceptionHandling ExternalAccessory FileProvider FinderSync "
    "ForceFeedback Foundation GLKit GLUT GSS GameController GameKit GameplayKit HIDDriverKit "
    "Hypervisor ICADevices IMServicePlugIn IOBluetooth IOBluetoothUI IOKit IOSurface IOUSBHost "
    "ImageCaptureCore ImageIO InputMethodKit InstantMessage Intents JavaScriptCore Kerberos "
    "Kernel KernelManagement LDAP LatentSemanticMapping LinkPresentation LocalAuthentication "
    "MLCompute MailKit MapKit MediaAccessibility MediaLibrary MediaPlayer MediaToolbox Message "
    "Metal MetalFX MetalKit MetalPerformanceShaders MetricKit ModelIO MultipeerConnectivity "
    "NaturalLanguage NearbyInteraction NetFS Network NetworkExtension NotificationCenter OSAKit "
    "OSLog OpenAL OpenCL OpenDirectory OpenGL PCSC ParavirtualizedGraphics PassKit PencilKit "
    "Photos PhotosUI PushKit PushToTalk QTKit Quartz QuartzCore QuickLook QuickLookThumbnailing "
    "QuickTime ReplayKit SafariServices SceneKit ScreenCaptureKit ScreenSaver ScreenTime "
    "ScriptingBridge Security SecurityFoundation SecurityInterface SensorKit ServiceManagement "
    "SharedWithYou ShazamKit Social SoundAnalysis Speech SpriteKit StoreKit SyncServices System "
    "SystemConfiguration SystemExtensions TWAIN Tcl Tk UniformTypeIdentifiers UserNotifications "
    "UserNotificationsUI VideoDecodeAcceleration VideoSubscriberAccount VideoToolbox "
    "Virtualization Vision WebKit vmnet";

// "CoreAudio/CoreAudio.h": of a framework of macOS that has headers.
bool apple_framework_header(std::string_view header) {
  const std::string_view name = header.substr(0, header.find('/'));
  const auto words = split_words(frameworks);
  return name.size() < header.size() && std::ranges::find(words, name) != words.end();
}

// A symbol of a framework of macOS.
bool of_framework(std::string_view name) { return !framework_with(name).empty(); }

// A symbol that only newer releases of glibc have.
bool newer_glibc_name(std::string_view name) { return !glibc_with(name).empty(); }

// A header that a package of a distribution has.
bool known_package_header(std::string_view header) { return packages_of(header) != nullptr; }

// A header of POSIX that MinGW does not have.
bool posix_header(std::string_view header) {
  constexpr auto names = std::to_array<std::string_view>(
      {"sys/mman.h",    "sys/socket.h", "sys/select.h",  "sys/ioctl.h",   "sys/resource.h",
       "sys/wait.h",    "sys/uio.h",    "sys/un.h",      "sys/utsname.h", "sys/statvfs.h",
       "sys/syscall.h", "sys/epoll.h",  "sys/ipc.h",     "sys/shm.h",     "sys/sem.h",
       "sys/event.h",   "sys/poll.h",   "sys/termios.h", "netinet/in.h",  "netinet/tcp.h",
       "arpa/inet.h",   "net/if.h",     "netdb.h",       "poll.h",        "termios.h",
       "pwd.h",         "grp.h",        "dlfcn.h",       "syslog.h",      "ifaddrs.h",
       "execinfo.h",    "fnmatch.h",    "glob.h",        "regex.h",       "resolv.h",
       "byteswap.h",    "endian.h",     "utmp.h",        "pty.h"});
  return std::ranges::find(names, header) != names.end();
}

// A compiler, linker or other tool that a build starts.
// "aarch64-linux-gnu-gcc-12", "o64-clang", "zig".
bool ends_like_compiler(std::string_view name) {
  while (!name.empty() && std::string_view("0123456789.-").contains(name.back()))
    name.remove_suffix(1);
  return name.ends_with("cc") || name.ends_with("++") || name.contains("clang") || name == "zig";
}

bool tool_of_build(std::string_view program) {
  // What is started from the current directory was built there.
  if (program.starts_with("./") || program.starts_with(".\\")) return false;
  const std::string_view name = program_name(program.substr(0, program.find(')')));
  constexpr auto names = std::to_array<std::string_view>(
      {"ld",    "as",      "ar",  "go",   "cgo",    "compile", "link", "asm",
       "cc1",   "cc1plus", "lld", "mold", "ranlib", "strip",   "make", "cmake",
       "ninja", "protoc",  "git", "node", "rustc",  "cargo"});
  return ends_like_compiler(name) || name.ends_with("-ld") || name.ends_with("-as") ||
         name.ends_with("-ar") || std::ranges::find(names, name) != names.end();
}

// Names of the system and not of a library that is installed: macOS's kernel and frameworks.
bool system_c_name(std::string_view name) {
  constexpr auto starts = std::to_array<std::string_view>(
      {"mach_",   "task_", "thread_", "proc_", "vm_",  "host_",     "PROC_",  "MACH_", "TASK_",
       "THREAD_", "VM_",   "kern_",   "KERN_", "kSec", "Sec",       "kIO",    "IO",    "kCF",
       "CF",      "NS",    "kCG",     "CG",    "xpc_", "dispatch_", "sysctl", "CTL_"});
  return std::ranges::any_of(starts, [&](std::string_view one) { return name.starts_with(one); });
}

// A name, with the "_" of Mach-O before it, that comes with macOS.
bool macos_symbol(std::string_view name) {
  if (name.starts_with("_")) name.remove_prefix(1);
  constexpr auto starts = std::to_array<std::string_view>(
      {"objc_", "OBJC_", "os_", "pthread_", "clock_", "swift_", "res_", "fdopendir", "futimens",
       "utimensat", "mkdtemp", "freadlink", "fstat", "getentropy", "__", "_Z"});
  return system_c_name(name) || name.contains("$INODE64") ||
         std::ranges::any_of(starts, [&](std::string_view one) { return name.starts_with(one); });
}

// "/usr/include/stdlib.h:26:10: fatal error: ...": a header of the C library speaks.
bool said_in_libc_header(std::string_view text) {
  constexpr std::string_view folder = "/usr/include/";
  if (!text.starts_with(folder)) return false;
  std::string_view file = text.substr(folder.size(), text.find(':') - folder.size());
  const std::size_t slash = file.find('/');
  if (slash != file.npos && file.substr(0, slash).contains("-linux-"))
    file.remove_prefix(slash + 1);
  return file.starts_with("bits/") || is_libc_header(file);
}

// ".../go.o: relocation ...": what Go's linker hands over, and no code of C.
bool of_go_object(std::string_view text) {
  return text.contains("/go.o: ") || text.contains("\\go.o: ") || text.contains("/go.o:(") ||
         text.starts_with("go.o:");
}

// "/usr/local/include/stdlib.h".
bool libc_header_file(std::string_view path) {
  const std::size_t at = path.rfind("include/");
  return at != path.npos && is_libc_header(path.substr(at + std::string_view("include/").size()));
}

// "__imp_duckdb_open": what a header of a library declares. Windows' own functions begin with a
// capital letter, those of its C library have no "_" within.
bool imported_name(std::string_view name) {
  constexpr std::string_view head = "__imp_";
  if (const std::size_t quote = name.find_first_not_of("`'"); quote != name.npos)
    name.remove_prefix(quote);
  if (!name.starts_with(head)) return false;
  name.remove_prefix(head.size());
  return name.size() > 1 && name.front() >= 'a' && name.front() <= 'z' && name.contains('_');
}

// "`sqlite3_open'": a function of a library that is known by the names of its functions.
bool library_symbol(std::string_view name) {
  return !library_of_symbol(plain_symbol(name)).empty();
}

// A name that libstdc++ got with gcc 11 or later, or libgcc for arm64 with gcc 10.
bool newer_cxx_name(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"std::__throw_bad_array_new_length", "std::__exception_ptr::exception_ptr::_M_",
       "std::__glibcxx_assert_fail", "std::ios_base_library_init", "::_M_replace_cold",
       "std::condition_variable::wait(", "std::from_chars", "std::to_chars",
       "std::__format::", "std::__basic_file_stdio", "std::chrono::tzdb", "__aarch64_ldadd",
       "__aarch64_swp", "__aarch64_cas", "__aarch64_ldset", "__aarch64_ldclr", "__aarch64_ldeor"});
  return std::ranges::any_of(names, [&](std::string_view one) { return name.contains(one); });
}

// What the go command links into every program with C.
bool runtime_cgo_symbol(std::string_view name) {
  std::string_view plain = plain_symbol(name);
  constexpr auto names = std::to_array<std::string_view>(
      {"crosscall2", "_cgo_panic", "_cgo_topofstack", "_cgo_allocate",
       "_cgo_wait_runtime_init_done", "_cgo_release_context", "_cgo_get_context_function",
       "_cgo_reginit", "_cgo_sys_thread_create", "_cgo_sys_thread_start"});
  if (std::ranges::find(names, plain) != names.end()) return true;
  if (plain.starts_with('_') && std::ranges::find(names, plain.substr(1)) != names.end())
    return true;
  while (plain.starts_with('_')) plain.remove_prefix(1);
  return plain.starts_with("x_cgo_") || plain.starts_with("crosscall_");
}

// <string>, <iostream>: headers of C++ itself.
bool cxx_std_header(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"algorithm", "any",          "array",       "atomic",        "bitset",     "cassert",
       "cctype",    "cfloat",       "chrono",      "cinttypes",     "climits",    "cmath",
       "complex",   "cstdarg",      "cstddef",     "cstdint",       "cstdio",     "cstdlib",
       "cstring",   "ctime",        "deque",       "exception",     "filesystem", "fstream",
       "future",    "functional",   "iomanip",     "ios",           "iosfwd",     "iostream",
       "istream",   "iterator",     "limits",      "list",          "locale",     "map",
       "memory",    "mutex",        "new",         "numeric",       "optional",   "ostream",
       "queue",     "random",       "ratio",       "regex",         "set",        "sstream",
       "stack",     "stdexcept",    "string",      "string_view",   "thread",     "tuple",
       "typeinfo",  "utility",      "type_traits", "unordered_map", "variant",    "vector",
       "span",      "unordered_set"});
  return std::ranges::find(names, name) != names.end();
}

// "_quark_open@8": what __stdcall of 32-bit Windows makes of a name; the number is that of the
// bytes of its arguments. "f@@GLIBC_2.2.5" is a version.
bool stdcall_name(std::string_view name) {
  const std::string_view plain = plain_symbol(name);
  const std::size_t at = plain.find('@');
  if (at == plain.npos || at == 0) return false;
  const auto bytes = parse_number(plain.substr(at + 1));
  return bytes && *bytes % 4 == 0 && *bytes < 256;
}

constexpr auto table = std::to_array<Predicate>({
    {"system_c_name", system_c_name},
    {"libc_header", is_libc_header},
    {"apple_header", is_apple_header},
    {"apple_framework_header", apple_framework_header},
    {"libc_library", is_libc_library},
    {"libc_inner_name", libc_inner_name},
    {"usual_function", of_usual_library},
    {"archive_member", names_member},
    {"old_std_package", is_old_std_package},
    {"newer_std_package", of_newer_std},
    {"newer_go_name", names_newer_go},
    {"near_a_usual_name", near_usual_name},
    {"upper_letter", has_upper},
    {"c_compiler", is_c_compiler},
    {"compiler_name", named_like_compiler},
    {"other_program", other_program},
    {"path_or_flags", has_path_or_flags},
    {"has_triple", has_triple},
    {"release_number", release_number},
    {"clang_words", clang_words},
    {"in_module", in_module},
    {"of_go_link", of_go_link},
    {"std_source_file", std_source_file},
    {"links_for_amd64", links_for_amd64},
    {"multicast_host", multicast},
    {"of_framework", of_framework},
    {"newer_glibc_name", newer_glibc_name},
    {"known_package_header", known_package_header},
    {"tool_of_build", tool_of_build},
    {"posix_header", posix_header},
    {"macos_symbol", macos_symbol},
    {"said_in_libc_header", said_in_libc_header},
    {"imported_name", imported_name},
    {"of_go_object", of_go_object},
    {"library_symbol", library_symbol},
    {"newer_cxx_name", newer_cxx_name},
    {"runtime_cgo_symbol", runtime_cgo_symbol},
    {"libc_header_file", libc_header_file},
    {"stdcall_name", stdcall_name},
    {"cxx_std_header", cxx_std_header},
});

}  // namespace

bool is_libc_library(std::string_view name) {
  constexpr auto names =
      std::to_array<std::string_view>({"c", "m", "pthread", "dl", "rt", "util", "resolv", "nsl",
                                       "crypt", "stdc++", "gcc", "gcc_s", "ssp_nonshared"});
  return std::ranges::find(names, name) != names.end();
}

std::span<const Predicate> predicates() { return table; }

}  // namespace tenon::rows
