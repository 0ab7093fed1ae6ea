// A closure as words for a linker's driver, each with its reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "link/closure/closure.h"
#include "link/closure/given.h"
#include "link/closure/order.h"
#include "link/index/library_index.h"

namespace tenon::link {

// One or several words that belong together: a group, "-framework X".
struct LineFlag {
  std::vector<std::string> words;
  std::string origin;  // who named or needs it
};

// How a driver is told.
struct Dialect {
  std::string_view cxx = "-lstdc++";  // for its own C++ runtime
  std::string sysroot = {};           // to be told to gcc: libc.so there names files from its root
  bool gnu = true;  // ld's -l:FILE and -rpath-link are known; zig and lld of macOS lack them
  bool groups =
      true;  // --start-group is known; linkers of macOS read archives until nothing is new
};

struct LineInput {
  const LibraryIndex* index = nullptr;
  const ClosureRequest* request = nullptr;
  const Closure* closure = nullptr;
  std::vector<OrderedItem> items;
  Dialect dialect;
  std::vector<GivenFlag> others;  // that are no libraries and are passed on: -pthread, -framework X
};

[[nodiscard]] std::vector<LineFlag> line_of(const LineInput& input);

// "curl_easy_perform, needed by libcurl.a(easy.o)".
[[nodiscard]] std::string need_text(const LibraryIndex& index, const Need& need);
// "libxml2.a(xmlIO.o)", or "the program".
[[nodiscard]] std::string needer_text(const LibraryIndex& index, const Need& need);
// Why a library is in the closure, as a sentence part.
[[nodiscard]] std::string choice_text(const LibraryIndex& index, const Choice& choice);

}  // namespace tenon::link
