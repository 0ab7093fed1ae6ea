// A folder of the machine as a tree.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/unread.h"

namespace tenon {

struct UnreadList;

// Each name of a path is opened without following links, so that nothing outside of the folder is
// ever read, also when somebody changes it meanwhile. The folder itself may be given through a
// link. Files are mapped while their contents are held.
class DiskTree final : public FileTree {
 public:
  // not_found when it is no folder.
  static Result<std::unique_ptr<DiskTree>> open(const std::string& folder);
  ~DiskTree() override;

  // What was asked for, exists, and could not be read; files that changed while their contents were
  // held, once these are gone. Paths are those of the tree.
  [[nodiscard]] std::vector<Unread> unread() const;

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] Result<Kind> kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  DiskTree(int root, std::string name);

  int root_;
  std::string name_;
  // Contents may outlive the tree.
  std::shared_ptr<UnreadList> unread_;
};

}  // namespace tenon
