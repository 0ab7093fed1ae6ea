#include "codesign/cms/der.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"

namespace tenon::cms {

namespace {

constexpr int MAX_INDEFINITE = 16;

struct Header {
  std::uint8_t tag = 0;
  bool indefinite = false;
  std::uint64_t head = 0, length = 0;  // length without the header; 0 when indefinite
};

std::uint8_t byte_at(ByteView bytes, std::uint64_t at) {
  return static_cast<std::uint8_t>(bytes.data()[at]);
}

Result<Header> long_length(ByteView bytes, Header header, std::uint64_t count) {
  if (count > 4) return fail(Errc::unsupported, "ASN.1 length", bytes.base() + 1);
  if (!bytes.contains(2, count)) return fail(Errc::truncated, "ASN.1 length", bytes.base() + 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    header.length = header.length << 8 | byte_at(bytes, 2 + i);
  }
  if (header.length < 128 || byte_at(bytes, 2) == 0) {
    return fail(Errc::malformed, "ASN.1 length longer than needed", bytes.base() + 1);
  }
  header.head = 2 + count;
  return header;
}

Result<Header> read_header(ByteView bytes) {
  if (bytes.size() < 2) return fail(Errc::truncated, "ASN.1 element", bytes.base());
  Header header{byte_at(bytes, 0), false, 2, 0};
  if ((header.tag & 0x1f) == 0x1f) return fail(Errc::unsupported, "ASN.1 tag", bytes.base());
  const std::uint8_t length = byte_at(bytes, 1);
  if (length < 0x80) {
    header.length = length;
    return header;
  }
  if (length > 0x80) return long_length(bytes, header, length & 0x7fU);
  if ((header.tag & 0x20) == 0) {
    return fail(Errc::malformed, "ASN.1 indefinite length", bytes.base());
  }
  header.indefinite = true;
  return header;
}

bool at_end_marker(ByteView bytes) {
  return bytes.size() >= 2 && byte_at(bytes, 0) == 0 && byte_at(bytes, 1) == 0;
}

// Bytes of the element at the start of `bytes`, with its header and end marker.
Result<std::uint64_t> element_size(ByteView bytes, int depth) {
  const Header header = TENON_TRY(read_header(bytes));
  if (!header.indefinite) {
    TENON_TRY(bytes.slice(header.head, header.length, "ASN.1 element"));
    return header.head + header.length;
  }
  if (depth >= MAX_INDEFINITE) return fail(Errc::malformed, "ASN.1 nesting", bytes.base());
  std::uint64_t at = header.head;
  for (;;) {
    const ByteView rest = TENON_TRY(bytes.from(at));
    if (at_end_marker(rest)) return at + 2;
    at += TENON_TRY(element_size(rest, depth + 1));
  }
}

}  // namespace

std::uint8_t DerReader::peek() const { return rest_.empty() ? std::uint8_t{0} : byte_at(rest_, 0); }

Result<Element> DerReader::next() {
  const Header header = TENON_TRY(read_header(rest_));
  const std::uint64_t size = TENON_TRY(element_size(rest_, 0));
  const std::uint64_t end = header.indefinite ? size - 2 : size;
  Element element{header.tag, header.indefinite, TENON_TRY(rest_.slice(0, size)),
                  TENON_TRY(rest_.slice(header.head, end - header.head))};
  rest_ = TENON_TRY(rest_.from(size));
  return element;
}

Result<Element> DerReader::expect(std::uint8_t tag, const char* what) {
  if (rest_.empty()) return fail(Errc::truncated, what, rest_.base());
  if (peek() != tag) return fail(Errc::malformed, what, rest_.base());
  return next();
}

Result<std::optional<Element>> DerReader::optional(std::uint8_t tag) {
  if (rest_.empty() || peek() != tag) return std::optional<Element>();
  return std::optional<Element>(TENON_TRY(next()));
}

std::string oid_text(ByteView content) {
  std::string out;
  std::uint64_t value = 0;
  bool open = true, fresh = true;  // within a number; at its first byte
  for (std::uint64_t i = 0; i < content.size(); ++i) {
    const std::uint8_t byte = byte_at(content, i);
    if ((fresh && byte == 0x80) || value >> 56 != 0) return {};
    value = value << 7 | (byte & 0x7fU);
    open = (byte & 0x80) != 0;
    fresh = !open;
    if (open) continue;
    if (out.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(value / 40, 2);
      out = std::to_string(first) + "." + std::to_string(value - first * 40);
    } else {
      out += "." + std::to_string(value);
    }
    value = 0;
  }
  return open ? std::string() : out;
}

Result<int> small_integer(const Element& element) {
  const ByteView content = element.content;
  if (element.tag != DER_INTEGER || content.empty() || content.size() > 4 ||
      (byte_at(content, 0) & 0x80) != 0 ||
      (content.size() > 1 && byte_at(content, 0) == 0 && byte_at(content, 1) < 0x80)) {
    return fail(Errc::malformed, "ASN.1 integer", element.whole.base());
  }
  int value = 0;
  for (std::uint64_t i = 0; i < content.size(); ++i) value = value << 8 | byte_at(content, i);
  return value;
}

Result<Bytes> octets(const Element& element) {
  if (element.tag == DER_OCTETS) return copy_bytes(element.content);
  if (element.tag != (DER_OCTETS | 0x20)) {
    return fail(Errc::malformed, "ASN.1 octet string", element.whole.base());
  }
  Bytes out;
  DerReader pieces(element.content);
  while (!pieces.done()) {
    const Element piece = TENON_TRY(pieces.expect(DER_OCTETS, "piece of an octet string"));
    const auto bytes = piece.content.bytes();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

namespace {

// YYYYMMDDHHMMSS -> seconds since 1970.
std::optional<std::int64_t> seconds_of(std::string_view digits) {
  if (digits.size() != 14 || digits.find_first_not_of("0123456789") != digits.npos) return {};
  const auto part = [&](std::size_t at, std::size_t size) {
    return static_cast<std::int64_t>(parse_number(digits.substr(at, size)).value_or(0));
  };
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(part(0, 4))),
                                        std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(6, 2)))};
  if (!day.ok() || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 60) return {};
  const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  return days * 86400 + part(8, 2) * 3600 + part(10, 2) * 60 + part(12, 2);
}

}  // namespace

