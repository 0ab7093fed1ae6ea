// The requirement that codesign gives code when nobody gives it one.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codesign/requirement/evaluate.h"
#include "codesign/requirement/requirement.h"

namespace tenon::requirement {
namespace {

constexpr std::string_view oid_cn = "2.5.4.3", oid_o = "2.5.4.10", oid_ou = "2.5.4.11";
constexpr std::string_view development_marker = "1.2.840.113635.100.6.2.1";
constexpr std::string_view developer_id_marker = "1.2.840.113635.100.6.2.6";
constexpr std::string_view developer_id_leaf_marker = "1.2.840.113635.100.6.1.13";

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

Expression field_equals(std::string field, const std::string* value) {
  Expression out = leaf_of(Op::cert_field, leaf_slot, std::move(field));
  out.match = Match::equal;
  if (value != nullptr) out.value = *value;
  return out;
}

Expression marker(std::int32_t slot, std::string_view oid) {
  return leaf_of(Op::cert_generic, slot, oid_der(oid));
}

// Unlike texts, these hang together on the right: `x and (y and z)`.
Expression apple_anchor(const std::vector<CertificateFacts>& chain) {
  constexpr std::size_t direct = 3;  // leaf, one intermediate, root
  Expression generic = leaf_of(Op::apple_generic_anchor, 0, "");
  if (chain.size() == direct && chain[1].has_extension(development_marker)) {
    return pair_of(Op::op_and, std::move(generic),
                   pair_of(Op::op_and, field_equals("subject.CN", chain[0].field(oid_cn)),
                           marker(1, development_marker)));
  }
  if (chain.size() == direct && chain[1].has_extension(developer_id_marker)) {
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
  const std::string* organization = chain[0].field(oid_o);
  if (organization != nullptr) {
    for (; index + 1 < chain.size(); ++index) {
      const std::string* next = chain[index + 1].field(oid_o);
      if (next == nullptr || *next != *organization) break;
    }
  }
  const bool to_the_root = organization != nullptr && index + 1 == chain.size();
  const auto& sha1 = chain[index].sha1;
  return leaf_of(Op::anchor_hash, to_the_root ? anchor_slot : static_cast<std::int32_t>(index),
                 std::string(reinterpret_cast<const char*>(sha1.data()), sha1.size()));
}

}  // namespace

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
