// From the lines of a log back to the project: which file declares a name and why it was left out,
// which #cgo line asks for a library, what a folder without Go files holds.
// Knows Go's rules; asks for files, never for the machine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "diagnose/log.h"
#include "format/gomod/gomod.h"
#include "format/gosource/source.h"

namespace tenon {

// How files are asked for. Paths are absolute.
struct ProjectDisk {
  std::function<std::optional<std::string>(const std::string& path)> read;  // of a regular file
  std::function<std::vector<std::string>(const std::string& folder)> list;  // names, sorted
};

struct ProjectPlace {
  std::string root;                     // the folder of go.mod
  std::string work_file = {};           // go.work that holds there; empty: none
  std::string module_cache;             // GOMODCACHE; empty when not known
  std::string go_root;                  // empty when not known
  gosource::Context target;             // what the log builds for; its `cgo` is not used
  std::vector<std::string> pc_folders;  // where .pc files may lie
};

// One thing that the project says about the failure.
struct ProjectFact {
  enum class Kind {
    left_out_by_cgo,     // takes part with cgo, and not without
    left_out_by_target,  // does not take part for this target either way
    not_declared,        // no file of the package declares the name
    cgo_line,            // the #cgo line that asks for something
    lost_preamble,       // an empty line separates the C code from import "C"
    pc_file,             // a .pc file that has what is asked for
    work_line,           // the line of go.work, or its lack, that a workspace fails by
  };
  Kind kind = Kind::cgo_line;
  std::string message;   // one sentence
  std::string package;   // import path; empty when not known
  Evidence evidence;     // the file with its line
  std::size_t line = 0;  // of the log
};

// At most a dozen facts, in the order of the log.
[[nodiscard]] std::vector<ProjectFact> trace_project(const Log& log, const ProjectPlace& place,
                                                     const ProjectDisk& disk);

}  // namespace tenon
