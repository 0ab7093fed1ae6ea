// Reads SignedData (RFC 5652, 5.1) with every byte where it lies: what was signed is compared as
// found, never encoded again. Judges nothing beyond structure.
//
// Ownership: everything borrows the bytes given to parse_signed_data, apart from `content`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/lifetime.h"
#include "base/result.h"
#include "codesign/cms/der.h"

namespace tenon::cms {

inline constexpr std::string_view OID_DATA = "1.2.840.113549.1.7.1";
inline constexpr std::string_view OID_SIGNED_DATA = "1.2.840.113549.1.7.2";
inline constexpr std::string_view OID_TST_INFO = "1.2.840.113549.1.9.16.1.4";
inline constexpr std::string_view OID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
inline constexpr std::string_view OID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
inline constexpr std::string_view OID_SIGNING_TIME = "1.2.840.113549.1.9.5";
inline constexpr std::string_view OID_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
inline constexpr std::string_view OID_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
inline constexpr std::string_view OID_TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
inline constexpr std::string_view OID_CDHASHES = "1.2.840.113635.100.9.1";
inline constexpr std::string_view OID_CD_DIGESTS = "1.2.840.113635.100.9.2";

struct Algorithm {
  std::string oid;
  ByteView parameters;  // a whole element, or empty

  // Without parameters, or with the NULL that stands for none.
  [[nodiscard]] bool is_plain() const;
};

struct Attribute {
  std::string oid;
  std::vector<Element> values;
};

struct SignerInfo {
  int version = 0;
  ByteView issuer, serial;  // whole elements; empty when named by key identifier
  ByteView key_identifier;
  Algorithm digest, signature_algorithm;
  ByteView signed_bytes;  // the attributes' whole element, tag [0]; empty when there are none
  std::vector<Attribute> signed_attributes;
  ByteView signature;
  std::vector<Attribute> unsigned_attributes;
  bool has_unsigned = false;
};

struct SignedData {
  int version = 0;
  std::vector<Algorithm> digests;
  std::string content_type;
  std::optional<Bytes> content;  // nullopt: detached
  std::vector<ByteView> certificates;
  std::vector<SignerInfo> signers;
};

// `bytes` must be exactly one ContentInfo with SignedData.
[[nodiscard]] Result<SignedData> parse_signed_data(ByteView bytes);
[[nodiscard]] std::size_t count_of(const std::vector<Attribute>& attributes, std::string_view oid);
// The attribute, when it occurs exactly once.
[[nodiscard]] const Attribute* find_once(
    const std::vector<Attribute>& attributes TENON_LIFETIMEBOUND, std::string_view oid);
// The only value of the attribute that occurs once.
[[nodiscard]] const Element* only_value(
    const std::vector<Attribute>& attributes TENON_LIFETIMEBOUND, std::string_view oid);

}  // namespace tenon::cms
