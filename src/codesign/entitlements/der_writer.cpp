#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/entitlements/der.h"
#include "codesign/entitlements/entitlements.h"
#include "format/plist/value.h"

namespace tenon::entitlements {
namespace {

using plist::Value;

void put_byte(std::string& out, std::uint64_t byte) { out += static_cast<char>(byte & 0xffU); }

std::string item(std::uint8_t tag, std::string_view body) {
  std::string out;
  put_byte(out, tag);
  if (body.size() < 0x80) {
    put_byte(out, body.size());
  } else {
    unsigned count = 1;
    while (count < 8 && std::uint64_t{body.size()} >> (8U * count) != 0) ++count;
    put_byte(out, 0x80U | count);
    for (unsigned i = count; i-- > 0;) put_byte(out, std::uint64_t{body.size()} >> (8U * i));
  }
  return out += body;
}

std::string integer(std::int64_t value) {
  // As many bytes as leave the sign in the first of them.
  unsigned count = 1;
  while (count < 8) {
    const std::int64_t rest = value >> (8U * count - 1);
    if (rest == 0 || rest == -1) break;
    ++count;
  }
  std::string body;
  for (unsigned i = count; i-- > 0;) put_byte(body, static_cast<std::uint64_t>(value) >> (8U * i));
  return item(der::integer, body);
}

Result<std::string> encode(const Value& value, unsigned depth);

Result<std::string> array(const plist::Array& items, unsigned depth) {
  std::string body;
  for (const Value& held : items) body += TENON_TRY(encode(held, depth + 1));
  return item(der::sequence, body);
}

Result<std::string> dict(const plist::Dict& items, unsigned depth) {
  std::vector<const plist::Pair*> pairs;
  for (const plist::Pair& pair : items.pairs()) pairs.push_back(&pair);
  std::ranges::sort(pairs, {}, &plist::Pair::key);
  const auto same = [](const auto* a, const auto* b) { return a->key == b->key; };
  if (std::ranges::adjacent_find(pairs, same) != pairs.end()) {
    return fail(Errc::invalid_argument, "key twice");
  }
  std::string body;
  for (const plist::Pair* pair : pairs) {
    const std::string held = TENON_TRY(encode(pair->value, depth + 1));
    body += item(der::sequence, item(der::utf8_string, pair->key) + held);
  }
  return item(der::dictionary, body);
}

Result<std::string> encode(const Value& value, unsigned depth) {
  if (depth > max_depth) return fail(Errc::limit, "nested too deeply");
  if (value.boolean() != nullptr)
    return item(der::boolean, *value.boolean() ? "\xff" : std::string(1, '\0'));
  if (value.integer() != nullptr) return integer(*value.integer());
  if (value.string() != nullptr) return item(der::utf8_string, *value.string());
  if (value.array() != nullptr) return array(*value.array(), depth);
  if (value.dict() != nullptr) return dict(*value.dict(), depth);
  if (value.data() != nullptr) {
    return item(der::octet_string, ByteView(std::span<const std::byte>(*value.data())).text());
  }
  return fail(Errc::invalid_argument, "value that entitlements cannot have");
}

}  // namespace

Result<std::vector<std::byte>> write_der(const Value& dictionary) {
  if (dictionary.dict() == nullptr) return fail(Errc::invalid_argument, "no dictionary");
  const std::string held = TENON_TRY(encode(dictionary, 0));
  const std::string out = item(der::application, integer(der::version) + held);
  const auto bytes = view_of(out).bytes();
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace tenon::entitlements
