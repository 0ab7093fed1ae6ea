#include "base/path.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace tenon;

TEST_CASE("path: absolute and plain, as the standard library makes it") {
  for (const char* path :
       {"a", "./a", "a/b/../c", "../a", "../../../a", "/x/./y", "a//b", "a/", "a/.", "a/..", ".",
        "..", "/", "/..", "./a/./b/", "a/../..", "...", "a/.b"}) {
    CAPTURE(path);
    const std::string expected = (std::filesystem::path("/w/p") / path).lexically_normal().string();
    CHECK(absolute_path("/w/p", path) == expected);
  }
}
