#include <doctest/doctest.h>

#include "codesign/cms/der.h"

using namespace tenon;
using namespace tenon::cms;

namespace {

ByteView bytes_of(std::string_view text) { return tenon::view_of(text); }

template <std::size_t N>
Result<Element> first(const char (&text)[N]) {
  return DerReader(bytes_of({text, N - 1})).next();
}

}  // namespace

TEST_CASE("elements of definite and of indefinite length") {
  CHECK(first("\x04\x01x")->content.text() == "x");
  CHECK(first("\x30\x80\x04\x01x\0\0rest")->content.text() == "\x04\x01x");
  CHECK(first("\x30\x80\x30\x80\0\0\0\0")->whole.size() == 8);
  CHECK_FALSE(first("\x04\x02x").has_value());
  CHECK_FALSE(first("\x04\x81\x01x").has_value());  // longer than needed
  CHECK_FALSE(first("\x04\x80x\0\0").has_value());  // primitive of indefinite length
  CHECK_FALSE(first("\x30\x80\x04\x01x").has_value());
  CHECK_FALSE(first("\x1f\x81\x01\x00").has_value());
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "\x30\x80";
  CHECK_FALSE(DerReader(bytes_of(deep)).next().has_value());
}

TEST_CASE("object identifiers") {
  const Bytes oid = der_oid("1.2.840.113635.100.9.1");
  CHECK(oid_text(DerReader(view_of(oid)).next()->content) == "1.2.840.113635.100.9.1");
  CHECK(oid_text(bytes_of("\x2a\x86")) == "");
  CHECK(oid_text(bytes_of("\x2a\x80\x01")) == "");
  CHECK(oid_text(ByteView()) == "");
}

TEST_CASE("times") {
  const auto parse = [](std::uint8_t tag, std::string_view text) {
    const Bytes bytes = der(tag, bytes_of(text));
    return parse_time(*DerReader(view_of(bytes)).next());
  };
  CHECK(parse(DER_UTC_TIME, "700101000000Z") == 0);
  CHECK(parse(DER_UTC_TIME, "490101000000Z") == 2493072000);
  CHECK(parse(DER_GENERALIZED_TIME, "20261117093256.123Z") == 1794907976);
  CHECK_FALSE(parse(DER_UTC_TIME, "260230000000Z").has_value());
  CHECK_FALSE(parse(DER_UTC_TIME, "2601010000Z").has_value());
  CHECK_FALSE(parse(DER_GENERALIZED_TIME, "20260101000000+0100").has_value());
  CHECK(view_of(der_time(0)).text().substr(2) == "700101000000Z");
  CHECK(view_of(der_time(2524608000)).text().substr(2) == "20500101000000Z");
  CHECK(time_text(1794907976) == "2026-11-17 09:32:56 UTC");
}

TEST_CASE("long lengths and sorted sets") {
  const Bytes big = der(DER_OCTETS, view_of(Bytes(70000)));
  CHECK(DerReader(view_of(big)).next()->content.size() == 70000);
  CHECK(der_set_of(DER_SET, {der_oid("1.2.3"), der(DER_NULL, ByteView())}) ==
        der(DER_SET, {der(DER_NULL, ByteView()), der_oid("1.2.3")}));
}
