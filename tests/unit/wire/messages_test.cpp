// Messages from the net, against messages that are encoded here.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "wire/encode.h"
#include "wire/run/link.h"

using namespace tenon;
using namespace tenon::remote;

namespace {

const std::string hash(64, 'a');

Directory with_file(const std::string& name) {
  Directory out;
  out.files = {{name, {hash, 3}, true}};
  return out;
}

bool refused(const Directory& directory) {
  const auto read = read_directory(encode(directory));
  return !read && read.error().code == Errc::malformed;
}

}  // namespace

TEST_CASE("a directory comes back as it was") {
  if (!has_link()) return;
  Directory directory = with_file("x");
  directory.folders = {{"sub", {hash, 1}}};
  directory.links = {{"l", "../x"}};
  const auto back = read_directory(encode(directory));
  REQUIRE(back);
  CHECK(encode(*back) == encode(directory));
}

TEST_CASE("a name that leads out of its directory is refused") {
  if (!has_link()) return;
  for (const char* name : {"", ".", "..", "a/b", "/etc"}) CHECK(refused(with_file(name)));
  CHECK(refused(with_file(std::string("a\0b", 3))));
  CHECK(refused(with_file(std::string(256, 'x'))));
  Directory link;
  link.links = {{"..", "x"}};
  CHECK(refused(link));
}

TEST_CASE("a digest that is none, or stands for too much, is refused") {
  if (!has_link()) return;
  Directory directory = with_file("x");
  directory.files[0].digest.hash = "../../x";
  CHECK(refused(directory));
  directory.files[0].digest = {hash, most_blob + 1};
  CHECK(refused(directory));
  directory.files[0].digest = {hash, most_blob};
  CHECK_FALSE(refused(directory));
}

TEST_CASE("a tree gives its files with their paths, and no directory that it does not hold") {
  if (!has_link()) return;
  const std::string child = encode(with_file("app"));
  Directory root;
  root.folders = {{"bin", digest_of(child)}};
  const auto files = read_tree(encode_tree(encode(root), {child}), "out");
  REQUIRE(files);
  REQUIRE(files->size() == 1);
  CHECK((*files)[0].path == "out/bin/app");
  CHECK((*files)[0].executable);
  CHECK_FALSE(read_tree(encode_tree(encode(root), {}), "out"));
  CHECK_FALSE(read_tree("\xff\xff", "out"));
}

TEST_CASE("an action keeps what decides how it runs") {
  if (!has_link()) return;
  Action action;
  action.command = {hash, 1};
  action.input_root = {hash, 2};
  action.timeout = std::chrono::seconds(77);
  action.platform = {{"go", "1"}};
  const auto back = read_action(encode(action));
  REQUIRE(back);
  CHECK(encode(*back) == encode(action));
  CHECK_FALSE(read_action(encode(Action{})));
}
