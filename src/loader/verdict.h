// What a prediction says, the same for every loader: whether the program loads, the text that the
// loader prints, each image with who asked for it and how it was found, each path that was tried
// with the reason why it was not taken. Owns its strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/files.h"
#include "loader/floor.h"

namespace tenon::loader {

// What went wrong. The names in JSON are cause_name()'s.
enum class Cause : std::uint8_t {
  missing_library,
  wrong_architecture,  // "No such file", and the file is there for another processor
  wrong_class,         // 32 bits where 64 are needed, or the reverse
  damaged_library,     // found, and not usable: empty, cut short, a directory, no library
  missing_symbol,
  missing_version,
  no_version_table,  // a versioned symbol was found in a library without versions
  missing_interpreter,
  bad_interpreter,
  cannot_execute,  // the kernel refuses the program
  crash,           // the loader reads outside of a file that was cut short, or follows junk
  // Of dyld.
  wrong_platform,      // built for iOS
  refused_header,      // a header that dyld does not take: no LC_UUID
  bad_signature,       // not signed where that is needed, or changed since
  library_validation,  // the program takes libraries of its own team only
  killed,              // the kernel ends the program and says nothing
  undecided,
};

[[nodiscard]] std::string_view cause_name(Cause cause);

// Why a path was not taken, or that it was.
enum class TryResult : std::uint8_t {
  taken,
  absent,         // os_error says how
  other_machine,  // for another processor: the loader says "no such file"
  other_class,
  unusable,  // the loader stops here
  refused,   // and the search goes on: the loader's words are in `note`
  skipped,   // not even tried: the rule is in `note`
};

[[nodiscard]] std::string_view try_name(TryResult result);

// The rule by which a path was tried or an image found.
enum class FoundBy : std::uint8_t {
  program,
  interpreter,
  rpath,
  runpath,
  environment,  // LD_LIBRARY_PATH
  cache,        // ld.so.cache
  default_path,
  path_file,   // /etc/ld-musl-ARCH.path
  given_path,  // a name with a slash
  preload,
  // Of dyld.
  loader_path,  // @loader_path, @executable_path
  cryptex,
  fallback,
  shared_cache,
};

[[nodiscard]] std::string_view found_name(FoundBy found);

struct Tried {
  std::string name;  // what was looked for
  std::string by;    // path of the image that needs it
  std::string path;
  FoundBy rule = FoundBy::default_path;
  std::string owner;  // the image whose run path it is
  TryResult result = TryResult::absent;
  OsError os_error = OsError::none;
  std::string note;  // "is for aarch64"
};

struct ImageInfo {
  std::string path;  // as the loader names it
  std::string real_path;
  std::string name;  // what was asked for
  std::string by;    // path of the image that asked first; empty for the program
  FoundBy found = FoundBy::program;
  std::string soname;
  std::vector<std::string> needed;
  std::vector<std::size_t> children;  // images, in the order of `needed`
};

struct Failure {
  std::string file;  // the image that cannot be loaded or bound
  Cause cause = Cause::undecided;
  std::string text;     // what is printed; several lines where the loader prints several
  int status = 127;     // with which the process ends
  std::string by;       // the image that needs the library, symbol or version
  std::string library;  // name of what is missing
  std::string symbol;
  std::string version;
  std::string path;  // of the wrong or damaged file
  std::string why;   // a sentence about `path`
};

// A function that is missing and only looked for when it is called.
struct LateSymbol {
  std::string path, symbol, version, text;
};

struct Warning {
  enum class Kind : std::uint8_t { preload, no_versions, weak_version, environment };
  Kind kind = Kind::preload;
  std::string text;  // what the loader prints; may be empty
  std::string library, source, path, by, why;
};

// Shared libraries that a static program of glibc loads while it runs.
struct StaticNeed {
  std::string kind;  // "name-services", "iconv", "dlopen"
  std::string what;
  std::vector<std::pair<std::string, std::string>> evidence;  // a path or name, and what is there
};

enum class LoaderKind : std::uint8_t { none, glibc, musl, dyld, other };

[[nodiscard]] std::string_view loader_name(LoaderKind kind);

struct Verdict {
  std::optional<bool> loads;  // nullopt: not decided
  LoaderKind loader = LoaderKind::none;
  std::string interpreter;
  bool library = false;           // a shared library: as the loader of the root would load it
  std::vector<Failure> failures;  // the one that is printed first comes first
  std::vector<LateSymbol> late;
  std::vector<Warning> warnings;
  std::vector<ImageInfo> images;  // in load order
  std::vector<Tried> tried;
  bool tried_cut = false;  // there were more
  // Files of the name of the missing library, in run paths that its user does not inherit.
  std::vector<std::string> elsewhere;
  // Loaders of the root for programs of this C library, where the one that is named is missing.
  std::vector<std::string> other_loaders;
  // Of a program for glibc in a root with musl: symbols of glibc that musl does not define.
  std::vector<std::string> not_in_musl;
  std::vector<StaticNeed> static_needs;
  std::vector<std::string> hwcaps;  // that were searched
  // Libraries in glibc-hwcaps that a better processor takes instead; empty when it is known.
  std::vector<std::string> for_other_processors;
  std::string undecided;  // why `loads` is empty
  GlibcFloors glibc;
  // Base images where the file starts as far as its kind decides: "scratch", "alpine", "glibc".
  std::vector<std::string_view> starts_on;

  // What the loader prints before the program runs or instead of it.
  [[nodiscard]] std::string text() const;
};

// Of a program on Linux. Names of variables without a value in `environment` are not set.
struct Request {
  std::string program;                   // path in the root
  std::string argv0;                     // as the program is started; `program` when empty
  std::vector<std::string> environment;  // "NAME=VALUE"
  bool secure = false;                   // secure execution (AT_SECURE)
  std::string platform;                  // AT_PLATFORM where it differs from the processor's name
  std::vector<std::string> hwcaps;       // subdirectories of glibc-hwcaps, best first: "x86-64-v3"
  bool hwcaps_known = false;             // those are all that the processor has
  std::vector<std::string> legacy_hwcaps;  // of glibc before 2.37, in its order: "tls", "x86_64"
};

[[nodiscard]] std::string_view environment_value(const Request& request, std::string_view name);

}  // namespace tenon::loader
