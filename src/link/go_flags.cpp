#include "link/go_flags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "link/go_pattern.h"

namespace tenon {
namespace {

constexpr std::array<std::string_view, 84> compiler_flags{
    "-D{id}[={value}]",
    "-U{id}",
    "-F{arg}",
    "-I{arg}",
    "-O[{arg}]",
    "-W[{warning}]",
    "-Wa,-mbig-obj",
    "-Wp,-D{id}[={value,}]",
    "-Wp,-U{id}",
    "-ansi",
    "-f[no-]asynchronous-unwind-tables",
    "-f[no-]blocks",
    "-fno-builtin-{names}",
    "-f[no-]common",
    "-f[no-]constant-cfstrings",
    "-f(debug|file)-prefix-map={map}={map}",
    "-fdiagnostics-show-note-include-stack",
    "-fno-canonical-system-headers",
    "-f[no-]eliminate-unused-debug-types",
    "-f[no-]exceptions",
    "-f[no-]fast-math",
    "-f[no-]inline-functions",
    "-finput-charset={arg}",
    "-f[no-]fat-lto-objects",
    "-f[no-]keep-inline-dllexport",
    "-f[no-]lto",
    "-fmacro-backtrace-limit={some}",
    "-fmessage-length={some}",
    "-f[no-]modules",
    "-f[no-]objc-arc",
    "-f[no-]objc-nonfragile-abi",
    "-f[no-]objc-legacy-dispatch",
    "-f[no-]omit-frame-pointer",
    "-f[no-]openmp[-simd]",
    "-f[no-]permissive",
    "-f[no-](pic|PIC|pie|PIE)",
    "-f[no-]plt",
    "-f[no-]rtti",
    "-f[no-]split-stack",
    "-f[no-]stack-{some}",
    "-f[no-]strict-aliasing",
    "-funsigned-char",
    "-f[no-]use-linker-plugin",
    "-f[no-]visibility-inlines-hidden",
    "-fsanitize={some}",
    "-fsanitize-undefined-strip-path-components=[-]{number}",
    "-ftemplate-depth-{some}",
    "-ftls-model=(global-dynamic|local-dynamic|initial-exec|local-exec)",
    "-fvisibility={some}",
    "-g[{arg}]",
    "-m32",
    "-m64",
    "-m(abi|arch|cpu|fpu|simd|tls-dialect|tune)={arg}",
    "-m[no-][v]aes",
    "-marm",
    "-mcmodel={model}",
    "-mfloat-abi={arg}",
    "-m(soft|single|double)-float",
    "-mfpmath={math}",
    "-m[no-]avx{level}",
    "-m[no-]ms-bitfields",
    "-m[no-]stack-{some}",
    "-mmacosx-{some}",
    "-m[no-]relax",
    "-m[no-]strict-align",
    "-m[no-](lsx|lasx|frecipe|div32|lam-bh|lamcas|ld-seq-sa)",
    "-m(ios-simulator|iphoneos|tvos-simulator|tvos|watchos-simulator|watchos)-version-min={some}",
    "-mlarge-data-threshold={number}",
    "-mnop-fun-dllimport",
    "-m[no-]sse{version}",
    "-m[no-]ssse3",
    "-mthumb[-interwork]",
    "-mthreads",
    "-mwindows",
    "-no-canonical-prefixes",
    "--param=ssp-buffer-size={digits}",
    "-pedantic[-errors]",
    "-pipe",
    "-pthread",
    "--static",
    "[-]-std[lib]={arg}",
    "--sysroot={arg}",
    "-x{arg}",
    "-(w|v)"};

constexpr std::array<std::string_view, 12> compiler_pairs{
    "-arch",    "-D",        "-U",       "-I",        "-F",      "-framework",
    "-include", "-isysroot", "-isystem", "--sysroot", "-target", "-x"};

constexpr std::array<std::string_view, 61> linker_flags{
    "-F{arg}",
    "-l{arg}",
    "-L{arg}",
    "-O[{arg}]",
    "-f[no-](pic|PIC|pie|PIE)",
    "-f[no-]openmp[-simd]",
    "-fsanitize={arg}",
    "-flat_namespace",
    "-g[{arg}]",
    "-headerpad_max_install_names",
    "-m(abi|arch|cpu|fpu|simd|tls-dialect|tune)={arg}",
    "-mcmodel={model}",
    "-mfloat-abi={arg}",
    "-m(soft|single|double)-float",
    "-m[no-]relax",
    "-m[no-]strict-align",
    "-m[no-](lsx|lasx|frecipe|div32|lam-bh|lamcas|ld-seq-sa)",
    "-mmacosx-{some}",
    "-m(ios-simulator|iphoneos)-version-min={some}",
    "-mthreads",
    "-mwindows",
    "-(pic|PIC|pie|PIE)",
    "-pthread",
    "-rdynamic",
    "-shared",
    "[-]-static{kind}",
    "[-]-stdlib={arg}",
    "-v",
    "-Wl,--[no-]allow-multiple-definition",
    "-Wl,--[no-]allow-shlib-undefined",
    "-Wl,--[no-]as-needed",
    "-Wl,-B(dynamic|static|symbolic-functions)",
    "-Wl,-berok",
    "-Wl,-O{number}",
    "-Wl,-d(n|y)",
    "-Wl,--(disable|enable)-new-dtags",
    "-Wl,-e(=|,){alnum}",
    "-Wl,--(start|end)-group",
    "-Wl,--[no-]export-dynamic",
    "-Wl,-E",
    "-Wl,-framework,{part}",
    "-Wl,--hash-style=(sysv|gnu|both)",
    "-Wl,-headerpad_max_install_names",
    "-Wl,--no-undefined",
    "-Wl,--(pop|push)-state",
    "-Wl,-R[,]{path}",
    "-Wl,--just-symbols(=|,){part}",
    "-Wl,-rpath[-link](=|,){part}",
    "-Wl,-s",
    "-Wl,-search_paths_first",
    "-Wl,-sectcreate,{part},{part},{part}",
    "-Wl,-[-]static",
    "-Wl,-[-]subsystem,(native|windows|console|posix|xbox)",
    "-Wl,-syslibroot(=|,){part}",
    "-Wl,-undefined(=|,){part}",
    "-Wl,-[-]unresolved-symbols={list}",
    "-Wl,--[no-]warn-{list}",
    "-Wl,-[-]wrap(=|,){part}",
    "-Wl,-z,(relro|now|[no]execstack)",
    "",
    ""};

constexpr std::array<std::string_view, 13> linker_pairs{
    "-arch",          "-F",         "-l",        "-L",
    "-framework",     "-isysroot",  "--sysroot", "-target",
    "-Wl,-framework", "-Wl,-rpath", "-Wl,-R",    "-Wl,--just-symbols",
    "-Wl,-undefined"};

constexpr std::array<std::string_view, 33> pkg_config_options{
    "--atleast-[pkgconfig-]version={number}.{number}.{number}",
    "--cflags[-only-I]",
    "--[dont-]define-prefix",
    "--define-variable={id}={value}",
    "--digraph",
    "--dont-relocate-paths",
    "--dump-personality",
    "--env-only",
    "--errors-to-stdout",
    "--(exact|max)-version={number}.{number}.{number}",
    "--exists",
    "--fragment-filter={id}",
    "--ignore-conflicts",
    "--internal-cflags",
    "--keep-system-(cflags|libs)",
    "--libs[-only-(l|L)]",
    "--list-(all|package-names)",
    "--maximum-traverse-depth={number}",
    "--modversion",
    "--msvc-syntax",
    "--no-(cache|provides|uninstalled)",
    "--path",
    "--personality=(triplet|filename)",
    "--prefix-variable={id}",
    "--print-(errors|provides|requires[-private]|variables)",
    "--pure",
    "--shared",
    "--(short|silence)-errors",
    "--simulate",
    "--static",
    "--(uninstalled|validate)",
    "--variable={id}",
    "--with-path={arg}"};

// "obj" stands in cmd/go's list too, but its expression stops behind the "o" and so rejects it.
constexpr std::array<std::string_view, 6> library_endings{".a",     ".o",  ".dll",
                                                          ".dylib", ".so", ".tbd"};

bool is_linker(GoFlagSource source) {
  return source == GoFlagSource::pkg_config_libs || source == GoFlagSource::cgo_ldflags;
}

bool matches_one_of(std::span<const std::string_view> patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](std::string_view pattern) {
    return !pattern.empty() && matches_go_pattern(pattern, text);
  });
}

