// Code requirements: Apple's language in which code says what code it wants to be. Reading and
// writing of the binary form, printing as `codesign -d -r-` does, compiling from text.
// Rules: Security libsecurity_codesigning requirement.h, reqreader.cpp, reqmaker.cpp,
// reqdumper.cpp, requirements.grammar; libsecurity_utilities superblob.h for sets.
//
// Values own everything. Offsets in errors are file offsets of blobs, or bytes of a text. Depth is
// bounded everywhere, so that trees of hostile input can be walked by recursion.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
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
  unknown = 0xffffffff,  // every other one; no operation has this number
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
  std::uint32_t op = 0;   // Op, or an unknown one; flags as they were read
  std::int32_t slot = 0;  // of a certificate, from the leaf up; negative from the root down
  std::string text;       // bytes
  Match match = Match::exists;
  std::string value;      // of a match
  std::int64_t time = 0;  // of a match: seconds since 2001-01-01 UTC
  std::vector<Expression> operands;

  // The operation. Flags of operations that are known mean nothing.
  [[nodiscard]] Op kind() const {
    const std::uint32_t number = op & ~flag_mask;
    return number <= static_cast<std::uint32_t>(Op::legacy_dev_id) ? static_cast<Op>(number)
                                                                   : Op::unknown;
  }
  [[nodiscard]] bool is(Op wanted) const { return kind() == wanted; }

  bool operator==(const Expression& other) const = default;
};

// SecRequirementType.
enum class Type : std::uint32_t { host = 1, guest = 2, designated = 3, library = 4, plugin = 5 };

struct Typed {
  std::uint32_t type = 0;  // Type, or one that is not known
  Expression expression;

  bool operator==(const Typed& other) const = default;
};

// Levels that Apple's interpreter walks (reqinterp.cpp, stackLimit): it refuses a requirement with
// one more.
inline constexpr unsigned max_depth = 999;
inline constexpr std::size_t max_nodes = 65536;

// One requirement (0xfade0c00, with its head of 12 bytes). Bytes behind the expression and what
// pads its texts mean nothing, to Apple neither; write() leaves them out.
// malformed: another magic, or a length that contradicts. truncated:
// an operand runs out of the blob. unsupported: a kind that is no expression (lightweight
// requirements are DER), or an unknown operation without a flag that says what it means. limit:
// more than max_depth levels or max_nodes operations.
[[nodiscard]] Result<Expression> parse(ByteView blob);
// A set (0xfade0c01); types in the order in which they lie there, also twice: the first one counts.
// An entry at offset 0 is none.
[[nodiscard]] Result<std::vector<Typed>> parse_set(ByteView blob);

// The blob that reqmaker.cpp makes. parse(write(x)) == x when x came from parse or compile.
[[nodiscard]] std::vector<std::byte> write(const Expression& expression);
[[nodiscard]] std::vector<std::byte> write_set(const std::vector<Typed>& set);

// What codesign prints: `identifier "com.example.app" and anchor apple generic`. Its habits are
// kept: "/* exists */", "certificate leaftrusted", and no parentheses in `a and (b and c)`. Unlike
// codesign it keeps its place behind unknown operations and cuts no long text.
[[nodiscard]] std::string print(const Expression& expression);
// One line a requirement: `designated => ...`
[[nodiscard]] std::string print_set(const std::vector<Typed>& set);

// A text for compilers: compile(source(x)) == x. unsupported when there is none: for operations and
// matches that are unknown or carry flags, the legacy form of info[], hashes that are not 20 bytes,
// OIDs in another than their shortest form, and times outside of the years 0 to 9999.
[[nodiscard]] Result<std::string> source(const Expression& expression);
// The same for sets; unsupported too when types are not in ascending order, each once.
[[nodiscard]] Result<std::string> source_set(const std::vector<Typed>& set);

struct SyntaxError {
  std::string message;
  std::size_t offset = 0;  // in the text
};

// What `certificate leaf = "/a/file.cer"` needs: the SHA-1 of the file's bytes (DER), nullopt when
// it cannot be read.
using CertificateFile =
    std::function<std::optional<std::array<std::byte, 20>>(const std::string& path)>;

// One requirement, by requirements.grammar. Beyond it, what codesign prints can be read again: `\\`
// in strings, hexadecimal names, negative platforms, certificate[email]; and CR counts as blank.
// Stricter: OIDs, times and numbers that Apple's compiler would silently turn into others are
// refused, and so is what its interpreter would (max_depth). Without `file`, paths of certificates
// are refused: a text from a bundle must not make anybody open files.
[[nodiscard]] Result<Expression, SyntaxError> compile(std::string_view text,
                                                      const CertificateFile& file = {});
// A set, or one requirement, which is then the designated one. Sorted by type; a type twice is
// refused.
[[nodiscard]] Result<std::vector<Typed>, SyntaxError> compile_set(std::string_view text,
                                                                  const CertificateFile& file = {});

// "1.2.840.113635.100.6.2.6" and its DER without tag and length; empty for what is not an OID.
// Forms of DER that are longer than needed give the same text: compare DER, not texts.
[[nodiscard]] std::string oid_text(std::string_view der);
[[nodiscard]] std::string oid_der(std::string_view text);

// "20240131235959Z" or "20240131235959+0100" as seconds since 2001-01-01 UTC, as requirements and
// extensions of certificates hold them (SecCertificate.c); nullopt for another form and for what no
// calendar has.
[[nodiscard]] std::optional<std::int64_t> read_time(std::string_view text);
// "2024-01-31 23:59:59 +0000", as a date of Foundation describes itself; a number for what lies
// thousands of years away.
[[nodiscard]] std::string time_text(std::int64_t seconds);

}  // namespace tenon::requirement
