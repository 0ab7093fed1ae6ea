// A call of a compiler as the cache sees it: what decides the object, without what does not.
//
// cmd/go gives each compile a new folder ($WORK/b001), a new -frandom-seed and, with -trimpath, one
// map more; two checkouts differ in their paths. None of it decides what the object means. So the
// wrapper replaces the seed by one made from the key, writes the module's folder as -trimpath would
// in every call, kept or not, and the key holds paths by what their prefix maps make of them.
// Flags that are not in the list here make the call one that is not kept: what a flag means that
// nobody looked at cannot be known. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {

// Why a compile is neither found nor kept.
enum class Uncached : std::uint8_t {
  not_an_object,     // -E, -S, -M, -fsyntax-only: no object comes out
  inputs,            // none or several sources, standard input, a file of an unknown kind
  output,            // no -o, or one that is no plain file
  dependencies,      // -MD and its kin: a second output
  flag,              // one that is not in the list
  machine,           // -march=native: another machine gives another object
  environment,       // a variable that adds outputs
  date_time,         // the text names __DATE__, __TIME__ or __TIMESTAMP__
  reads_file,        // .incbin, .include, #embed
  computed_include,  // __has_include(MACRO)
  precompiled,       // a precompiled header was read
  changed,           // a file changed while the compiler ran
  unreadable,        // a file that the compiler read could not be read, or a path has a line end
  compiler,          // which compiler it is could not be found out
  diagnostics,       // more warnings than are kept, or warnings for a terminal
  store,             // the cache cannot be written
};
[[nodiscard]] std::string_view uncached_name(Uncached reason);

struct NotCached {
  Uncached reason = Uncached::flag;
  std::string what = {};    // the flag, file or variable
  std::string source = {};  // as the call names it; empty when it names none
};

// -ffile-prefix-map=FROM=TO
struct PrefixMap {
  std::string from, to;
};

struct CompileCall {
  std::vector<PrefixMap> maps;
  std::vector<std::string> words;   // the arguments that decide the object, paths made portable
  std::string folder;               // the working folder
  std::string source;               // absolute
  std::string output;               // as it was given
  std::string language;             // of -x, else after the source's name: "c", "assembler", ...
  std::vector<std::string> forced;  // -include, -imacros
  // Absolute, in the order of the search; the compiler's own come before the late ones.
  std::vector<std::string> quote_folders, folders, system_folders, late_folders, frameworks;
  std::vector<std::string> search_flags;  // those that decide the compiler's own search folders
};

// `argv`: the whole command, of which the first `program_words` name the compiler. `folder`: the
// working folder.
[[nodiscard]] std::expected<CompileCall, NotCached> read_compile_call(
    const std::vector<std::string>& argv, std::size_t program_words, std::string folder);

// Variables of the environment that decide an object, and those that add an output.
[[nodiscard]] const std::vector<std::string_view>& deciding_variables();
[[nodiscard]] const std::vector<std::string_view>& output_variables();

// A path as it is kept: by what the maps make of it, so that it can be found from another checkout.
// Paths under no map stay as they are.
[[nodiscard]] std::string portable_path(const std::vector<PrefixMap>& maps, std::string_view path);
// The way back; a text that names a map which is not there stays as it is.
[[nodiscard]] std::string local_path(const std::vector<PrefixMap>& maps, std::string_view portable);

// What cmd/go maps its work folder to ($WORK/b001).
constexpr std::string_view work_of_go = "/tmp/go-build";
// What the sources that cgo asks with are mapped to.
constexpr std::string_view question_of_cgo = "/tmp/cgo-gcc-input.c";

// Whether a file is written by cmd/go or cgo for this build: it lies in $WORK, or is a question.
[[nodiscard]] bool is_generated(const std::vector<PrefixMap>& maps, std::string_view path);

// The command with its -frandom-seed made from `seed`.
[[nodiscard]] std::vector<std::string> with_seed(std::vector<std::string> argv,
                                                 std::string_view seed);

}  // namespace tenon
