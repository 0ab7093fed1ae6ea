// Disk images and volumes on any bytes: the table of partitions, their chunks, the trees of the
// volume, every file. An input without a trailer is taken as a bare volume, and as a packed chunk.
// Views must lie in the input or in what was unpacked, and memory stays bounded.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "format/hfs/disk.h"
#include "format/hfs/hfs.h"
#include "format/udif/partitions.h"
#include "format/udif/udif.h"
#include "notarize/spool.h"
#include "notarize/volume.h"

namespace {

using namespace tenon;

constexpr std::uint64_t most_unpacked = std::uint64_t{8} << 20U;

void volume(const hfs::Disk& disk, std::shared_ptr<const void> owner) {
  static_cast<void>(hfs::identify(disk));
  auto found = hfs::Volume::open(disk);
  if (!found) return;
  const std::vector<hfs::Entry> entries = found->entries();
  for (const hfs::Entry& each : entries) {
    if (each.path.size() > hfs::max_path) __builtin_trap();
    const auto view = found->view(each.data);
    if (!view || view->size() > most_unpacked) continue;
    std::vector<std::byte> copy(static_cast<std::size_t>(view->size()));
    if (!found->read(each.data, 0, copy)) __builtin_trap();
    if (!std::ranges::equal(copy, view->bytes())) __builtin_trap();
  }
  notarize::MemorySpool spool;
  notarize::Budget budget;
  const auto tree =
      notarize::VolumeTree::make(*std::move(found), {std::move(owner)}, spool, budget);
  if (!tree) return;
  for (const hfs::Entry& each : entries) {
    if (each.data.size > most_unpacked) continue;
    static_cast<void>((*tree)->head(each.path, 16));
    static_cast<void>((*tree)->read(each.path));
    static_cast<void>((*tree)->link_target(each.path));
    static_cast<void>((*tree)->list(each.path));
  }
}

void image(ByteView bytes) {
  const auto partitions = udif::partitions(bytes);
  if (!partitions) return;
  std::uint64_t total = 0;
  for (const udif::Partition& each : *partitions) {
    for (const udif::Chunk& chunk : each.chunks) {
      if (chunk.at > each.size || chunk.size > each.size - chunk.at) __builtin_trap();
      if (chunk.kind != udif::ChunkKind::zeros) total += chunk.size;
    }
  }
  if (total > most_unpacked) return;
  for (const udif::Partition& each : *partitions) {
    notarize::MemorySpool spool;
    notarize::Budget budget;
    const auto unpacked = notarize::unpack(each, spool, budget);
    if (unpacked) volume(unpacked->disk, unpacked->owner);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  if (udif::is_image(bytes)) {
    image(bytes);
    return 0;
  }
  if (const auto disk = hfs::Disk::of({{0, bytes.size(), bytes}})) volume(*disk, nullptr);
  const std::uint64_t wanted = size == 0 ? 0 : data[0] * std::uint64_t{16};
  if (const auto out = udif::unpack_adc(bytes, wanted); out && out->size() != wanted) {
    __builtin_trap();
  }
  return 0;
}
