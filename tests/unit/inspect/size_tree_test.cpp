// The tree of bytes: what bounding and comparing keep. The trees of real programs are held against
// --size --json in tests/e2e/test_pages.py.
#include "inspect/page/size_tree.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace tenon;

namespace {

SizeNode leaf(const std::string& name, std::uint64_t bytes, std::uint64_t before = 0) {
  return {name, "function", bytes, before, {}};
}

SizeNode parent(const std::string& name, std::vector<SizeNode> children) {
  SizeNode out{name, "package"};
  for (const SizeNode& child : children) {
    out.bytes += child.bytes;
    out.before += child.before;
  }
  out.children = std::move(children);
  return out;
}

void check_sums(const SizeNode& node) {
  std::uint64_t bytes = 0, before = 0;
  for (const SizeNode& child : node.children) {
    bytes += child.bytes;
    before += child.before;
    check_sums(child);
  }
  if (node.children.empty()) return;
  CHECK(node.bytes == bytes);
  CHECK(node.before == before);
}

std::size_t count(const SizeNode& node) {
  std::size_t out = 1;
  for (const SizeNode& child : node.children) out += count(child);
  return out;
}

}  // namespace

TEST_CASE("size tree: a small tree keeps all, largest first") {
  SizeNode root = parent("root", {parent("a", {leaf("x", 1), leaf("y", 3)}), leaf("b", 2)});
  const LeftOut left_out = bound_tree(root, false, 100, 100);
  CHECK(left_out.nodes == 0);
  CHECK(root.children[0].name == "a");
  CHECK(root.children[0].children[0].name == "y");
}

TEST_CASE("size tree: what is small is joined, and the sums stay") {
  std::vector<SizeNode> packages;
  for (int i = 0; i < 20; ++i) {
    std::vector<SizeNode> functions;
    for (int k = 0; k < 500; ++k) {
      functions.push_back(leaf("f" + std::to_string(k), static_cast<std::uint64_t>(1 + k % 97)));
    }
    packages.push_back(parent("p" + std::to_string(i), std::move(functions)));
  }
  SizeNode root = parent("root", std::move(packages));
  const std::uint64_t all = root.bytes;
  const std::size_t nodes = count(root);
  const LeftOut left_out = bound_tree(root, false, 1000, 100);
  CHECK(root.bytes == all);
  check_sums(root);
  CHECK(count(root) <= 1000 + 21);
  CHECK(count(root) - 20 + left_out.nodes == nodes);
}

TEST_CASE("size tree: many parts of one size become one") {
  std::vector<SizeNode> functions;
  for (int i = 0; i < 5000; ++i) functions.push_back(leaf("f" + std::to_string(i), 16));
  SizeNode root = parent("root", std::move(functions));
  const LeftOut left_out = bound_tree(root, false, 100, 100);
  CHECK(left_out.nodes == 5000);
  CHECK(left_out.bytes == 5000 * 16);
  REQUIRE(root.children.size() == 1);
  CHECK(root.children[0].kind == "rest");
}

TEST_CASE("size tree: a long name is cut between characters") {
  SizeNode root = parent("root", {leaf("a\xc3\xbc" + std::string(50, 'x'), 1)});
  (void)bound_tree(root, false, 10, 2);
  CHECK(root.children[0].name == "a...");
}

TEST_CASE("size tree: a difference has both sizes, and keeps what changed") {
  const SizeNode left = parent("l", {leaf("same", 500), leaf("gone", 7), leaf("grew", 10)});
  const SizeNode right = parent("r", {leaf("same", 500), leaf("grew", 30), leaf("new", 5)});
  SizeNode both = difference_tree(left, right);
  check_sums(both);
  CHECK(both.before == 517);
  CHECK(both.bytes == 535);
  (void)bound_tree(both, true, 3, 100);
  check_sums(both);
  REQUIRE(both.children.size() >= 2);
  CHECK(both.children[0].name == "grew");
  CHECK(both.children[1].name == "gone");
}
