#include "host/disk_tree.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "base/file_tree.h"
#include "base/result.h"
#include "host/files.h"

using namespace tenon;

TEST_CASE("disk tree: entries, contents and links") {
  const auto made = make_temporary_folder("disk-tree");
  REQUIRE(made.has_value());
  const TemporaryFolder folder(*made);
  REQUIRE(write_text(folder.path + "/tree/b/file", "hello", 0755).has_value());
  REQUIRE(write_text(folder.path + "/tree/empty", "").has_value());
  REQUIRE(write_text(folder.path + "/outside", "secret").has_value());
  REQUIRE(::symlink("b", (folder.path + "/tree/link").c_str()) == 0);
  REQUIRE(::symlink("../outside", (folder.path + "/tree/out").c_str()) == 0);
  REQUIRE(::mkfifo((folder.path + "/tree/pipe").c_str(), 0600) == 0);
  const auto tree = DiskTree::open(folder.path + "/tree");
  REQUIRE(tree.has_value());
  using Kind = FileTree::Kind;
  const auto entries = (*tree)->list("");
  REQUIRE(entries.has_value());
  std::string names;
  for (const FileTree::Entry& entry : *entries) names += entry.name + " ";
  CHECK(names == "b empty link out pipe ");
  CHECK((*tree)->kind("") == Kind::folder);
  CHECK((*tree)->kind("b/file") == Kind::file);
  CHECK((*tree)->kind("link") == Kind::link);
  CHECK((*tree)->kind("pipe") == Kind::other);
  CHECK((*tree)->list("b")->front().executable);
  CHECK((*tree)->read("b/file")->bytes.text() == "hello");
  CHECK((*tree)->read("empty")->bytes.empty());
  CHECK(*(*tree)->link_target("link") == "b");
  // Nothing is reached through a link or by "..".
  for (const char* path :
       {"link/file", "out", "../outside", "b/../../outside", "pipe", "b", "/etc"}) {
    CAPTURE(path);
    CHECK((*tree)->read(path).error().code == Errc::not_found);
  }
  CHECK((*tree)->kind("link/file") == Kind::none);
  CHECK((*tree)->list("link").error().code == Errc::not_found);
  CHECK((*tree)->link_target("b").error().code == Errc::not_found);
  CHECK(DiskTree::open(folder.path + "/none").error().code == Errc::not_found);
}

TEST_CASE("disk tree: what is there and cannot be read is remembered") {
  const TemporaryFolder folder(make_temporary_folder("disk-tree").value());
  REQUIRE(write_text(folder.path + "/file", "hello").has_value());
  const auto tree = DiskTree::open(folder.path);
  REQUIRE(tree.has_value());
  CHECK((*tree)->kind("none") == FileTree::Kind::none);
  CHECK_FALSE((*tree)->read("none").has_value());
  CHECK((*tree)->unread().empty());  // there is nothing to be read
  const std::string too_long(300, 'x');
  // Not being able to look is not the same as nothing being there.
  CHECK_FALSE((*tree)->kind(too_long).has_value());
  CHECK_FALSE((*tree)->list(too_long).has_value());
  REQUIRE((*tree)->unread().size() == 1);
  CHECK((*tree)->unread().front().path == too_long);
}

TEST_CASE("disk tree: a file that changes while its contents are held is remembered") {
  const TemporaryFolder folder(make_temporary_folder("disk-tree").value());
  REQUIRE(write_text(folder.path + "/cut", std::string(10000, 'x')).has_value());
  REQUIRE(write_text(folder.path + "/kept", "hello").has_value());
  const auto tree = DiskTree::open(folder.path);
  REQUIRE(tree.has_value());
  {
    const auto cut = (*tree)->read("cut"), kept = (*tree)->read("kept");
    REQUIRE(cut.has_value());
    REQUIRE(::truncate((folder.path + "/cut").c_str(), 0) == 0);
    CHECK(cut->bytes.bytes()[9999] == std::byte{0});
    CHECK(kept->bytes.text() == "hello");
  }
  REQUIRE((*tree)->unread().size() == 1);
  CHECK((*tree)->unread().front().path == "cut");
  CHECK((*tree)->unread().front().error.code == Errc::changed);
}
