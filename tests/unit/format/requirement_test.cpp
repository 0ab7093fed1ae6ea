#include "format/requirement/requirement.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

std::string bytes_of(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(*parse_number(digits.substr(i, 2), 16));
  }
  return out;
}

std::string hex_of(const std::vector<std::byte>& bytes) {
  return to_hex(bytes.data(), bytes.size());
}

// What compiling and printing gives; the message of a failure behind "error: ".
std::string round(std::string_view text) {
  const auto compiled = compile(text);
  return compiled ? print(*compiled) : "error: " + compiled.error().message;
}

// Slot 2 of uvx in the wheel uv 0.13.9 for macOS on arm64, as codesign wrote it.
constexpr std::string_view uvx =
    "fade0c01000000b0000000010000000300000014fade0c000000009c0000000100000006000000020000000d73682e"
    "61737472616c2e757678000000000000060000000f000000060000000e000000010000000a2a864886f76364060206"
    "000000000000000000060000000e000000000000000a2a864886f7636406010d0000000000000000000b0000000000"
    "00000a7375626a6563742e4f550000000000010000000a324443343332474c4c320000";

}  // namespace

TEST_CASE("requirement: the designated requirement of a real program") {
  const std::string blob = bytes_of(uvx);
  const auto set = parse_set(view_of(blob));
  REQUIRE(set.has_value());
  REQUIRE(set->size() == 1);
  CHECK(set->front().type == 3);
  // As codesign -d -r- prints it, which quotes names with dots and those that begin with a digit.
  CHECK(print_set(*set) ==
        "designated => identifier \"sh.astral.uvx\" and anchor apple generic and certificate "
        "1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate "
        "leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "
        "\"2DC432GLL2\"\n");
  CHECK(hex_of(write_set(*set)) == uvx);
}

TEST_CASE("requirement: the texts of Apple's documentation") {
  // TN2206 and "Code Signing Requirement Language".
  CHECK(round("identifier com.apple.Mail and anchor apple") ==
        "identifier \"com.apple.Mail\" and anchor apple");
  CHECK(round("anchor generic apple") == "anchor apple generic");
  CHECK(round("anchor trusted and certificate leaf [subject.CN] = MySpecialSignature") ==
        "anchor trusted and certificate leaf[subject.CN] = MySpecialSignature");
  CHECK(round("info [CFBundleShortVersionString] < \"17.4\"") ==
        "info[CFBundleShortVersionString] < \"17.4\"");
  CHECK(round("info [MySpecialMarker] exists") == "info[MySpecialMarker] /* exists */");
  CHECK(round("certificate root = H\"0123456789ABCDEFFEDCBA98765432100A2BC5DA\"") ==
        "certificate root = H\"0123456789abcdeffedcba98765432100a2bc5da\"");
  CHECK(round("cert 1[subject.O] = \"Apple Inc.\"*") ==
        "certificate 1[subject.O] = \"Apple Inc.\"*");
  CHECK(round("certificate leaf[subject.CN] = *Development*") ==
        "certificate leaf[subject.CN] ~ Development");
  CHECK(round("entitlement[\"com.apple.security.app-sandbox\"] exists") ==
        "entitlement[\"com.apple.security.app-sandbox\"] /* exists */");
  CHECK(round("! notarized or (legacy and always)") == "! notarized or legacy and always");
  CHECK(round("(always or never) and true") == "(always or never) and always");
  CHECK(round("certificate leaf[timestamp.1.2.3] >= timestamp \"20240131235959Z\"") ==
        "certificate leaf[timestamp.1.2.3] >= <2024-01-31 23:59:59 +0000>");
  CHECK(round("# a comment\nalways // and\n /* more */ ;") == "always");
  CHECK(round("identifier anchor1 and platform = 5") == "identifier anchor1 and platform = 5");
}

TEST_CASE("requirement: texts that are none") {
  for (const std::string_view text :
       {"", "and", "identifier", "identifier anchor", "always and", "(always", "always)",
        "certificate leaf[nothing] exists", "certificate leaf[field.x]", "cdhash H\"12\"",
        "anchor = /etc/cert.pem", "\"unclosed", "/* unclosed", "always always", "info[x] = 0x123",
        "certificate leaf[timestamp.1.2.3] = timestamp \"2024\"", "@"}) {
    CAPTURE(text);
    const auto compiled = compile(text);
    REQUIRE_FALSE(compiled.has_value());
    CHECK(compiled.error().offset <= text.size());
  }
  CHECK_FALSE(compile(std::string(100000, '!') + "always").has_value());
  CHECK_FALSE(compile(std::string(100000, '(') + "always").has_value());
}

TEST_CASE("requirement: sets from text") {
  const auto set = compile_set("host => anchor apple designated => identifier x; library => never");
  REQUIRE(set.has_value());
  CHECK(print_set(*set) == "host => anchor apple\ndesignated => identifier x\nlibrary => never\n");
  const auto single = compile_set("identifier y");
  REQUIRE(single.has_value());
  CHECK(print_set(*single) == "designated => identifier y\n");
}

TEST_CASE("requirement: damaged blobs") {
  const std::string good = bytes_of(uvx);
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(parse_set(view_of(good.substr(0, size))).has_value());
  }
  // Operation 99 without flags means nothing; with a flag it says that it is false, or is skipped.
  const auto with_operation = [](std::string_view program) {
    const std::string body = bytes_of(program);
    const auto length = static_cast<std::uint8_t>(12 + body.size());
    std::string blob = bytes_of("fade0c000000000000000001") + body;
    blob[7] = static_cast<char>(length);
    return parse(view_of(blob));
  };
  CHECK(with_operation("00000063").error().code == Errc::unsupported);
  CHECK(print(*with_operation("8000006300000004ffffffff")) == "false /* opcode 99 */");
  CHECK(print(*with_operation("400000630000000000000001")) == "/* opcode 99 */always");
  CHECK(with_operation("0000000100000001").error().code == Errc::malformed);
  // "not" of "not" of ... without an end.
  std::string deep = bytes_of("fade0c000000000000000001");
  for (int i = 0; i < 5000; ++i) deep += bytes_of("00000009");
  deep[6] = static_cast<char>(deep.size() >> 8U);
  deep[7] = static_cast<char>(deep.size());
  CHECK(parse(view_of(deep)).error().code == Errc::no_space);
}

TEST_CASE("requirement: object identifiers") {
  CHECK(oid_text(oid_der("1.2.840.113635.100.6.2.6")) == "1.2.840.113635.100.6.2.6");
  CHECK(oid_text(oid_der("2.999.1")) == "2.999.1");  // X.660's own example
  const std::string der = oid_der("1.2.840.113635.100.6.1.13");
  CHECK(to_hex(der.data(), der.size()) == "2a864886f7636406010d");
  CHECK(oid_der("1") == "");
  CHECK(oid_der("1.x") == "");
  CHECK(oid_text("\x80") == "");
}
