#include "base/tree_index.h"

#include <doctest/doctest.h>

#include <string>

#include "base/file_tree.h"

using namespace tenon;
using Kind = FileTree::Kind;

TEST_CASE("tree index: entries with the folders on the way") {
  TreeIndex tree;
  const auto file = tree.place("a/b/c", Kind::file);
  CHECK(file.fresh);
  CHECK(tree.size() == 4);
  CHECK(tree.kind("a/b") == Kind::folder);
  CHECK(*tree.find("a/b/c", Kind::file) == file.node);
  CHECK_FALSE(tree.find("a/b/c", Kind::link).has_value());
  CHECK_FALSE(tree.find("a/b", Kind::file).has_value());
  CHECK(tree.kind("a/x") == Kind::none);
  CHECK(tree.kind("") == Kind::folder);
  tree.set_executable(file.node, true);
  const auto list = tree.list("a/b");
  REQUIRE((list && list->size() == 1));
  CHECK((list->front().name == "c" && list->front().executable));
  CHECK_FALSE(tree.list("a/b/c").has_value());
}

TEST_CASE("tree index: what stands there already, and names that are none") {
  TreeIndex tree;
  CHECK(tree.place("a", Kind::folder).fresh);
  const auto again = tree.place("a", Kind::folder);
  CHECK((again.node != TreeIndex::npos && !again.fresh));
  CHECK(tree.place("a", Kind::file).node == TreeIndex::npos);
  CHECK(tree.place("f", Kind::file).fresh);
  CHECK(tree.place("f/g", Kind::file).node == TreeIndex::npos);
  for (const char* path : {"", "a//b", "a/../b", "./a", "a/.", "a/"}) {
    CHECK(tree.place(path, Kind::file).node == TreeIndex::npos);
  }
}

TEST_CASE("tree index: what is taken away is gone with all that was in it") {
  TreeIndex tree;
  CHECK(tree.place("a/b/c", Kind::file).fresh);
  CHECK(tree.place("a/d", Kind::link).fresh);
  CHECK(tree.remove("a/b"));
  CHECK_FALSE(tree.remove("a/b"));
  CHECK_FALSE(tree.remove("x/y"));
  CHECK(tree.kind("a/b/c") == Kind::none);
  CHECK(tree.list("a")->size() == 1);
  CHECK(tree.place("a/b/c", Kind::file).fresh);
}
