// Property lists of both forms: what is read can be written, and is then read again as it was.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "format/plist/plist.h"

namespace {

using namespace tenon;
using namespace tenon::plist;

// Whether XML holds the value: no null, Uid, NUL, not-a-number or fractions of seconds.
bool has_xml_form(const Value& value) {
  if (value.is_null() || value.uid() != nullptr || value.date() != nullptr) return false;
  if (value.real() != nullptr) return std::isfinite(*value.real());
  if (value.string() != nullptr) return !value.string()->contains('\0');
  if (value.array() != nullptr) {
    for (const Value& item : *value.array()) {
      if (!has_xml_form(item)) return false;
    }
  }
  if (value.dict() != nullptr) {
    for (const Pair& pair : value.dict()->pairs()) {
      if (pair.key.contains('\0') || !has_xml_form(pair.value)) return false;
    }
  }
  return true;
}

void check(const Value& value) {
  const std::string text = write_xml(value, KeyOrder::kept);
  const auto again = parse_xml(view_of(text), Mode::lenient);
  if (has_xml_form(value) && (!again || !(*again == value))) __builtin_trap();
  const std::string sorted = write_xml(value, KeyOrder::sorted);
  if (sorted.size() != text.size()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto strict = parse_xml(bytes, Mode::strict);
  const auto lenient = parse_xml(bytes, Mode::lenient);
  if (strict) {
    // The lenient reader takes all of it, and reads the same.
    if (!lenient || !(*lenient == *strict)) __builtin_trap();
    check(*strict);
  } else if (strict.error().line == 0 || system_text(strict.error()).empty()) {
    __builtin_trap();
  }
  if (lenient) check(*lenient);
  if (const auto value = parse_binary(bytes)) {
    if (size < 65536) check(*value);
  }
  return 0;
}
