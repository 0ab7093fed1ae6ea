#include "platform/runtime_packages.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

using namespace tenon;

TEST_CASE("runtime packages: by the whole soname") {
  REQUIRE(runtime_packages_of("libvips.so.42") != nullptr);
  CHECK(runtime_packages_of("libvips.so.42")->debian == "libvips42");
  CHECK(runtime_packages_of("libstdc++.so.6")->alpine == "libstdc++");
  // Another number is another interface.
  CHECK(runtime_packages_of("libvips.so.41") == nullptr);
  CHECK(runtime_packages_of("libvips.so") == nullptr);
  CHECK(runtime_packages_of("") == nullptr);
}

TEST_CASE("runtime packages: each soname once, with a package somewhere") {
  std::set<std::string_view> seen;
  for (const RuntimePackages& one : all_runtime_packages()) {
    CAPTURE(one.soname);
    CHECK(seen.insert(one.soname).second);
    CHECK(one.soname.contains(".so."));
    CHECK_FALSE((one.debian.empty() && one.fedora.empty() && one.alpine.empty()));
    CHECK_FALSE(is_glibc_soname(one.soname));
  }
  CHECK(is_glibc_soname("librt.so.1"));
  CHECK_FALSE(is_glibc_soname("libstdc++.so.6"));
}
