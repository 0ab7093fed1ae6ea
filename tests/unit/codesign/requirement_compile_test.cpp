#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "codesign/requirement/requirement.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

// What compiling and printing gives; the message of a failure behind "error: ".
std::string round(std::string_view text) {
  const auto compiled = compile(text);
  return compiled ? print(*compiled) : "error: " + compiled.error().message;
}

// The program that a text compiles to, without the head of the blob.
std::string program(std::string_view text) {
  const auto compiled = compile(text);
  if (!compiled) return "error: " + compiled.error().message;
  const auto blob = write(*compiled);
  return to_hex(blob.data() + 12, blob.size() - 12);
}

}  // namespace

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
  CHECK(round("certificate leaf[timestamp.1.2.3] >= timestamp \"20240131235959Z\"") ==
        "certificate leaf[timestamp.1.2.3] >= <2024-01-31 23:59:59 +0000>");
  // The system's own rule for Developer ID, as spctl --list prints it.
  CHECK(round("anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] exists and "
              "(certificate leaf[timestamp.1.2.840.113635.100.6.1.33] absent or certificate "
              "leaf[timestamp.1.2.840.113635.100.6.1.33] < timestamp \"20190408000000Z\")") ==
        "anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and "
        "(certificate leaf[timestamp.1.2.840.113635.100.6.1.33] absent  or certificate "
        "leaf[timestamp.1.2.840.113635.100.6.1.33] < <2019-04-08 00:00:00 +0000>)");
  CHECK(round("identifier anchor1 and platform = 5") == "identifier anchor1 and platform = 5");
}

TEST_CASE("requirement: programs by reqmaker.cpp") {
  const std::string x = "0000000178000000";
  CHECK(program("always") == "00000001");
  CHECK(program("true") == "00000001");
  CHECK(program("never") == "00000000");
  CHECK(program("false") == "00000000");
  CHECK(program("identifier x") == "00000002" + x);
  CHECK(program("identifier = x") == "00000002" + x);
  CHECK(program("identifier == \"x\"") == "00000002" + x);
  CHECK(program("anchor apple") == "00000003");
  CHECK(program("anchor apple x") == "00000012" + x);
  CHECK(program("anchor apple \"generic\"") == "000000120000000767656e6572696300");
  CHECK(program("(x)") == "00000013" + x);
  CHECK(program("(\"always\")") == "0000001300000006616c776179730000");
  CHECK(program("anchor trusted") == "0000000d");
  CHECK(program("cert trusted") == "0000000d");
  CHECK(program("certificate trusted") == "0000000d");
  CHECK(program("certificate 1trusted") == "0000000c00000001");  // as codesign prints it
  CHECK(program("certificate root trusted") == "0000000cffffffff");
  CHECK(program("certificate -2 trusted") == "0000000cfffffffe");
  CHECK(program("certificate -2147483648 trusted") == "0000000c80000000");
  CHECK(program("platform 5") == "0000001400000005");
  CHECK(program("platform = -1") == "00000014ffffffff");
  CHECK(program("notarized") == "00000015");
  CHECK(program("legacy") == "00000017");
  CHECK(program("! ! always") == "000000090000000900000001");
  CHECK(program("always and never or legacy") == "0000000700000006000000010000000000000017");
  CHECK(program("always or never and legacy") == "0000000700000001000000060000000000000017");
  CHECK(program("always and never and legacy") == "0000000600000006000000010000000000000017");
  CHECK(program("info[x]") == "0000000a" + x + "00000000");
  CHECK(program("info[x] absent") == "0000000a" + x + "0000000e");
  CHECK(program("info[x] = x*") == "0000000a" + x + "00000003" + x);
  CHECK(program("info[x] = *x") == "0000000a" + x + "00000004" + x);
  CHECK(program("info[x] = *x*") == "0000000a" + x + "00000002" + x);
  CHECK(program("info[x] ~ x") == "0000000a" + x + "00000002" + x);
  CHECK(program("info[x] == 0x78") == "0000000a" + x + "00000001" + x);
  CHECK(program("info[x] < x") == "0000000a" + x + "00000005" + x);
  CHECK(program("info[x] > x") == "0000000a" + x + "00000006" + x);
  CHECK(program("info[x] <= x") == "0000000a" + x + "00000007" + x);
  CHECK(program("info[x] >= x") == "0000000a" + x + "00000008" + x);
  CHECK(program("info[x] = timestamp \"20010101000001Z\"") ==
        "0000000a" + x + "000000090000000000000001");
  CHECK(program("info[x] < timestamp \"20001231235959Z\"") ==
        "0000000a" + x + "0000000affffffffffffffff");
  CHECK(program("entitlement[x] exists") == "00000010" + x + "00000000");
  CHECK(program("anchor[subject.C] exists") ==
        "0000000bffffffff000000097375626a6563742e4300000000000000");
  CHECK(program("certificate 1[field.1.2.3]") == "0000000e00000001000000022a03000000000000");
  CHECK(program("certificate 1[extension.1.2.3]") == "0000000e00000001000000022a03000000000000");
  CHECK(program("certificate 1[policy.1.2.3]") == "0000001100000001000000022a03000000000000");
  CHECK(program("anchor H\"000102030405060708090a0b0c0d0e0f10111213\"") ==
        "00000004ffffffff00000014000102030405060708090a0b0c0d0e0f10111213");
}

