#include "codesign/requirement/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "codesign/requirement/evaluate.h"
#include "codesign/requirement/requirement.h"
#include "format/plist/value.h"

namespace tenon::requirement {
namespace {

// The fields that certificate[subject.X] knows, with their OIDs (reqinterp.cpp, certFieldValue).
struct FieldName {
  std::string_view name, oid;
};
constexpr std::array<FieldName, 13> field_names{{{"subject.C", "2.5.4.6"},
                                                 {"subject.CN", "2.5.4.3"},
                                                 {"subject.D", "2.5.4.13"},
                                                 {"subject.L", "2.5.4.7"},
                                                 {"subject.O", "2.5.4.10"},
                                                 {"subject.C-O", "2.5.4.10.1"},
                                                 {"subject.OU", "2.5.4.11"},
                                                 {"subject.C-OU", "2.5.4.11.1"},
                                                 {"subject.ST", "2.5.4.8"},
                                                 {"subject.C-ST", "2.5.4.8.1"},
                                                 {"subject.STREET", "2.5.4.9"},
                                                 {"subject.C-STREET", "2.5.4.9.1"},
                                                 {"subject.UID", "0.9.2342.19200300.100.1.1"}}};

// Fit for a line of a report, whatever the file holds.
std::string shown(std::string_view text) {
  constexpr std::size_t most = 100;
  const bool cut = text.size() > most;
  text = text.substr(0, most);
  const bool printable =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!printable && cut) return "a long text";
  return fmt::format("\"{}{}", Shown::of(text).text(), cut ? "...\"" : "\"");
}

std::string hash_text(std::string_view bytes) { return to_hex(bytes.data(), bytes.size()); }

std::string slot_name(std::int32_t slot) {
  if (slot == leaf_slot) return "the leaf certificate";
  if (slot == anchor_slot) return "the root certificate";
  return fmt::format("certificate {}", slot);
}

std::string missing_slot(const Expression& e, const Context& context) {
  const std::size_t count = context.certificates.size();
  if (count == 0) return "the code names no certificate";
  return fmt::format("there is no certificate {}: the chain has {}", e.slot, count);
}

std::string value_text(const plist::Value& value) {
  if (const std::string* text = value.string()) return shown(*text);
  if (const bool* flag = value.boolean()) return *flag ? "true" : "false";
  if (const std::int64_t* number = value.integer()) return fmt::format("{}", *number);
  return fmt::format("of type {}", plist::kind_name(value.kind()));
}

std::string key_reason(const Expression& e, std::string_view where, const plist::Dict* dict,
                       bool known) {
  if (!known) return fmt::format("{} is not available", where);
  if (dict == nullptr) return fmt::format("there is no {}", where);
  const plist::Value* value = dict->find(e.text);
  if (value == nullptr) return fmt::format("{} has no {}", where, shown(e.text));
  return fmt::format("{} of {} is {}", shown(e.text), where, value_text(*value));
}

std::string field_reason(const Expression& e, const CertificateFacts& cert) {
  const std::string where = slot_name(e.slot);
  if (e.text == "email") return fmt::format("no address of {} is that", where);
  if (const std::string* value = subject_field(cert, e.text)) {
    return fmt::format("{} of {} is {}", e.text, where, shown(*value));
  }
  const bool known = std::ranges::find(field_names, e.text, &FieldName::name) != field_names.end();
  return known ? fmt::format("{} has no {}", where, e.text)
               : fmt::format("macOS does not know the field {}", shown(e.text));
}

std::string date_reason(const Expression& e, const CertificateFacts& cert) {
  const std::string where = slot_name(e.slot), oid = oid_text(e.text);
  for (const auto& [name, time] : cert.dates) {
    if (oid_der(name) != e.text) continue;
    return fmt::format("extension {} of {} is {}", oid, where, time_text(time));
  }
  return fmt::format("{} has no time in an extension {}", where, oid);
}

std::string certificate_reason(const Expression& e, const Context& context) {
  const CertificateFacts* cert = certificate_at(context, e.slot);
  if (cert == nullptr) return missing_slot(e, context);
  const std::string where = slot_name(e.slot);
  switch (e.kind()) {
    case Op::anchor_hash:
      return fmt::format("the SHA-1 of {} is {}", where,
                         to_hex(cert->sha1.data(), cert->sha1.size()));
    case Op::cert_field: return field_reason(e, *cert);
    case Op::cert_policy:
      return fmt::format("{} has {} policy {}", where, e.match == Match::absent ? "the" : "no",
                         oid_text(e.text));
    case Op::cert_field_date: return date_reason(e, *cert);
    default:
      return fmt::format("{} has {} extension {}", where, e.match == Match::absent ? "the" : "no",
                         oid_text(e.text));
  }
}

std::string cdhash_reason(const Expression& e, const Context& context) {
  if (context.cdhashes.empty()) return "the hash of the code is not known";
  if (std::ranges::find(context.cdhashes, e.text) != context.cdhashes.end()) {
    return "macOS uses another CodeDirectory of this code, whose hash is " +
           hash_text(context.cdhashes.front());
  }
  return "the hash of the code is " + hash_text(context.cdhashes.front());
}

std::string anchor_reason(const Context& context) {
  if (context.in_trust_cache == Answer::unknown)
    return "the machine's trust cache is not available";
  if (!context.apple_root) return "the root certificate is not Apple's";
  return "the certificates are not those of Apple's own software";
}

// Each alternative once, as long as they are few.
std::string alternatives_reason(const Expression& e, const Context& context) {
  constexpr std::size_t most = 4;
  std::vector<std::string> reasons;
  std::vector<const Expression*> open{&e};
  while (!open.empty()) {
    const Expression& next = *open.back();
    open.pop_back();
    if (next.is(Op::op_or)) {
      open.push_back(&next.operands[1]);
      open.push_back(&next.operands[0]);
      continue;
    }
    if (reasons.size() == most) return "none of the alternatives is met";
    const std::string reason = next.is(Op::op_and) ? "not all of " + shown(print(next)) + " holds"
                                                   : reason_of(next, context);
    if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
  }
  return join(reasons, "; and ");
}

}  // namespace

