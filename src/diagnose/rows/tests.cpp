// Tests of rows on whole logs: what counts, compares or goes from one line to another.
#include "diagnose/rows/tests.h"

#include <fmt/format.h>

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
#include "diagnose/origin.h"
#include "diagnose/rows/hidden_error.h"
#include "diagnose/rows/names.h"
#include "diagnose/rows/symbols.h"
#include "diagnose/rows/undefined_names.h"
#include "platform/packages.h"
#include "platform/platforms.h"
#include "platform/vendor_kits.h"

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

// An error of Go's compiler that is not about a name; that there are too many is none of its own.
bool has_other_errors(const Log& log) {
  return log.event(EventKind::go_error, [](const LogEvent& one) {
    return !one.text.ends_with("too many errors");
  }) != nullptr;
}

// Whether several names of one imported package are not known: its files were left out. A single
// one may be a slip of the pen.
bool lacks_many_names(const Log& log, std::size_t many = 3) {
  // Other mistakes beside them: the package is of another version.
  if (has_other_errors(log)) return false;
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

// Go's compiler gives up, after ten names of types in several files that the package itself lacks:
// whoever wrote it had them.
bool lacks_all_types(const Log& log) {
  // Go's compiler stops after ten of a package; who pastes them may leave the last line out.
  constexpr std::size_t enough = 64, most_of_a_package = 10;
  if (has_other_errors(log)) return false;
  if (!log.has("too many errors") && log.count(EventKind::go_name_undefined) != most_of_a_package)
    return false;
  std::vector<std::string_view> names, files;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::go_name_undefined || names.size() == enough) continue;
    const std::string_view name = one.get("name"), file = one.text;
    const bool exported = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
    if (!exported || name.contains('.')) return false;
    const auto add = [](auto& to, std::string_view what) {
      if (std::ranges::find(to, what) == to.end()) to.push_back(what);
    };
    add(names, name);
    add(files, file.substr(0, file.find(".go:")));
  }
  return names.size() >= 8 && files.size() >= 2;
}

// One type of the package's own that is missing in place after place: it is declared in a file that
// was left out.
bool lacks_one_often(const Log& log) {
  constexpr std::size_t often = 3;
  if (has_other_errors(log)) return false;
  std::string_view name;
  std::size_t count = 0;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::go_name_undefined) continue;
    const std::string_view here = one.get("name");
    const bool exported = !here.empty() && here.front() >= 'A' && here.front() <= 'Z';
    if (!exported || here.contains('.') || (!name.empty() && here != name)) return false;
    name = here;
    ++count;
  }
  return count >= often;
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
  if (qualifier == "pg_query") return true;
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
  const bool other = is_of(log.origin, "cross") || is_off(log);
  const bool many = lacks_many_names(log, other ? 2 : 3) || lacks_all_types(log) ||
                    (other && lacks_one_often(log));
  for (const LogEvent& hit : log.events) {
    if (hit.kind != EventKind::go_name_undefined) continue;
    const std::string_view name = hit.get("name");
    // The standard library of a newer Go is another matter.
    if (names_newer_go(name)) continue;
    // A released dependency compiles; what it does not find of its own was left out.
    const bool dependency = hit.text.contains("/pkg/mod/") || hit.text.contains("\\pkg\\mod\\") ||
                            hit.text.starts_with("vendor/") || hit.text.contains("/vendor/") ||
                            (other && hit.text.contains("../github.com/"));
    const bool known = dependency || many || of_cgo_package(hit);
    if (known || name.contains("defaultContext") || name.contains("C.")) return &hit;
  }
  return nullptr;
}

bool lacks_types(const Log& log, Proof& /*unused*/) { return lacks_all_types(log); }

bool lacks_one(const Log& log, Proof& /*unused*/) { return lacks_one_often(log); }

bool left_out_without_cgo(const Log& log, Proof& proof) { return proof.take(left_out(log)); }

// That C is what was left out is known of the package, or shown by many names of it.
bool names_left_out_package(const Log& log, Proof& /*unused*/) {
  if (lacks_many_names(log) || log.count(EventKind::c_files_alone) > 0) return true;
  return std::ranges::any_of(log.events, [](const LogEvent& one) {
    const bool told =
        one.kind == EventKind::go_name_undefined || one.kind == EventKind::files_excluded;
    return told && of_cgo_package(one);
  });
}

// What every object of C++ asks of the library of C++.
bool lacks_cxx_basics(const Log& log, Proof& /*unused*/) {
  constexpr auto basics = std::to_array<std::string_view>(
      {"operator new", "operator delete", "__gxx_personality", "__cxa_", "__cxxabiv1",
       "std::terminate", "std::ios_base::Init", "_Znwm", "_ZdlPv", "std::__throw_"});
  // One of these came with gcc 12.
  const auto basic = [&](const LogEvent& one) {
    return one.kind == EventKind::symbol_undefined &&
           !one.text.contains("std::__throw_bad_array_new_length") &&
           std::ranges::any_of(basics, [&](auto name) { return one.text.contains(name); });
  };
  return std::ranges::any_of(log.events, basic);
}

