#include "codesign/requirement/evaluate.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "codesign/requirement/match.h"
#include "codesign/requirement/reason.h"
#include "codesign/requirement/requirement.h"
#include "format/plist/value.h"

namespace tenon::requirement {
namespace {

constexpr std::string_view oid_cn = "2.5.4.3", oid_o = "2.5.4.10";
constexpr std::string_view macos_software_marker = "1.2.840.113635.100.6.22";
constexpr std::string_view apple_intermediate = "Apple Code Signing Certification Authority";

Answer answer_of(bool yes) { return yes ? Answer::yes : Answer::no; }

Answer negation(Answer answer) {
  if (answer == Answer::unknown) return answer;
  return answer_of(answer == Answer::no);
}

// An answer, and the part of the requirement to which it is due; of yes it does not matter.
struct Outcome {
  Answer answer = Answer::no;
  const Expression* due_to = nullptr;
};

// What Apple's interpreter ends at, with an error for the whole (getSHA1 of reqreader.cpp).
const Expression* refused(const Expression& e) {
  constexpr std::size_t sha1_size = 20;
  if (e.is(Op::anchor_hash) && e.text.size() != sha1_size) return &e;
  for (const Expression& operand : e.operands) {
    if (const Expression* found = refused(operand)) return found;
  }
  return nullptr;
}

class Evaluator {
 public:
  explicit Evaluator(const Context& context) : context_(context) {}

  Outcome run(const Expression& e) const {
    switch (e.kind()) {
      case Op::op_and: return junction(e, Answer::no);
      case Op::op_or: return junction(e, Answer::yes);
      case Op::op_not: {
        const Outcome inner = run(e.operands[0]);
        const Answer answer = negation(inner.answer);
        return {answer, answer == Answer::unknown ? inner.due_to : &e};
      }
      default: break;
    }
    // An operation that is not known says itself whether it may be passed over.
    const bool skipped = (e.op & flag_generic_false) == 0 && (e.op & flag_generic_skip) != 0;
    if (skipped && e.operands.size() == 1) return run(e.operands[0]);
    return {simple(e), &e};
  }

 private:
  // `decisive` ends it: no for "and", yes for "or".
  Outcome junction(const Expression& e, Answer decisive) const {
    const Outcome left = run(e.operands[0]);
    if (left.answer == decisive) return left;
    const Outcome right = run(e.operands[1]);
    if (right.answer == decisive) return right;
    if (left.answer == Answer::unknown) return left;
    if (right.answer == Answer::unknown) return right;
    // All of "and" hold, or none of "or" does: then it is due to all of it.
    return {negation(decisive), &e};
  }

  [[nodiscard]] bool cert_field(const Expression& e) const {
    const CertificateFacts* cert = certificate_at(context_, e.slot);
    if (cert == nullptr) return false;
    if (e.text == "email") {
      // An array, which exists even when it is empty.
      return e.match == Match::exists || std::ranges::any_of(cert->emails, [&](const auto& email) {
               return match_text(e, email);
             });
    }
    // A field that is not there fails every match, absent too.
    const std::string* value = subject_field(*cert, e.text);
    return value != nullptr && match_text(e, *value);
  }

  // Present stands for true, so that only "exists" matches; absent for null. OIDs compare as DER:
  // their text may be the same for different ones.
  [[nodiscard]] bool listed(const Expression& e, bool policy) const {
    const CertificateFacts* cert = certificate_at(context_, e.slot);
    if (cert == nullptr) return false;
    const auto& list = policy ? cert->policies : cert->extensions;
    const bool found = std::ranges::find(list, e.text, oid_der) != list.end();
    return e.match == (found ? Match::exists : Match::absent);
  }

  // Here a certificate that is not there lacks the field like any other.
  [[nodiscard]] bool cert_date(const Expression& e) const {
    if (const CertificateFacts* cert = certificate_at(context_, e.slot)) {
      for (const auto& [oid, time] : cert->dates) {
        // The function that reads the extension takes 0 for a failure.
        if (oid_der(oid) == e.text && time != 0) return match_time(e, static_cast<double>(time));
      }
    }
    return e.match == Match::absent;
  }

