#include "codesign/entitlements/entitlements.h"

#include <doctest/doctest.h>

#include <span>
#include <string>

#include "base/text.h"

using namespace tenon;
using namespace tenon::entitlements;
using plist::Value;

namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    out += static_cast<char>(*parse_number(hex.substr(i, 2), 16));
  }
  return out;
}

// Made by openssl asn1parse -genconf.
const std::string golden = from_hex(
    "70818c020101b08186302f0c166170706c69636174696f6e2d6964656e7469666965720c155445414d2e636f6d2e65"
    "78616d706c652e746f6f6c30260c21636f6d2e6170706c652e73656375726974792e6765742d7461736b2d616c6c6f"
    "770101ff30160c0667726f757073300c0c036f6e650202ff7f01010030130c066e6573746564b00930070c016e0202"
    "0080");

constexpr std::string_view golden_xml = R"(<plist version="1.0">
<dict>
<key>nested</key><dict><key>n</key><integer>128</integer></dict>
<key>com.apple.security.get-task-allow</key><true/>
<key>groups</key><array><string>one</string><integer>-129</integer><false/></array>
<key>application-identifier</key><string>TEAM.com.example.tool</string>
</dict>
</plist>)";

Value from_xml(std::string_view text) {
  auto value = plist::parse_xml(view_of(text), plist::Mode::strict);
  REQUIRE(value.has_value());
  return *value;
}

std::string written(const Value& value) {
  const auto der = write_der(value);
  REQUIRE(der.has_value());
  return std::string(ByteView(std::span<const std::byte>(*der)).text());
}

Errc error_of(std::string_view hex) {
  const std::string bytes = from_hex(hex);
  const auto read = parse_der(view_of(bytes));
  REQUIRE_FALSE(read.has_value());
  return read.error().code;
}

}  // namespace

TEST_CASE("entitlements: DER of openssl is read and written") {
  const auto value = parse_der(view_of(golden));
  REQUIRE(value.has_value());
  CHECK(*value->string_at("application-identifier") == "TEAM.com.example.tool");
  CHECK(value->is_true("com.apple.security.get-task-allow"));
  CHECK(*(*value->dict()->find("groups")->array())[1].integer() == -129);
  CHECK(written(*value) == golden);
  // From XML in another order.
  CHECK(written(from_xml(golden_xml)) == golden);
  CHECK(compare(from_xml(golden_xml), *value).empty());
}

TEST_CASE("entitlements: small forms") {
  CHECK(to_hex(written(plist::Dict()).data(), 7) == "7005020101b000");
  plist::Dict dict;
  dict.add("key", false);
  const std::string one = written(dict);
  CHECK(to_hex(one.data(), one.size()) == "700f020101b00a30080c036b6579010100");
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{127}, std::int64_t{128}, std::int64_t{-1}, std::int64_t{-128},
        std::int64_t{-32769}, INT64_MAX, INT64_MIN, std::int64_t{1} << 40}) {
    plist::Dict numbers;
    numbers.add("n", number);
    CHECK(*parse_der(view_of(written(numbers)))->dict()->find("n")->integer() == number);
  }
  plist::Dict long_text;
  long_text.add("data", plist::Data(300, std::byte{7}));
  long_text.add("text", std::string(70000, 'x'));
  CHECK(*parse_der(view_of(written(long_text))) == Value(long_text));
}

TEST_CASE("entitlements: what is no DER") {
  CHECK(error_of("") == Errc::truncated);
  CHECK(error_of("30050201") == Errc::truncated);
  CHECK(error_of("3005020101b000") == Errc::malformed);                      // a sequence
  CHECK(error_of("3100") == Errc::unsupported);                              // without a version
  CHECK(error_of("7005020102b000") == Errc::unsupported);                    // version 2
  CHECK(error_of("7005020101b00000") == Errc::malformed);                    // bytes behind
  CHECK(error_of("7007020101b0000500") == Errc::malformed);                  // an item behind
  CHECK(error_of("708105020101b000") == Errc::malformed);                    // long length
  CHECK(error_of("7080020101b0000000") == Errc::malformed);                  // no length
  CHECK(error_of("700602020001b000") == Errc::malformed);                    // padded integer
  CHECK(error_of("700f020101b00a30080c036b6579010101") == Errc::malformed);  // true is ff
  CHECK(error_of("700f020101b00a30080c036b657901ff00") == Errc::malformed);
  CHECK(error_of("700f020101b00a30080c036bff79010100") == Errc::malformed);    // no UTF-8
  CHECK(error_of("700f020101b00a30080c036b6579090100") == Errc::unsupported);  // a real
  CHECK(error_of("700c020101b00730050c036b6579") == Errc::truncated);          // no value
  // Two keys: the same twice, then in the wrong order.
  CHECK(error_of("7015020101b01030060c016101010030060c0161010100") == Errc::malformed);
  CHECK(error_of("7015020101b01030060c016201010030060c0161010100") == Errc::malformed);
}

