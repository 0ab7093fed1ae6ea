#include "engine/requirement/evaluate.h"

#include <algorithm>
#include <string_view>

#include "format/requirement/words.h"

namespace tenon::requirement {
namespace {

constexpr std::string_view oid_cn = "2.5.4.3", oid_o = "2.5.4.10";
constexpr std::string_view macos_software_marker = "1.2.840.113635.100.6.22";
constexpr std::string_view apple_intermediate = "Apple Code Signing Certification Authority";

// The fields that certificate[subject.X] knows, with their OIDs.
struct FieldName {
  std::string_view name, oid;
};
constexpr FieldName field_names[] = {{"subject.C", "2.5.4.6"},
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
                                     {"subject.UID", "0.9.2342.19200300.100.1.1"}};

Answer answer_of(bool yes) { return yes ? Answer::yes : Answer::no; }

// CFStringCompare with kCFCompareNumerically: runs of digits are numbers.
int compare_numerically(std::string_view a, std::string_view b) {
  const auto take_number = [](std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && is_digit(text[end])) ++end;
    std::string_view digits = text.substr(0, end);
    text.remove_prefix(end);
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    return digits;
  };
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view left = take_number(a), right = take_number(b);
      if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
      if (const int order = left.compare(right); order != 0) return order;
      continue;
    }
    if (a.front() != b.front()) {
      return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front()) ? -1 : 1;
    }
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() ? (b.empty() ? 0 : -1) : 1;
}

bool match_text(const Expression& e, std::string_view text) {
  switch (e.match) {
    case Match::exists: return true;
    case Match::equal: return text == e.value;
    case Match::contains: return text.contains(e.value);
    case Match::begins_with: return text.starts_with(e.value);
    case Match::ends_with: return text.ends_with(e.value);
    case Match::less_than: return compare_numerically(text, e.value) < 0;
    case Match::greater_than: return compare_numerically(text, e.value) > 0;
    case Match::less_equal: return compare_numerically(text, e.value) <= 0;
    case Match::greater_equal: return compare_numerically(text, e.value) >= 0;
    default: return false;
  }
}

bool match_time(const Expression& e, std::int64_t time) {
  switch (e.match) {
    case Match::exists: return true;
    case Match::on: return time == e.time;
    case Match::before: return time < e.time;
    case Match::after: return time > e.time;
    case Match::on_or_before: return time <= e.time;
    case Match::on_or_after: return time >= e.time;
    default: return false;
  }
}

// One of an array is enough.
bool match_value(const Expression& e, const plist::Value& value) {
  if (const plist::Array* array = value.array()) {
    if (std::ranges::any_of(*array,
                            [&](const plist::Value& each) { return match_value(e, each); })) {
      return true;
    }
  }
  if (const std::string* text = value.string()) return match_text(e, *text);
  if (const plist::Date* date = value.date()) {
    return match_time(e, static_cast<std::int64_t>(date->seconds));
  }
  const bool* flag = value.boolean();
  return e.match == Match::exists && (flag == nullptr || *flag);
}

bool match_key(const Expression& e, const plist::Dict* dict) {
  const plist::Value* value = dict == nullptr ? nullptr : dict->find(e.text);
  if (value == nullptr || value->is_null()) return e.match == Match::absent;
  return match_value(e, *value);
}

class Evaluator {
 public:
  explicit Evaluator(const Context& context) : context_(context) {}

  Evaluation run(const Expression& e) {
    switch (static_cast<Op>(e.op)) {
      case Op::op_and: return junction(e, Answer::no);
      case Op::op_or: return junction(e, Answer::yes);
      case Op::op_not: {
        const Evaluation inner = run(e.operands[0]);
        return conclude(e, inner.answer == Answer::unknown ? Answer::unknown
                                                           : answer_of(inner.answer == Answer::no));
      }
      default: break;
    }
    // An operation that is not known says itself whether it may be passed over.
    if ((e.op & flag_generic_skip) != 0 && !e.operands.empty() &&
        (e.op & flag_generic_false) == 0) {
      return run(e.operands[0]);
    }
    return conclude(e, simple(e));
  }

