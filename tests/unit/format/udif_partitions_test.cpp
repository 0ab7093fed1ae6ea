#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>

#include "base/bytes.h"
#include "format/udif/partitions.h"

using namespace tenon;

namespace {

std::string adc(const std::string& packed, std::uint64_t size) {
  const auto out = udif::unpack_adc(view_of(packed), size);
  if (!out) return std::string(errc_name(out.error().code));
  return std::string(reinterpret_cast<const char*>(out->data()), out->size());
}

}  // namespace

// The three forms: 0x80 and plain bytes; 6 bits of length and 10 of distance; 6 and 16.
TEST_CASE("udif: ADC") {
  CHECK(adc("\x82"
            "abc",
            3) == "abc");
  CHECK(adc(std::string("\x82"
                        "abc\x00\x02",
                        6),
            6) == "abcabc");
  CHECK(adc(std::string("\x80"
                        "a\x40\x00\x00",
                        5),
            5) == "aaaaa");
  CHECK(adc(std::string("\x80"
                        "a\x7f\x00\x00",
                        5),
            68) == std::string(68, 'a'));
  CHECK(adc(std::string("\x80"
                        "a\x3c\x00",
                        4),
            19) == std::string(19, 'a'));
}

TEST_CASE("udif: ADC that ends early, goes on, or repeats what is not there") {
  CHECK(adc("", 0).empty());
  CHECK(adc("\x82"
            "ab",
            3) == "malformed");
  CHECK(adc("\x82"
            "abc",
            4) == "malformed");
  CHECK(adc("\x82"
            "abc",
            2) == "malformed");
  CHECK(adc(std::string("\x00\x00", 2), 3) == "malformed");
  CHECK(adc(std::string("\x80"
                        "a\x00\x01",
                        4),
            4) == "malformed");
  CHECK(adc(std::string("\x80"
                        "a\x00",
                        3),
            4) == "malformed");
  CHECK(adc(std::string("\x80"
                        "a\x40\x00",
                        4),
            5) == "malformed");
  CHECK(adc("", udif::max_chunk_size + 1) == errc_name(Errc::limit));
}
