#include "format/hfs/hfs.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/hfs/btree.h"
#include "format/hfs/catalog.h"
#include "format/hfs/disk.h"

namespace tenon::hfs {
namespace {

constexpr std::uint64_t header_at = 1024;
constexpr std::uint16_t HFS = 0x4244, HFS_PLUS = 0x482b, HFSX = 0x4858;
constexpr std::uint32_t APFS = 0x4e585342;  // "NXSB"
constexpr std::uint64_t apfs_magic_at = 32;

struct VolumeHeader {
  ub16 signature, version;
  ub32 attributes, last_mounted, journal, created, modified, backed_up, checked;
  ub32 files, folders, block_size, blocks, free_blocks, next, resource_clump, data_clump;
  ub32 next_id, writes;
  ub64 encodings;
  std::uint8_t finder[32];
  StoredFork allocation, extents, catalog, attributes_file, startup;
};
static_assert(sizeof(VolumeHeader) == 512);

// Of the wrapper that old systems saw: where in it the real volume is.
struct HfsHeader {
  ub16 signature;
  std::uint8_t skipped[18];
  ub32 block_size;
  std::uint8_t skipped2[4];
  ub16 first_block;
  std::uint8_t skipped3[94];
  ub16 inner_signature, inner_start, inner_count;
};
static_assert(sizeof(HfsHeader) == 130);

template <Layout T>
Result<T> read_at(const Disk& disk, std::uint64_t at) {
  std::array<std::byte, sizeof(T)> bytes{};
  TENON_TRY(disk.read(at, bytes));
  return *TENON_TRY(ByteView(bytes).at<T>(0));
}

// The volume itself, without the wrapper.
Result<Disk> unwrapped(const Disk& disk) {
  const auto outer = TENON_TRY(read_at<HfsHeader>(disk, header_at));
  if (outer.signature != HFS || outer.inner_signature != HFS_PLUS) return disk;
  const std::uint64_t sectors = 512;
  return disk.behind(outer.first_block * sectors +
                     std::uint64_t{outer.inner_start} * outer.block_size);
}

bool is_plus(const VolumeHeader& header) {
  return header.signature == HFS_PLUS || header.signature == HFSX;
}

// Extents that do not fit into a catalog record, by file and first block.
class Overflow {
 public:
  Result<void> load(const ForkReader& file, std::uint64_t size) {
    return walk_leaves(file, size, [this](ByteView record) { return take(record); });
  }

  // Adds to `fork` what is missing of its blocks.
  Result<void> complete(std::uint32_t id, std::uint32_t block_size, Fork& fork) const {
    const std::uint64_t needed = fork.size / block_size + (fork.size % block_size == 0 ? 0 : 1);
    std::uint64_t covered = 0;
    for (const Extent& each : fork.extents) covered += each.count;
    while (covered < needed) {
      const auto more = extents_.find({id, static_cast<std::uint32_t>(covered)});
      if (covered > UINT32_MAX || more == extents_.end()) {
        return fail(Errc::malformed, "a file of the volume has too few blocks");
      }
      for (const Extent& each : more->second) {
        if (each.count == 0) break;
        fork.extents.push_back(each);
        covered += each.count;
      }
    }
    return {};
  }

 private:
  struct Key {
    ub16 length;
    std::uint8_t fork, pad;
    ub32 id, start;
  };

  Result<void> take(ByteView record) {
    const Key& key = *TENON_TRY(record.at<Key>(0));
    if (key.fork != 0) return {};  // of a resource fork
    const auto stored = TENON_TRY(record.array<StoredExtent>(sizeof(Key), 8));
    if (extents_.size() == max_entries) return fail(Errc::limit, "too many extents");
    std::vector<Extent> list = extents_of(stored);
    if (list.empty()) return fail(Errc::malformed, "a record of extents has none");
    extents_[{key.id, key.start}] = std::move(list);
    return {};
  }

  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Extent>> extents_;
};

}  // namespace

Format identify(const Disk& disk) {
  const auto magic = read_at<ub32>(disk, apfs_magic_at);
  if (magic && *magic == APFS) return Format::apfs;
  const auto inner = unwrapped(disk);
  const auto header =
      inner ? read_at<VolumeHeader>(*inner, header_at) : fail(Errc::truncated, "no volume");
  return header && is_plus(*header) ? Format::hfs_plus : Format::other;
}

Result<Volume> Volume::open(const Disk& disk) {
  constexpr std::uint32_t catalog_id = 4, smallest_block = 512;
  Volume out;
  out.disk_ = TENON_TRY(unwrapped(disk));
  const auto header = TENON_TRY(read_at<VolumeHeader>(out.disk_, header_at));
  if (!is_plus(header)) return fail(Errc::malformed, "not a volume of HFS Plus");
  out.block_size_ = header.block_size;
  if (!std::has_single_bit(out.block_size_) || out.block_size_ < smallest_block) {
    return fail(Errc::malformed, "the volume has blocks of a size that there is not");
  }
  Overflow overflow;
  const Fork extents = fork_of(header.extents);
  TENON_TRY(overflow.load(ForkReader(out.disk_, out.block_size_, extents), extents.size));
  Fork catalog_file = fork_of(header.catalog);
  TENON_TRY(overflow.complete(catalog_id, out.block_size_, catalog_file));
  Catalog catalog;
  TENON_TRY(walk_leaves(ForkReader(out.disk_, out.block_size_, catalog_file), catalog_file.size,
                        [&](ByteView record) { return catalog.take(record); }));
  out.entries_ = TENON_TRY(catalog.entries([&](std::uint32_t id, Fork& fork) -> Result<void> {
    return overflow.complete(id, out.block_size_, fork);
  }));
  return out;
}

Result<void> Volume::read(const Fork& fork, std::uint64_t at, std::span<std::byte> out) const {
  return ForkReader(disk_, block_size_, fork).read(at, out);
}

std::optional<ByteView> Volume::view(const Fork& fork) const {
  if (fork.extents.empty()) return std::nullopt;
  std::uint64_t end = fork.extents.front().start;
  for (const Extent& each : fork.extents) {
    if (each.start != end) return std::nullopt;
    end += each.count;
  }
  return disk_.view(std::uint64_t{fork.extents.front().start} * block_size_, fork.size);
}

}  // namespace tenon::hfs
