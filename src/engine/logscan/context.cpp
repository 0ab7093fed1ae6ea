#include "engine/logscan/context.h"

#include <array>

#include "base/text.h"

namespace tenon {
namespace {

struct Voice {
  std::string_view mark, tool, stage;
};

// The first that a line holds counts: what is more exact stands above.
constexpr std::array<Voice, 46> voices{{
    {"ld64.lld", "lld", "link"},
    {"ld.lld", "lld", "link"},
    {"lld-link", "lld", "link"},
    {"wasm-ld", "lld", "link"},
    {"collect2", "GNU ld", "link"},
    {"/bin/ld", "GNU ld", "link"},
    {"ld.gold", "gold", "link"},
    {"mold: ", "mold", "link"},
    {"linker command failed", "clang", "link"},
    {"/link: running", "Go's linker", "link"},
    {"link: running", "Go's linker", "link"},
    {"/link: ", "Go's linker", "link"},
    {"relocation target", "Go's linker", "link"},
    {"ld: ", "the linker", "link"},
    {"Undefined symbols", "ld64", "link"},
    {"undefined reference to", "GNU ld", "link"},
    {"undefined symbol: ", "lld", "link"},
    {"pkg-config", "pkg-config", "pkg-config"},
    {"pkgconf", "pkg-config", "pkg-config"},
    {"cgo: ", "cgo", "cgo"},
    {"could not determine", "cgo", "cgo"},
    {"_cgo_export", "cgo", "cgo"},
    {"invalid flag in #cgo", "go", "load packages"},
    {"build constraints exclude", "go", "load packages"},
    {"no required module", "go", "load packages"},
    {"missing go.sum", "go", "load packages"},
    {"dyld", "dyld", "start"},
    {"error while loading shared", "ld.so", "start"},
    {"Error relocating", "musl's loader", "start"},
    {"Killed: 9", "the kernel", "start"},
    {"zsh: killed", "the kernel", "start"},
    {"cc1", "gcc", "compile"},
    {"fatal error: ", "the C compiler", "compile"},
    {"clang", "clang", "compile"},
    {"gcc", "gcc", "compile"},
    {"stapler", "stapler", "notarize"},
    {"notar", "notarytool", "notarize"},
    {"spctl", "Gatekeeper", "start"},
    {"codesign", "codesign", "sign"},
    {"productsign", "productsign", "sign"},
    {"xcrun", "xcrun", "compile"},
    {"xcode-select", "xcode-select", "compile"},
    {"zig", "zig", "compile"},
    {"lookup ", "Go's resolver", "resolve names"},
    {"--- FAIL", "go test", "test"},
    {"go: ", "go", "load packages"},
}};

}  // namespace

LogContext log_context(const Log& log) {
  LogContext out;
  for (auto line = log.lines().rbegin(); line != log.lines().rend() && out.tool.empty(); ++line) {
    for (const Voice& voice : voices) {
      if (!line->text.contains(voice.mark)) continue;
      out.tool = voice.tool;
      out.stage = voice.stage;
      break;
    }
  }
  for (const LogLine& line : log.lines()) {
    const auto words = split_words(line.text);
    if (words.size() >= 2 && words.front() == "#" && words[1].contains('/')) {
      out.package = words[1];
      break;
    }
  }
  out.goos = log.goos;
  out.goarch = log.goarch;
  return out;
}

}  // namespace tenon
