// Not for other folders: the records of a B-tree file, in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "format/hfs/disk.h"
#include "format/hfs/hfs.h"

namespace tenon::hfs {

// The bytes of a fork by its extents, on a disk with blocks of one size.
class ForkReader {
 public:
  ForkReader(const Disk& disk, std::uint32_t block_size, const Fork& fork)
      : disk_(disk), block_size_(block_size), fork_(fork) {}

  // truncated for what lies behind the end of the fork.
  [[nodiscard]] Result<void> read(std::uint64_t at, std::span<std::byte> out) const;

 private:
  const Disk& disk_;
  std::uint32_t block_size_;
  const Fork& fork_;
};

// Calls `take` with each record of the leaves. malformed for a chain of leaves that is no chain,
// and for records that lie outside of their node.
[[nodiscard]] Result<void> walk_leaves(const ForkReader& file, std::uint64_t size,
                                       const std::function<Result<void>(ByteView)>& take);

}  // namespace tenon::hfs