const CertificateFacts* certificate_at(const Context& context, std::int32_t slot) {
  const auto count = static_cast<std::int64_t>(context.certificates.size());
  const std::int64_t index = slot < 0 ? slot + count : slot;
  if (index < 0 || index >= count) return nullptr;
  return &context.certificates[static_cast<std::size_t>(index)];
}

const std::string* subject_field(const CertificateFacts& certificate, std::string_view name) {
  const auto* known = std::ranges::find(field_names, name, &FieldName::name);
  return known == field_names.end() ? nullptr : certificate.field(known->oid);
}

std::string reason_of(const Expression& e, const Context& context) {
  switch (e.kind()) {
    case Op::op_false: return "nothing meets \"never\"";
    case Op::ident: return "the identifier is " + shown(context.identifier);
    case Op::apple_anchor: return anchor_reason(context);
    case Op::apple_generic_anchor:
      return context.certificates.empty() ? "the code names no certificate"
                                          : "the root certificate is not Apple's";
    case Op::op_or: return alternatives_reason(e, context);
    case Op::op_not: return "the negated condition is met";
    case Op::cdhash: return cdhash_reason(e, context);
    case Op::info_key_value:
    case Op::info_key_field: return key_reason(e, "Info.plist", context.info, context.info_known);
    case Op::entitlement_field:
      return key_reason(e, "the entitlements", context.entitlements, context.entitlements_known);
    case Op::anchor_hash:
    case Op::cert_field:
    case Op::cert_generic:
    case Op::cert_policy:
    case Op::cert_field_date: return certificate_reason(e, context);
    case Op::trusted_cert:
      if (certificate_at(context, e.slot) == nullptr) return missing_slot(e, context);
      [[fallthrough]];
    case Op::trusted_certs:
      if (context.certificates.empty()) return "the code names no certificate";
      return context.trusted == Answer::no ? "the trust settings do not say so"
                                           : "the trust settings of a Mac decide";
    case Op::named_anchor:
    case Op::named_code: return "a list that only macOS holds decides";
    case Op::platform: return fmt::format("the platform is {}", context.platform);
    case Op::notarized:
      return context.notarized == Answer::no ? "no ticket of a notarization was found"
                                             : "only Apple's service or a ticket can decide";
    case Op::legacy_dev_id:
      return context.legacy == Answer::no ? "it was signed after notarization became necessary"
                                          : "the policy of a Mac decides";
    default: break;
  }
  return "the operation is not known";
}

}  // namespace tenon::requirement