  [[nodiscard]] Answer apple_signed() const {
    if (context_.in_trust_cache == Answer::yes) return Answer::yes;
    const CertificateFacts* leaf = certificate_at(context_, leaf_slot);
    const CertificateFacts* intermediate = certificate_at(context_, -2);
    const auto is = [&](std::string_view oid, std::string_view wanted) {
      const std::string* value = intermediate->field(oid);
      return value != nullptr && *value == wanted;
    };
    const bool chain = context_.apple_root && leaf != nullptr && intermediate != nullptr &&
                       is(oid_cn, apple_intermediate) && is(oid_o, "Apple Inc.") &&
                       leaf->has_extension(macos_software_marker);
    return chain ? Answer::yes : context_.in_trust_cache;
  }

  [[nodiscard]] bool anchor_hash(const Expression& e) const {
    const CertificateFacts* cert = certificate_at(context_, e.slot);
    return cert != nullptr && std::ranges::equal(e.text, cert->sha1, {},
                                                 [](char c) { return static_cast<std::byte>(c); });
  }

  static Answer key(const Expression& e, const plist::Dict* dict, bool known) {
    if (!known) return Answer::unknown;
    const plist::Value* value = dict == nullptr ? nullptr : dict->find(e.text);
    if (value == nullptr || value->is_null()) return answer_of(e.match == Match::absent);
    return answer_of(match_value(e, *value));
  }

  [[nodiscard]] Answer simple(const Expression& e) const {
    switch (e.kind()) {
      case Op::op_true: return Answer::yes;
      case Op::ident: return answer_of(e.text == context_.identifier);
      case Op::apple_anchor: return apple_signed();
      case Op::apple_generic_anchor: return answer_of(context_.apple_root);
      case Op::anchor_hash: return answer_of(anchor_hash(e));
      case Op::cdhash:
        return answer_of(!context_.cdhashes.empty() && context_.cdhashes.front() == e.text);
      case Op::info_key_value:
      case Op::info_key_field: return key(e, context_.info, context_.info_known);
      case Op::entitlement_field: return key(e, context_.entitlements, context_.entitlements_known);
      case Op::cert_field: return answer_of(cert_field(e));
      case Op::cert_generic: return answer_of(listed(e, false));
      case Op::cert_policy: return answer_of(listed(e, true));
      case Op::cert_field_date: return answer_of(cert_date(e));
      case Op::trusted_cert:
        return certificate_at(context_, e.slot) == nullptr ? Answer::no : context_.trusted;
      case Op::trusted_certs: return context_.certificates.empty() ? Answer::no : context_.trusted;
      // Lists of Apple's, in files of its systems.
      case Op::named_anchor:
      case Op::named_code: return Answer::unknown;
      case Op::platform: return answer_of(e.slot == context_.platform);
      case Op::notarized: return context_.notarized;
      case Op::legacy_dev_id: return context_.legacy;
      default: return Answer::no;
    }
  }

  const Context& context_;
};

}  // namespace

const std::string* CertificateFacts::field(std::string_view oid) const {
  const auto found = std::find_if(subject.rbegin(), subject.rend(),
                                  [&](const auto& each) { return each.first == oid; });
  return found == subject.rend() ? nullptr : &found->second;
}

bool CertificateFacts::has_extension(std::string_view oid) const {
  return std::ranges::find(extensions, oid) != extensions.end();
}

Evaluation evaluate(const Expression& expression, const Context& context) {
  if (const Expression* part = refused(expression)) {
    return {Answer::no, print(*part),
            "macOS rejects the requirement: the hash of a certificate is not 20 bytes"};
  }
  const Outcome outcome = Evaluator(context).run(expression);
  if (outcome.answer == Answer::yes) return {Answer::yes, {}, {}};
  return {outcome.answer, print(*outcome.due_to), reason_of(*outcome.due_to, context)};
}

}  // namespace tenon::requirement
