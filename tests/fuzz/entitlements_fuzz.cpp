// DER entitlements: there is one encoding of each dictionary, so that what is read is written again
// byte by byte.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "codesign/entitlements/entitlements.h"

namespace {

using namespace tenon;

void check_der(ByteView bytes) {
  const auto value = entitlements::parse_der(bytes);
  if (!value) return;
  const auto again = entitlements::write_der(*value);
  if (!again || !std::ranges::equal(*again, bytes.bytes())) __builtin_trap();
  if (!entitlements::compare(*value, *value).empty()) __builtin_trap();
}

void check_xml(ByteView bytes) {
  const auto value = plist::parse_xml(bytes, plist::Mode::strict);
  if (!value) return;
  const auto der = entitlements::write_der(*value);
  if (!der) return;
  const auto again = entitlements::parse_der(ByteView(std::span<const std::byte>(*der)));
  if (!again || !entitlements::compare(*value, *again).empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  check_der(bytes);
  check_xml(bytes);
  return 0;
}
