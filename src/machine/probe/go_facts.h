// Go as it is on this machine and for this project: version, root, environment, packages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/target.h"

namespace tenon {

struct GoFacts {
  std::string program;    // path of the go command
  std::string version;    // "go1.26.8"
  Version release;        // 1.26.8
  std::string root;       // GOROOT
  std::string module;     // go.mod in use; empty or "/dev/null" outside a module
  std::string cgo_env;    // CGO_ENABLED as set by the user (environment or go env -w); empty if not
  std::string cgo_where;  // where that stands: "the environment" or the file's path
  std::string goflags;
  std::string cgo_cflags;
  bool interrupted = false;
  std::string error;  // what `go env` said when it failed
};

// nullopt when there is no go command. Asks for named variables only: a bare `go env` runs the C
// compiler and can block. Answers are kept in `cache` (a folder, or empty) under everything that
// they depend on: the program, go.mod, go.work, the file of `go env -w` and the environment.
[[nodiscard]] std::optional<GoFacts> probe_go(const std::string& folder, const std::string& cache);

// Where Go keeps things, from files and the environment alone: nothing is run.
struct GoFolders {
  std::string module_root;   // the folder of go.mod at or above; empty when there is none
  std::string module_cache;  // GOMODCACHE, else below GOPATH
  std::string root;          // GOROOT of the go command on PATH; empty when there is none
};

[[nodiscard]] GoFolders find_go_folders(const std::string& folder);

// A variable of Go as a user set it: in the environment, else by `go env -w`. Empty when nobody
// did.
struct GoSetting {
  std::string value;
  std::string where;  // "the environment" or the file's path
};

[[nodiscard]] GoSetting go_setting(const char* name);
// The macOS version that Go's own linker writes, read from the toolchain's source; a table by
// release where the source is not installed.
[[nodiscard]] Version go_minimum_macos(const GoFacts& go);

struct GoPackage {
  std::string path;
  std::string name;
  std::string folder;
  bool standard = false;
  std::vector<std::string> cgo_files;
  std::vector<std::string> ignored_files;  // excluded by build constraints, cgo among them
  std::vector<std::string> cxx_files;
  std::vector<std::string> pkg_config;
  std::vector<std::string> cgo_ldflags;
  std::vector<std::string> cgo_flags;  // of its #cgo lines for the compilers
  std::vector<std::string> imports;
  std::string error;
};

struct GoList {
  std::vector<GoPackage> packages;  // dependencies first
  std::vector<std::string> mains;   // import paths of the named packages that are programs
  std::string error;                // what `go list` said when it failed
  bool timed_out = false;
};

// The packages that `patterns` and `flags` select for a target, with CGO_ENABLED as given.
[[nodiscard]] GoList list_packages(const GoFacts& go, const std::string& folder,
                                   const std::vector<std::string>& flags,
                                   const std::vector<std::string>& patterns,
                                   const std::vector<std::string>& environment);

}  // namespace tenon
