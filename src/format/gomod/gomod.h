// go.mod and go.work: what modules need, what replaces it and which modules a workspace has.
// Source: the Go modules reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"

namespace tenon::gomod {

struct Module {
  std::string path, version;
};

struct Replacement {
  Module old;  // version empty: of every version
  Module by;   // version empty: `path` is a folder, relative to that of go.mod
};

struct File {
  std::string module;
  std::string go;         // "1.26.0"
  std::string toolchain;  // "go1.26.8"
  std::vector<Module> require;
  std::vector<Replacement> replace;
  std::vector<std::string> use;  // of go.work: folders of modules, relative to it
};

// Lines that make no sense are passed over: the go command is the one to refuse them.
[[nodiscard]] File read(std::string_view text);

// The module of `file.require` that `import_path` belongs to: the longest path wins.
[[nodiscard]] const Module* module_of(const File& file TENON_LIFETIMEBOUND,
                                      std::string_view import_path);
// What the module's files are taken from.
[[nodiscard]] Module replaced(const File& file, const Module& module);
// "github.com/!burnt!sushi/toml": capital letters as they stand in the module cache.
[[nodiscard]] std::string escaped(std::string_view path);
// Whether `import_path` is `prefix` or below it.
[[nodiscard]] bool below(std::string_view import_path, std::string_view prefix);

}  // namespace tenon::gomod
