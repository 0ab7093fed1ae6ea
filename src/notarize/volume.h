// The file system in a disk image as a tree of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/page_window.h"
#include "base/result.h"
#include "base/tree_index.h"
#include "format/hfs/disk.h"
#include "format/hfs/hfs.h"
#include "format/udif/partitions.h"
#include "notarize/spool.h"

namespace tenon::notarize {

// A partition without its packing. Parts that are zeros, or not packed, take no room.
struct UnpackedPartition {
  hfs::Disk disk;
  std::shared_ptr<const void> owner;  // of the bytes that were unpacked
};

// unsupported for a way of packing that is not read, and says which.
[[nodiscard]] Result<UnpackedPartition> unpack(const udif::Partition& partition, Spool& spool,
                                               Budget& budget, PageWindow* window = nullptr);

class VolumeTree final : public FileTree {
 public:
  // Borrows spool and budget. `owners` keep the bytes of the volume's disk. malformed when a name
  // stands for two things.
  [[nodiscard]] static Result<std::unique_ptr<VolumeTree>> make(
      hfs::Volume volume, std::vector<std::shared_ptr<const void>> owners, Spool& spool,
      Budget& budget);

  // The first bytes of a file, at most `size`.
  [[nodiscard]] Result<std::string> head(const std::string& path, std::size_t size);

  [[nodiscard]] Result<Kind> kind(const std::string& path) override;
  [[nodiscard]] Result<std::vector<Entry>> list(const std::string& path) override;
  [[nodiscard]] Result<Content> read(const std::string& path) override;
  [[nodiscard]] Result<std::string> link_target(const std::string& path) override;

 private:
  using Owners = std::vector<std::shared_ptr<const void>>;
  struct Held {
    std::weak_ptr<const void> owner;  // of contents that somebody still reads
    ByteView bytes;
  };

  VolumeTree(hfs::Volume volume, Owners owners, Spool& spool, Budget& budget)
      : volume_(std::move(volume)),
        owners_(std::make_shared<const Owners>(std::move(owners))),
        spool_(spool),
        budget_(budget) {}

  [[nodiscard]] Result<void> fill();
  [[nodiscard]] Result<const hfs::Entry*> entry(const std::string& path, Kind kind) const;
  [[nodiscard]] Result<Content> gather(const hfs::Fork& fork);

  hfs::Volume volume_;
  std::shared_ptr<const Owners> owners_;
  Spool& spool_;
  Budget& budget_;
  TreeIndex index_;
  std::vector<std::size_t> entries_;  // of each number of the index: which entry of the volume
  std::vector<Held> held_;
};

}  // namespace tenon::notarize
