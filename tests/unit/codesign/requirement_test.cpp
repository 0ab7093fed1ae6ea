#include "codesign/requirement/requirement.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "codesign/requirement_samples.h"

using namespace tenon;
using namespace tenon::requirement;

namespace {

std::string hex_of(const std::vector<std::byte>& bytes) {
  return to_hex(bytes.data(), bytes.size());
}

// A blob around a program, both in hexadecimal.
std::string blob_of(std::string_view program) {
  const std::string body = bytes_of(program);
  std::string blob = bytes_of("fade0c000000000000000001") + body;
  blob[5] = static_cast<char>(blob.size() >> 16U);
  blob[6] = static_cast<char>(blob.size() >> 8U);
  blob[7] = static_cast<char>(blob.size());
  return blob;
}

Result<Expression> parse_program(std::string_view program) {
  const std::string blob = blob_of(program);
  return parse(view_of(blob));
}

// What codesign prints of a program.
std::string printed(std::string_view program) {
  const auto parsed = parse_program(program);
  return parsed ? print(*parsed) : "error: " + std::string(parsed.error().what);
}

constexpr std::string_view hash20 = "00000014000102030405060708090a0b0c0d0e0f10111213";

}  // namespace

TEST_CASE("requirement: designated requirements of public programs") {
  for (const Sample& sample : samples) {
    CAPTURE(sample.source);
    const std::string blob = bytes_of(sample.hex);
    const auto set = parse_set(view_of(blob));
    REQUIRE(set.has_value());
    REQUIRE(set->size() == 1);
    CHECK(set->front().type == 3);
    CHECK(hex_of(write_set(*set)) == sample.hex);
    // As codesign -d -r- prints it: names with dots or a digit in front stand in quotes.
    const auto quoted = [](std::string_view text, bool always) {
      const bool plain = !always && text.find_first_of(".-_") == std::string_view::npos;
      return plain ? std::string(text) : '"' + std::string(text) + '"';
    };
    const bool digit = sample.team.front() >= '0' && sample.team.front() <= '9';
    CHECK(print_set(*set) ==
          "designated => identifier " + quoted(sample.identifier, false) +
              " and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* "
              "exists */ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and "
              "certificate leaf[subject.OU] = " +
              quoted(sample.team, digit) + "\n");
    // And back from text, byte by byte.
    const auto text = source_set(*set);
    REQUIRE(text.has_value());
    const auto compiled = compile_set(*text);
    REQUIRE(compiled.has_value());
    CHECK(hex_of(write_set(*compiled)) == sample.hex);
    // What codesign prints says the same, and hangs together on the other side.
    const auto again = compile_set(print_set(*set));
    REQUIRE(again.has_value());
    CHECK(print_set(*again) == print_set(*set));
    CHECK(write_set(*again).size() == blob.size());
  }
}

TEST_CASE("requirement: every operation as codesign prints it") {
  CHECK(printed("00000000") == "never");
  CHECK(printed("00000001") == "always");
  CHECK(printed("000000020000000178000000") == "identifier x");
  CHECK(printed("0000000200000000") == "identifier \"\"");
  CHECK(printed("00000003") == "anchor apple");
  CHECK(printed("00000004ffffffff" + std::string(hash20)) ==
        "certificate root = H\"000102030405060708090a0b0c0d0e0f10111213\"");
  CHECK(printed("00000004000000020000000112000000") == "certificate 2 = H\"12\"");
  CHECK(printed("00000005000000016b0000000000000176000000") == "info[k] = v");
  CHECK(printed("000000060000000100000000") == "always and never");
  CHECK(printed("000000070000000100000000") == "always or never");
  CHECK(printed("00000008" + std::string(hash20)) ==
        "cdhash H\"000102030405060708090a0b0c0d0e0f10111213\"");
  CHECK(printed("0000000900000001") == "! always");
  CHECK(printed("0000000a000000016b00000000000000") == "info[k] /* exists */");
  CHECK(printed("0000000a000000016b0000000000000e") == "info[k] absent ");
  CHECK(printed("0000000b00000000000000097375626a6563742e430000000000000100000001"
                "78000000") == "certificate leaf[subject.C] = x");
  // The quirk of reqdumper.cpp: no blank.
  CHECK(printed("0000000c00000000") == "certificate leaftrusted");
  CHECK(printed("0000000c00000001") == "certificate 1trusted");
  CHECK(printed("0000000d") == "anchor trusted");
  CHECK(printed("0000000efffffffe000000022a03000000000000") ==
        "certificate -2[field.1.2.3] /* exists */");
  CHECK(printed("0000000f") == "anchor apple generic");
  CHECK(printed("00000010000000016b00000000000000") == "entitlement[k] /* exists */");
  CHECK(printed("0000001100000001000000022a03000000000000") ==
        "certificate 1[policy.1.2.3] /* exists */");
  CHECK(printed("000000120000000178000000") == "anchor apple x");
  CHECK(printed("000000130000000178000000") == "(x)");
  CHECK(printed("00000014fffffffe") == "platform = -2");
  CHECK(printed("00000015") == "notarized");
  CHECK(printed("0000001600000000000000022a0300000000000a000000002265c47f") ==
        "certificate leaf[timestamp.1.2.3] < <2019-04-16 08:06:23 +0000>");
  CHECK(printed("00000017") == "legacy");
}

