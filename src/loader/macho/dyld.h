// Will a program for macOS start? dyld simulated from the files alone.
//
// From beginning to end: the kernel takes the slice of the program for the processor and asks its
// signature; dyld then asks its header (image.h). Inserted libraries are loaded, then the libraries
// of each image in the order of its load commands, first all of one image, then those of the first
// of them and so on. A name is looked for in all places of search.h: one that is loaded already by
// that path or install name is taken; else the first path with a file that may be loaded, or that
// is in the shared cache. The first library that is needed and not found ends the start, with all
// paths that were tried and why each was refused. When all are there, the imports of each image are
// bound in the order in which the images were loaded; the first that no library has ends the start.
// What cannot be known from the files (the shared cache of a Mac that is not at hand, the exports
// of its libraries) is assumed and listed, and the answer is then "unknown", never "loads".
//
// Rules: dyld-1378 dyld/dyldMain.cpp (prepare), JustInTimeLoader.cpp (loadDependents), Loader.cpp
// (getLoader, resolveSymbol, hasExportedSymbol). Nothing here ran on a Mac.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/macho/image.h"
#include "loader/macho/mac.h"
#include "loader/macho/search.h"
#include "loader/macho/settings.h"

namespace tenon::dyld {

struct Request {
  std::string program;                   // its path on the Mac, without links
  std::vector<std::string> environment;  // "NAME=VALUE"
  macho::Version macos{26, 0, 0};
  std::uint32_t cputype = 0;  // of the process; 0: that of a thin file, else arm64 before x86_64
  bool set_user_id = false;
};

enum class Kind : std::uint8_t {
  program_refused,  // by dyld: its header
  program_killed,   // by the kernel: not signed, or pages that do not match
  library_missing,
  library_refused,  // a file was there and could not be taken
  symbol_missing,
  inserted_missing,
};

// A path that was tried, and what was wrong with it: "no such file".
struct Tried {
  std::string path, why;
  Way way = Way::name;
  std::string origin;
  std::optional<Fault> fault;  // of a file that was there
};

struct Failure {
  Kind kind = Kind::library_missing;
  std::string text;   // the words of dyld, without the "dyld[PID]: " before them
  bool exact = true;  // false: some words depend on the release or are the kernel's
  std::string file;   // the image that could not be used, or that asked for what is missing
  std::string name;   // the library or symbol that is missing
  std::string wanted_by;
  std::vector<Tried> tried;
};

// One image of the process, in load order.
struct LoadedImage {
  std::string path;  // as dyld calls it
  std::string name;  // that led to it, as the load command has it
  std::string by;    // path of the image that asked first; empty for the program
  Way way = Way::name;
  std::string origin;
  bool in_cache = false;
  bool assumed = false;            // in the cache as far as its path tells
  std::vector<std::string> needs;  // paths of the images that it loads, in its order
};

struct Prediction {
  enum class Starts : std::uint8_t { yes, no, unknown };
  Starts starts = Starts::unknown;
  std::optional<Failure> failure;  // what dyld would report
  std::vector<Failure> next;       // what would come after, when that were mended
  std::vector<LoadedImage> images;
  // What was taken for granted, a sentence each.
  std::vector<std::string> assumptions;
  // Imports that fail when they are called first: lazy ones of old files.
  std::vector<std::string> fails_when_called;
  Settings settings;
  Process process;
};

[[nodiscard]] Prediction predict(const Request& request, Mac& mac, const SharedCache& cache);

}  // namespace tenon::dyld