Result<std::int64_t> parse_time(const Element& element) {
  std::string digits(element.content.text());
  const bool short_year = element.tag == DER_UTC_TIME;
  if ((!short_year && element.tag != DER_GENERALIZED_TIME) || !digits.ends_with('Z')) {
    return fail(Errc::malformed, "time", element.whole.base());
  }
  digits.pop_back();
  if (short_year) {
    digits.insert(0, digits.size() > 0 && digits[0] >= '5' ? "19" : "20");
  } else if (const auto dot = digits.find('.'); dot != digits.npos) {
    if (dot + 1 == digits.size() || digits.find_first_not_of("0123456789", dot + 1) != digits.npos)
      return fail(Errc::malformed, "fraction of a second", element.whole.base());
    digits.resize(dot);
  }
  const auto seconds = seconds_of(digits);
  if (!seconds) return fail(Errc::malformed, "time", element.whole.base());
  return *seconds;
}

Bytes copy_bytes(ByteView bytes) { return Bytes(bytes.bytes().begin(), bytes.bytes().end()); }

ByteView view_of(const Bytes& bytes) { return ByteView(bytes.data(), bytes.size()); }

Bytes der(std::uint8_t tag, ByteView content) {
  Bytes out{std::byte{tag}};
  const std::uint64_t size = content.size();
  if (size < 128) {
    out.push_back(static_cast<std::byte>(size));
  } else {
    int count = 1;
    while (count < 8 && size >> (8 * count) != 0) ++count;
    out.push_back(static_cast<std::byte>(0x80 | count));
    for (int i = count - 1; i >= 0; --i) out.push_back(static_cast<std::byte>(size >> (8 * i)));
  }
  out.insert(out.end(), content.bytes().begin(), content.bytes().end());
  return out;
}

Bytes der(std::uint8_t tag, std::initializer_list<Bytes> parts) {
  Bytes content;
  for (const Bytes& part : parts) content.insert(content.end(), part.begin(), part.end());
  return der(tag, view_of(content));
}

Bytes der_oid(std::string_view dotted) {
  Bytes content;
  const auto put = [&content](std::uint64_t value) {
    int shift = 0;
    while (value >> (shift + 7) != 0) shift += 7;
    for (; shift >= 0; shift -= 7) {
      const std::uint64_t more = shift > 0 ? 0x80 : 0;
      content.push_back(static_cast<std::byte>((value >> shift & 0x7f) | more));
    }
  };
  const auto parts = split(dotted, '.');
  const auto number = [&parts](std::size_t i) { return parse_number(parts[i]).value_or(0); };
  put(number(0) * 40 + number(1));
  for (std::size_t i = 2; i < parts.size(); ++i) put(number(i));
  return der(DER_OID, view_of(content));
}

Bytes der_set_of(std::uint8_t tag, std::vector<Bytes> members) {
  std::sort(members.begin(), members.end());
  Bytes content;
  for (const Bytes& member : members) content.insert(content.end(), member.begin(), member.end());
  return der(tag, view_of(content));
}

std::string time_digits(std::int64_t seconds) {
  const std::int64_t day_count = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
  const std::int64_t rest = seconds - day_count * 86400;
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(day_count))};
  const auto padded = [](std::int64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
  };
  return padded(static_cast<int>(day.year()), 4) + padded(static_cast<unsigned>(day.month()), 2) +
         padded(static_cast<unsigned>(day.day()), 2) + padded(rest / 3600, 2) +
         padded(rest / 60 % 60, 2) + padded(rest % 60, 2);
}

std::string time_text(std::int64_t seconds) {
  const std::string d = time_digits(seconds);
  return d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6, 2) + " " + d.substr(8, 2) + ":" +
         d.substr(10, 2) + ":" + d.substr(12, 2) + " UTC";
}

Bytes der_time(std::int64_t seconds) {
  const std::string digits = time_digits(seconds) + "Z";
  const bool utc = digits >= "1950" && digits < "2050";
  return der(utc ? DER_UTC_TIME : DER_GENERALIZED_TIME,
             tenon::view_of(utc ? std::string_view(digits).substr(2) : std::string_view(digits)));
}

}  // namespace tenon::cms