bool is_among(std::span<const std::string_view> list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// What cmd/go takes for an argument of its own that no program reads as an option.
bool is_safe(std::string_view text) {
  if (text.empty()) return false;
  const char c = text[0];
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == '_' || c == '/' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool ends_as_library(std::string_view text) {
  return std::ranges::any_of(library_endings, [&](std::string_view ending) {
    return text.size() > ending.size() && text.ends_with(ending);
  });
}

// A file for the linker: absolute, a bare name, or "./".
bool is_library_path(std::string_view text) {
  if (text.contains('\n') || !ends_as_library(text)) return false;
  const char c = text[0];
  if (text.starts_with("./")) return text.size() > 2 + 1;
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '/';
}

// "-Wl,-z,relro,-z,now" and longer.
bool is_chain_of_z(std::string_view text) {
  if (!text.starts_with("-Wl,-z,")) return false;
  text.remove_prefix(3);
  while (text.starts_with(",-z,")) {
    text.remove_prefix(4);
    const std::string_view word = text.substr(0, text.find(','));
    if (!matches_go_pattern("(relro|now|[no]execstack)", word)) return false;
    text.remove_prefix(word.size());
  }
  return text.empty();
}

bool is_linker_flag(std::string_view text) {
  if (text == "-lto_library") return false;  // the linker loads the file that follows
  return matches_one_of(linker_flags, text) || is_chain_of_z(text) || is_library_path(text);
}

// "-Wl,--push-state,--as-needed": each part is a flag of its own.
bool is_push_state(std::string_view text) {
  constexpr std::string_view start = "-Wl,--push-state,";
  if (!text.starts_with(start)) return false;
  text.remove_prefix(4);
  for (const std::string_view part : split(text, ',')) {
    if (!is_linker_flag("-Wl," + std::string(part))) return false;
  }
  return true;
}

bool is_allowed(std::string_view text, bool linker) {
  if (!linker) return matches_one_of(compiler_flags, text);
  return is_linker_flag(text) || is_push_state(text);
}

// Whether the flag and the word behind it are taken together.
bool is_allowed_pair(std::string_view flag, std::string_view next) {
  if (is_safe(next)) return true;
  if (flag.starts_with("-Wl,") && next.starts_with("-Wl,")) {
    const std::string_view inner = next.substr(4);
    return is_safe(inner) && !inner.contains(',');
  }
  const bool sysroot = next.starts_with('=') || next.starts_with("$SYSROOT");
  return flag == "-I" && sysroot && is_safe(next.substr(1));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").contains(c)) out += '\\';
    out += c;
  }
  return out;
}

// A version behind ".so": "libX.so.2".
bool is_versioned_library(std::string_view path) {
  const std::size_t at = path.rfind(".so.");
  if (at == std::string_view::npos) return false;
  return std::ranges::all_of(path.substr(at + 4),
                             [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

struct Equivalent {
  std::string_view flag;
  std::string_view same;
};

// Flags that another spelling says as well.
constexpr std::array equivalents{
    Equivalent{"-Wl,-z,defs", "-Wl,--no-undefined"},
    Equivalent{"-Wl,--export-dynamic-symbol=*", "-Wl,--export-dynamic"},
    Equivalent{"-Wl,-export_dynamic", "-rdynamic"},
    Equivalent{"-Wl,-call_shared", "-Wl,-Bdynamic"},
    Equivalent{"-Wl,-non_shared", "-Wl,-Bstatic"},
    Equivalent{"-Wl,-dy,--as-needed", "-Wl,--push-state,-dy,--as-needed"},
    Equivalent{"-pthreads", "-pthread"},
};

// Several linker flags in one word, each of them allowed alone.
std::vector<std::string> divided(std::string_view text) {
  if (!text.starts_with("-Wl,")) return {};
  std::vector<std::string> out;
  for (const std::string_view part : split(text.substr(4), ',')) {
    std::string flag = "-Wl," + std::string(part);
    if (!is_linker_flag(flag)) return {};
    out.push_back(std::move(flag));
  }
  return out.size() > 1 ? out : std::vector<std::string>{};
}

std::vector<std::string> instead_of(std::string_view text, std::string_view next, bool linker) {
  if (!linker) return {};
  if (is_versioned_library(text) && text.contains('/') && !text.starts_with("../")) {
    std::vector<std::string> out{"-L" + std::string(folder_of(text)),
                                 "-l:" + std::string(base_name(text))};
    if (is_linker_flag(out[0])) return out;
  }
  if (is_versioned_library(text) && is_safe(text) && !text.contains('/')) {
    return {"-L.", "-l:" + std::string(text)};
  }
  if (text.starts_with("../") && ends_as_library(text)) return {"${SRCDIR}/" + std::string(text)};
  for (const Equivalent& one : equivalents) {
    if (text == one.flag) return {std::string(one.same)};
  }
  if (text == "-Xlinker" && !next.empty() && !next.contains(',')) {
    std::string flag = "-Wl," + std::string(next);
    if (is_linker_flag(flag)) return {std::move(flag)};
  }
  return divided(text);
}

std::string reason_of(std::string_view text, std::string_view next, bool pair, bool linker) {
  if (text.starts_with('@') || text.contains("@") || next.starts_with('@')) {
    return "an argument that begins with @ makes compilers and linkers read options from a file";
  }
  if (pair && next.empty()) return "the argument of the flag is missing";
  if (pair) return "the argument of the flag could be read as an option";
  if (!linker) return "it is not in cmd/go's list of compiler flags";
  if (is_versioned_library(text)) return "a library must end in .a, .so, .dylib, .dll, .tbd or .o";
  if (text.starts_with("../"))
    return "the path of a library must be absolute or begin with ./ or a name";
  if (text == "-lto_library") return "the linker would load and run the file that follows";
  if (text.starts_with("-Wl,") && text.contains(',')) {
    return "cmd/go's list of linker flags does not have it";
  }
  if (!text.starts_with('-')) return "it is neither a flag nor a library";
  return "it is not in cmd/go's list of linker flags";
}

RejectedFlag rejected(const std::vector<std::string>& words, std::size_t at, bool pair,
                      bool linker) {
  const std::string next = at + 1 < words.size() ? words[at + 1] : std::string();
  RejectedFlag out;
  out.at = at;
  out.words = {words[at]};
  out.reason =
      reason_of(words[at], pair ? std::string_view(next) : std::string_view(), pair, linker);
  out.instead = pair ? std::vector<std::string>{} : instead_of(words[at], next, linker);
  if (pair && !next.empty()) out.words.push_back(next);
  // The equivalent of -Xlinker takes the place of its argument as well.
  if (words[at] == "-Xlinker" && !out.instead.empty()) out.words.push_back(next);
  out.variable = linker ? "CGO_LDFLAGS_ALLOW" : "CGO_CFLAGS_ALLOW";
  out.pattern = go_allow_pattern({out});
  return out;
}

// cmd/go's reader of the words that a shell would see.
class OutputReader {
 public:
  std::expected<std::vector<std::string>, std::string> read(std::string_view text) {
    for (const char c : text) {
      if (!take(c)) {
        return std::unexpected(std::string("unexpected shell character '") + c +
                               "' in pkgconf output");
      }
    }
    if (quote_ != 0) return std::unexpected("unterminated quoted string in pkgconf output");
    if (escaped_) return std::unexpected("broken character escaping in pkgconf output");
    finish();
    return std::move(words_);
  }

 private:
  bool take(char c) {
    if (escaped_) return take_escaped(c);
    if (quote_ != 0 && c == quote_) {
      quote_ = 0;
      return true;
    }
    const bool literal = quote_ == '\'' || (quote_ == '"' && c != '`' && c != '$' && c != '\\');
    if (literal) {
      word_ += c;
      return true;
    }
    return take_plain(c);
  }

  bool take_escaped(char c) {
    escaped_ = false;
    if (quote_ == '"' && !std::string_view("$`\"\\\n").contains(c)) word_ += '\\';
    if (c != '\n') word_ += c;
    return true;
  }

  bool take_plain(char c) {
    if (std::string_view("|&;<>()$`").contains(c)) return false;
    if (c == '\\') {
      escaped_ = true;
    } else if (c == '"' || c == '\'') {
      quote_ = c;
      quoted_ = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      finish();
    } else {
      word_ += c;
    }
    return true;
  }

  void finish() {
    if (!word_.empty() || quoted_) words_.push_back(std::exchange(word_, {}));
    quoted_ = false;
  }

  std::vector<std::string> words_;
  std::string word_;
  char quote_ = 0;
  bool escaped_ = false;
  bool quoted_ = false;
};

}  // namespace

std::string_view go_source_name(GoFlagSource source) {
  switch (source) {
    case GoFlagSource::pkg_config_libs: return "pkg-config --libs";
    case GoFlagSource::pkg_config_cflags: return "pkg-config --cflags";
    case GoFlagSource::cgo_ldflags: return "#cgo LDFLAGS";
    case GoFlagSource::cgo_cflags: break;
  }
  return "#cgo CFLAGS";
}

std::vector<RejectedFlag> rejected_by_go(const std::vector<std::string>& words,
                                         GoFlagSource source) {
  const bool linker = is_linker(source);
  const std::span<const std::string_view> pairs =
      linker ? std::span<const std::string_view>(linker_pairs) : compiler_pairs;
  std::vector<RejectedFlag> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_allowed(words[i], linker)) continue;
    const bool pair = is_among(pairs, words[i]);
    if (pair && i + 1 < words.size() && is_allowed_pair(words[i], words[i + 1])) {
      ++i;
      continue;
    }
    out.push_back(rejected(words, i, pair, linker));
    i += out.back().words.size() - 1;
  }
  return out;
}

std::string go_allow_pattern(const std::vector<RejectedFlag>& rejected) {
  std::vector<std::string> words;
  for (const RejectedFlag& one : rejected) {
    for (const std::string& word : one.words) {
      std::string text = escaped(word);
      if (std::ranges::find(words, text) == words.end()) words.push_back(std::move(text));
    }
  }
  if (words.size() == 1) return "^" + words.front() + "$";
  return "^(" + join(words, "|") + ")$";
}

std::expected<std::vector<std::string>, std::string> go_words_of_output(std::string_view output) {
  return OutputReader().read(output);
}

bool is_go_module_name(std::string_view name) { return is_safe(name); }

bool is_go_pkg_config_option(std::string_view option) {
  return matches_one_of(pkg_config_options, option);
}

}  // namespace tenon