 private:
  static Evaluation conclude(const Expression& e, Answer answer) {
    return {answer, answer == Answer::yes ? std::string() : print(e)};
  }

  // `decisive` ends it: no for "and", yes for "or".
  Evaluation junction(const Expression& e, Answer decisive) {
    Evaluation out = run(e.operands[0]);
    if (out.answer == decisive) return out;
    Evaluation right = run(e.operands[1]);
    if (right.answer == decisive) return right;
    if (out.answer == Answer::unknown) return out;
    if (right.answer == Answer::unknown) return right;
    // All of "and" hold, or none of "or" does: then all of it is to blame.
    return decisive == Answer::no ? right : Evaluation{Answer::no, print(e)};
  }

  const CertificateFacts* certificate(std::int32_t slot) const {
    const auto count = static_cast<std::int64_t>(context_.certificates.size());
    const std::int64_t index = slot < 0 ? slot + count : slot;
    if (index < 0 || index >= count) return nullptr;
    return &context_.certificates[static_cast<std::size_t>(index)];
  }

  bool cert_field(const Expression& e) const {
    const CertificateFacts* cert = certificate(e.slot);
    if (cert == nullptr) return false;
    if (e.text == "email") {
      return std::ranges::any_of(cert->emails,
                                 [&](const std::string& email) { return match_text(e, email); });
    }
    for (const FieldName& each : field_names) {
      if (each.name != e.text) continue;
      // A field that is not there fails every match, absent too.
      const std::string_view value = cert->field(each.oid);
      return !value.empty() && match_text(e, value);
    }
    return false;
  }

  // Present stands for true, so that only "exists" matches; absent for null.
  bool listed(const Expression& e, bool policy) const {
    const CertificateFacts* cert = certificate(e.slot);
    if (cert == nullptr) return false;
    const auto& list = policy ? cert->policies : cert->extensions;
    const bool found = std::ranges::find(list, oid_text(e.text)) != list.end();
    return found ? e.match == Match::exists : e.match == Match::absent;
  }

  bool cert_date(const Expression& e) const {
    const CertificateFacts* cert = certificate(e.slot);
    const std::string oid = oid_text(e.text);
    if (cert != nullptr) {
      for (const auto& [name, time] : cert->dates) {
        if (name == oid) return match_time(e, time);
      }
    }
    return e.match == Match::absent;
  }

  bool apple_signed() const {
    const CertificateFacts* leaf = certificate(leaf_slot);
    const CertificateFacts* intermediate = certificate(-2);
    return context_.apple_root && leaf != nullptr && intermediate != nullptr &&
           intermediate->field(oid_cn) == apple_intermediate &&
           intermediate->field(oid_o) == "Apple Inc." && leaf->has_extension(macos_software_marker);
  }

  bool anchor_hash(const Expression& e) const {
    const CertificateFacts* cert = certificate(e.slot);
    return cert != nullptr && e.text.size() == cert->sha1.size() &&
           std::ranges::equal(e.text, cert->sha1, {},
                              [](char c) { return static_cast<std::byte>(c); });
  }

  bool has_hash(std::string_view hash) const {
    return std::ranges::find(context_.cdhashes, hash) != context_.cdhashes.end();
  }

