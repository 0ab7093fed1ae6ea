// Where a program lies: its root, its path there and the target, from the command line.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "base/file_tree.h"
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

struct PlaceRequest {
  std::string file;
  std::string root;    // empty: this machine
  std::string target;  // empty: that of the file
};

// Whether the target or the file itself is for macOS.
[[nodiscard]] bool is_for_macos(const PlaceRequest& request);

[[nodiscard]] Outcome<Place> find_place(const PlaceRequest& request);
// Of a program for macOS: without a root only its own directory and those around it are seen.
[[nodiscard]] Outcome<Place> find_macos_place(const PlaceRequest& request);

}  // namespace tenon
