#include "host/staged_file.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "host/files.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

// A folder that goes with its contents.
struct Folder {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};

  [[nodiscard]] std::string at(const std::string& name) const { return folder.path + "/" + name; }
};

}  // namespace

TEST_CASE("staged file: a write makes its folders, replaces, and leaves nothing in the staging") {
  const Folder folder;
  const std::string staging = folder.at("new");
  const std::string path = folder.at("a/b/c");
  REQUIRE(write_staged(path, staging, "one").has_value());
  REQUIRE(write_staged(path, staging, "two").has_value());
  CHECK(read_text(path).value() == "two");
  CHECK((file_info(path)->mode & 0777U) == 0600U);
  CHECK(list_folder(staging).value().empty());
  // The place of a folder cannot be taken.
  CHECK_FALSE(write_staged(folder.at("a/b"), staging, "x").has_value());
  CHECK_FALSE(write_staged(folder.at("a/b/c/d"), staging, "x").has_value());
  CHECK(list_folder(staging).value().empty());
  CHECK(unique_path(staging) != unique_path(staging));
  CHECK(unique_path(staging).starts_with(staging + "/"));
}

TEST_CASE("staged file: a copy that is found bad is never in place") {
  const Folder folder;
  const std::string from = folder.at("from");
  const std::string path = folder.at("a/x");
  for (const std::size_t size : {std::size_t{10}, std::size_t{3} << 20U}) {
    const std::string old(size, 'a');
    const std::string text(size, 'b');
    const auto copy = [&](const std::string& to, bool good) {
      return copy_if_good(from, to, 0640, [&](const Sha256& digest) {
        CHECK(digest == sha256(view_of(read_text(from).value()).bytes()));
        return good;
      });
    };
    REQUIRE(write_text(from, old).has_value());
    CHECK(copy(path, true).value() == size);
    CHECK((file_info(path)->mode & 0777U) == 0640U);
    REQUIRE(write_text(from, text).has_value());
    CHECK(copy(path, false).value() == std::nullopt);
    CHECK(read_text(path).value() == old);
    CHECK(copy(path, true).value() == size);
    CHECK(read_text(path).value() == text);
    CHECK(search_folder(folder.at("a")) == Words{"x"});
    CHECK_FALSE(copy(folder.at("from/y"), true).has_value());
    CHECK_FALSE(copy(folder.folder.path, true).has_value());
    // A link stays one.
    REQUIRE(make_link(path, folder.at("link")).has_value());
    CHECK(copy(folder.at("link"), true).value() == size);
    CHECK(is_link(folder.at("link")));
  }
  const auto never = [](const Sha256&) { return true; };
  CHECK(copy_if_good(folder.at("none"), path, 0640, never).value() == std::nullopt);
}