// A name of the program itself: a slip, perhaps.
bool may_be_a_slip(const Log& log, Proof& proof) {
  const LogEvent* hit = left_out(log);
  return hit != nullptr && !lacks_one_often(log) && hit->text.contains("undefined: ") &&
         !hit->get("name").contains('.') && !hit->text.contains("/pkg/mod/") &&
         !names_cgo_package(log, proof);
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
  return log.goos.empty() ? is_of(log.origin, "darwin") : log.goos == "darwin";
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

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// "git_remote_lookup" and the package git2go, "MagickReadImage" and imagick: the first word of a
// function of the library is in the path of its binding.
bool named_like_its_binding(std::string_view name, std::string_view package) {
  std::size_t end = 1;
  while (end < name.size() && name[end] != '_' && !(name[end] >= 'A' && name[end] <= 'Z')) ++end;
  const std::string word = in_small_letters(name.substr(0, end));
  return word.size() >= 3 && in_small_letters(package).contains(word);
}

// A function that cgo's own wrapper asks for, "_Cfunc_NAME", when no more than two are missing: the
// library is linked, and lacks them. Without the library all of its functions would be missing. C
// of the program itself that is declared and not defined looks the same, but for its name.
bool binding_lacks_few_symbols(const Log& log, Proof& proof) {
  std::vector<std::string_view> names;
  const LogEvent* first = nullptr;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::symbol_undefined) continue;
    std::string_view name = plain_symbol(one.get("name"));
    if (first == nullptr) first = &one;
    // C of the program itself is not compiled, or not linked: that is no other release.
    if (!one.package.substr(0, one.package.find('/')).contains('.')) return false;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  if (first == nullptr || names.empty() || names.size() > 2) return false;
  for (std::string_view name : names) {
    const std::string_view bare =
        name.starts_with('_') && log.goos == "darwin" ? name.substr(1) : name;
    if (!log.has("_Cfunc_" + std::string(bare))) return false;
    if (!named_like_its_binding(bare, first->package)) return false;
  }
  proof.captures.emplace_back("symbol", names.front());
  return proof.take(first);
}

// Whether what is defined twice is of one library: cgo's own wrappers have a number that is made of
// the package, functions of one library begin alike.
bool duplicates_of_one_library(const Log& log, Proof& /*unused*/) {
  constexpr std::size_t telling = 4;
  std::string_view common;
  std::size_t count = 0;
  for (const LogEvent& one : log.events) {
    if (one.kind != EventKind::symbol_duplicate) continue;
    std::string_view name = plain_symbol(one.get("name"));
    if (name.contains("_Cfunc_") || name.contains("_C2func_")) return true;
    while (name.starts_with('_')) name.remove_prefix(1);
    if (count++ == 0) common = name;
    const auto end = std::ranges::mismatch(common, name).in1;
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  return (count > 1 && common.size() >= telling) || log.has("vendor/");
}

// Whether both places of a duplicate are what cgo makes of //export: no preamble is read twice.
bool exported_by_two_packages(const Log& log, Proof& /*unused*/) {
  constexpr std::string_view made = "_cgo_export.c";
  for (std::size_t i = 0; i < log.lines().size(); ++i) {
    const std::string_view text = log.lines()[i].text;
    const std::size_t at = text.find(made);
    if (at == text.npos || !text.contains("multiple definition")) continue;
    if (text.substr(at + made.size()).contains(made)) return true;
    const bool more = i + 1 < log.lines().size();
    const std::string_view next = more ? std::string_view(log.lines()[i + 1].text) : "";
    if (next.contains("first defined here") && next.contains(made)) return true;
  }
  return false;
}

// A header that a file of a module includes in quotes, and that no package or kit is known to have:
// it should lie beside that file.
bool own_header_missing(const Log& log, Proof& proof) {
  const LogEvent* hit = log.event(EventKind::header_missing, [&](const LogEvent& one) {
    const std::string_view header = one.get("header");
    if (header.empty() || is_libc_header(header) || packages_of(header) != nullptr ||
        vendor_kit_of(header) != nullptr)
      return false;
    const std::string quoted = fmt::format("#include \"{}\"", header);
    const bool of_module = one.text.contains("pkg/mod/") || one.text.contains("pkg\\mod\\") ||
                           one.package.starts_with("github.com/");
    return of_module && log.has(quoted);
  });
  return proof.take(hit);
}

constexpr auto table = std::to_array<Test>({
    {"own_header_missing", own_header_missing},
    {"exported_by_two_packages", exported_by_two_packages},
    {"duplicates_of_one_library", duplicates_of_one_library},
    {"of_macos", of_macos},
    {"cross_darwin", cross_darwin},
    {"of_a_module", of_a_module},
    {"speaks_of_c", speaks_of_c},
    {"lacks_many_names", lacks_many},
    {"lacks_all_types", lacks_types},
    {"lacks_one_often", lacks_one},
    {"lacks_cxx_basics", lacks_cxx_basics},
    {"names_left_out_package", names_left_out_package},
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
    {"binding_lacks_few_symbols", binding_lacks_few_symbols},
    {"target_leaves_names_out", target_leaves_names_out},
    {"name_is_a_demand", name_is_a_demand},
    {"error_is_not_shown", error_is_not_shown},
});

}  // namespace

std::span<const Test> tests() { return table; }

}  // namespace tenon::rows
