// Rules: CoreFoundation CFBinaryPList.c and ForFoundationOnly.h (the trailer).
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "format/plist/plist.h"
#include "format/plist/unicode.h"
#include "format/plist/value.h"

namespace tenon::plist {
namespace {

constexpr std::string_view magic = "bplist00";

struct Trailer {
  std::array<std::uint8_t, 6> unused;  // the last of them is the version of a sort
  std::uint8_t offset_size, reference_size;
  ub64 objects, top, offset_table;
};
static_assert(sizeof(Trailer) == 32);

// Dates of years 1 to 9999, in seconds since 2001.
constexpr double first_date = -63113904000.0, last_date = 252423993599.0;

class Reader {
 public:
  Reader(ByteView bytes, const Trailer& trailer) : bytes_(bytes), trailer_(trailer) {}

  Result<Value> root();

 private:
  struct Head {
    std::uint8_t kind = 0, low = 0;
    std::uint64_t body = 0;  // offset of the byte behind the marker
  };

  Result<std::uint64_t> unsigned_at(std::uint64_t offset, std::uint64_t size) const;
  Result<Head> head(std::uint64_t index) const;
  // The count in a marker, or in the integer that follows it; moves `body` behind it.
  Result<std::uint64_t> count(Head& head) const;
  Result<ByteView> payload(Head head, std::uint64_t unit) const;
  Result<Value> object(std::uint64_t index, unsigned depth);
  Result<Value> simple(const Head& head) const;
  Result<Value> integer(const Head& head) const;
  Result<Value> real(const Head& head) const;
  Result<Value> date(const Head& head) const;
  Result<Value> ascii(const Head& head);
  Result<Value> utf16(const Head& head);
  Result<Value> array(Head head, unsigned depth);
  Result<Value> dict(Head head, unsigned depth);
  // The object that place `index` of a list of references names.
  Result<Value> item(std::uint64_t list, std::uint64_t index, unsigned depth);
  Result<void> spend(std::uint64_t bytes);

  ByteView bytes_;  // without the trailer
  Trailer trailer_;
  std::size_t objects_ = 0;
  std::uint64_t expanded_ = 0;
  std::unordered_set<std::uint64_t> open_;  // containers that are being read
};

Result<void> Reader::spend(std::uint64_t bytes) {
  expanded_ += bytes;
  if (expanded_ > max_expanded_bytes) return fail(Errc::limit, "property list is too large");
  return {};
}

Result<std::uint64_t> Reader::unsigned_at(std::uint64_t offset, std::uint64_t size) const {
  const ByteView field = TENON_TRY(bytes_.slice(offset, size, "number in a property list"));
  std::uint64_t value = 0;
  for (const std::byte byte : field.bytes()) {
    value = value << 8U | std::to_integer<std::uint64_t>(byte);
  }
  return value;
}

Result<Value> Reader::root() {
  const Trailer& t = trailer_;
  if (t.offset_size < 1 || t.offset_size > 8 || t.reference_size < 1 || t.reference_size > 8) {
    return fail(Errc::malformed, "size of numbers in the trailer", bytes_.size());
  }
  const std::uint64_t objects = t.objects, table = t.offset_table;
  if (objects == 0 || t.top >= objects || table < magic.size() + 1 || table > bytes_.size() ||
      objects > (bytes_.size() - table) / t.offset_size) {
    return fail(Errc::malformed, "table of offsets", table);
  }
  return object(t.top, 0);
}

Result<Reader::Head> Reader::head(std::uint64_t index) const {
  if (index >= trailer_.objects) return fail(Errc::malformed, "reference to no object");
  const std::uint64_t offset = TENON_TRY(
      unsigned_at(trailer_.offset_table + index * trailer_.offset_size, trailer_.offset_size));
  if (offset < magic.size() || offset >= trailer_.offset_table) {
    return fail(Errc::truncated, "object outside of the list", offset);
  }
  const std::uint64_t marker = TENON_TRY(unsigned_at(offset, 1));
  return Head{static_cast<std::uint8_t>(marker >> 4U), static_cast<std::uint8_t>(marker & 15U),
              offset + 1};
}

Result<std::uint64_t> Reader::count(Head& head) const {
  if (head.low != 15) return head.low;
  const std::uint64_t marker = TENON_TRY(unsigned_at(head.body, 1));
  if (marker >> 4U != 1 || (marker & 15U) > 3) {
    return fail(Errc::malformed, "count that is not an integer", head.body);
  }
  const std::uint64_t size = 1ULL << (marker & 15U);
  const std::uint64_t value = TENON_TRY(unsigned_at(head.body + 1, size));
  head.body += 1 + size;
  return value;
}

Result<ByteView> Reader::payload(Head head, std::uint64_t unit) const {
  const std::uint64_t items = TENON_TRY(count(head));
  if (items > bytes_.size() / unit) return fail(Errc::truncated, "object", head.body);
  return bytes_.slice(head.body, items * unit, "object");
}

Result<Value> Reader::object(std::uint64_t index, unsigned depth) {
  if (++objects_ > max_objects) return fail(Errc::limit, "too many objects");
  if (depth >= max_depth) return fail(Errc::limit, "nested too deeply");
  const Head at = TENON_TRY(head(index));
  if (at.kind != 10 && at.kind != 12 && at.kind != 13) {
    switch (at.kind) {
      case 0: return simple(at);
      case 1: return integer(at);
      case 2: return real(at);
      case 3: return date(at);
      case 4: {
        const ByteView held = TENON_TRY(payload(at, 1));
        TENON_TRY(spend(held.size()));
        return Value(Data(held.bytes().begin(), held.bytes().end()));
      }
      case 5: return ascii(at);
      case 6: return utf16(at);
      case 8: return Value(Uid{TENON_TRY(unsigned_at(at.body, std::uint64_t{at.low} % 8 + 1))});
      default: return fail(Errc::malformed, "unknown kind of object", at.body - 1);
    }
  }
  if (!open_.insert(index).second) return fail(Errc::malformed, "object inside itself", at.body);
  Result<Value> held = at.kind == 13 ? dict(at, depth + 1) : array(at, depth + 1);
  open_.erase(index);
  return held;
}

Result<Value> Reader::simple(const Head& head) const {
  if (head.low == 0) return Value();
  if (head.low == 8 || head.low == 9) return Value(head.low == 9);
  return fail(Errc::malformed, "unknown kind of object", head.body - 1);
}

Result<Value> Reader::integer(const Head& head) const {
  if (head.low > 4) return fail(Errc::malformed, "size of an integer", head.body - 1);
  if (head.low == 4) {
    if (TENON_TRY(unsigned_at(head.body, 8)) != 0) {
      return fail(Errc::unsupported, "integer of more than 64 bits", head.body);
    }
    return Value(TENON_TRY(unsigned_at(head.body + 8, 8)));
  }
  const std::uint64_t value = TENON_TRY(unsigned_at(head.body, 1ULL << head.low));
  // Only those of 8 bytes have a sign.
  if (head.low == 3) return Value(static_cast<std::int64_t>(value));
  return Value(value);
}

Result<Value> Reader::real(const Head& head) const {
  if (head.low == 2) {
    const std::uint64_t bits = TENON_TRY(unsigned_at(head.body, 4));
    return Value(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
  }
  if (head.low != 3) return fail(Errc::malformed, "size of a real", head.body - 1);
  return Value(std::bit_cast<double>(TENON_TRY(unsigned_at(head.body, 8))));
}

Result<Value> Reader::date(const Head& head) const {
  if (head.low != 3) return fail(Errc::malformed, "size of a date", head.body - 1);
  const double seconds = std::bit_cast<double>(TENON_TRY(unsigned_at(head.body, 8)));
  if (!(seconds >= first_date && seconds <= last_date)) {
    return fail(Errc::unsupported, "date outside of the years 1 to 9999", head.body);
  }
  return Value(Date{seconds});
}

Result<Value> Reader::ascii(const Head& head) {
  const ByteView held = TENON_TRY(payload(head, 1));
  TENON_TRY(spend(held.size()));
  for (const std::byte byte : held.bytes()) {
    if (byte >= std::byte{0x80})
      return fail(Errc::malformed, "text that is not ASCII", held.base());
  }
  return Value(std::string(held.text()));
}

Result<Value> Reader::utf16(const Head& head) {
  const ByteView held = TENON_TRY(payload(head, 2));
  TENON_TRY(spend(held.size()));
  const auto units = TENON_TRY(held.array<ub16>(0, held.size() / 2));
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t code = units[i];
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < units.size()) {
      const std::uint32_t low = units[i + 1];
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
        ++i;
      }
    }
    if (!is_scalar(code)) return fail(Errc::malformed, "half a surrogate pair", held.base());
    append_utf8(out, code);
  }
  return Value(std::move(out));
}