TEST_CASE("requirement: every match as codesign prints it") {
  const auto suffix = [](std::string_view match) {
    return printed("0000000a000000016b000000" + std::string(match)).substr(7);
  };
  const std::string value = "0000000176000000";
  CHECK(suffix("00000001" + value) == " = v");
  CHECK(suffix("00000002" + value) == " ~ v");
  CHECK(suffix("00000003" + value) == " = v*");
  CHECK(suffix("00000004" + value) == " = *v");
  CHECK(suffix("00000005" + value) == " < v");
  CHECK(suffix("00000006" + value) == " > v");
  CHECK(suffix("00000007" + value) == " <= v");
  CHECK(suffix("00000008" + value) == " >= v");
  const std::string zero = "0000000000000000";
  CHECK(suffix("00000009" + zero) == " = <2001-01-01 00:00:00 +0000>");
  CHECK(suffix("0000000bffffffffffffffff") == " > <2000-12-31 23:59:59 +0000>");
  CHECK(suffix("0000000c" + zero) == " <= <2001-01-01 00:00:00 +0000>");
  CHECK(suffix("0000000d" + zero) == " >= <2001-01-01 00:00:00 +0000>");
  CHECK(suffix("0000000d7fffffffffffffff") == " >= <9223372036854775807>");
  CHECK(suffix("00000063" + value) == "MATCH OPCODE 99 NOT UNDERSTOOD");
}

TEST_CASE("requirement: quotes around names") {
  const auto named = [](std::string_view bytes) {
    Expression e;
    e.op = static_cast<std::uint32_t>(Op::ident);
    e.text = bytes;
    return print(e).substr(11);
  };
  CHECK(named("simple1") == "simple1");
  CHECK(named("1simple") == "\"1simple\"");
  CHECK(named("com.example") == "\"com.example\"");  // codesign's habit: dots are for keys only
  CHECK(named("anchor") == "\"anchor\"");
  CHECK(named("leaf") == "\"leaf\"");
  CHECK(named("a b\t\"\\") == "\"a b\t\\\"\\\\\"");
  CHECK(named("\xc3\xa9") == "0xc3a9");
  CHECK(named(std::string_view("a\0", 2)) == "0x6100");
  CHECK(printed("0000000a00000003612e620000000000") == "info[a.b] /* exists */");
  CHECK(printed("0000000a00000003612d620000000000") == "info[\"a-b\"] /* exists */");
}

TEST_CASE("requirement: parentheses") {
  const auto round = [](std::string_view text) {
    const auto compiled = compile(text);
    REQUIRE(compiled.has_value());
    CHECK(compile(source(*compiled).value()) == *compiled);
    return print(*compiled);
  };
  CHECK(round("! notarized or (legacy and always)") == "! notarized or legacy and always");
  CHECK(round("(always or never) and true") == "(always or never) and always");
  CHECK(round("! (always and never)") == "! (always and never)");
  CHECK(round("always and (never and legacy)") == "always and never and legacy");
  CHECK(round("((((always))))") == "always");
  const auto right = compile("always or (never or legacy)");
  REQUIRE(right.has_value());
  CHECK(source(*right).value() == "always or (never or legacy)");
  CHECK(source(compile("always or never or legacy").value()).value() ==
        "always or never or legacy");
}

