// Reads and writes the ASN.1 encodings that CMS is made of (X.690): definite lengths as DER has
// them, and the indefinite lengths that Apple's encoder wrote for years. Knows no types beyond
// integers, object identifiers and octet strings.
//
// Ownership: elements borrow the bytes given to the reader. Offsets in errors count from the start
// of the bytes given to the outermost reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::cms {

using Bytes = std::vector<std::byte>;

inline constexpr std::uint8_t DER_BOOLEAN = 0x01;
inline constexpr std::uint8_t DER_INTEGER = 0x02;
inline constexpr std::uint8_t DER_OCTETS = 0x04;
inline constexpr std::uint8_t DER_NULL = 0x05;
inline constexpr std::uint8_t DER_OID = 0x06;
inline constexpr std::uint8_t DER_UTF8 = 0x0c;
inline constexpr std::uint8_t DER_UTC_TIME = 0x17;
inline constexpr std::uint8_t DER_GENERALIZED_TIME = 0x18;
inline constexpr std::uint8_t DER_SEQUENCE = 0x30;
inline constexpr std::uint8_t DER_SET = 0x31;
inline constexpr std::uint8_t DER_CONTEXT_0 = 0xa0;
inline constexpr std::uint8_t DER_CONTEXT_1 = 0xa1;

// One element: `whole` with its header, `content` without header and end marker.
struct Element {
  std::uint8_t tag = 0;
  bool indefinite = false;
  ByteView whole;
  ByteView content;
};

class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  // The tag of the next element, 0 at the end.
  [[nodiscard]] std::uint8_t peek() const;
  // truncated past the end; malformed for a length longer than needed, for nesting of indefinite
  // lengths beyond 16 levels; unsupported for tags of more than one byte.
  [[nodiscard]] Result<Element> next();
  // The next element, which must have `tag`; malformed otherwise.
  [[nodiscard]] Result<Element> expect(std::uint8_t tag, const char* what);
  // The next element when it has `tag`.
  [[nodiscard]] Result<std::optional<Element>> optional(std::uint8_t tag);

  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

// "1.2.840..." of the content of an OID element; empty when it is none.
[[nodiscard]] std::string oid_text(ByteView content);
// A non-negative integer below 2^31; malformed otherwise.
[[nodiscard]] Result<int> small_integer(const Element& element);
// The bytes of an OCTET STRING, also when it comes in pieces (constructed, BER).
[[nodiscard]] Result<Bytes> octets(const Element& element);
// UTCTime or GeneralizedTime in UTC with seconds -> seconds since 1970. malformed for other forms;
// a fraction of a second is cut off.
[[nodiscard]] Result<std::int64_t> parse_time(const Element& element);

// DER of one element with `content` inside; the length is as short as it can be.
[[nodiscard]] Bytes der(std::uint8_t tag, ByteView content);
[[nodiscard]] Bytes der(std::uint8_t tag, std::initializer_list<Bytes> parts);
// An OID element of dotted text; the text is the caller's constant and must be right.
[[nodiscard]] Bytes der_oid(std::string_view dotted);
// SET OF: the members sorted as DER demands.
[[nodiscard]] Bytes der_set_of(std::uint8_t tag, std::vector<Bytes> members);
// UTCTime up to the year 2049, GeneralizedTime from 2050 on (RFC 5652, 11.3).
[[nodiscard]] Bytes der_time(std::int64_t seconds);
[[nodiscard]] Bytes copy_bytes(ByteView bytes);
[[nodiscard]] ByteView view_of(const Bytes& bytes);
// Years, months, ... as GeneralizedTime prints them: "20260131093255".
[[nodiscard]] std::string time_digits(std::int64_t seconds);
// "2026-01-31 09:32:55 UTC".
[[nodiscard]] std::string time_text(std::int64_t seconds);

}  // namespace tenon::cms
