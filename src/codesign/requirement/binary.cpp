// The binary form: a program in prefix notation, numbers big-endian, strings padded to four bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/blob/layout.h"
#include "codesign/requirement/requirement.h"
#include "codesign/requirement/words.h"

namespace tenon::requirement {
namespace {

constexpr std::uint32_t expression_kind = 1;
constexpr std::uint64_t head_size = 12;

class Reader {
 public:
  explicit Reader(ByteView blob) : blob_(blob) {}

  Result<Expression> read() {
    const auto* head = TENON_TRY(blob_.at<codesign::GenericBlob>(0, "requirement"));
    if (head->magic != codesign::CSMAGIC_REQUIREMENT) {
      return fail(Errc::malformed, "magic of a requirement", blob_.base());
    }
    if (head->length < head_size) {
      return fail(Errc::malformed, "length of a requirement", blob_.base() + 4);
    }
    blob_ = TENON_TRY(blob_.slice(0, head->length, "requirement"));
    at_ = sizeof(codesign::GenericBlob);
    if (TENON_TRY(number()) != expression_kind) {
      return fail(Errc::unsupported, "kind of a requirement", blob_.base() + 8);
    }
    return expression(0);
  }

 private:
  Result<std::uint32_t> number() {
    const auto* value = TENON_TRY(blob_.at<ub32>(at_, "requirement"));
    at_ += sizeof(ub32);
    return std::uint32_t{*value};
  }

  Result<std::string> data() {
    const std::uint32_t size = TENON_TRY(number());
    const ByteView bytes = TENON_TRY(blob_.slice(at_, size, "text of a requirement"));
    // The last text need not be padded.
    at_ = std::min(at_ + (std::uint64_t{size} + 3) / 4 * 4, blob_.size());
    return std::string(bytes.text());
  }

  Result<void> match(Expression& out) {
    const std::uint32_t op = TENON_TRY(number());
    out.match = static_cast<Match>(op);
    if (out.match == Match::exists || out.match == Match::absent) return {};
    if (is_time_match(out.match)) {
      const std::uint64_t high = TENON_TRY(number());
      const std::uint64_t low = TENON_TRY(number());
      out.time = static_cast<std::int64_t>(high << 32U | low);
      return {};
    }
    // Also of matches that are not known yet.
    out.value = TENON_TRY(data());
    return {};
  }

  Result<void> operands(Expression& out, unsigned count, unsigned depth) {
    for (unsigned i = 0; i < count; ++i) {
      out.operands.push_back(TENON_TRY(expression(depth + 1)));
    }
    return {};
  }

  Result<void> unknown(Expression& out, unsigned depth) {
    if ((out.op & (flag_generic_false | flag_generic_skip)) == 0) {
      return fail(Errc::unsupported, "operation of a requirement", blob_.base() + at_ - 4);
    }
    // Its own size comes first, whatever follows.
    const std::uint32_t size = TENON_TRY(number());
    out.text = std::string(TENON_TRY(blob_.slice(at_, size, "operation of a requirement")).text());
    at_ += size;
    return (out.op & flag_generic_false) != 0 ? Result<void>() : operands(out, 1, depth);
  }

  Result<void> arguments(Expression& out, unsigned depth) {
    switch (out.kind()) {
      case Op::op_false:
      case Op::op_true:
      case Op::apple_anchor:
      case Op::apple_generic_anchor:
      case Op::trusted_certs:
      case Op::notarized:
      case Op::legacy_dev_id: return {};
      case Op::op_and:
      case Op::op_or: return operands(out, 2, depth);
      case Op::op_not: return operands(out, 1, depth);
      case Op::trusted_cert:
      case Op::platform: out.slot = static_cast<std::int32_t>(TENON_TRY(number())); return {};
      case Op::ident:
      case Op::cdhash:
      case Op::named_anchor:
      case Op::named_code: out.text = TENON_TRY(data()); return {};
      case Op::anchor_hash:
        out.slot = static_cast<std::int32_t>(TENON_TRY(number()));
        out.text = TENON_TRY(data());
        return {};
      case Op::info_key_value:
        out.text = TENON_TRY(data());
        out.match = Match::equal;
        out.value = TENON_TRY(data());
        return {};
      case Op::info_key_field:
      case Op::entitlement_field: out.text = TENON_TRY(data()); return match(out);
      case Op::cert_field:
      case Op::cert_generic:
      case Op::cert_policy:
      case Op::cert_field_date:
        out.slot = static_cast<std::int32_t>(TENON_TRY(number()));
        out.text = TENON_TRY(data());
        return match(out);
      case Op::unknown: break;
    }
    return unknown(out, depth);
  }

  Result<Expression> expression(unsigned depth) {
    if (depth >= max_depth) {
      return fail(Errc::limit, "a requirement is nested too deeply", blob_.base() + at_);
    }
    if (++nodes_ > max_nodes) {
      return fail(Errc::limit, "operations of a requirement", blob_.base() + at_);
    }
    Expression out;
    out.op = TENON_TRY(number());
    TENON_TRY(arguments(out, depth));
    return out;
  }