  Answer simple(const Expression& e) const {
    switch (static_cast<Op>(e.op)) {
      case Op::op_true: return Answer::yes;
      case Op::ident: return answer_of(e.text == context_.identifier);
      case Op::apple_anchor: return answer_of(apple_signed());
      case Op::apple_generic_anchor: return answer_of(context_.apple_root);
      case Op::anchor_hash: return answer_of(anchor_hash(e));
      case Op::cdhash: return answer_of(has_hash(e.text));
      case Op::info_key_value:
      case Op::info_key_field: return answer_of(match_key(e, context_.info));
      case Op::entitlement_field: return answer_of(match_key(e, context_.entitlements));
      case Op::cert_field: return answer_of(cert_field(e));
      case Op::cert_generic: return answer_of(listed(e, false));
      case Op::cert_policy: return answer_of(listed(e, true));
      case Op::cert_field_date: return answer_of(cert_date(e));
      case Op::trusted_cert:
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

Expression leaf_of(Op op, std::int32_t slot, std::string text) {
  Expression out;
  out.op = static_cast<std::uint32_t>(op);
  out.slot = slot;
  out.text = std::move(text);
  return out;
}

Expression pair_of(Op op, Expression left, Expression right) {
  Expression out;
  out.op = static_cast<std::uint32_t>(op);
  out.operands.push_back(std::move(left));
  out.operands.push_back(std::move(right));
  return out;
}

Expression field_equals(std::string field, std::string_view value) {
  Expression out = leaf_of(Op::cert_field, leaf_slot, std::move(field));
  out.match = Match::equal;
  out.value = value;
  return out;
}

constexpr std::string_view development_marker = "1.2.840.113635.100.6.2.1";
constexpr std::string_view developer_id_marker = "1.2.840.113635.100.6.2.6";
constexpr std::string_view developer_id_leaf_marker = "1.2.840.113635.100.6.1.13";
constexpr std::string_view oid_ou = "2.5.4.11";

Expression apple_anchor(const std::vector<CertificateFacts>& chain) {
  const auto marker = [](std::int32_t slot, std::string_view oid) {
    return leaf_of(Op::cert_generic, slot, oid_der(oid));
  };
  Expression generic = leaf_of(Op::apple_generic_anchor, 0, "");
  if (chain.size() == 3 && chain[1].has_extension(development_marker)) {
    return pair_of(Op::op_and, std::move(generic),
                   pair_of(Op::op_and, field_equals("subject.CN", chain[0].field(oid_cn)),
                           marker(1, development_marker)));
  }
  if (chain.size() == 3 && chain[1].has_extension(developer_id_marker)) {
    return pair_of(Op::op_and, std::move(generic),
                   pair_of(Op::op_and, marker(1, developer_id_marker),
                           pair_of(Op::op_and, marker(0, developer_id_leaf_marker),
                                   field_equals("subject.OU", chain[0].field(oid_ou)))));
  }
  return leaf_of(Op::apple_anchor, 0, "");
}

// The last certificate, from the leaf up, that names the leaf's organization.
Expression other_anchor(const std::vector<CertificateFacts>& chain) {
  std::size_t index = 0;
  const std::string_view organization = chain[0].field(oid_o);
  if (!organization.empty()) {
    while (index + 1 < chain.size() && chain[index + 1].field(oid_o) == organization) ++index;
  }
  const bool to_the_root = !organization.empty() && index + 1 == chain.size();
  const auto& sha1 = chain[index].sha1;
  return leaf_of(Op::anchor_hash, to_the_root ? anchor_slot : static_cast<std::int32_t>(index),
                 std::string(reinterpret_cast<const char*>(sha1.data()), sha1.size()));
}

}  // namespace

std::string_view CertificateFacts::field(std::string_view oid) const {
  for (const auto& [key, value] : subject) {
    if (key == oid) return value;
  }
  return {};
}

bool CertificateFacts::has_extension(std::string_view oid) const {
  return std::ranges::find(extensions, oid) != extensions.end();
}

Evaluation evaluate(const Expression& expression, const Context& context) {
  return Evaluator(context).run(expression);
}

std::optional<Expression> designated(const std::string& identifier,
                                     const std::vector<CertificateFacts>& chain, bool apple_root) {
  if (chain.empty()) return std::nullopt;
  return pair_of(Op::op_and, leaf_of(Op::ident, 0, identifier),
                 apple_root ? apple_anchor(chain) : other_anchor(chain));
}

Expression designated_by_hash(const std::vector<std::string>& cdhashes) {
  Expression out = leaf_of(Op::op_false, 0, "");
  for (const std::string& hash : cdhashes) {
    Expression one = leaf_of(Op::cdhash, 0, hash);
    out =
        out.is(Op::op_false) ? std::move(one) : pair_of(Op::op_or, std::move(out), std::move(one));
  }
  return out;
}

}  // namespace tenon::requirement