Result<Value> Reader::item(std::uint64_t list, std::uint64_t index, unsigned depth) {
  const std::uint64_t size = trailer_.reference_size;
  const std::uint64_t target = TENON_TRY(unsigned_at(list + index * size, size));
  return object(target, depth);
}

Result<Value> Reader::array(Head head, unsigned depth) {
  const std::uint64_t items = TENON_TRY(count(head));
  if (items > (bytes_.size() - head.body) / trailer_.reference_size) {
    return fail(Errc::truncated, "array", head.body);
  }
  Array out;
  for (std::uint64_t i = 0; i < items; ++i) {
    out.push_back(TENON_TRY(item(head.body, i, depth)));
  }
  return Value(std::move(out));
}

Result<Value> Reader::dict(Head head, unsigned depth) {
  const std::uint64_t items = TENON_TRY(count(head));
  if (items > (bytes_.size() - head.body) / trailer_.reference_size / 2) {
    return fail(Errc::truncated, "dictionary", head.body);
  }
  Dict out;
  std::unordered_set<std::string> known;
  for (std::uint64_t i = 0; i < items; ++i) {
    const Value key = TENON_TRY(item(head.body, i, depth));
    if (key.string() == nullptr)
      return fail(Errc::malformed, "key that is not a string", head.body);
    if (!known.insert(*key.string()).second) return fail(Errc::malformed, "key twice", head.body);
    Value held = TENON_TRY(item(head.body, items + i, depth));
    out.add(*key.string(), std::move(held));
  }
  return Value(std::move(out));
}

}  // namespace

bool is_binary(ByteView bytes) { return bytes.text().starts_with("bplist"); }

Result<Value> parse_binary(ByteView bytes) {
  if (!is_binary(bytes)) return fail(Errc::malformed, "no binary property list");
  if (!bytes.text().starts_with("bplist0")) {
    return fail(Errc::unsupported, "version of the binary property list");
  }
  if (bytes.size() < magic.size() + sizeof(Trailer)) return fail(Errc::truncated, "trailer");
  const std::uint64_t end = bytes.size() - sizeof(Trailer);
  const Trailer* trailer = TENON_TRY(bytes.at<Trailer>(end));
  return Reader(TENON_TRY(bytes.slice(0, end)), *trailer).root();
}

}  // namespace tenon::plist
