#include "base/crc32.h"

#include <doctest/doctest.h>

#include <string>

#include "base/bytes.h"

using namespace tenon;

TEST_CASE("crc32: the check value of the catalogue of CRCs, whole and in pieces") {
  const std::string text = "123456789";
  CHECK(crc32(view_of(text).bytes()) == 0xcbf43926);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto bytes = view_of(text).bytes();
    CHECK(crc32(bytes.subspan(cut), crc32(bytes.first(cut))) == 0xcbf43926);
  }
  CHECK(crc32({}) == 0);
  // Longer than one step of eight.
  const std::string zeros(32, '\0');
  CHECK(crc32(view_of(zeros).bytes()) == 0x190a55ad);
}
