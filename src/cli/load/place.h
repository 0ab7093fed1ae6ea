// Where a program lies: its root, its path there and the target, from the command line.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "base/file_tree.h"
#include "cli/table.h"
#include "diag/finding.h"
#include "loader/elf/machine.h"
#include "loader/show.h"
#include "platform/platforms.h"

namespace tenon {

struct Place {
  std::unique_ptr<FileTree> root;
  std::unique_ptr<FileTree> outside;  // where the program lies when it is not below the root
  std::string outside_at;
  loader::Subject subject;
  loader::ElfKind machine;
  const Platform* platform = nullptr;
  bool gains_rights = false;  // set-user-ID or set-group-ID
};

[[nodiscard]] Outcome<Place> find_place(const Arguments& arguments);
// Of a program for macOS: without --root only its own directory and those around it are seen.
[[nodiscard]] Outcome<Place> find_macos_place(const Arguments& arguments);

}  // namespace tenon
