// xar, its trailers, cpio, XML and the trailer of disk images.
#include <doctest/doctest.h>

#include <string>

#include "base/bytes.h"
#include "format/cpio/cpio.h"
#include "format/udif/udif.h"
#include "format/xar/xar.h"
#include "format/xml/xml.h"

using namespace tenon;

TEST_CASE("xml: elements, attributes, entities") {
  const auto root = xml::parse(
      "<?xml version='1.0'?><!-- c --><a x=\"1 &lt; "
      "2\"><b>t&#228;&amp;<![CDATA[<raw>]]></b><b/></a>\n");
  REQUIRE(root);
  CHECK(root->name == "a");
  CHECK(root->attribute("x") == "1 < 2");
  CHECK(root->children.size() == 2);
  CHECK(root->child_text("b") == "t\xc3\xa4&<raw>");
  CHECK(root->child("c") == nullptr);
}

TEST_CASE("xml: what is not well-formed") {
  for (const char* text : {"", "a", "<a>", "<a></b>", "<a><b></a></b>", "<a x></a>", "<a x=1/>",
                           "<a>&b;</a>", "<a/><b/>", "<a>&#0;</a>", "<a", "<a x='", "<!-- <a/>"}) {
    CAPTURE(text);
    CHECK_FALSE(xml::parse(text));
  }
  CHECK(xml::parse("<!DOCTYPE a><a/>").error().code == Errc::unsupported);
  std::string deep;
  for (unsigned i = 0; i < xml::max_depth + 2; ++i) deep += "<a>";
  CHECK(xml::parse(deep).error().code == Errc::limit);
}

TEST_CASE("cpio: both forms, as cpio(1) writes them") {
  // printf x > f; echo f | cpio -o --format=odc
  std::string bytes =
      "0707070000000000011006440000000000000000010000001460733214600000200000000001";
  bytes += std::string("f\0x", 3);
  bytes += "0707070000000000000000000000000000000000010000000000000000000001300000000000";
  bytes += std::string("TRAILER!!!\0", 11);
  const auto members = cpio::parse(view_of(bytes));
  REQUIRE(members);
  REQUIRE(members->size() == 1);
  CHECK(members->front().name == "f");
  CHECK(members->front().data.text() == "x");
  CHECK(members->front().is_file());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(cpio::parse(view_of(bytes.substr(0, size))));
  }
  std::string newc =
      "07070100000001000081A40000000000000000000000010000000000000003000000000000000000000000000000"
      "000000000200000000";
  newc += std::string("f\0abc\0", 6);
  newc +=
      "07070100000000000000000000000000000000000000010000000000000000000000000000000000000000000000"
      "000000000B00000000";
  newc += std::string("TRAILER!!!\0\0\0\0", 14);
  const auto other = cpio::parse(view_of(newc));
  REQUIRE(other);
  CHECK(other->front().data.text() == "abc");
}

TEST_CASE("xar: trailers are read from the end") {
  const std::string archive = "the archive";
  const std::string ticket = "ticket";
  const std::string terminator = xar::trailer_bytes({xar::Trailer::terminator, 0});
  CHECK(terminator == std::string("t8lr\1\0\1\0\0\0\0\0\0\0\0\0", 16));
  const std::string end = xar::trailer_bytes({xar::Trailer::ticket, 6});
  const std::string whole = archive + terminator + ticket + end;
  const auto found = xar::stapled(view_of(whole));
  REQUIRE(found);
  CHECK(found->ticket.text() == ticket);
  CHECK(found->archive_end == archive.size());
  const auto none = xar::stapled(view_of(archive));
  REQUIRE(none);
  CHECK(none->ticket.empty());
  CHECK(none->archive_end == archive.size());
  // A ticket longer than what stands before it, and one without the terminator.
  const std::string bad = "x" + xar::trailer_bytes({xar::Trailer::ticket, 100});
  CHECK_FALSE(xar::stapled(view_of(bad)));
  const std::string open = archive + ticket + end;
  CHECK_FALSE(xar::stapled(view_of(open)));
}

TEST_CASE("udif: the trailer, and parts outside of the file") {
  const auto image = [](std::uint64_t data, std::uint64_t at, std::uint64_t size) {
    std::string out(100, 'd');
    std::string trailer(512, '\0');
    trailer.replace(0, 12, std::string("koly\0\0\0\4\0\0\2\0", 12));
    const auto put = [&](std::size_t where, std::uint64_t value) {
      for (std::size_t i = 0; i < 8; ++i) {
        trailer[where + 7 - i] = static_cast<char>(value >> (8 * i));
      }
    };
    put(32, data);
    put(296, at);
    put(304, size);
    return out + trailer;
  };
  const auto parsed = [&](const std::string& bytes) { return udif::parse(view_of(bytes)); };
  const std::string good = image(60, 60, 40);
  REQUIRE(parsed(good));
  CHECK(parsed(good)->is_signed());
  CHECK(parsed(good)->trailer_at == 100);
  CHECK(parsed(good)->data_end == 60);
  CHECK(udif::hashed_trailer(view_of(good)) == image(60, 60, 0).substr(100));
  CHECK(udif::trailer_with(view_of(good), 1, 2) == image(60, 1, 2).substr(100));
  CHECK_FALSE(parsed(image(101, 0, 0)));   // data longer than the file
  CHECK_FALSE(parsed(image(61, 60, 40)));  // data in the signature
  CHECK_FALSE(parsed(image(10, 60, 30)));  // bytes after the signature
  CHECK_FALSE(parsed(image(10, 1ULL << 63U, 40)));
  CHECK_FALSE(parsed(good.substr(0, 300)));
}