TEST_CASE("entitlements: every byte cut off and every byte changed ends in a result") {
  for (std::size_t size = 0; size < golden.size(); ++size) {
    CHECK_FALSE(parse_der(view_of(golden.substr(0, size))).has_value());
  }
  for (std::size_t at = 0; at < golden.size(); ++at) {
    std::string bytes = golden;
    bytes[at] = static_cast<char>(~bytes[at]);
    if (const auto value = parse_der(view_of(bytes))) CHECK(written(*value) == bytes);
  }
}

TEST_CASE("entitlements: depth is bounded") {
  // Braces around one array are a copy to some compilers and a nested array to others.
  const auto within = [](Value held) {
    plist::Array array;
    array.push_back(std::move(held));
    return Value(std::move(array));
  };
  Value value = plist::Array();
  for (unsigned i = 0; i < max_depth - 2; ++i) value = within(std::move(value));
  plist::Dict dict;
  dict.add("a", value);
  CHECK(parse_der(view_of(written(dict))).has_value());
  plist::Dict deeper;
  deeper.add("a", within(within(within(std::move(value)))));
  CHECK(write_der(deeper).error().code == Errc::limit);
}

TEST_CASE("entitlements: DER that nests too deeply is a limit, not a full disk") {
  const auto item = [](char tag, const std::string& body) {
    std::string out(1, tag);
    if (body.size() > 255) {
      out += "\x82" + std::string(1, static_cast<char>(body.size() >> 8U));
    } else if (body.size() > 127) {
      out += "\x81";
    }
    return out + static_cast<char>(body.size() & 0xffU) + body;
  };
  std::string value = item('\x30', "");
  for (unsigned i = 0; i < max_depth + 2; ++i) value = item('\x30', value);
  const std::string pair = item('\x30', item('\x0c', "a") + value);
  const std::string der = item('\x70', std::string("\x02\x01\x01", 3) + item('\xb0', pair));
  const auto read = parse_der(view_of(der));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == Errc::limit);
  CHECK(std::string_view(read.error().what) == "nested too deeply");
}

TEST_CASE("entitlements: values without a DER form") {
  plist::Dict real;
  real.add("a", 1.5);
  CHECK(write_der(real).error().code == Errc::invalid_argument);
  plist::Dict large;
  large.add("a", UINT64_MAX);
  CHECK(write_der(large).error().code == Errc::invalid_argument);
  plist::Dict twice;
  twice.add("a", true);
  twice.add("a", true);
  CHECK(write_der(twice).error().code == Errc::invalid_argument);
  CHECK(write_der(Value("text")).error().code == Errc::invalid_argument);
}

TEST_CASE("entitlements: differences between XML and DER are named") {
  const Value xml = from_xml(
      "<dict><key>same</key><true/><key>a</key><true/><key>b</key><array><string>x</string>"
      "<string>y</string></array><key>c</key><dict><key>d</key><integer>1</integer></dict></dict>");
  const Value der = from_xml(
      "<dict><key>same</key><true/><key>b</key><array><string>z</string></array><key>c</key>"
      "<dict><key>d</key><string>1</string></dict><key>e</key><false/></dict>");
  const auto found = compare(xml, der);
  REQUIRE(found.size() == 5);
  using Kind = Difference::Kind;
  CHECK(found[0].path == "a");
  CHECK(found[0].kind == Kind::only_in_xml);
  CHECK(found[1].path == "b[0]");
  CHECK(found[1].xml == "\"x\"");
  CHECK(found[1].der == "\"z\"");
  CHECK(found[2].path == "b[1]");
  CHECK(found[3].path == "c.d");
  CHECK(found[3].kind == Kind::value);
  CHECK(found[4].path == "e");
  CHECK(found[4].kind == Kind::only_in_der);
  CHECK(found[4].der == "false");
}
