#include "crossbuild/link/coff_stamps.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "format/pe/pe.h"
#include "format/pe_builder.h"

using namespace tenon;
using pe_builder::Image;

namespace {

std::vector<std::byte> bytes_of(const Image& image) {
  const auto bytes = view_of(image.bytes).bytes();
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> settled(const Image& image, bool keeps_pdb = false) {
  std::vector<std::byte> out = bytes_of(image);
  REQUIRE(settle_stamps(out, keeps_pdb).has_value());
  return out;
}

// What two links differ in: the stamps of the header, the exports, the debug directory (two
// entries), and the GUID.
Image another_link(Image image) {
  image.put(Image::pe_at + 8, 0x11111111, 4);
  image.put(Image::at(Image::exports) + 4, 0x22222222, 4);
  image.put(Image::at(Image::debug) + 4, 0x33333333, 4);
  image.put(Image::at(Image::debug) + 28 + 4, 0x44444444, 4);
  image.put(Image::at(Image::code_view) + 4, 0x5555555555555555, 8);
  image.put(Image::at(Image::code_view) + 12, 0x6666666666666666, 8);
  return image;
}

std::uint32_t word(const std::vector<std::byte>& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  return out;
}

constexpr std::size_t checksum_at = Image::pe_at + 24 + 64;

}  // namespace

TEST_CASE("coff stamps: two links of the same inputs become the same bytes") {
  for (const bool wide : {true, false}) {
    const Image image = Image::make(wide);
    REQUIRE(bytes_of(image) != bytes_of(another_link(image)));
    CHECK(settled(image) == settled(another_link(image)));
  }
}

TEST_CASE("coff stamps: one hash stands in every place, and nothing else changes") {
  const Image image = Image::make(true);
  const auto out = settled(image);
  const std::uint32_t stamp = word(out, Image::pe_at + 8);
  CHECK(stamp != Image::timestamp);
  for (const std::size_t place : {Image::at(Image::exports) + 4, Image::at(Image::debug) + 4,
                                  Image::at(Image::debug) + 32, Image::at(Image::code_view) + 4}) {
    CHECK(word(out, place) == stamp);
  }
  std::vector<std::byte> rest = out, before = bytes_of(image);
  for (auto* each : {&rest, &before}) {
    for (const std::size_t place :
         {std::size_t{Image::pe_at} + 8, Image::at(Image::exports) + 4, Image::at(Image::debug) + 4,
          Image::at(Image::debug) + 32, checksum_at}) {
      for (std::size_t i = 0; i < 4; ++i) (*each)[place + i] = {};
    }
    for (std::size_t i = 0; i < 16; ++i) (*each)[Image::at(Image::code_view) + 4 + i] = {};
  }
  CHECK(rest == before);
}

TEST_CASE("coff stamps: other contents have another hash") {
  Image image = Image::make(true);
  const auto one = settled(image);
  image.put(Image::data_at, 0x2a, 1);
  CHECK(word(settled(image), Image::pe_at + 8) != word(one, Image::pe_at + 8));
}

TEST_CASE("coff stamps: a PDB file that is kept keeps its GUID") {
  const Image image = Image::make(true);
  const auto out = settled(image, true);
  CHECK(word(out, Image::at(Image::code_view) + 4) == 0x04030201);
  CHECK(word(out, Image::pe_at + 8) != Image::timestamp);
}

TEST_CASE("coff stamps: a checksum is computed anew, and none stays none") {
  Image image = Image::make(true);
  CHECK(word(settled(image), checksum_at) ==
        pe_checksum(ByteView(std::span<const std::byte>(settled(image))), checksum_at));
  CHECK(word(settled(image), checksum_at) != 0);
  image.put(checksum_at, 0, 4);
  CHECK(word(settled(image), checksum_at) == 0);
}

// The sum of 16-bit words with the carry added, and the length (Microsoft's CheckSumMappedFile).
TEST_CASE("coff stamps: the checksum by hand") {
  CHECK(pe_checksum(view_of(std::string("\x01\x02\x03\x04\xff\xff", 6)), 100) == 0x0604 + 6);
  CHECK(pe_checksum(view_of(std::string("\x01\x02\x03\x04\xff\xff", 6)), 2) == 0x0201 + 6);
  CHECK(pe_checksum(view_of(std::string("\x01\x02\x03", 3)), 100) == 0x0204 + 3);
  CHECK(pe_checksum(view_of(std::string()), 0) == 0);
}

TEST_CASE("coff stamps: what is no image, or leads outside, is left as it is") {
  for (const std::string text : {"", "MZ",
                                 "\x7f"
                                 "ELF",
                                 "!<arch>\n"}) {
    const auto bytes = view_of(text).bytes();
    std::vector<std::byte> out(bytes.begin(), bytes.end());
    const std::vector<std::byte> before = out;
    CHECK_FALSE(settle_stamps(out, false).has_value());
    CHECK(out == before);
  }
  Image image = Image::make(true);
  image.directory(6, 0xfffffff0, 56);
  std::vector<std::byte> out = bytes_of(image);
  CHECK_FALSE(settle_stamps(out, false).has_value());
  CHECK(out == bytes_of(image));
  image = Image::make(true);
  image.put(Image::at(Image::debug) + 28 + 24, 0xffffffff, 4);  // CodeView behind the file
  CHECK(word(settled(image), Image::at(Image::code_view) + 4) == 0x04030201);
}
