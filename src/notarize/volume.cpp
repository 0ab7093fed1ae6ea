#include "notarize/volume.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/inflate.h"
#include "base/page_window.h"
#include "base/result.h"
#include "base/tree_index.h"
#include "format/hfs/disk.h"
#include "format/hfs/hfs.h"
#include "format/udif/partitions.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

using udif::ChunkKind;

constexpr std::size_t piece_size = std::size_t{1} << 20U;

// In static text, since errors do not allocate.
Result<void> can_unpack(ChunkKind kind) {
  const auto not_read = [](const char* what) -> Result<void> {
    return fail(Errc::unsupported, what);
  };
  switch (kind) {
    case ChunkKind::zeros:
    case ChunkKind::raw:
    case ChunkKind::adc:
    case ChunkKind::zlib: return {};
    case ChunkKind::bzip2:
      return not_read("its file system is compressed by bzip2, which tenon does not read");
    case ChunkKind::lzfse:
      return not_read("its file system is compressed by lzfse, which tenon does not read");
    case ChunkKind::lzma:
      return not_read("its file system is compressed by lzma, which tenon does not read");
    case ChunkKind::other: break;
  }
  return not_read("its file system is packed by a method that tenon does not know");
}

Result<std::vector<std::byte>> unpacked(const udif::Chunk& chunk) {
  if (chunk.kind == ChunkKind::adc) return udif::unpack_adc(chunk.packed, chunk.size);
  return inflate(chunk.packed.bytes(), chunk.size);
}

// What was unpacked lies one after the other; pieces that are neighbors in both places are one.
struct Spooled {
  std::uint64_t at = 0, size = 0, offset = 0;
};

void add_spooled(std::vector<Spooled>& list, const udif::Chunk& chunk, std::uint64_t offset) {
  if (!list.empty() && list.back().at + list.back().size == chunk.at &&
      list.back().offset + list.back().size == offset) {
    list.back().size += chunk.size;
  } else {
    list.push_back({chunk.at, chunk.size, offset});
  }
}

}  // namespace

Result<UnpackedPartition> unpack(const udif::Partition& partition, Spool& spool, Budget& budget,
                                 PageWindow* window) {
  std::uint64_t packed = 0, total = 0;
  for (const udif::Chunk& chunk : partition.chunks) {
    TENON_TRY(can_unpack(chunk.kind));
    if (chunk.kind != ChunkKind::adc && chunk.kind != ChunkKind::zlib) continue;
    TENON_TRY(budget.take_bytes(chunk.size));
    packed += chunk.packed.size();
    total += chunk.size;
    if (Budget::is_bomb(packed, total)) {
      return fail(Errc::limit, "unpacks to more than 200 times its size");
    }
  }
  const auto out = TENON_TRY(spool.make(total));
  std::vector<hfs::Piece> pieces;
  std::vector<Spooled> spooled;
  std::uint64_t offset = 0;
  for (const udif::Chunk& chunk : partition.chunks) {
    if (chunk.kind == ChunkKind::zeros || chunk.kind == ChunkKind::raw) {
      pieces.push_back({chunk.at, chunk.size, chunk.packed});
      continue;
    }
    const std::vector<std::byte> bytes = TENON_TRY(unpacked(chunk));
    TENON_TRY(out->write(bytes));
    if (window != nullptr) window->leave(chunk.packed.bytes());
    add_spooled(spooled, chunk, offset);
    offset += chunk.size;
  }
  const FileTree::Content content = TENON_TRY(out->finish());
  for (const Spooled& each : spooled) {
    const ByteView bytes = TENON_TRY(content.bytes.slice(each.offset, each.size));
    pieces.push_back({each.at, each.size, bytes});
  }
  hfs::Disk disk = TENON_TRY(hfs::Disk::of(std::move(pieces)));
  return UnpackedPartition{std::move(disk), content.owner};
}

