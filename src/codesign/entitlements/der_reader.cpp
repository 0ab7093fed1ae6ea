#include "codesign/entitlements/der.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/entitlements/entitlements.h"
#include "format/plist/unicode.h"
#include "format/plist/value.h"

namespace tenon::entitlements {
namespace {

using plist::Value;

struct Item {
  std::uint8_t tag = 0;
  ByteView body;
};

// Items one behind the other.
class Items {
 public:
  explicit Items(ByteView bytes) : bytes_(bytes) {}

  [[nodiscard]] bool done() const { return at_ == bytes_.size(); }

  Result<Item> next() {
    const std::uint64_t start = at_;
    const std::uint8_t tag = TENON_TRY(byte());
    if ((tag & 0x1fU) == 0x1f) return fail(Errc::unsupported, "long DER tag", where(start));
    const std::uint64_t size = TENON_TRY(length());
    const ByteView body = TENON_TRY(bytes_.slice(at_, size, "DER value"));
    at_ += size;
    return Item{tag, body};
  }

  Result<ByteView> expect(std::uint8_t tag, const char* what) {
    const std::uint64_t start = at_;
    const Item item = TENON_TRY(next());
    if (item.tag != tag) return fail(Errc::malformed, what, where(start));
    return item.body;
  }

  Result<void> finish() const {
    if (!done()) return fail(Errc::malformed, "bytes after the DER value", where(at_));
    return {};
  }

 private:
  [[nodiscard]] std::uint64_t where(std::uint64_t at) const { return bytes_.base() + at; }

  Result<std::uint8_t> byte() {
    const ByteView one = TENON_TRY(bytes_.slice(at_, 1, "DER value"));
    ++at_;
    return std::to_integer<std::uint8_t>(*one.data());
  }

  Result<std::uint64_t> length() {
    const std::uint64_t start = at_;
    const std::uint8_t first = TENON_TRY(byte());
    if (first < 0x80) return first;
    const unsigned count = first & 0x7fU;
    if (count == 0 || count > 8) return fail(Errc::malformed, "DER length", where(start));
    std::uint64_t size = 0;
    for (unsigned i = 0; i < count; ++i) size = size << 8U | TENON_TRY(byte());
    const bool shorter = size < 0x80 || size >> (8U * (count - 1)) == 0;
    if (shorter)
      return fail(Errc::malformed, "DER length that is longer than needed", where(start));
    return size;
  }

  ByteView bytes_;
  std::uint64_t at_ = 0;
};

Result<Value> value(const Item& item, unsigned depth);

Result<std::string> text(ByteView body) {
  if (plist::first_bad_utf8(body.text()) != std::string_view::npos) {
    return fail(Errc::malformed, "text that is not UTF-8", body.base());
  }
  return std::string(body.text());
}

Result<Value> boolean(ByteView body) {
  const std::byte held = body.size() == 1 ? *body.data() : std::byte{1};
  if (held != std::byte{0} && held != std::byte{0xff}) {
    return fail(Errc::malformed, "DER boolean", body.base());
  }
  return Value(held == std::byte{0xff});
}

Result<Value> integer(ByteView body) {
  if (body.empty()) return fail(Errc::malformed, "DER integer", body.base());
  if (body.size() > 8) return fail(Errc::unsupported, "integer of more than 64 bits", body.base());
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint8_t>(body.bytes()[i]); };
  const bool negative = byte(0) >= 0x80;
  if (body.size() > 1 && byte(0) == (negative ? 0xff : 0) && (byte(1) >= 0x80) == negative) {
    return fail(Errc::malformed, "DER integer that is longer than needed", body.base());
  }
  std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < body.size(); ++i) bits = bits << 8U | byte(i);
  return Value(static_cast<std::int64_t>(bits));
}

Result<Value> array(ByteView body, unsigned depth) {
  plist::Array out;
  Items items(body);
  while (!items.done()) {
    const Item item = TENON_TRY(items.next());
    out.push_back(TENON_TRY(value(item, depth + 1)));
  }
  return Value(std::move(out));
}

Result<Value> dict(ByteView body, unsigned depth) {
  plist::Dict out;
  Items items(body);
  std::optional<std::string> before;
  while (!items.done()) {
    Items pair(TENON_TRY(items.expect(der::sequence, "entry that is not a sequence")));
    const ByteView name = TENON_TRY(pair.expect(der::utf8_string, "key that is not text"));
    std::string key = TENON_TRY(text(name));
    if (before && *before == key) return fail(Errc::malformed, "key twice", name.base());
    if (before && *before > key) return fail(Errc::malformed, "keys not sorted", name.base());
    before = key;
    const Item item = TENON_TRY(pair.next());
    Value held = TENON_TRY(value(item, depth + 1));
    TENON_TRY(pair.finish());
    out.add(std::move(key), std::move(held));
  }
  return Value(std::move(out));
}

Result<Value> value(const Item& item, unsigned depth) {
  if (depth > max_depth) return fail(Errc::limit, "nested too deeply", item.body.base());
  switch (item.tag) {
    case der::boolean: return boolean(item.body);
    case der::integer: return integer(item.body);
    case der::utf8_string: return Value(TENON_TRY(text(item.body)));
    case der::octet_string:
      return Value(plist::Data(item.body.bytes().begin(), item.body.bytes().end()));
    case der::sequence: return array(item.body, depth);
    case der::dictionary: return dict(item.body, depth);
    default: return fail(Errc::unsupported, "type that entitlements do not have", item.body.base());
  }
}

}  // namespace

Result<Value> parse_der(ByteView der) {
  Items outside(der);
  const Item outer = TENON_TRY(outside.next());
  if (outer.tag == der::set) return fail(Errc::unsupported, "entitlements without a version");
  if (outer.tag != der::application) return fail(Errc::malformed, "no DER entitlements");
  TENON_TRY(outside.finish());
  Items items(outer.body);
  const ByteView version = TENON_TRY(items.expect(der::integer, "no version"));
  const Value number = TENON_TRY(integer(version));
  if (*number.integer() != der::version) return fail(Errc::unsupported, "version of entitlements");
  const ByteView body = TENON_TRY(items.expect(der::dictionary, "no dictionary"));
  TENON_TRY(items.finish());
  return dict(body, 0);
}

}  // namespace tenon::entitlements
