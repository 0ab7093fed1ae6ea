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

constexpr Matcher table[] = {
    {Code::sdk_framework_header_missing, framework_header},
    {Code::sdk_header_missing, darwin_header},
    {Code::sdk_library_missing, darwin_library},
    {Code::sdk_wrong_format_library, wrong_format},
    {Code::project_no_module, no_module},
    {Code::project_no_main, no_main},
    {Code::project_package_not_found, package_not_found},
    {Code::project_bad_go_flag, bad_go_flag},
    {Code::link_undefined_symbol, symbol_undefined},
    {Code::project_c_error, c_error},
};

}  // namespace

extern const Matchers matchers_general;
const Matchers matchers_general{table};

}  // namespace tenon
