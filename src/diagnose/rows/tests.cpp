// Tests of rows on whole logs: what counts, compares or goes from one line to another.
#include "diagnose/rows/tests.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/rows/names.h"
#include "platform/platforms.h"

namespace tenon::rows {
namespace {

// Whether modules are being fetched.
bool of_a_module(const Log& log, Proof& /*unused*/) {
  return log.any("proxy.golang.org", "sum.golang.org", "go: downloading", "go mod", "go get",
                 "goproxy", "/@v/list", "/@v/v", "go install") ||
         log.find("go: {module}@v{version}: ").has_value();
}

// Whether a C compiler, a linker, a loader or a signing tool failed.
bool speaks_of_c(const Log& log, Proof& /*unused*/) {
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
bool lacks_many_names(const Log& log, std::size_t many = 3) {
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
bool on_windows(const Log& log, Proof& /*unused*/) {
  return log.any(":\\", "\\pkg\\", "\\go\\", "WORK\\", "cc1.exe", "gcc.exe", "ld.exe", "go.exe",
                 "link.exe", "C:/", "MSYS", "mingw64/bin", "windows-msvc", "lld-link") ||
         log.find("\\{file}.go:{line}:");
}

// Whether an event is about a package whose Go files for users say import "C": by an element of its
// path, or by the qualifier of the name.
bool of_cgo_package(const LogEvent& event) {
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

bool names_cgo_package(const Log& log, Proof& /*unused*/) {
  return log.event(EventKind::go_name_undefined, of_cgo_package) != nullptr;
}

bool lacks_many(const Log& log, Proof& /*unused*/) { return lacks_many_names(log); }

// Where C itself is the matter, the words are of C.
bool names_c(const Log& log, Proof& /*unused*/) {
  return log.any("_Cfunc", "import \"C\"", "build constraints", "redeclared") ||
         log.event(EventKind::go_name_undefined, [](const LogEvent& one) {
           return one.get("name").starts_with("C.");
         }) != nullptr;
}

bool is_off(const Log& log) {
  return log.any("CGO_ENABLED=0", "CGO_ENABLED: 0", "CGO_ENABLED=\"0\"", "CGO_ENABLED: \"0\"",
                 "CGO_ENABLED='0'", "CGO_ENABLED=false");
}

bool cgo_is_off(const Log& log, Proof& /*unused*/) { return is_off(log); }

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
  const bool other = log.cross || is_off(log);
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

bool left_out_without_cgo(const Log& log, Proof& proof) { return proof.take(left_out(log)); }

// A name of the program itself: a slip, perhaps.
bool may_be_a_slip(const Log& log, Proof& proof) {
  const LogEvent* hit = left_out(log);
  return hit != nullptr && hit->text.contains("undefined: ") && !hit->get("name").contains('.') &&
         !hit->text.contains("/pkg/mod/") && !names_cgo_package(log, proof);
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

bool constants_of_several_families(const Log& log, Proof& /*unused*/) {
  return every_upper(log) && families(log) > 1;
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

// What `go version` says of itself where the log shows it, and the machine beside it.
bool go_for_another_machine(const Log& log, Proof& /*unused*/) {
  const auto version = log.find("go version go{release} {system}/{arch}");
  if (!version) return false;
  std::string arch = version->get("arch");
  arch = arch.substr(0, arch.find_first_of(" \t,;)\"'"));
  const bool arm64 = log.any("aarch64", "arm64\n", "Apple M"), amd64 = log.has("x86_64\n");
  return (arm64 && (arch == "arm" || arch == "amd64" || arch == "386")) ||
         (amd64 && (arch == "arm64" || arch == "arm"));
}

// GOOS and GOARCH of a compiler by its name: "x86_64-w64-mingw32-gcc".
void name_target(std::string_view program, Proof& proof) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  proof.captures.emplace_back("cc", name);
  if (const auto goos = goos_of(name); !goos.empty()) proof.captures.emplace_back("ccos", goos);
  if (const auto goarch = goarch_of(name); !goarch.empty())
    proof.captures.emplace_back("ccarch", goarch);
}

bool sets_cross_compiler(const Log& log, Proof& proof) {
  const std::string cc = target_compiler(log);
  if (!cc.empty()) name_target(cc, proof);
  return !cc.empty();
}

// A compiler whose name says its target does not know the option that Go passes for a machine.
bool cross_compiler_refuses_machine(const Log& log, Proof& proof) {
  const LogEvent* hit = log.event(EventKind::option_unknown, [](const LogEvent& one) {
    std::string_view flag = one.get("flag");
    while (!flag.empty() && flag.front() != '-') flag.remove_prefix(1);
    return flag.starts_with("-m64") || flag.starts_with("-marm") || flag.starts_with("-m32");
  });
  if (hit == nullptr) return false;
  const std::string_view program = std::string_view(hit->text).substr(0, hit->text.find(": "));
  if (!has_triple(program)) return false;
  name_target(program, proof);
  return proof.take(hit);
}

// The file of a package that pkg-config does not find is shown in a listing.
bool pc_file_is_shown(const Log& log, Proof& proof) {
  const LogEvent* hit = log.event(EventKind::pc_missing, [](const LogEvent& one) {
    return one.get("other").empty() || one.get("other").ends_with("world");
  });
  if (hit == nullptr) return false;
  std::string name(hit->get("name"));
  name = name.substr(0, name.find_first_of("'\" "));
  return log.has("/" + name + ".pc\n") && proof.take(hit);
}

bool many_lines(const Log& log, Proof& /*unused*/) { return log.lines().size() > 2; }

std::optional<LogMatch> not_loaded(const Log& log) {
  if (auto hit = log.find("Library not loaded: {name}")) return hit;
  auto hit = log.find("dlopen({name}, {flags}): {why}");
  const bool looked = hit && (hit->text.contains("image not found") ||
                              hit->text.contains("no such file") || hit->text.contains("LC_RPATH"));
  return looked ? hit : std::nullopt;
}

bool library_by_run_path(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  return hit && !hit->get("name").starts_with("/") && proof.take(hit);
}

bool library_at_sign(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  return hit && hit->get("name").starts_with("@") && proof.take(hit);
}

bool library_at_rpath(const Log& log, Proof& proof) {
  const auto hit = not_loaded(log);
  return hit && hit->get("name").starts_with("@rpath") && proof.take(hit);
}

// A folder that dyld tried for an @rpath name and that is none of its own fallbacks: a run path.
bool tried_run_path(const Log& log, Proof& /*unused*/) {
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

bool of_system(std::string_view path) {
  return path.starts_with("/usr/lib/") || path.starts_with("/System/");
}

std::optional<LogMatch> expected_in(const Log& log) {
  auto in = log.find("Expected in: {path}");
  return in ? in : log.find("xpected in '{path}'");
}

// A library of macOS asks for another of its own, and dyld took one from elsewhere.
bool taken_from_elsewhere(const Log& log, Proof& /*unused*/) {
  const auto from = log.find("Referenced from: {path}"), in = expected_in(log);
  return from && in && of_system(from->get("path")) && in->get("path").contains('/') &&
         !of_system(in->get("path"));
}

bool expected_in_local_library(const Log& log, Proof& /*unused*/) {
  const auto in = expected_in(log);
  return in && (in->get("path").starts_with("/usr/local/") || in->get("path").starts_with("/opt/"));
}

bool killed_on_start(const Log& log, Proof& proof) {
  return proof.take(log.event(EventKind::killed, [](const LogEvent& one) {
    return !one.text.contains("exit code 137") || one.text.contains("Mac");
  }));
}

// What was killed is a tool of a build.
bool kills_a_build(const Log& log, Proof& /*unused*/) {
  return log.any("go build", "go install", "go test", "compile: ", "/link:", "cc1", "collect2",
                 "go get", "docker") &&
         !log.any("zsh: killed", "Killed: 9", "./");
}

// Whether the compiler runs on macOS or compiles for it, by what the log names. How clang words a
// missing header is no sign of it: zig and the clang of distributions have the same words.
bool of_macos(const Log& log, Proof& /*unused*/) {
  if (log.any("-linux-gnu", "linux-musl", "/usr/lib/gcc", "alpine", "apt-get")) return false;
  return log.goos.empty() ? log.darwin : log.goos == "darwin";
}

// A build for macOS elsewhere than on a Mac: Apple's headers and libraries are not there, and those
// of this machine are not for it.
bool cross_darwin(const Log& log, Proof& /*unused*/) {
  if (log.goos != "darwin") return false;
  const std::string& host = log.build.host_goos;
  // LLVM's linker for macOS is used off Macs, and on them where paths say so.
  const bool mac = log.any("/opt/homebrew", "/usr/local/Cellar", "/Users/", "xcrun", "Xcode");
  return log.build.tenon || (host.empty() ? log.has("ld64.lld: ") && !mac : host != "darwin");
}

constexpr auto table = std::to_array<Test>({
    {"of_macos", of_macos},
    {"cross_darwin", cross_darwin},
    {"of_a_module", of_a_module},
    {"speaks_of_c", speaks_of_c},
    {"lacks_many_names", lacks_many},
    {"on_windows", on_windows},
    {"names_cgo_package", names_cgo_package},
    {"names_c", names_c},
    {"cgo_is_off", cgo_is_off},
    {"left_out_without_cgo", left_out_without_cgo},
    {"left_out_may_be_a_slip", may_be_a_slip},
    {"constants_of_several_families", constants_of_several_families},
    {"go_for_another_machine", go_for_another_machine},
    {"sets_cross_compiler", sets_cross_compiler},
    {"cross_compiler_refuses_machine", cross_compiler_refuses_machine},
    {"pc_file_is_shown", pc_file_is_shown},
    {"many_lines", many_lines},
    {"library_by_run_path", library_by_run_path},
    {"library_at_sign", library_at_sign},
    {"library_at_rpath", library_at_rpath},
    {"tried_run_path", tried_run_path},
    {"taken_from_elsewhere", taken_from_elsewhere},
    {"expected_in_local_library", expected_in_local_library},
    {"killed_on_start", killed_on_start},
    {"kills_a_build", kills_a_build},
});

}  // namespace

std::span<const Test> tests() { return table; }

}  // namespace tenon::rows
