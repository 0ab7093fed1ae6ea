// Topic "general": what is known of a failure when no closer cause explains it. These stand behind
// every other cause, whatever their score: they name the step and the name that failed, not why.
#include <initializer_list>

#include "diagnose/causes/match_helpers.h"

namespace tenon {
namespace {

using namespace causes;

// A build for macOS elsewhere than on a Mac: Apple's headers and libraries are not there, and those
// of this machine are not for it.
bool cross_darwin(const Log& log) {
  if (log.goos != "darwin") return false;
  const std::string& host = log.build.host_goos;
  // LLVM's linker for macOS is used off Macs, and on them where paths say so.
  const bool mac = log.any("/opt/homebrew", "/usr/local/Cellar", "/Users/", "xcrun", "Xcode");
  return log.build.tenon || (host.empty() ? log.has("ld64.lld: ") && !mac : host != "darwin");
}

const LogEvent* header_for_darwin(const Log& log) {
  if (!cross_darwin(log)) return nullptr;
  const auto* hit = log.event(EventKind::header_missing);
  return hit == nullptr || hit->text.contains("lib/libc/") ? nullptr : hit;
}

int framework_header(const Log& log, Proof& proof) {
  const auto* hit = header_for_darwin(log);
  if (hit == nullptr) return 0;
  const std::string_view header = hit->get("header");
  const std::size_t slash = header.find('/');
  if (slash == header.npos || slash == 0 || !is_apple_framework(header.substr(0, slash))) return 0;
  proof.captures.emplace_back("framework", header.substr(0, slash));
  return proof.take(hit), sure + 6;
}

int darwin_header(const Log& log, Proof& proof) {
  const auto* hit = header_for_darwin(log);
  return proof.take(hit) ? sure + 4 : 0;
}

int darwin_library(const Log& log, Proof& proof) {
  if (!cross_darwin(log) || (log.zig && !log.build.tenon)) return 0;
  const auto* hit = log.event(EventKind::library_missing);
  if (hit == nullptr) hit = log.event(EventKind::framework_missing);
  if (hit == nullptr) return 0;
  proof.captures.emplace_back("library", library_of(*hit));
  return proof.take(hit), sure + 4;
}

int wrong_format(const Log& log, Proof& proof) {
  return proof.take(log.find("ld64.lld: error: {path}: unhandled file type")) ? sure : 0;
}

// What tenon asks of go and of the project itself; elsewhere nobody takes it for a failure of a
// toolchain.
int first_of(const Log& log, Proof& proof, std::initializer_list<std::string_view> patterns) {
  if (!log.build.tenon) return 0;
  for (const std::string_view pattern : patterns) {
    if (proof.take(log.find(pattern))) return sure;
  }
  return 0;
}

int no_module(const Log& log, Proof& proof) {
  return first_of(log, proof, {"go: go.mod file not found", "go: cannot find main module"});
}

int no_main(const Log& log, Proof& proof) {
  return first_of(log, proof, {"no main packages to build"});
}

int package_not_found(const Log& log, Proof& proof) {
  return first_of(
      log, proof,
      {"no required module provides package {package};", "stat {package}: directory not found",
       "\"{package}\" matched no packages", "package {package} is not in std ("});
}

int bad_go_flag(const Log& log, Proof& proof) {
  return first_of(log, proof,
                  {"^buildmode={what}", "^-buildmode={what}", "go: parsing $GOFLAGS: {what}",
                   "flag provided but not defined: {what}", "invalid value {what} for flag"});
}

// "`g'", "g (main.o)" and "_g" with what stands around a name.
std::string symbol_of(const LogEvent& event) {
  std::string_view name = event.get("name");
  while (!name.empty() && std::string_view("`'\"").contains(name.front())) name.remove_prefix(1);
  if (name.starts_with("‘")) name.remove_prefix(std::string_view("‘").size());
  name = name.substr(0, name.find("’"));
  return std::string(name.substr(0, name.find_first_of("'\"`")));
}

int symbol_undefined(const Log& log, Proof& proof) {
  const auto* hit = log.event(EventKind::symbol_undefined, [](const LogEvent& one) {
    return !one.follows && one.weight == Weight::failure && one.voice.tool != "Go's linker";
  });
  if (hit == nullptr) return 0;
  proof.captures.emplace_back("symbol", symbol_of(*hit));
  return proof.take(hit), likely;
}

// Compilers of C in their own words: a place with a column, and "error".
int c_error(const Log& log, Proof& proof) {
  for (const auto& hit : log.all("^{file}:{line}:{column}: error: {text}")) {
    const LogEvent* event = log.event_at(hit.line);
    const bool consequence = event != nullptr && event->follows.has_value();
    if (consequence || hit.get("file").contains(' ') || hit.text.contains("lib/libc/")) continue;
    proof.take(hit);
    return likely;
  }
  return 0;
}

constexpr Cause table[] = {
    {.code = "TN0401",
     .slug = "sdk/framework-header-missing",
     .title = "A header of an Apple framework is missing",
     .happens = "{header} belongs to Apple's framework {framework}, whose headers only an SDK has.",
     .tell = "The header's folder is a framework of macOS, and no SDK is given.",
     .fix = "Bring the SDK from your own Mac (there: tar -C \"$(xcrun --show-sdk-path)\" -chzf "
            "MacOSX.sdk.tgz .), unpack it here and build with --sdk DIR.",
     .prevent = "Keep code for macOS frameworks behind a build tag.",
     .commands = {"tenon build --target {target} --sdk DIR"},
     .match = framework_header},
    {.code = "TN0402",
     .slug = "sdk/header-missing",
     .title = "A header for macOS is missing",
     .happens = "{header} is not among the headers for {target}; those of this machine are for "
                "another system.",
     .tell = "The build is for macOS and does not run on a Mac.",
     .fix = "If it is a header of macOS (such as sys/xattr.h): bring the SDK of your own Mac, "
            "--sdk DIR. If it is of another library: build that for macOS and name its folder by "
            "CGO_CFLAGS=-I and CGO_LDFLAGS=-L.",
     .prevent = "Prefer modules that ship the C code they need.",
     .commands = {"tenon build --target {target} --sdk DIR"},
     .match = darwin_header},
    {.code = "TN0403",
     .slug = "sdk/library-missing",
     .title = "A library for macOS is missing",
     .happens = "The link asks for {library}, which is not part of macOS and in no folder that the "
                "link names.",
     .tell = "The build is for macOS and does not run on a Mac.",
     .fix = "Build the library for macOS and name its folder: CGO_LDFLAGS=-L/path, or --sdk DIR.",
     .prevent = "Prefer modules that ship the C code they need.",
     .match = darwin_library},
    {.code = "TN0407",
     .slug = "sdk/wrong-format-library",
     .title = "A library is for another system",
     .happens = "{path} is no library for macOS.",
     .tell = "`file {path}` says ELF.",
     .fix = "Give the library of the target: CGO_LDFLAGS=-L with its folder.",
     .prevent = "Keep folders of this machine's libraries out of the flags of a cross build.",
     .match = wrong_format},
    {.code = "TN0601",
     .slug = "project/no-module",
     .title = "There is no Go module here",
     .happens = "No go.mod was found.",
     .tell = "`go env GOMOD` prints nothing.",
     .fix = "Run tenon in the project's folder.",
     .prevent = "Change to the project's folder in scripts.",
     .match = no_module},
    {.code = "TN0602",
     .slug = "project/no-main",
     .title = "The packages hold no program",
     .happens = "The packages named hold no package main.",
     .tell = "`go list -f '{{.Name}}' PACKAGE` prints no main.",
     .fix = "Name the folder of a program: tenon build ./cmd/app.",
     .prevent = "Name the program's folder in scripts.",
     .match = no_main},
    {.code = "TN0603",
     .slug = "project/package-not-found",
     .title = "A package cannot be found",
     .happens = "Go cannot find {package}.",
     .tell = "`go list {package}` says the same.",
     .fix = "Correct the path, or add the module that has it: go get.",
     .prevent = "Run `go mod tidy` before a commit.",
     .match = package_not_found},
    {.code = "TN0618",
     .slug = "project/bad-go-flag",
     .title = "go does not know a flag or a build mode",
     .happens = "go refuses {what}.",
     .tell = "`go help build` lists the flags; GOFLAGS may hold one.",
     .fix = "Correct the flag, or remove it from GOFLAGS: go env -u GOFLAGS.",
     .prevent = "Set flags for one command only.",
     .match = bad_go_flag},
    {.code = "TN0408",
     .slug = "link/undefined-symbol",
     .title = "A C function is declared and nobody defines it",
     .happens = "No object and no library of the link defines {symbol}.",
     .tell = "The linker names the object that wants it.",
     .fix = "Add the library that defines it to #cgo LDFLAGS, or the C file to the package.",
     .prevent = "Name every library beside the code that uses it.",
     .general = true,
     .match = symbol_undefined},
    {.code = "TN0604",
     .slug = "project/c-error",
     .title = "The C code does not compile",
     .happens = "{file}:{line}: {text}.",
     .tell = "The first error counts; those behind it are often consequences.",
     .fix = "Correct the C code; where it compiles elsewhere, it misses a header that other "
            "systems include by themselves, or uses what only they have.",
     .prevent = "Compile C code for every target in CI.",
     .general = true,
     .match = c_error},
};

}  // namespace

extern const CauseTopic causes_general;
const CauseTopic causes_general{"general", table};

}  // namespace tenon
