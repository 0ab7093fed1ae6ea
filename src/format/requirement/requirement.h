// Code requirements: Apple's language in which code says what code it wants to be. Reading and
// writing of the binary form, printing as `codesign -d -r-` does, compiling from text.
// Rules: Security libsecurity_codesigning requirement.h, reqreader.cpp, reqmaker.cpp,
// reqdumper.cpp, requirements.grammar.
//
// Values own everything. Offsets in errors are file offsets of blobs, or bytes of a text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::requirement {

// ExprOp of requirement.h.
enum class Op : std::uint32_t {
  op_false = 0,
  op_true = 1,
  ident = 2,  // text
  apple_anchor = 3,
  anchor_hash = 4,      // slot, text: SHA-1
  info_key_value = 5,   // text: key, match equal
  op_and = 6,           // two operands
  op_or = 7,            // two operands
  cdhash = 8,           // text: hash
  op_not = 9,           // one operand
  info_key_field = 10,  // text: key, match
  cert_field = 11,      // slot, text: "subject.CN", match
  trusted_cert = 12,    // slot
  trusted_certs = 13,
  cert_generic = 14,  // slot, text: OID in DER without its head, match
  apple_generic_anchor = 15,
  entitlement_field = 16,  // text: key, match
  cert_policy = 17,        // slot, text: OID, match
  named_anchor = 18,       // text
  named_code = 19,         // text
  platform = 20,           // slot: the number
  notarized = 21,
  cert_field_date = 22,  // slot, text: OID, match
  legacy_dev_id = 23,
};

// An operation that is not known, and says itself what it means then.
inline constexpr std::uint32_t flag_generic_false = 0x80000000;  // false
inline constexpr std::uint32_t flag_generic_skip = 0x40000000;   // as the operand behind it
inline constexpr std::uint32_t flag_mask = 0xff000000;

enum class Match : std::uint32_t {
  exists = 0,  // the only one without a value, beside absent
  equal,
  contains,
  begins_with,
  ends_with,
  less_than,
  greater_than,
  less_equal,
  greater_equal,
  on,  // from here to on_or_after: a time
  before,
  after,
  on_or_before,
  on_or_after,
  absent,
};

inline constexpr std::int32_t leaf_slot = 0, anchor_slot = -1;

struct Expression {
  std::uint32_t op = 0;   // Op, or an unknown one with flags
  std::int32_t slot = 0;  // of a certificate, from the leaf up; negative from the root down
  std::string text;       // bytes
  Match match = Match::exists;
  std::string value;      // of a match
  std::int64_t time = 0;  // of a match: seconds since 2001-01-01 UTC
  std::vector<Expression> operands;

  [[nodiscard]] bool is(Op wanted) const { return op == static_cast<std::uint32_t>(wanted); }
};

// SecRequirementType.
enum class Type : std::uint32_t { host = 1, guest = 2, designated = 3, library = 4, plugin = 5 };

struct Typed {
  std::uint32_t type = 0;
  Expression expression;
};

// Nesting that Apple's interpreter allows (stackLimit).
inline constexpr unsigned max_depth = 1000;
inline constexpr std::size_t max_nodes = 65536;

// One requirement (0xfade0c00, with its head of 12 bytes). malformed, truncated; unsupported for a
// kind that is no expression and for an operation that says nothing of what it means; no_space
// beyond the bounds above.
[[nodiscard]] Result<Expression> parse(ByteView blob);
// A set (0xfade0c01); types as they lie there.
[[nodiscard]] Result<std::vector<Typed>> parse_set(ByteView blob);

[[nodiscard]] std::vector<std::byte> write(const Expression& expression);
[[nodiscard]] std::vector<std::byte> write_set(const std::vector<Typed>& set);

// `identifier "com.example.app" and anchor apple generic`
[[nodiscard]] std::string print(const Expression& expression);
// One line a requirement: `designated => ...`
[[nodiscard]] std::string print_set(const std::vector<Typed>& set);

struct SyntaxError {
  std::string message;
  std::size_t offset = 0;  // in the text
};

template <class T>
using Compiled = std::expected<T, SyntaxError>;

// One requirement. A certificate is named by its hash: paths of files are refused.
[[nodiscard]] Compiled<Expression> compile(std::string_view text);
// A set, or one requirement, which is then the designated one.
[[nodiscard]] Compiled<std::vector<Typed>> compile_set(std::string_view text);

// "1.2.840.113635.100.6.2.6" and its DER without tag and length; empty for what is no OID.
[[nodiscard]] std::string oid_text(std::string_view der);
[[nodiscard]] std::string oid_der(std::string_view text);

}  // namespace tenon::requirement