TEST_CASE("requirement: comments and strings") {
  CHECK(round("# a comment\nalways // and\n /* more */ ;") == "always");
  CHECK(round("always /**/ and /* * / */ never # end") == "always and never");
  // Apple's lexer takes two stars for a pair: this comment ends with the text.
  CHECK(round("never /* **/ or always /* */") == "never");
  CHECK(round("always\r\nand\tnever") == "always and never");
  CHECK(round("identifier \"a\\\"b\"") == "identifier \"a\\\"b\"");
  CHECK(round("identifier \"a\\\\b\"") == "identifier \"a\\\\b\"");
  CHECK(round("identifier 0xc3a9") == "identifier 0xc3a9");
  CHECK(round("identifier \"\xc3\xa9\"") == "identifier 0xc3a9");
  CHECK(round("identifier a.1b and always").starts_with("error"));  // a number, then a word
  CHECK(round("always;;; ;") == "always");
}

TEST_CASE("requirement: texts that are none") {
  for (const std::string_view text : {"",
                                      "and",
                                      "identifier",
                                      "identifier anchor",
                                      "always and",
                                      "(always",
                                      "always)",
                                      "()",
                                      "(x",
                                      "(x and always)",
                                      "!",
                                      "always always",
                                      "anchor",
                                      "anchor generic",
                                      "certificate",
                                      "certificate leaf",
                                      "certificate 1",
                                      "certificate leaf[nothing] exists",
                                      "certificate leaf[field.x]",
                                      "certificate leaf[field.1] exists",
                                      "certificate leaf[]",
                                      "certificate leaf[subject.CN",
                                      "certificate leaftrusted",
                                      "cdhash",
                                      "cdhash H\"12\"",
                                      "cdhash H\"\"",
                                      "cdhash H\"zz\"",
                                      "cdhash x",
                                      "anchor = /etc/cert.pem",
                                      "certificate leaf = /one/two",
                                      "certificate leaf = \"cert.cer\"",
                                      "/one",
                                      "\"unclosed",
                                      "\"\\",
                                      "\"\\n\"",
                                      "identifier \"\xff\"",
                                      "/* unclosed",
                                      "/*/",
                                      "/***/",
                                      "info",
                                      "info[x] = 0x123",
                                      "info[x] = 0x",
                                      "info[x] = *",
                                      "info[x] = ",
                                      "info[x] < * y",
                                      "info[x] = 17",
                                      "info[always]",
                                      "info[x] = timestamp \"2024\"",
                                      "info[x] = timestamp 20240131235959Z",
                                      "certificate leaf[timestamp.1.2.3] ~ timestamp \"\"",
                                      "platform",
                                      "platform x",
                                      "platform 2147483648",
                                      "certificate 2147483648 trusted",
                                      "platform --1",
                                      "a.",
                                      "identifier a..b",
                                      "@",
                                      "\x01",
                                      "\xc3",
                                      "=>",
                                      "designated =>",
                                      "designated always",
                                      "designated => always ,",
                                      "host => always host => never",
                                      "4294967296 => always"}) {
    CAPTURE(text);
    for (const bool set : {false, true}) {
      const auto one = compile(text);
      const auto many = compile_set(text);
      const bool made = set ? many.has_value() : one.has_value();
      REQUIRE_FALSE(made);
      const SyntaxError& error = set ? many.error() : one.error();
      CHECK(error.offset <= text.size());
      CHECK_FALSE(error.message.empty());
      for (const char c : error.message) CHECK((c >= ' ' && c <= '~'));
    }
  }
  CHECK(compile("identifier x and " + std::string(1000, 'y')).error().message.size() < 100);
}

TEST_CASE("requirement: sets from text") {
  const auto set = compile_set("library => never designated => identifier x; host => anchor apple");
  REQUIRE(set.has_value());
  CHECK(print_set(*set) == "host => anchor apple\ndesignated => identifier x\nlibrary => never\n");
  const auto single = compile_set("identifier y");
  REQUIRE(single.has_value());
  CHECK(print_set(*single) == "designated => identifier y\n");
  // A number ends the condition before it.
  CHECK(print_set(compile_set("host => info[x] 4 => always plugin => platform 1 guest => legacy")
                      .value()) ==
        "host => info[x] /* exists */\nguest => legacy\nlibrary => always\nplugin => platform = "
        "1\n");
  CHECK(print_set(compile_set("7 => always").value()) == "/*unknown type*/ 7 => always\n");
}

TEST_CASE("requirement: certificates by file") {
  std::string asked;
  const CertificateFile file =
      [&](const std::string& path) -> std::optional<std::array<std::byte, 20>> {
    asked = path;
    if (path.ends_with("gone")) return std::nullopt;
    std::array<std::byte, 20> sha1{};
    sha1.fill(std::byte{0x12});
    return sha1;
  };
  const std::string hash = " = H\"1212121212121212121212121212121212121212\"";
  CHECK(print(compile("certificate leaf = /certs/mine", file).value()) ==
        "certificate leaf" + hash);
  CHECK(asked == "/certs/mine");
  CHECK(print(compile("anchor \"/certs/mine.cer\"", file).value()) == "certificate root" + hash);
  CHECK(asked == "/certs/mine.cer");
  CHECK(print(compile_set("cert 1 = mine.cer", file).value().front().expression) ==
        "certificate 1" + hash);
  CHECK(asked == "mine.cer");
  CHECK_FALSE(compile("anchor = \"gone\"", file).has_value());
}
