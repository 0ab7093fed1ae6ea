// The bytes of a file as a tree: slice or member, then module, package and function of Go, source
// and function of C, and sections without code. What size_report() lists, one below the other, so
// that the children of a node add up to it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "diag/report.h"
#include "inspect/artifact.h"
#include "inspect/tables.h"

namespace tenon {

struct SizeNode {
  std::string name;
  // "slice", "member", "module", "package", "c", "source", "function", "data", "section"; "rest"
  // for what bound_tree() joined.
  std::string_view kind;
  std::uint64_t bytes = 0;
  std::uint64_t before = 0;  // of a difference: in the first file
  std::vector<SizeNode> children{};
};

// One object. Errors as size_report().
[[nodiscard]] Result<SizeNode> size_tree(const ObjectView& object, const GoArtifact* go);

// A whole file: its object, or one child for each slice and member.
[[nodiscard]] Result<SizeNode> size_tree(const std::string& name, ByteView file,
                                         const FileReport& report);

// Both trees in one, by kind and name: `before` of `left`, `bytes` of `right`.
[[nodiscard]] SizeNode difference_tree(const SizeNode& left, const SizeNode& right);

struct LeftOut {
  std::size_t nodes = 0;  // that are in a "rest" now
  std::uint64_t bytes = 0;

  void add(const LeftOut& other) {
    nodes += other.nodes;
    bytes += other.bytes;
  }
};

// Joins the nodes that matter least into one "rest" a parent, so that about `most` nodes are left;
// of a difference those that changed least. Cuts names at `longest` bytes. Children are in order
// afterwards, the largest or most changed first.
LeftOut bound_tree(SizeNode& root, bool difference, std::size_t most, std::size_t longest);

// name, kind, bytes, before (of a difference), children (where there are some).
[[nodiscard]] Data tree_data(const SizeNode& root, bool difference);

}  // namespace tenon
