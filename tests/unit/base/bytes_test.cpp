#include "base/bytes.h"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace tenon;

namespace {

constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();

const std::string eight("\x01\x02\x03\x04\x05\x06\x07\x08", 8);

template <class T>
void check_error(const Result<T>& result, std::uint64_t offset, std::string_view what) {
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::truncated);
  CHECK(result.error().offset == offset);
  CHECK(result.error().what == what);
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Errc::malformed, "odd", 7);
  return number / 2;
}

Result<int> quarter(int number) {
  const int first = TENON_TRY(half(number));
  return TENON_TRY(half(first));
}

}  // namespace

TEST_CASE("bytes: integers have the byte order of their type") {
  const ByteView view = view_of(eight);
  CHECK(**view.at<ul16>(0) == 0x0201);
  CHECK(**view.at<ub16>(0) == 0x0102);
  CHECK(**view.at<ul32>(1) == 0x05040302);
  CHECK(**view.at<ub32>(1) == 0x02030405);
  CHECK(**view.at<ul64>(0) == 0x0807060504030201U);
  CHECK(**view.at<ub64>(0) == 0x0102030405060708U);
}

TEST_CASE("bytes: what is stored is written in the order of the type") {
  std::array<ub32, 2> numbers{ub32(0x01020304U), ub32(0x05060708U)};
  CHECK(ByteView(numbers.data(), sizeof numbers).text() == eight);
  numbers[0] = 0xdeadbeefU;
  CHECK(ByteView(numbers.data(), 4).text() == "\xde\xad\xbe\xef");
  const ul16 small(0x1234U);
  CHECK(ByteView(&small, 2).text() == "\x34\x12");
  CHECK(ul32() == 0U);
}

TEST_CASE("bytes: a structure must lie wholly inside") {
  const ByteView view = view_of(eight);
  CHECK(view.at<ul32>(4).has_value());
  check_error(view.at<ul32>(5, "number"), 5, "number");
  check_error(view.at<ul32>(8, "number"), 8, "number");
  check_error(view.at<std::uint8_t>(huge, "number"), huge, "number");
  CHECK(view.at<std::uint8_t>(7).has_value());
}

TEST_CASE("bytes: no count overflows the check of an array") {
  const ByteView view = view_of(eight);
  const auto all = view.array<ul16>(0, 4);
  REQUIRE(all.has_value());
  CHECK(all->size() == 4);
  CHECK((*all)[3] == 0x0807);
  CHECK(view.array<ul16>(8, 0).has_value());
  check_error(view.array<ul16>(0, 5, "list"), 0, "list");
  check_error(view.array<ul16>(1, 4, "list"), 1, "list");
  // 2^63 elements of 2 bytes would be 0 bytes if the product wrapped.
  check_error(view.array<ul16>(0, huge / 2 + 1, "list"), 0, "list");
  check_error(view.array<ul64>(9, 0, "list"), 9, "list");
}

TEST_CASE("bytes: slices keep the place in the file") {
  const ByteView view(eight.data(), eight.size(), 100);
  const auto part = view.slice(2, 4);
  REQUIRE(part.has_value());
  CHECK(part->base() == 102);
  CHECK(part->text() == "\x03\x04\x05\x06");
  check_error(part->at<ul32>(1, "inner"), 103, "inner");
  check_error(view.slice(5, 4, "range"), 105, "range");
  check_error(view.slice(1, huge, "range"), 101, "range");
  const auto rest = view.from(6);
  REQUIRE(rest.has_value());
  CHECK(rest->size() == 2);
  CHECK(view.from(8)->empty());
  check_error(view.from(9, "range"), 109, "range");
}

TEST_CASE("bytes: a string needs its NUL inside the view") {
  const std::string text("ab\0cd", 5);
  const ByteView view = view_of(text);
  CHECK(*view.cstr(0) == "ab");
  CHECK(*view.cstr(2) == "");
  check_error(view.cstr(3, "name"), 3, "name");
  check_error(view.cstr(5, "name"), 5, "name");
  CHECK_FALSE(ByteView().cstr(0).has_value());
}

TEST_CASE("result: TRY hands the value on, or the whole error") {
  CHECK(quarter(12) == 3);
  const auto odd = quarter(6);
  REQUIRE_FALSE(odd.has_value());
  CHECK(odd.error().code == Errc::malformed);
  CHECK(odd.error().offset == 7);
}

TEST_CASE("result: errors of the system keep errno and get a code") {
  CHECK(os_error("open", ENOENT).code == Errc::not_found);
  CHECK(os_error("open", ENOTDIR).code == Errc::not_found);
  CHECK(os_error("open", EACCES).code == Errc::permission);
  CHECK(os_error("open", EROFS).code == Errc::permission);
  CHECK(os_error("write", ENOSPC).code == Errc::no_space);
  CHECK(os_error("write", EDQUOT).code == Errc::no_space);
  CHECK(os_error("read", EIO).code == Errc::io);
  CHECK(os_error("read", EIO).os_errno == EIO);
  CHECK(errc_name(Errc::no_space) != errc_name(Errc::io));
}

TEST_CASE("result: an input that is too large is not a full disk") {
  CHECK(errc_name(Errc::limit) == "limit exceeded");
  CHECK(errc_name(Errc::limit) != errc_name(Errc::no_space));
  for (int code = 0; code < 200; ++code) CHECK(os_error("any", code).code != Errc::limit);
}
