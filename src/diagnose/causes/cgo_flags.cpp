#include "diagnose/causes/cgo_flags.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

bool any_of(std::string_view text, auto... words) { return (text.contains(words) || ...); }

// -fplugin= loads a library, -fprofile-use= and -fmodule-file= read files, -fdump- and -fsave-
// write them, -fuse-ld=/path runs a program.
bool harmless_feature(std::string_view flag) {
  return !any_of(flag, '/', '\\', "plugin", "profile", "module", "dump", "save", "trace", "embed",
                 "crash", "integrated-as", "use-ld", "file");
}

// What the linker gets, word by word. A word of a path alone is the value of the one before it.
bool harmless_linker_words(std::string_view words) {
  constexpr auto known = std::to_array<std::string_view>({"-z",
                                                          "-R",
                                                          "-rpath",
                                                          "--as-needed",
                                                          "--no-as-needed",
                                                          "--start-group",
                                                          "--end-group",
                                                          "-Bstatic",
                                                          "-Bdynamic",
                                                          "-Bsymbolic",
                                                          "-Bsymbolic-functions",
                                                          "--whole-archive",
                                                          "--no-whole-archive",
                                                          "--gc-sections",
                                                          "--no-gc-sections",
                                                          "--build-id",
                                                          "--export-dynamic",
                                                          "-E",
                                                          "--allow-multiple-definition",
                                                          "--no-undefined",
                                                          "--exclude-libs",
                                                          "-s",
                                                          "-S",
                                                          "-w",
                                                          "--enable-new-dtags",
                                                          "--disable-new-dtags",
                                                          "--allow-shlib-undefined",
                                                          "--wrap",
                                                          "--unresolved-symbols",
                                                          "-dead_strip",
                                                          "-dead_strip_dylibs",
                                                          "-undefined",
                                                          "-framework",
                                                          "-weak_framework",
                                                          "-headerpad_max_install_names",
                                                          "-search_paths_first",
                                                          "-no_pie",
                                                          "-no_compact_unwind",
                                                          "-no_warn_duplicate_libraries",
                                                          "--subsystem",
                                                          "--stack",
                                                          "--enable-auto-import",
                                                          "--compress-debug-sections",
                                                          "--hash-style",
                                                          "-O1",
                                                          "-O2"});
  constexpr auto with_value = std::to_array<std::string_view>(
      {"-z", "-R", "-rpath", "--exclude-libs", "--wrap", "-undefined", "-framework",
       "-weak_framework", "--subsystem", "--stack"});
  std::string_view before;
  for (const std::string_view word : split(words, ',')) {
    const std::string_view name = word.substr(0, word.find('='));
    const bool value = std::ranges::find(with_value, before) != with_value.end() &&
                       !word.starts_with('-') &&
                       (!word.starts_with('@') || word.starts_with("@loader_path") ||
                        word.starts_with("@executable_path") || word.starts_with("@rpath"));
    if (!value && std::ranges::find(known, name) == known.end()) return false;
    before = value || word.contains('=') ? std::string_view() : name;
  }
  return true;
}

// go asks of each word of its own, so that what -Xpreprocessor passes on is judged as well.
bool harmless(std::string_view flag) {
  if (flag.starts_with("-Wl,-R/") && !flag.substr(4).contains(',')) return true;
  if (flag.starts_with("-Wl,")) return harmless_linker_words(flag.substr(4));
  if (flag.starts_with("-z")) return !any_of(flag, '/', ',', '\\');
  if (flag.starts_with("-W")) return !flag.contains(',') && !flag.contains('/');
  if (flag.starts_with("-f")) return harmless_feature(flag);
  if (flag.starts_with("-m")) return !any_of(flag, '/', "mllvm", "plugin");
  if (flag.starts_with("-D") || flag.starts_with("-U") || flag.starts_with("-std=")) return true;
  constexpr auto whole = std::to_array<std::string_view>({"-O0",
                                                          "-O1",
                                                          "-O2",
                                                          "-O3",
                                                          "-Os",
                                                          "-Oz",
                                                          "-Ofast",
                                                          "-g",
                                                          "-g0",
                                                          "-g1",
                                                          "-g2",
                                                          "-g3",
                                                          "-pthread",
                                                          "-pedantic",
                                                          "-ansi",
                                                          "-w",
                                                          "-static",
                                                          "-static-libgcc",
                                                          "-static-libstdc++",
                                                          "-s",
                                                          "-rdynamic",
                                                          "-ObjC",
                                                          "-nostdinc",
                                                          "-nostdinc++",
                                                          "-trigraphs",
                                                          "-Xpreprocessor",
                                                          "-Qunused-arguments"});
  return std::ranges::find(whole, flag) != whole.end();
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._+-/:@%=,~").contains(c);
}

}  // namespace

std::optional<std::string> allow_pattern(std::string_view flag) {
  if (!flag.starts_with('-') || !std::ranges::all_of(flag, plain) || !harmless(flag))
    return std::nullopt;
  std::string out = "^";
  for (const char c : flag) {
    if (c == '.' || c == '+') out += '\\';
    out += c;
  }
  return out + "$";
}

}  // namespace tenon
