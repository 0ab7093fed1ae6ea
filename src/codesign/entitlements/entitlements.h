// Entitlements in their DER form, which recent systems read instead of the XML, and what differs
// between both. Launch constraints use the same form.
// Rules: the forms seen in signatures of codesign and xnu EXTERNAL_HEADERS/CoreEntitlements (types,
// sorted keys); CoreEntitlements itself is not public.
//
//   [APPLICATION 16] { INTEGER 1, dictionary }          70 .. 02 01 01 b0 ..
//   dictionary: [16] { SEQUENCE { UTF8String key, value } ... }, keys in the order of their bytes
//   value: BOOLEAN | INTEGER of 64 bits | UTF8String | OCTET STRING | SEQUENCE OF value |
//   dictionary
//
// Ownership: results own everything. Bytes are the payload of a blob, without its header of 8
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/plist/plist.h"

namespace tenon::entitlements {

inline constexpr unsigned max_depth = 64;

// A dictionary. malformed for anything that is not DER (lengths that are longer than needed, true
// that is not ff, padded integers), keys that are not sorted or occur twice, text that is not
// UTF-8, bytes after the end; truncated; unsupported for another version, for the older form
// without a version (a SET), and for types that entitlements do not have; limit beyond
// max_depth.
[[nodiscard]] Result<plist::Value> parse_der(ByteView der);

// The DER of a dictionary, keys sorted. invalid_argument for values that have no DER form (real,
// date, integers above INT64_MAX), for a key twice and for a value that is no dictionary; limit
// beyond max_depth.
[[nodiscard]] Result<std::vector<std::byte>> write_der(const plist::Value& dictionary);

struct Difference {
  enum class Kind : std::uint8_t { only_in_xml, only_in_der, value };
  Kind kind = Kind::value;
  std::string path;      // keys and indices: "com.apple.security.application-groups[1]"
  std::string xml, der;  // the values, shortened for print; empty for the side that has none
};

// What the two say differently, in the order of the XML, then what only the DER has. Empty when
// they are equal. At most 100.
[[nodiscard]] std::vector<Difference> compare(const plist::Value& xml, const plist::Value& der);

}  // namespace tenon::entitlements
