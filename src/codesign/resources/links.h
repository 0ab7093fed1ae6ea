// Following symbolic links inside of a tree.
#pragma once

#include <string>
#include <string_view>

#include "base/file_tree.h"
#include "base/result.h"

namespace tenon::resources {

struct Resolved {
  enum class Outcome : std::uint8_t {
    found,
    missing,   // a name does not exist, or a file stands where a folder must be
    outside,   // leaves the tree by ".."
    absolute,  // a link on the way begins with '/'
    circle,    // more than 64 links, or a path of more than 4096 names
  };
  Outcome outcome = Outcome::missing;
  std::string path;  // of found: without links, "." and ".."
  FileTree::Kind kind = FileTree::Kind::none;
};

// The error of the tree when it could not look at a name on the way.
[[nodiscard]] Result<Resolved> resolve(FileTree& tree, std::string_view path);

// Whether a path can be one of this tree: names that are not empty, "." or "..", no NUL, no '/' at
// an end.
[[nodiscard]] bool is_plain_path(std::string_view path);

[[nodiscard]] std::string parent_of(std::string_view path);
[[nodiscard]] std::string_view last_name(std::string_view path);
// Whether `path` is `folder` or lies below it.
[[nodiscard]] bool is_inside(std::string_view path, std::string_view folder);

}  // namespace tenon::resources
