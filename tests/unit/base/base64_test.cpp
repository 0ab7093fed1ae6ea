#include "base/base64.h"

#include <doctest/doctest.h>

#include <span>
#include <string_view>

using namespace tenon;

TEST_CASE("base64: the vectors of RFC 4648") {
  const auto encoded = [](std::string_view text) {
    return to_base64(std::as_bytes(std::span(text.data(), text.size())));
  };
  CHECK(encoded("").empty());
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded(std::string_view("\xff\xfe\x00", 3)) == "//4A");
}
