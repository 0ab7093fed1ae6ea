// The members of an archive as a tree of files. A member is unpacked when somebody reads it, and is
// let go of when nobody holds its contents any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/page_window.h"
#include "base/result.h"
#include "base/tree_index.h"
#include "notarize/spool.h"

namespace tenon::notarize {

enum class Packing : std::uint8_t {
  stored,
  deflate,  // raw
  zlib,
  unknown,  // of a method that is not read here, or encrypted
};

// The contents of a member as they lie in the archive.
struct Packed {
  ByteView bytes;
  Packing packing = Packing::stored;
  std::uint64_t size = 0;  // unpacked
  bool has_crc = false;
  std::uint32_t crc = 0;
};

// Unpacks a whole stream; `size` nullopt: as much as there is.
// The window may be null.
[[nodiscard]] Result<FileTree::Content> unpack(const Packed& packed, Spool& spool, Budget& budget,
                                               PageWindow* window = nullptr);
// The same for a stream of gzip, whose size nobody says.
[[nodiscard]] Result<FileTree::Content> gunzip(ByteView bytes, Spool& spool, Budget& budget,
                                               PageWindow* window = nullptr);

class ArchiveTree final : public FileTree {
 public:
  // Borrows spool, budget and window, which may be null. `owner` keeps the archive's bytes.
  ArchiveTree(std::shared_ptr<const void> owner, Spool& spool, Budget& budget,
              PageWindow* window = nullptr)
      : owner_(std::move(owner)), spool_(spool), budget_(budget), window_(window) {}

  // False when something else stands there or on the way.
  bool add_folder(std::string_view path);
  bool add_link(std::string_view path, std::string target);
  bool add_file(std::string_view path, const Packed& packed, bool executable);

  // The first bytes of a file, at most `size`.
  [[nodiscard]] Result<std::string> head(const std::string& path, std::size_t size);

  [[nodiscard]] Result<Kind> kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  struct Node {
    Packed packed;
    std::string target;
    std::weak_ptr<const void> held;  // the owner of contents that somebody still reads
    ByteView held_bytes = {};
  };

  // The node that was added; nullptr when it was not.
  Node* add(std::string_view path, Kind kind);

  std::shared_ptr<const void> owner_;
  Spool& spool_;
  Budget& budget_;
  PageWindow* window_;
  TreeIndex index_;
  std::vector<Node> nodes_;  // of each number of the index
};

}  // namespace tenon::notarize