Result<std::unique_ptr<VolumeTree>> VolumeTree::make(hfs::Volume volume, Owners owners,
                                                     Spool& spool, Budget& budget) {
  std::unique_ptr<VolumeTree> out(
      new VolumeTree(std::move(volume), std::move(owners), spool, budget));
  TENON_TRY(out->fill());
  return out;
}

Result<void> VolumeTree::fill() {
  const auto& entries = volume_.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const hfs::Entry& each = entries[i];
    const Kind kind = each.kind == hfs::Entry::Kind::folder ? Kind::folder
                      : each.kind == hfs::Entry::Kind::link ? Kind::link
                      : each.kind == hfs::Entry::Kind::file ? Kind::file
                                                            : Kind::other;
    const TreeIndex::Placed placed = index_.place(each.path, kind);
    if (placed.node == TreeIndex::npos || (!placed.fresh && kind != Kind::folder)) {
      return fail(Errc::malformed, "a name in it stands for two things");
    }
    if (kind == Kind::file) index_.set_executable(placed.node, (each.mode & 0111U) != 0);
    entries_.resize(index_.size());
    entries_[placed.node] = i;
  }
  held_.resize(index_.size());
  return {};
}

Result<const hfs::Entry*> VolumeTree::entry(const std::string& path, Kind kind) const {
  const std::size_t node = TENON_TRY(index_.find(path, kind));
  return &volume_.entries()[entries_[node]];
}

Result<std::string> VolumeTree::head(const std::string& path, std::size_t size) {
  const hfs::Entry& file = *TENON_TRY(entry(path, Kind::file));
  if (file.compressed) return fail(Errc::unsupported, "is compressed by the file system (decmpfs)");
  std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(size, file.data.size)), '\0');
  TENON_TRY(volume_.read(file.data, 0, std::as_writable_bytes(std::span(out))));
  return out;
}

Result<FileTree::Kind> VolumeTree::kind(const std::string& path) { return index_.kind(path); }

Result<std::vector<FileTree::Entry>> VolumeTree::list(const std::string& path) {
  return index_.list(path);
}

// A copy of what lies in several places.
Result<FileTree::Content> VolumeTree::gather(const hfs::Fork& fork) {
  if (Budget::is_bomb(volume_.disk().stored(), fork.size)) {
    return fail(Errc::limit, "unpacks to more than 200 times its size");
  }
  TENON_TRY(budget_.take_bytes(fork.size));
  const auto out = TENON_TRY(spool_.make(fork.size));
  std::vector<std::byte> buffer(piece_size);
  for (std::uint64_t at = 0; at < fork.size; at += piece_size) {
    const auto part = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(piece_size, fork.size - at)));
    TENON_TRY(volume_.read(fork, at, part));
    TENON_TRY(out->write(part));
  }
  return out->finish();
}

Result<FileTree::Content> VolumeTree::read(const std::string& path) {
  const hfs::Entry& file = *TENON_TRY(entry(path, Kind::file));
  if (file.compressed) return fail(Errc::unsupported, "is compressed by the file system (decmpfs)");
  if (file.data.size == 0) return Content{{}, owners_};
  if (const auto view = volume_.view(file.data)) return Content{*view, owners_};
  Held& held = held_[index_.find(path)];
  if (auto owner = held.owner.lock()) return Content{held.bytes, std::move(owner)};
  Content content = TENON_TRY(gather(file.data));
  held = {content.owner, content.bytes};
  return content;
}

Result<std::string> VolumeTree::link_target(const std::string& path) {
  constexpr std::uint64_t longest_link = 4096;
  const hfs::Entry& link = *TENON_TRY(entry(path, Kind::link));
  if (link.data.size > longest_link) return fail(Errc::malformed, "a link in it is too long");
  std::string out(static_cast<std::size_t>(link.data.size), '\0');
  TENON_TRY(volume_.read(link.data, 0, std::as_writable_bytes(std::span(out))));
  return out;
}

}  // namespace tenon::notarize
