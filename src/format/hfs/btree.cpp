#include "format/hfs/btree.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/hfs/hfs.h"

namespace tenon::hfs {
namespace {

struct NodeHead {
  ub32 next, previous;
  std::uint8_t kind, height;
  ub16 records;
  std::uint8_t reserved[2];
};

struct HeaderRecord {
  ub16 depth;
  ub32 root, leaf_records, first_leaf, last_leaf;
  ub16 node_size, key_length;
  ub32 nodes, free_nodes;
};

constexpr std::uint8_t LEAF = 0xff, HEADER = 1;
constexpr std::uint32_t smallest_node = 512, largest_node = 32768;

std::unexpected<Error> bad_tree(const char* what) { return fail(Errc::malformed, what); }

Result<void> take_records(ByteView node, const std::function<Result<void>(ByteView)>& take) {
  const NodeHead& head = *TENON_TRY(node.at<NodeHead>(0));
  if (head.kind != LEAF) return bad_tree("a leaf of the catalog is none");
  // Their offsets stand at the end of the node, the first one last; one more is where they end.
  const std::uint64_t count = head.records;
  if ((count + 1) * 2 > node.size() - sizeof(NodeHead)) {
    return bad_tree("a node of the catalog has too many records");
  }
  const auto offset = [&](std::uint64_t i) -> Result<std::uint64_t> {
    return *TENON_TRY(node.at<ub16>(node.size() - 2 * (i + 1)));
  };
  const std::uint64_t limit = node.size() - 2 * (count + 1);
  std::uint64_t from = TENON_TRY(offset(0));
  if (from < sizeof(NodeHead)) return bad_tree("records of the catalog overlap");
  for (std::uint64_t i = 1; i <= count; ++i) {
    const std::uint64_t to = TENON_TRY(offset(i));
    if (to < from || to > limit) return bad_tree("records of the catalog overlap");
    const ByteView record = TENON_TRY(node.slice(from, to - from));
    TENON_TRY(take(record));
    from = to;
  }
  return {};
}

}  // namespace

Result<void> ForkReader::read(std::uint64_t at, std::span<std::byte> out) const {
  if (at > fork_.size || out.size() > fork_.size - at) {
    return fail(Errc::truncated, "a file of the volume ends early", at);
  }
  for (const Extent& extent : fork_.extents) {
    if (out.empty()) break;
    const std::uint64_t size = std::uint64_t{extent.count} * block_size_;
    if (at >= size) {
      at -= size;
      continue;
    }
    const auto part =
        out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - at)));
    TENON_TRY(disk_.read(std::uint64_t{extent.start} * block_size_ + at, part));
    out = out.subspan(part.size());
    at = 0;
  }
  if (!out.empty()) return bad_tree("a file of the volume has too few blocks");
  return {};
}

Result<void> walk_leaves(const ForkReader& file, std::uint64_t size,
                         const std::function<Result<void>(ByteView)>& take) {
  std::vector<std::byte> node(sizeof(NodeHead) + sizeof(HeaderRecord));
  TENON_TRY(file.read(0, node));
  const ByteView first(node);
  const NodeHead& head = *TENON_TRY(first.at<NodeHead>(0));
  const HeaderRecord header = *TENON_TRY(first.at<HeaderRecord>(sizeof(NodeHead)));
  const std::uint32_t node_size = header.node_size;
  if (head.kind != HEADER || !std::has_single_bit(node_size) || node_size < smallest_node ||
      node_size > largest_node) {
    return bad_tree("the catalog has no header");
  }
  const std::uint64_t nodes = std::min<std::uint64_t>(header.nodes, size / node_size);
  node.resize(node_size);
  std::vector<bool> seen(static_cast<std::size_t>(nodes));
  for (std::uint32_t at = header.first_leaf; at != 0;) {
    if (at >= nodes || seen[at]) return bad_tree("the leaves of the catalog are no chain");
    seen[at] = true;
    TENON_TRY(file.read(std::uint64_t{at} * node_size, node));
    const ByteView bytes(node);
    TENON_TRY(take_records(bytes, take));
    at = (*TENON_TRY(bytes.at<NodeHead>(0))).next;
  }
  return {};
}

}  // namespace tenon::hfs
