#include "notarize/archive_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/file_tree.h"
#include "base/inflate.h"
#include "base/page_window.h"
#include "base/result.h"
#include "base/tree_index.h"
#include "notarize/spool.h"

namespace tenon::notarize {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} << 10U;

Result<Wrapping> wrapping_of(Packing packing) {
  switch (packing) {
    case Packing::deflate: return Wrapping::raw;
    case Packing::zlib: return Wrapping::zlib;
    case Packing::stored:
    case Packing::unknown: break;
  }
  return fail(Errc::unsupported, "is packed by a method that tenon does not read");
}

// Feeds a stream to a coder; `take` gets what comes out.
template <class Take>
Result<void> run_coder(Coder& coder, std::span<const std::byte> input, PageWindow* window,
                       const Take& take) {
  std::vector<std::byte> buffer(buffer_size);
  PagesBehind behind(window, input);
  const std::size_t size = input.size();
  for (;;) {
    const Coder::Step step = TENON_TRY(coder.step(input, buffer, true));
    input = input.subspan(step.read);
    behind.reached(size - input.size());
    TENON_TRY(take(std::span<const std::byte>(buffer).first(step.written)));
    if (step.end) return {};
    if (step.read == 0 && step.written == 0) return fail(Errc::truncated, "ends too early");
  }
}

std::uint32_t checksum(std::span<const std::byte> bytes, PageWindow* window) {
  PagesBehind behind(window, bytes);
  std::uint32_t out = 0;
  for (std::size_t at = 0; at < bytes.size(); at += buffer_size) {
    out = crc32(bytes.subspan(at, std::min(buffer_size, bytes.size() - at)), out);
    behind.reached(at);
  }
  return out;
}

}  // namespace

Result<FileTree::Content> unpack(const Packed& packed, Spool& spool, Budget& budget,
                                 PageWindow* window) {
  const Wrapping wrapping = TENON_TRY(wrapping_of(packed.packing));
  const auto coder = TENON_TRY(make_inflater(wrapping));
  if (Budget::is_bomb(packed.bytes.size(), packed.size)) {
    return fail(Errc::limit, "unpacks to more than 200 times its size");
  }
  TENON_TRY(budget.take_bytes(packed.size));
  const auto out = TENON_TRY(spool.make(packed.size));
  std::uint64_t done = 0;
  std::uint32_t crc = 0;
  const auto take = [&](std::span<const std::byte> piece) -> Result<void> {
    if (piece.size() > packed.size - done) {
      return fail(Errc::malformed, "is longer than its archive says");
    }
    done += piece.size();
    if (packed.has_crc) crc = crc32(piece, crc);
    TENON_TRY(out->write(piece));
    return {};
  };
  TENON_TRY(run_coder(*coder, packed.bytes.bytes(), window, take));
  if (done != packed.size) return fail(Errc::malformed, "is shorter than its archive says");
  if (packed.has_crc && crc != packed.crc) return fail(Errc::malformed, "has another checksum");
  return out->finish();
}

Result<FileTree::Content> gunzip(ByteView bytes, Spool& spool, Budget& budget, PageWindow* window) {
  const auto coder = TENON_TRY(make_inflater(Wrapping::gzip));
  const auto out = TENON_TRY(spool.make(Budget::free_bytes));
  std::uint64_t done = 0;
  const auto take = [&](std::span<const std::byte> piece) -> Result<void> {
    done += piece.size();
    if (Budget::is_bomb(bytes.size(), done)) {
      return fail(Errc::limit, "unpacks to more than 200 times its size");
    }
    TENON_TRY(budget.take_bytes(piece.size()));
    TENON_TRY(out->write(piece));
    return {};
  };
  TENON_TRY(run_coder(*coder, bytes.bytes(), window, take));
  return out->finish();
}

ArchiveTree::Node* ArchiveTree::add(std::string_view path, Kind kind) {
  const TreeIndex::Placed placed = index_.place(path, kind);
  if (placed.node == TreeIndex::npos || (!placed.fresh && kind != Kind::folder)) return nullptr;
  nodes_.resize(index_.size());
  return &nodes_[placed.node];
}

bool ArchiveTree::add_folder(std::string_view path) { return add(path, Kind::folder) != nullptr; }

bool ArchiveTree::add_link(std::string_view path, std::string target) {
  Node* node = add(path, Kind::link);
  if (node != nullptr) node->target = std::move(target);
  return node != nullptr;
}

bool ArchiveTree::add_file(std::string_view path, const Packed& packed, bool executable) {
  Node* node = add(path, Kind::file);
  if (node == nullptr) return false;
  node->packed = packed;
  index_.set_executable(index_.find(path), executable);
  return true;
}

Result<std::string> ArchiveTree::head(const std::string& path, std::size_t size) {
  const Packed& packed = nodes_[TENON_TRY(index_.find(path, Kind::file))].packed;
  if (packed.packing == Packing::stored) return std::string(packed.bytes.text().substr(0, size));
  const Wrapping wrapping = TENON_TRY(wrapping_of(packed.packing));
  const auto coder = TENON_TRY(make_inflater(wrapping));
  std::string out;
  std::vector<std::byte> buffer(size);
  std::span<const std::byte> input = packed.bytes.bytes();
  while (out.size() < size) {
    const Coder::Step step =
        TENON_TRY(coder->step(input, std::span(buffer).first(size - out.size()), false));
    input = input.subspan(step.read);
    out.append(reinterpret_cast<const char*>(buffer.data()), step.written);
    if (step.end || (step.read == 0 && step.written == 0)) break;
  }
  return out;
}

Result<FileTree::Kind> ArchiveTree::kind(const std::string& path) { return index_.kind(path); }

Result<std::vector<FileTree::Entry>> ArchiveTree::list(const std::string& path) {
  return index_.list(path);
}

Result<FileTree::Content> ArchiveTree::read(const std::string& path) {
  Node& node = nodes_[TENON_TRY(index_.find(path, Kind::file))];
  if (node.packed.packing == Packing::stored) {
    const bool whole =
        !node.packed.has_crc || checksum(node.packed.bytes.bytes(), window_) == node.packed.crc;
    if (!whole) return fail(Errc::malformed, "has another checksum");
    return Content{node.packed.bytes, owner_};
  }
  if (auto held = node.held.lock()) return Content{node.held_bytes, std::move(held)};
  Content content = TENON_TRY(unpack(node.packed, spool_, budget_, window_));
  node.held = content.owner;
  node.held_bytes = content.bytes;
  return content;
}

Result<std::string> ArchiveTree::link_target(const std::string& path) {
  return nodes_[TENON_TRY(index_.find(path, Kind::link))].target;
}

}  // namespace tenon::notarize
