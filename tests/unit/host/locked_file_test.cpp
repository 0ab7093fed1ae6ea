#include "host/locked_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/result.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/replacement.h"

using namespace tenon;

namespace {

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string file = folder.path + "/file";

  Place() { REQUIRE(write_text(file, "old").has_value()); }
};

}  // namespace

TEST_CASE("locked file: of two at once one is refused") {
  const Place place;
  {
    const auto first = LockedFile::open(place.file);
    REQUIRE(first.has_value());
    CHECK(first->view().text() == "old");
    CHECK(LockedFile::open(place.file).error().code == Errc::busy);
  }
  CHECK(LockedFile::open(place.file).has_value());
}

TEST_CASE("locked file: the second of two, who had the old file open, loses nothing") {
  const Place place;
  const FileIdentity old = file_identity(place.file).value();
  {
    const auto first = LockedFile::open(place.file);
    REQUIRE(first.has_value());
    REQUIRE(write_text(place.file, "by the first").has_value());
  }
  auto late = Replacement::open({.path = place.file, .root = {}, .source = old});
  REQUIRE(late.has_value());
  CHECK(late->commit().error().code == Errc::changed);
  CHECK(read_text(place.file).value() == "by the first");
}

TEST_CASE("locked file: no link is followed below the root, and no FIFO is waited for") {
  const Place place;
  REQUIRE(::symlink("file", (place.folder.path + "/link").c_str()) == 0);
  REQUIRE(::symlink(".", (place.folder.path + "/around").c_str()) == 0);
  REQUIRE(::mkfifo((place.folder.path + "/fifo").c_str(), 0600) == 0);
  CHECK(LockedFile::open(place.folder.path + "/link").error().code == Errc::link);
  CHECK(LockedFile::open(place.folder.path + "/around/file", place.folder.path).error().code ==
        Errc::link);
  CHECK(LockedFile::open(place.folder.path + "/fifo").error().code == Errc::invalid_argument);
  CHECK(LockedFile::open(place.folder.path).error().code == Errc::io);
}
