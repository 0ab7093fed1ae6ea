// From modules and objects to an answer: reads .pc files, the libraries of the sysroot and the
// objects, and asks the index of files of the distribution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"
#include "link/closure/answer.h"
#include "link/closure/closure.h"
#include "link/closure/given.h"
#include "link/index/library_index.h"
#include "link/run/index_folders.h"
#include "platform/target.h"

namespace tenon::link {

struct LinkRequest {
  Target target;
  std::string sysroot;               // absolute
  std::string driver;                // gcc or clang that links, to be asked for its folders
  std::vector<std::string> modules;  // "libcurl", "libcurl >= 7.80"
  std::vector<GivenFlag> flags;      // given beside them
  std::vector<std::string> objects;  // absolute
  std::vector<std::string> whole;    // X of archives to take whole
  std::vector<std::string> shared;   // X of libraries to be shared
  std::vector<std::string> system;   // X of libraries that the system has and no sysroot needs
  Mode mode = Mode::hybrid;
  bool duplicates = false;
  bool zig = false;  // zig links
  bool use_cache = true;
  std::string sysroot_name;  // "debian:12/arm64", as its record says; empty without one
  std::string archive_list;  // path of the list that `tenon sysroot --contents` wrote; may be empty
};

struct LinkTimes {
  std::int64_t modules_us = 0, index_us = 0, solve_us = 0;
};

struct LinkResult {
  std::unique_ptr<LibraryIndex> index;
  std::vector<std::unique_ptr<Library>> objects;
  ClosureRequest request;
  Given given;
  Answer answer;
  std::vector<Finding> findings;  // of modules, and of the answer
  std::string driver;             // that was asked; empty: none
  IndexCost cost;
  LinkTimes times;
  bool modules_ok = true;
};

// The error: an object that cannot be read, or a name without an archive.
[[nodiscard]] Outcome<LinkResult> make_link(const LinkRequest& request, Progress& progress);

}  // namespace tenon::link
