#include "fleet/actions.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "base/memory_tree.h"

using namespace tenon;
using namespace tenon::fleet;

namespace {

remote::Digest root_of(MemoryTree& tree, const std::vector<std::string>& skip = {}) {
  const auto inputs = read_inputs(tree, skip);
  REQUIRE(inputs);
  return inputs->root;
}

}  // namespace

TEST_CASE("what is no source changes no digest, and all else does") {
  MemoryTree tree;
  tree.add_file("go.mod", "module m\n");
  tree.add_file("a/main.go", "package main\n");
  const auto before = root_of(tree);
  tree.add_file(".git/HEAD", "x");
  tree.add_file("dist/app", "x");
  CHECK(root_of(tree, {"dist"}) == before);
  CHECK(root_of(tree) != before);
  tree.add_file("a/dist/app", "x");
  CHECK(root_of(tree, {"dist"}) != before);
}

TEST_CASE("a link that leads out of the module is no input") {
  MemoryTree tree;
  tree.add_file("a/b/x", "");
  tree.add_link("a/b/up", "../../a/b/x");
  CHECK(read_inputs(tree, {}));
  tree.add_link("a/b/out", "../../../x");
  const auto bad = read_inputs(tree, {});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().path == "a/b/out");
  MemoryTree other;
  other.add_link("passwd", "/etc/passwd");
  CHECK_FALSE(read_inputs(other, {}));
}

TEST_CASE("the order of properties does not change an action, the Go version does") {
  const remote::Digest inputs = remote::digest_of("x");
  const std::chrono::seconds hour{3600};
  const auto one = make_task({"build"}, inputs, {{"go", "1"}, {"zig", "2"}}, hour);
  const auto two = make_task({"build"}, inputs, {{"zig", "2"}, {"go", "1"}}, hour);
  CHECK(one.digest == two.digest);
  CHECK(one.digest != make_task({"build"}, inputs, {{"go", "2"}, {"zig", "2"}}, hour).digest);
  CHECK(one.digest != make_task({"build", "."}, inputs, {{"go", "1"}, {"zig", "2"}}, hour).digest);
}
