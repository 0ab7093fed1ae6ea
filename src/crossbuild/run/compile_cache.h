// Compiles once what is compiled again.
//
// A call that makes one object from one source has a key: the digest of the compiler, of the words
// that decide the object, of the environment that does, and of the source (cache/compile_call.h).
// Under the key lies a manifest of earlier compiles: the files that each read, with their digests,
// and the names that its sources spell and that led to nothing. When all of these files are as they
// were, and nothing has appeared where nothing was, the preprocessor would read the same text
// again, and the object that was kept is the object that the compiler would write; it is copied
// out, and what the compiler said is said again. Else the compiler runs with -MD, and what it read
// is written down. A text whose meaning is not in files (cache/includes.h) is never kept, nor is an
// object with a file that changed while the compiler ran.
//
// The seed of a call (-frandom-seed, new in each build of go) is replaced by one made from the key,
// whether the call is kept or not: with the same call and the same files, the cache changes no
// byte.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "crossbuild/cache/compile_call.h"
#include "diag/finding.h"

namespace tenon {

struct CompileJob {
  std::vector<std::string> argv;         // the whole command
  std::size_t program_words = 1;         // of it, those that name the compiler
  std::vector<std::string> environment;  // set on top of ours
  std::string cache;                     // the private folder; empty: nothing is kept
  bool keep = true;                      // false: the call is only made comparable
};

struct CompileResult {
  enum class How : unsigned char { hit, miss, uncached, failed };
  How how = How::failed;
  NotCached why;  // of `uncached`
  int code = 0;
};

// Runs the job, or finds what it would give. Findings are about programs that cannot be started
// and outputs that cannot be written.
[[nodiscard]] Outcome<CompileResult> compile_once(const CompileJob& job);

// The folder of the compile cache below the cache of `tenon`.
[[nodiscard]] std::string compile_cache_folder(const std::string& cache);

// The map that makes the paths of a module's own files the same in every checkout: its folder is
// written as -trimpath would ("/_/example.com/m@v1.2.0"). Empty where `folder` is in no module; an
// error when that cannot be found out. What this user may not read is no module of theirs.
[[nodiscard]] Outcome<std::string> module_map(const std::string& folder);

}  // namespace tenon