TEST_CASE("requirement: flags of operations") {
  // Operation 99 without flags means nothing; with a flag it says that it is false, or is skipped.
  CHECK(parse_program("00000063").error().code == Errc::unsupported);
  CHECK(parse_program("20000063").error().code == Errc::unsupported);
  CHECK(printed("8000006300000004ffffffff") == "false /* opcode 99 */");
  CHECK(printed("400000630000000000000001") == "/* opcode 99 */ always");
  CHECK(printed("c000006300000000") == "false /* opcode 99 */");
  CHECK(parse_program("4000006300000000").error().code == Errc::truncated);
  CHECK(parse_program("8000006300000005ffffffff").error().code == Errc::truncated);
  // Of a known one they mean nothing, and are kept.
  CHECK(printed("80000001") == "always");
  for (const std::string_view program :
       {"80000001", "8000006300000004ffffffff", "400000630000000000000001",
        "0000000680000002000000017800000040000001",
        "400000630000000101"
        "000000020000000378797a00",  // what follows is not aligned
        "4000001400000005"}) {
    CAPTURE(program);
    const auto parsed = parse_program(program);
    REQUIRE(parsed.has_value());
    CHECK(hex_of(write(*parsed)).substr(24) == program);
    CHECK(source(*parsed).error().code == Errc::unsupported);
  }
}

TEST_CASE("requirement: what no text compiles to") {
  for (const std::string_view program :
       {"00000004000000000000000112000000", "0000000800000000",
        "00000005000000016b0000000000000176000000",
        "0000000b00000000000000016b00000000000000",             // certificate[k]
        "0000000e00000000000000032a80030000000000",             // an OID in a longer form
        "0000000e000000000000000000000000",                     // and none
        "0000000a000000016b000000000000637fffffff",             // a match that is not known ...
        "0000000a000000016b0000000000000a7fffffffffffffff"}) {  // a year beyond 9999
    CAPTURE(program);
    const auto parsed = parse_program(program);
    if (!parsed) continue;
    CHECK(source(*parsed).error().code == Errc::unsupported);
  }
  const Expression always = compile("always").value();
  CHECK_FALSE(source_set({}).has_value());
  CHECK_FALSE(source_set({{3, always}, {3, always}}).has_value());
  CHECK_FALSE(source_set({{3, always}, {1, always}}).has_value());
  CHECK(source_set({{0, always}, {3, always}, {9, always}}).value() ==
        "0 => always\ndesignated => always\n9 => always\n");
  CHECK(print_set({{0, always}, {9, always}}) ==
        "invalid => always\n/*unknown type*/ 9 => always\n");
}

TEST_CASE("requirement: damaged blobs") {
  const std::string good = bytes_of(samples[0].hex);
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(parse_set(view_of(good.substr(0, size))).has_value());
  }
  const auto damaged = [&](std::size_t at, std::string_view hex) {
    std::string blob = good;
    blob.replace(at, hex.size() / 2, bytes_of(hex));
    const auto set = parse_set(view_of(blob));
    return set ? Errc::io : set.error().code;
  };
  CHECK(damaged(0, "fade0c02") == Errc::malformed);   // magic of the set
  CHECK(damaged(8, "000000ff") == Errc::truncated);   // more entries than fit
  CHECK(damaged(16, "0000000c") == Errc::malformed);  // an entry in the index itself
  CHECK(damaged(16, "ffffffff") == Errc::truncated);
  CHECK(damaged(20, "fade0c01") == Errc::malformed);    // magic of the requirement
  CHECK(damaged(24, "0000000b") == Errc::malformed);    // shorter than its head
  CHECK(damaged(24, "00000091") == Errc::truncated);    // longer than the set
  CHECK(damaged(28, "00000002") == Errc::unsupported);  // a lightweight requirement
  CHECK(damaged(40, "ffffffff") == Errc::truncated);    // a name longer than everything
  const auto none = bytes_of(
      "fade0c010000001400000001"
      "0000000300000000");
  CHECK(parse_set(view_of(none)).value().empty());
}

