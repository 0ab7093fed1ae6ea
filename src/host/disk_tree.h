// A folder of the machine as a tree.
#pragma once

#include <string>
#include <vector>

#include "base/file_tree.h"

namespace tenon {

// Each name of a path is opened without following links, so that nothing outside of the folder is
// ever read, also when somebody changes it meanwhile. The folder itself may be given through a
// link. Files are mapped while their contents are held.
class DiskTree final : public FileTree {
 public:
  // not_found when it is no folder.
  static Result<std::unique_ptr<DiskTree>> open(const std::string& folder);
  ~DiskTree() override;

  [[nodiscard]] Kind kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  explicit DiskTree(int root) : root_(root) {}

  int root_;
};

}  // namespace tenon
