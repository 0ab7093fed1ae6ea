// Property lists: the XML form, read as strictly as entitlements are or as leniently as everything
// else, the binary form, and writing of XML.
// Rules: xnu libkern/c++/OSUnserializeXML.y, whose dialect the system's reader of entitlements
// shares ("AMFIUnserializeXML: syntax error near line N"), and CoreFoundation (CFPropertyList.c,
// CFBinaryPList.c).
//
// Ownership: values own everything. Offsets are bytes from the start of the input, lines count from
// 1. Nothing here recurses deeper than max_depth, and a reader allocates in proportion to its input
// or, for the binary form, to max_objects and max_expanded_bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "format/plist/value.h"

namespace tenon::plist {

inline constexpr unsigned max_depth = 512;  // of CoreFoundation
// Of OSUnserializeXML (MAX_OBJECTS); keys are not counted. Holds for strict XML.
inline constexpr std::size_t max_strict_objects = 131071;
// A binary list may refer to one object from many places; a tree holds it as often.
inline constexpr std::size_t max_objects = std::size_t{1} << 20U;
inline constexpr std::size_t max_expanded_bytes = std::size_t{64} << 20U;

enum class Mode : std::uint8_t {
  // Entitlements. UTF-8 without a byte order mark, lines that end with \n, the entities lt, gt and
  // amp, no CDATA, no "--" in comments, no <real> and <date>, no key twice, and nothing but blanks
  // and comments after the root. Where the system's reader takes more than XML allows (<set>, ID
  // and IDREF, <plist> that is not closed, 0-digit numbers) this one does not.
  strict,
  // What CoreFoundation reads: all entities, CDATA, any comment, \r, <real> and <date>, anything
  // after the root. A key that occurs twice has its last value.
  lenient,
};

enum class Fault : std::uint8_t { syntax, duplicate_key, limit, encoding };

struct ParseError {
  Fault fault = Fault::syntax;
  const char* what = "";  // static storage
  std::uint64_t line = 0, offset = 0;
  std::string name;  // the key or tag that it is about; may be empty
};

// One value in the XML form, with or without <plist> around it. UTF-16 is refused as `encoding`.
[[nodiscard]] Result<Value, ParseError> parse_xml(ByteView text, Mode mode);

// What the system prints: "syntax error near line 6", "duplicate dictionary key near line 9".
[[nodiscard]] std::string system_text(const ParseError& error);
// The same error for callers that have no use for lines.
[[nodiscard]] Error to_error(const ParseError& error);

[[nodiscard]] bool is_binary(ByteView bytes);

// A "bplist00". malformed for references in a circle, keys that are no strings, a key twice, text
// that is no Unicode; truncated for offsets outside; unsupported for another version; limit when
// a bound above is passed.
[[nodiscard]] Result<Value> parse_binary(ByteView bytes);

// Either form, XML leniently: what Info.plist and CodeResources may be.
[[nodiscard]] Result<Value> parse(ByteView bytes);

enum class KeyOrder : std::uint8_t {
  kept,
  sorted,  // as CoreFoundation writes: by UTF-16 code units
};

// A whole XML file, byte for byte as CoreFoundation writes it: tabs, base64 in lines of 76 columns,
// "\n" at the end.
[[nodiscard]] std::string write_xml(const Value& value, KeyOrder order);

}  // namespace tenon::plist
