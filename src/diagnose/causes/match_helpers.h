// What several causes need to know: names of headers, libraries and tools. Not for other folders.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/cause.h"

namespace tenon::causes {

// Headers of the C library itself.
[[nodiscard]] inline bool is_libc_header(std::string_view name) {
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

// Packages of every release of Go: where one is missing, GOROOT is wrong.
[[nodiscard]] inline bool is_old_std_package(std::string_view name) {
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

// Headers of Apple's SDK: nobody installs them apart.
[[nodiscard]] inline bool is_apple_header(std::string_view name) {
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

// "CoreAudio": a framework of macOS that has headers.
[[nodiscard]] bool is_apple_framework(std::string_view name);

// Libraries that come with the C library or the compiler.
[[nodiscard]] inline bool is_libc_library(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{
      "c", "m", "pthread", "dl", "rt", "util", "resolv", "nsl", "crypt", "stdc++", "gcc", "gcc_s"};
  return std::ranges::find(names, name) != names.end();
}

// "foo" of "-lfoo: No such file", "-lfoo'" and "lib 'foo'".
[[nodiscard]] inline std::string library_of(const LogEvent& event) {
  std::string_view name = event.get("name");
  name = name.substr(0, name.find_first_of(": \t'\"`,;"));
  return std::string(name);
}

// "aarch64-linux-gnu-gcc": a compiler whose name says its target.
[[nodiscard]] inline bool has_triple(std::string_view program) {
  return std::ranges::count(program, '-') >= 2;
}

[[nodiscard]] inline bool has_path_or_flags(std::string_view program) {
  return program.contains('/') || program.contains(' ') || program.contains('\\');
}

// What go itself hands to the linker: compiled for the target, whatever the linker believes.
[[nodiscard]] inline bool of_go_link(std::string_view file) {
  return file.contains("go.o") || file.contains("000000.o") || file.contains("go-link");
}

// Whether the compiler runs on macOS or compiles for it, by what the log names. How clang words a
// missing header is no sign of it: zig and the clang of distributions have the same words.
[[nodiscard]] inline bool of_macos(const Log& log) {
  if (log.any("-linux-gnu", "linux-musl", "/usr/lib/gcc", "alpine", "apt-get")) return false;
  return log.goos.empty() ? log.darwin : log.goos == "darwin";
}

// Whether modules are being fetched.
[[nodiscard]] inline bool of_a_module(const Log& log) {
  return log.any("proxy.golang.org", "sum.golang.org", "go: downloading", "go mod", "go get",
                 "goproxy", "/@v/list", "/@v/v", "go install") ||
         log.find("go: {module}@v{version}: ").has_value();
}

// Whether a C compiler, a linker, a loader or a signing tool failed.
[[nodiscard]] inline bool speaks_of_c(const Log& log) {
  return std::ranges::any_of(log.events, [](const LogEvent& one) {
    const std::string_view stage = one.voice.stage;
    if (one.weight != Weight::failure) return false;
    if (stage == "cgo" || stage == "link" || stage == "pkg-config" || stage == "start" ||
        stage == "sign" || stage == "notarize")
      return true;
    return stage == "compile" && one.kind != EventKind::go_error &&
           one.kind != EventKind::go_name_undefined && one.kind != EventKind::package_missing;
  });
}

// Whether several names of one imported package are not known: its files were left out. A single
// one may be a slip of the pen.
[[nodiscard]] inline bool lacks_many_names(const Log& log, std::size_t many = 3) {
  // Other mistakes beside them: the package is of another version.
  if (log.count(EventKind::go_error) > 0) return false;
  std::string qualifier;
  std::vector<std::string_view> names;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::go_name_undefined) continue;
    const std::string_view name = one.get("name");
    const std::size_t dot = name.find('.');
    if (dot == name.npos || dot == 0 || is_old_std_package(name.substr(0, dot))) continue;
    if (qualifier.empty()) qualifier = name.substr(0, dot + 1);
    const bool known = std::ranges::find(names, name) != names.end();
    if (name.starts_with(qualifier) && !known) names.push_back(name);
  }
  return names.size() >= many;
}

// True if the log was produced on Windows (not just for it).
[[nodiscard]] inline bool on_windows(const Log& log) {
  return log.any(":\\", "\\pkg\\", "\\go\\", "WORK\\", "cc1.exe", "gcc.exe", "ld.exe", "go.exe",
                 "link.exe", "C:/", "MSYS", "mingw64/bin", "windows-msvc", "lld-link") ||
         log.find("\\{file}.go:{line}:");
}

// Whether an event is about a package whose Go files for users say import "C": by an element of its
// path, or by the qualifier of the name.
[[nodiscard]] inline bool of_cgo_package(const LogEvent& event) {
  constexpr auto names = std::to_array<std::string_view>(
      {"gl",        "glfw",      "sqlite3",  "fyne",       "opengl",    "webview",   "gtk",
       "git2go",    "sdl",       "sdl2",     "raylib",     "robotgo",   "systray",   "portaudio",
       "zmq",       "zmq4",      "czmq",     "opencv",     "gocv",      "libusb",    "hid",
       "rocksdb",   "secp256k1", "ebiten",   "duckdb",     "confluent", "kafka",     "gousb",
       "bluetooth", "oto",       "keychain", "fsevents",   "tray",      "libvirt",   "pcap",
       "gopacket",  "vips",      "govips",   "bls",        "wasmer",    "wasmtime",  "sitter",
       "v8go",      "gopsutil",  "magic",    "poppler",    "gst",       "tesseract", "levigo",
       "leveldb",   "libxml2",   "fitz",     "libsql",     "gosseract", "imagick",   "bimg",
       "whisper",   "llama",     "onnx",     "tensorflow", "faiss",     "hyperscan", "alsa",
       "pulse",     "opus",      "gpgme",    "btrfs",      "devmapper", "selinux",   "xcb",
       "x11",       "clib",      "ncurses",  "odbc",       "godror",    "oracle",    "goracle",
       "nvml",      "cuda",      "gohook",   "hook",       "malgo",     "gopus",     "zstd"});
  constexpr std::size_t telling = 6;
  const std::string_view text = event.text;
  // The position names a file; behind it stands what is not known.
  const std::string_view path = text.substr(0, text.find(".go:"));
  const std::string_view name = event.get("name");
  const std::string_view qualifier = name.contains('.') ? name.substr(0, name.find('.')) : "";
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  for (std::string_view rest : {path, std::string_view(event.package), qualifier}) {
    while (!rest.empty()) {
      const auto end = std::ranges::find_if_not(rest, is_word);
      const std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
      for (const std::string_view one : names) {
        if (word == one || (one.size() >= telling && word.contains(one))) return true;
      }
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
  }
  return false;
}

[[nodiscard]] inline bool names_cgo_package(const Log& log) {
  return log.event(EventKind::go_name_undefined, of_cgo_package) != nullptr;
}

}  // namespace tenon::causes
