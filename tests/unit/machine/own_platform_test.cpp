#include "machine/probe/own_platform.h"

#include <doctest/doctest.h>

using namespace tenon;

TEST_CASE("own platform: values of os-release, and the distribution that they name") {
  // As Ubuntu 24.04 has it.
  constexpr auto text =
      "PRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n";
  CHECK(os_release(text, "ID") == "ubuntu");
  CHECK(os_release(text, "VERSION_ID") == "24.04");
  CHECK(os_release(text, "VERSION").empty());
  CHECK(distribution_of("ubuntu", "24.04") == "ubuntu:24.04");
  CHECK(distribution_of("debian", "12") == "debian:12");
  CHECK(distribution_of("debian", "").empty());  // testing has no number
  CHECK(distribution_of("fedora", "41").empty());
}
