// Unpacked contents on the disk of this machine, in files without a name: nothing is left of them
// when the process ends, however it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/page_window.h"
#include "base/result.h"
#include "host/files.h"
#include "host/mapping.h"
#include "notarize/spool.h"

namespace tenon::notarize {

// Passes on what is about mapped files; contents in memory must not be let go of, they would be
// gone.
class MappedOnly final : public PageWindow {
 public:
  // The contents of a mapped file, known here as long as they are held.
  [[nodiscard]] FileTree::Content hold(Mapping mapping);
  [[nodiscard]] FileTree::Content hold(FileTree::Content content);
  void enter(std::span<const std::byte> bytes) override;
  void leave(std::span<const std::byte> bytes) override;

 private:
  void add(std::span<const std::byte> bytes);
  void remove(std::span<const std::byte> bytes);
  [[nodiscard]] bool is_mapped(std::span<const std::byte> bytes);

  std::mutex lock_;
  std::vector<std::span<const std::byte>> mapped_;
};

// A directory whose files are mapped, and known to the window.
class WindowTree final : public FileTree {
 public:
  // Borrows both.
  WindowTree(FileTree& tree, MappedOnly& window) : tree_(tree), window_(window) {}

  [[nodiscard]] std::string name() const override { return tree_.name(); }
  [[nodiscard]] Result<Kind> kind(const std::string& path) override { return tree_.kind(path); }
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override {
    return tree_.list(path);
  }
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override {
    return tree_.link_target(path);
  }

 private:
  FileTree& tree_;
  MappedOnly& window_;
};

class DiskSpool final : public Spool {
 public:
  explicit DiskSpool(MappedOnly& window) : window_(window) {}
  [[nodiscard]] Result<std::unique_ptr<SpoolFile>> make(std::uint64_t size) override;

 private:
  MappedOnly& window_;
  std::unique_ptr<TemporaryFolder> folder_;  // made when it is needed
};

}  // namespace tenon::notarize
