// The files of a module that the go command edits: go.mod, go.sum, and those of a workspace.
//
// What a repair did to them is taken back where the repair is dropped. Where the command passes
// with it, the edit goes through the journal of `tenon doctor`, which can undo it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/doctor/file_edit.h"

namespace tenon {

class ModuleFiles {
 public:
  // As they are now, of the module or workspace that go takes here.
  [[nodiscard]] static ModuleFiles now();

  void restore() const;
  [[nodiscard]] std::vector<FileChange> changes() const;

 private:
  struct File {
    std::string path;
    std::optional<std::string> text;  // nothing: there was none
  };

  std::vector<File> files_;
};

}  // namespace tenon
