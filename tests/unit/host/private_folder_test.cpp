#include "host/private_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "host/files.h"

using namespace tenon;

namespace {

struct Place {
  TemporaryFolder folder{make_temporary_folder("tenon-test").value()};
  std::string path = folder.path + "/cache";
};

}  // namespace

TEST_CASE("private folder: made for this user alone") {
  const Place place;
  REQUIRE(private_folder(place.path).has_value());
  CHECK(file_info(place.path)->mode == 0700U);
  CHECK(private_folder(place.path).has_value());
}

TEST_CASE("private folder: a link, a file, a folder open to others are refused") {
  const Place place;
  REQUIRE(::symlink("/usr", place.path.c_str()) == 0);
  CHECK(private_folder(place.path).error().code == Errc::link);
  REQUIRE(::unlink(place.path.c_str()) == 0);
  REQUIRE(write_text(place.path, "").has_value());
  CHECK(private_folder(place.path).error().code == Errc::invalid_argument);
  REQUIRE(::unlink(place.path.c_str()) == 0);
  REQUIRE(::mkdir(place.path.c_str(), 0700) == 0);
  REQUIRE(::chmod(place.path.c_str(), 0777) == 0);
  CHECK(private_folder(place.path).error().code == Errc::permission);
}

TEST_CASE("private folder: one that somebody else made first is refused") {
  if (::geteuid() != 0) return;  // only root can give a folder away
  const Place place;
  REQUIRE(::mkdir(place.path.c_str(), 0700) == 0);
  REQUIRE(::chown(place.path.c_str(), 65534, 65534) == 0);
  CHECK(private_folder(place.path).error().code == Errc::permission);
}

TEST_CASE("private folder: nor one in a folder where others can rename it") {
  const Place place;
  REQUIRE(::mkdir(place.path.c_str(), 0700) == 0);
  REQUIRE(::chmod(place.folder.path.c_str(), 0777) == 0);
  CHECK(check_private(place.path).error().code == Errc::permission);
  REQUIRE(::chmod(place.folder.path.c_str(), 01777) == 0);  // as /tmp is
  CHECK(check_private(place.path).has_value());
}

TEST_CASE("private folder: a relative path is nobody's") {
  CHECK(private_folder("cache").error().code == Errc::invalid_argument);
}
