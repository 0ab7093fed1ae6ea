// Whether sources compile after a rewrite as they did before: judged by the compiler itself, in a
// directory of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {

enum class Compiles { yes, no, unknown };

struct CompileRequest {
  std::vector<std::string> roots;  // directories and files that were named
  std::string classpath;           // of javac, for the sources as they are and as they will be
  std::string new_classpath;       // for the sources as they will be; empty: the same
  std::string release;             // of javac; empty: its own
  std::string command;             // own: words of a shell, run in a copy of the root; empty: javac
};

struct CompileReport {
  Compiles state = Compiles::unknown;
  std::string reason;  // of unknown
  std::map<std::string, std::string>
      failures;  // path -> the first thing that the compiler says, of files that compiled before
  std::map<std::string, std::string> unknown;  // files that did not compile before either
  std::size_t compiled = 0;                    // files that compile afterwards
};

// The plans are not applied yet: the new texts go to a temporary directory.
[[nodiscard]] CompileReport check_java(const Sources& sources, const std::vector<FilePlan>& plans,
                                       const CompileRequest& request);
[[nodiscard]] CompileReport check_command(const std::vector<FilePlan>& plans,
                                          const CompileRequest& request);

}  // namespace tenon::rewrite