  ByteView blob_;
  std::uint64_t at_ = 0;
  std::size_t nodes_ = 0;
};

class Writer {
 public:
  void number(std::uint32_t value) {
    const ub32 stored(value);
    const auto* bytes = reinterpret_cast<const std::byte*>(&stored);
    out_.insert(out_.end(), bytes, bytes + sizeof stored);
  }

  void data(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    raw(text);
    // By the length of the text: the payload of an unknown operation may end anywhere.
    out_.resize(out_.size() + (text.size() + 3) / 4 * 4 - text.size());
  }

  void raw(std::string_view text) {
    const auto bytes = view_of(text).bytes();
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }

  void match(const Expression& e) {
    number(static_cast<std::uint32_t>(e.match));
    if (e.match == Match::exists || e.match == Match::absent) return;
    if (is_time_match(e.match)) {
      const auto bits = static_cast<std::uint64_t>(e.time);
      number(static_cast<std::uint32_t>(bits >> 32U));
      number(static_cast<std::uint32_t>(bits));
      return;
    }
    data(e.value);
  }

  void expression(const Expression& e) {
    number(e.op);
    switch (e.kind()) {
      case Op::trusted_cert:
      case Op::platform: number(static_cast<std::uint32_t>(e.slot)); break;
      case Op::ident:
      case Op::cdhash:
      case Op::named_anchor:
      case Op::named_code: data(e.text); break;
      case Op::anchor_hash:
        number(static_cast<std::uint32_t>(e.slot));
        data(e.text);
        break;
      case Op::info_key_value:
        data(e.text);
        data(e.value);
        break;
      case Op::info_key_field:
      case Op::entitlement_field:
        data(e.text);
        match(e);
        break;
      case Op::cert_field:
      case Op::cert_generic:
      case Op::cert_policy:
      case Op::cert_field_date:
        number(static_cast<std::uint32_t>(e.slot));
        data(e.text);
        match(e);
        break;
      default:
        if (is_known(e)) break;
        number(static_cast<std::uint32_t>(e.text.size()));
        raw(e.text);
    }
    for (const Expression& operand : e.operands) expression(operand);
  }

  std::vector<std::byte> take() { return std::move(out_); }

 private:
  std::vector<std::byte> out_;
};

void put_number(std::vector<std::byte>& bytes, std::size_t at, std::size_t value) {
  const ub32 stored(static_cast<std::uint32_t>(value));
  std::memcpy(bytes.data() + at, &stored, sizeof stored);
}

}  // namespace

Result<Expression> parse(ByteView blob) { return Reader(blob).read(); }

Result<std::vector<Typed>> parse_set(ByteView blob) {
  const auto* head = TENON_TRY(blob.at<codesign::SuperBlobHeader>(0, "requirements"));
  if (head->magic != codesign::CSMAGIC_REQUIREMENTS) {
    return fail(Errc::malformed, "magic of the requirements", blob.base());
  }
  const ByteView whole = TENON_TRY(blob.slice(0, head->length, "requirements"));
  const auto index = TENON_TRY(whole.array<codesign::BlobIndex>(sizeof(codesign::SuperBlobHeader),
                                                                head->count, "requirements"));
  std::vector<Typed> out;
  constexpr std::size_t most = 128;
  if (index.size() > most) {
    return fail(Errc::malformed, "number of requirements", blob.base() + 8);
  }
  const std::uint64_t first = sizeof(codesign::SuperBlobHeader) + index.size_bytes();
  for (const codesign::BlobIndex& entry : index) {
    if (entry.offset == 0) continue;
    if (entry.offset < first) {
      return fail(Errc::malformed, "offset of a requirement", blob.base() + entry.offset);
    }
    const ByteView rest = TENON_TRY(whole.from(entry.offset, "requirement"));
    out.push_back({entry.type, TENON_TRY(parse(rest))});
  }
  return out;
}

std::vector<std::byte> write(const Expression& expression) {
  Writer writer;
  writer.number(codesign::CSMAGIC_REQUIREMENT);
  writer.number(0);
  writer.number(expression_kind);
  writer.expression(expression);
  std::vector<std::byte> out = writer.take();
  put_number(out, 4, out.size());
  return out;
}

std::vector<std::byte> write_set(const std::vector<Typed>& set) {
  Writer index;
  index.number(codesign::CSMAGIC_REQUIREMENTS);
  index.number(0);
  index.number(static_cast<std::uint32_t>(set.size()));
  std::vector<std::byte> body;
  const std::size_t start = sizeof(codesign::SuperBlobHeader) + set.size() * 8;
  for (const Typed& each : set) {
    index.number(each.type);
    index.number(static_cast<std::uint32_t>(start + body.size()));
    const std::vector<std::byte> blob = write(each.expression);
    body.insert(body.end(), blob.begin(), blob.end());
  }
  std::vector<std::byte> out = index.take();
  out.insert(out.end(), body.begin(), body.end());
  put_number(out, 4, out.size());
  return out;
}

}  // namespace tenon::requirement
