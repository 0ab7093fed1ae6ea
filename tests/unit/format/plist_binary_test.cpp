#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "format/plist/plist.h"

using namespace tenon;
using namespace tenon::plist;

namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    out += static_cast<char>(*parse_number(hex.substr(i, 2), 16));
  }
  return out;
}

// plistlib.dumps(..., fmt=FMT_BINARY) of the value whose XML plist_test.cpp holds.
const std::string& golden() {
  static const std::string bytes = from_hex(
      "62706c6973743030d701020304050607080f1011171d1e55617272617954646174615464617465546465657055"
      "656d707479547265616c5474657874a6090a0b0c0d0e100113fffffffffffffffe137fffffffffffffff140000"
      "000000000000ffffffffffffffff09084f1046000102030405060708090a0b0c0d0e0f10111213141516171819"
      "1a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40414243444533"
      "41c7a9dc7f000000d112135161d114155162a1164f105a78797a78797a78797a78797a78797a78797a78797a78"
      "797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78797a78"
      "797a78797a78797a78797a78797a78797a78797a78797ad31218191a1b1c51645173a0d050233ff80000000000"
      "00690061003c0062003e0026002200e9d83dde0000080017001d00220027002c00320037003c00430045004e00"
      "5700680069006a00b300bc00bf00c100c400c600c80125012c012e0130013101320133013c0000000000000201"
      "000000000000001f0000000000000000000000000000014f");
  return bytes;
}

// A list of objects given by their bytes, object 0 on top, references of one byte.
std::string list_of(const std::vector<std::string>& objects) {
  std::string out = "bplist00", table;
  for (const std::string& object : objects) {
    table += static_cast<char>(out.size() >> 8U);
    table += static_cast<char>(out.size() & 0xffU);
    out += object;
  }
  const std::size_t at = out.size();
  out += table + std::string(6, '\0') + "\2\1";
  const auto put = [&](std::size_t value) {
    for (unsigned i = 8; i-- > 0;) out += static_cast<char>(value >> (8U * i) & 0xffU);
  };
  put(objects.size());
  put(0);
  put(at);
  return out;
}

Errc error_of(const std::string& bytes) {
  const auto read = parse_binary(view_of(bytes));
  REQUIRE_FALSE(read.has_value());
  return read.error().code;
}

}  // namespace

TEST_CASE("plist binary: reads what plistlib writes") {
  const auto value = parse(view_of(golden()));
  REQUIRE(value.has_value());
  const std::string text = write_xml(*value, KeyOrder::kept);
  CHECK(text.contains("<integer>18446744073709551615</integer>"));
  CHECK(text.contains("<date>2026-02-28T23:59:58Z</date>"));
  CHECK(text.contains("<string>a&lt;b&gt;&amp;\"\u00e9\U0001f600</string>"));
  // The same value by way of XML.
  CHECK(*parse_xml(view_of(text), Mode::lenient) == *value);
}

TEST_CASE("plist binary: every byte cut off and every byte changed ends in a result") {
  for (std::size_t size = 0; size < golden().size(); ++size) {
    CHECK_FALSE(parse_binary(view_of(golden().substr(0, size))).has_value());
  }
  for (std::size_t at = 0; at < golden().size(); ++at) {
    std::string bytes = golden();
    bytes[at] = static_cast<char>(~bytes[at]);
    (void)parse_binary(view_of(bytes));
  }
}

TEST_CASE("plist binary: circles and bombs") {
  CHECK(error_of(list_of({std::string("\xa1\0", 2)})) == Errc::malformed);
  CHECK(error_of(list_of({"\xa1\1", std::string("\xa1\0", 2)})) == Errc::malformed);
  // Each array holds the next one 14 times: 14^20 objects.
  std::vector<std::string> objects;
  for (char i = 1; i <= 20; ++i) objects.push_back("\xae" + std::string(14, i));
  objects.emplace_back("\x09");
  CHECK(error_of(list_of(objects)) == Errc::limit);
  // One string of 4 KiB, many times.
  std::string many = "\xaf\x11\x40";
  many += std::string(1, '\0') + std::string(0x4000, '\1');
  std::vector<std::string> text{many,
                                "\x5f\x11\x20" + std::string(1, '\0') + std::string(0x2000, 'a')};
  CHECK(error_of(list_of(text)) == Errc::limit);
}

TEST_CASE("plist binary: depth is bounded") {
  std::vector<std::string> objects;
  for (int i = 1; i < 250; ++i) objects.push_back(std::string("\xa1") + static_cast<char>(i));
  objects.emplace_back("\xa0");
  CHECK(parse_binary(view_of(list_of(objects))).has_value());
}

TEST_CASE("plist binary: what is refused") {
  CHECK(error_of(list_of({"\xd1\1\2", "\x09", "\x09"})) == Errc::malformed);  // key
  CHECK(error_of(list_of({"\xd2\1\1\2\2",
                          "\x51"
                          "a",
                          "\x09"})) == Errc::malformed);                        // twice
  CHECK(error_of(list_of({"\x51\x80"})) == Errc::malformed);                    // not ASCII
  CHECK(error_of(list_of({std::string("\x61\xd8\0", 3)})) == Errc::malformed);  // surrogate
  CHECK(error_of(list_of({"\x70"})) == Errc::malformed);
  CHECK(error_of(list_of({"\x01"})) == Errc::malformed);
  CHECK(error_of(list_of({"\xa1\5"})) == Errc::malformed);  // no such object
  CHECK(error_of(list_of({"\x5f"})) == Errc::malformed);    // no count
  CHECK(error_of(list_of({"\x5e"
                          "abc"})) == Errc::truncated);
  CHECK(error_of("bplist10" + std::string(40, '\0')) == Errc::unsupported);
  CHECK(error_of("bplist00") == Errc::truncated);
  CHECK(error_of("bplist00" + std::string(40, '\0')) == Errc::malformed);
}
