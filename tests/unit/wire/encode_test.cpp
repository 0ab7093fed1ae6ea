#include "wire/encode.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon::remote;

namespace {

const std::string a(64, 'a');
const std::string b(64, 'b');

Directory directory() {
  Directory out;
  out.files = {{"a.go", {a, 300}, false}, {"run", {a, 0}, true}};
  out.folders = {{"sub", {b, 1}}};
  out.links = {{"l", "a.go"}};
  return out;
}

}  // namespace

// The digests are those of the messages that Python's protobuf 7.36 serialized from the classes in
// the BuildGrid 0.4.4 package.
TEST_CASE("a directory has the bytes that protobuf gives it") {
  CHECK(digest_of(encode(directory())) ==
        Digest{"00ce5a4d95c5f57ffce37e530a92d52579792e954a4f8d2766fca5bc72ea48a7", 244});
  CHECK(digest_of(encode(Directory{})) ==
        Digest{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0});
}

TEST_CASE("a command has the bytes that protobuf gives it, empty words included") {
  Command command;
  command.arguments = {"tenon", "", "x"};
  command.environment = {{"A", "1"}, {"B", ""}};
  command.outputs = {"out"};
  command.folder = "w";
  CHECK(digest_of(encode(command)) ==
        Digest{"b8e0e224ee8f49ad7147def1f5762acff77cbce9ded0fedea8101c6d94657adf", 33});
}

TEST_CASE("an action has the bytes that protobuf gives it") {
  Action action;
  action.command = {a, 1};
  action.input_root = {b, 2};
  action.timeout = std::chrono::seconds(3600);
  action.do_not_cache = true;
  action.platform = {{"go", "1.26.8"}};
  CHECK(digest_of(encode(action)) ==
        Digest{"7527414d8bec1d02bb0abe4ae33e7263a0e6d066e981458350e895ed7ccac98d", 163});
  CHECK(digest_of(encode(Action{})) ==
        Digest{"8f8e0bcbf188d8582cc0ac75c372d4c31634abf0251e6ca82f17d7b0305cf47f", 4});
}

TEST_CASE("a tree has the bytes that protobuf gives it") {
  const std::string root = encode(directory());
  CHECK(digest_of(encode_tree(root, {encode(Directory{}), root})) ==
        Digest{"c6773bd1c5d8f35f4916bb361d002a5e7b401cf7878374e0801df0dbf3ae0787", 496});
}

TEST_CASE("a digest is 64 small hex digits") {
  CHECK(is_digest(a));
  CHECK_FALSE(is_digest(std::string(64, 'A')));
  CHECK_FALSE(is_digest(a + "a"));
  CHECK_FALSE(is_digest(""));
}
