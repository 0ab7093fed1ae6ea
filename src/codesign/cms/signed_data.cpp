#include "codesign/cms/signed_data.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/cms/der.h"

namespace tenon::cms {

namespace {

Result<Algorithm> read_algorithm(DerReader& reader) {
  const Element element = TENON_TRY(reader.expect(DER_SEQUENCE, "algorithm"));
  DerReader inner(element.content);
  Algorithm out{oid_text(TENON_TRY(inner.expect(DER_OID, "algorithm")).content), inner.rest()};
  if (out.oid.empty()) return fail(Errc::malformed, "algorithm", element.whole.base());
  if (!inner.done()) TENON_TRY(inner.next());
  if (!inner.done()) return fail(Errc::malformed, "algorithm", element.whole.base());
  return out;
}

Result<int> read_version(DerReader& reader) {
  const Element element = TENON_TRY(reader.expect(DER_INTEGER, "version"));
  return small_integer(element);
}

Result<Attribute> read_attribute(DerReader& reader) {
  const Element element = TENON_TRY(reader.expect(DER_SEQUENCE, "attribute"));
  DerReader inner(element.content);
  Attribute out{oid_text(TENON_TRY(inner.expect(DER_OID, "attribute")).content), {}};
  const Element set = TENON_TRY(inner.expect(DER_SET, "values of an attribute"));
  DerReader values(set.content);
  while (!values.done()) out.values.push_back(TENON_TRY(values.next()));
  if (out.oid.empty() || !inner.done() || out.values.empty()) {
    return fail(Errc::malformed, "attribute", element.whole.base());
  }
  return out;
}

Result<std::vector<Attribute>> read_attributes(ByteView content) {
  std::vector<Attribute> out;
  DerReader reader(content);
  while (!reader.done()) {
    out.push_back(TENON_TRY(read_attribute(reader)));
  }
  return out;
}

Result<void> read_signer_name(DerReader& reader, SignerInfo& out) {
  constexpr std::uint8_t KEY_IDENTIFIER = 0x80;
  if (reader.peek() == KEY_IDENTIFIER) {
    out.key_identifier = TENON_TRY(reader.next()).content;
    return {};
  }
  DerReader name(TENON_TRY(reader.expect(DER_SEQUENCE, "name of the signer")).content);
  out.issuer = TENON_TRY(name.expect(DER_SEQUENCE, "issuer of the signer")).whole;
  out.serial = TENON_TRY(name.expect(DER_INTEGER, "serial number of the signer")).whole;
  if (!name.done()) return fail(Errc::malformed, "name of the signer", name.rest().base());
  return {};
}

// The encoding that is signed is DER: a [0] of indefinite length would have to be encoded again.
Result<void> read_signed_attributes(DerReader& reader, SignerInfo& out) {
  const auto element = TENON_TRY(reader.optional(DER_CONTEXT_0));
  if (!element) return {};
  if (element->indefinite || element->content.empty()) {
    return fail(Errc::malformed, "signed attributes", element->whole.base());
  }
  out.signed_bytes = element->whole;
  out.signed_attributes = TENON_TRY(read_attributes(element->content));
  return {};
}

Result<SignerInfo> read_signer(DerReader& signers) {
  const Element element = TENON_TRY(signers.expect(DER_SEQUENCE, "signer"));
  SignerInfo out;
  DerReader reader(element.content);
  out.version = TENON_TRY(read_version(reader));
  TENON_TRY(read_signer_name(reader, out));
  out.digest = TENON_TRY(read_algorithm(reader));
  TENON_TRY(read_signed_attributes(reader, out));
  out.signature_algorithm = TENON_TRY(read_algorithm(reader));
  out.signature = TENON_TRY(reader.expect(DER_OCTETS, "signature value")).content;
  if (const auto attributes = TENON_TRY(reader.optional(DER_CONTEXT_1))) {
    out.has_unsigned = true;
    out.unsigned_attributes = TENON_TRY(read_attributes(attributes->content));
  }
  if (!reader.done()) return fail(Errc::malformed, "signer", reader.rest().base());
  const int version = out.key_identifier.empty() ? 1 : 3;
  if (out.version != version)
    return fail(Errc::malformed, "version of a signer", reader.rest().base());
  return out;
}

Result<void> read_content(DerReader& reader, SignedData& out) {
  DerReader inner(TENON_TRY(reader.expect(DER_SEQUENCE, "content")).content);
  out.content_type = oid_text(TENON_TRY(inner.expect(DER_OID, "content type")).content);
  if (const auto wrapper = TENON_TRY(inner.optional(DER_CONTEXT_0))) {
    DerReader content(wrapper->content);
    const Element bytes = TENON_TRY(content.next());
    out.content = TENON_TRY(octets(bytes));
    if (!content.done()) return fail(Errc::malformed, "content", content.rest().base());
  }
  if (!inner.done()) return fail(Errc::malformed, "content", inner.rest().base());
  return {};
}

Result<void> read_lists(DerReader& reader, SignedData& out) {
  if (const auto list = TENON_TRY(reader.optional(DER_CONTEXT_0))) {
    DerReader certificates(list->content);
    while (!certificates.done()) {
      out.certificates.push_back(TENON_TRY(certificates.expect(DER_SEQUENCE, "certificate")).whole);
    }
  }
  TENON_TRY(reader.optional(DER_CONTEXT_1));  // revocation lists; nobody writes them
  DerReader signers(TENON_TRY(reader.expect(DER_SET, "signers")).content);
  while (!signers.done()) {
    out.signers.push_back(TENON_TRY(read_signer(signers)));
  }
  return {};
}

// Who streams the content hashes it with what is announced before it (RFC 5652, 5.1).
bool announces_digests(const SignedData& data) {
  const auto announced = [&](const SignerInfo& signer) {
    return std::any_of(data.digests.begin(), data.digests.end(),
                       [&](const Algorithm& each) { return each.oid == signer.digest.oid; });
  };
  const auto plain = [](const Algorithm& each) { return each.is_plain(); };
  return std::all_of(data.signers.begin(), data.signers.end(), announced) &&
         std::all_of(data.digests.begin(), data.digests.end(), plain);
}

// The version that the contents imply (RFC 5652, 5.1), where nothing of versions 4 and 5 occurs.
bool version_fits(const SignedData& data) {
  const bool named_by_key = std::any_of(data.signers.begin(), data.signers.end(),
                                        [](const SignerInfo& each) { return each.version == 3; });
  return data.version == (named_by_key || data.content_type != OID_DATA ? 3 : 1);
}

Result<SignedData> read_signed_data(ByteView content) {
  SignedData out;
  DerReader reader(content);
  out.version = TENON_TRY(read_version(reader));
  DerReader digests(TENON_TRY(reader.expect(DER_SET, "digest algorithms")).content);
  while (!digests.done()) out.digests.push_back(TENON_TRY(read_algorithm(digests)));
  TENON_TRY(read_content(reader, out));
  TENON_TRY(read_lists(reader, out));
  if (!reader.done()) return fail(Errc::malformed, "bytes after the signers", reader.rest().base());
  if (!version_fits(out)) return fail(Errc::malformed, "version of the CMS", content.base());
  if (!announces_digests(out)) {
    return fail(Errc::malformed, "digest algorithms", content.base());
  }
  return out;
}

}  // namespace

bool Algorithm::is_plain() const {
  return parameters.empty() || parameters.text() == std::string_view("\x05\0", 2);
}

Result<SignedData> parse_signed_data(ByteView bytes) {
  DerReader outer(bytes);
  const Element info = TENON_TRY(outer.expect(DER_SEQUENCE, "CMS"));
  if (!outer.done()) return fail(Errc::malformed, "bytes after the CMS", outer.rest().base());
  DerReader inner(info.content);
  if (oid_text(TENON_TRY(inner.expect(DER_OID, "type of the CMS")).content) != OID_SIGNED_DATA) {
    return fail(Errc::unsupported, "CMS that is not SignedData", info.whole.base());
  }
  const Element wrapper = TENON_TRY(inner.expect(DER_CONTEXT_0, "SignedData"));
  if (!inner.done()) return fail(Errc::malformed, "bytes after SignedData", inner.rest().base());
  DerReader data(wrapper.content);
  const Element signed_data = TENON_TRY(data.expect(DER_SEQUENCE, "SignedData"));
  if (!data.done()) return fail(Errc::malformed, "bytes after SignedData", data.rest().base());
  return read_signed_data(signed_data.content);
}

std::size_t count_of(const std::vector<Attribute>& attributes, std::string_view oid) {
  std::size_t count = 0;
  for (const Attribute& each : attributes) count += each.oid == oid ? 1U : 0U;
  return count;
}

const Attribute* find_once(const std::vector<Attribute>& attributes, std::string_view oid) {
  if (count_of(attributes, oid) != 1) return nullptr;
  for (const Attribute& each : attributes) {
    if (each.oid == oid) return &each;
  }
  return nullptr;
}

const Element* only_value(const std::vector<Attribute>& attributes, std::string_view oid) {
  const Attribute* attribute = find_once(attributes, oid);
  return attribute != nullptr && attribute->values.size() == 1 ? attribute->values.data() : nullptr;
}

}  // namespace tenon::cms