TEST_CASE("requirement: what Apple's reader does not look at") {
  // Bytes behind the expression, the padding of a text, and the padding of the last one.
  CHECK(printed("0000000100000001") == "always");
  CHECK(printed("000000020000000178ffffff") == "identifier x");
  CHECK(printed("000000020000000178") == "identifier x");
  const std::string later = std::string(64, '\xee') + blob_of("00000063");
  const auto failed = parse(ByteView(later.data() + 64, later.size() - 64, 4096 + 64));
  CHECK(failed.error().offset == 4096 + 64 + 12);
}

TEST_CASE("requirement: nesting as deep as Apple's interpreter goes") {
  const auto nots = [](std::size_t count) {
    std::string program;
    for (std::size_t i = 0; i < count; ++i) program += "00000009";
    return program + "00000001";
  };
  const auto deepest = parse_program(nots(max_depth - 1));
  REQUIRE(deepest.has_value());
  CHECK(compile(source(*deepest).value()) == *deepest);
  CHECK(parse_program(nots(max_depth)).error().code == Errc::limit);
  CHECK_FALSE(compile(std::string(max_depth, '!') + "always").has_value());
  CHECK_FALSE(compile(std::string(100000, '!') + "always").has_value());
  CHECK_FALSE(compile(std::string(100000, '(') + "always").has_value());
  // Chains count too, also those in parentheses: each one alone would do.
  std::string chain = "always";
  for (std::size_t i = 1; i < max_depth; ++i) chain += " and always";
  REQUIRE(compile(chain).has_value());
  CHECK(parse(ByteView(write(*compile(chain)))).has_value());
  CHECK_FALSE(compile(chain + " and always").has_value());
  std::string half = "always";
  for (std::size_t i = 0; i < max_depth / 2; ++i) half += " or always";
  CHECK_FALSE(compile("((" + half + ") or always and " + half + ") and (" + half + " and (" + half +
                      "))" + half)
                  .has_value());
  std::string tower = "always";
  for (int i = 0; i < 40; ++i)
    tower = "(" + tower + ")" + " and always and always" + half.substr(6);
  CHECK_FALSE(compile(tower).has_value());
}

TEST_CASE("requirement: object identifiers") {
  CHECK(oid_text(oid_der("1.2.840.113635.100.6.2.6")) == "1.2.840.113635.100.6.2.6");
  CHECK(oid_text(oid_der("2.999.1")) == "2.999.1");  // X.660's own example
  const std::string der = oid_der("1.2.840.113635.100.6.1.13");
  CHECK(to_hex(der.data(), der.size()) == "2a864886f7636406010d");
  for (const std::string_view none : {"", "1", "1.x", "3.1", "1.40", "1..2", "1.2.", ".1.2"}) {
    CAPTURE(none);
    CHECK(oid_der(none) == "");
  }
  CHECK(oid_text("") == "");
  CHECK(oid_text("\x2a\x80\x03") == "1.2.3");  // the same text, another identifier
  CHECK(oid_text("\x2a\x83") == "1.2.3");      // and one that stops in the middle
}

TEST_CASE("requirement: times") {
  CHECK(read_time("20010101000000Z") == 0);
  CHECK(read_time("20001231235959Z") == -1);
  CHECK(read_time("20240229000000Z") == 730857600);
  CHECK(read_time("20240131235960Z") == *read_time("20240201000000Z"));  // a leap second
  CHECK(read_time("20240201010000+0100") == read_time("20240201000000Z"));
  CHECK(read_time("20240131190000-0500") == read_time("20240201000000Z"));
  CHECK(read_time("00000101000000Z") == -63145526400);
  for (const std::string_view none :
       {"", "2024", "240201000000Z", "20240230000000Z", "20230229000000Z", "20241301000000Z",
        "20240001000000Z", "20240201240000Z", "20240201006000Z", "20240201000061Z",
        "20240201000000", "20240201000000z", "2024020100000xZ", "20240201000000+01:0",
        "202402010000000Z", "20240201000000Z+010"}) {
    CAPTURE(none);
    CHECK_FALSE(read_time(none).has_value());
  }
}
