// Reads volumes of HFS Plus (and HFSX): which files there are, and their bytes. Judges nothing and
// changes nothing; a journal is not replayed.
// Rules: Apple, Technical Note TN1150 "HFS Plus Volume Format"; decmpfs.h of xnu.
//
// Not read: attributes and resource forks, and so the contents of files that are compressed
// (decmpfs); hard links to directories are refused as unsupported.
//
// Ownership: views that are given out borrow the pieces of the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"
#include "format/hfs/disk.h"

namespace tenon::hfs {

inline constexpr std::size_t max_entries = 1'000'000;
inline constexpr std::size_t max_path = 16'384;
// A million files in one deep directory have a small catalog and long paths.
inline constexpr std::size_t max_path_bytes = std::size_t{256} << 20U;

struct Extent {
  std::uint32_t start = 0, count = 0;  // blocks
};

struct Fork {
  std::uint64_t size = 0;
  std::vector<Extent> extents;
};

struct Entry {
  enum class Kind : std::uint8_t { file, folder, link, other };

  std::string path;  // UTF-8; ':' where HFS Plus has '/' in a name
  Kind kind = Kind::other;
  unsigned mode = 0;        // with the type
  bool compressed = false;  // what it holds lies elsewhere: its fork is empty
  Fork data;
};

// What the beginning of a partition is.
enum class Format : std::uint8_t { hfs_plus, apfs, other };
[[nodiscard]] Format identify(const Disk& disk);

class Volume {
 public:
  // malformed for what is no volume, and for a catalog that contradicts itself; limit for more than
  // max_entries.
  [[nodiscard]] static Result<Volume> open(const Disk& disk);

  // In the order of the catalog. Without the files in which hard links are kept: every link stands
  // for a file of its own.
  [[nodiscard]] const std::vector<Entry>& entries() const TENON_LIFETIMEBOUND { return entries_; }

  [[nodiscard]] Result<void> read(const Fork& fork, std::uint64_t at,
                                  std::span<std::byte> out) const;
  // The whole fork where it lies, if that is in one place.
  [[nodiscard]] std::optional<ByteView> view(const Fork& fork) const;
  [[nodiscard]] const Disk& disk() const TENON_LIFETIMEBOUND { return disk_; }

 private:
  Disk disk_;
  std::uint32_t block_size_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace tenon::hfs
