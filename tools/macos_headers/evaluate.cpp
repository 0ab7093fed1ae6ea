#include "macos_headers/evaluate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "macos_headers/syntax.h"

namespace macos_headers {

namespace {

constexpr unsigned deepest = 40;

struct Width {
  std::string_view name;
  unsigned bits = 0;
  bool is_signed = false;
};

// Integers of Rust and C on macOS with 64 bits.
constexpr std::array<Width, 26> widths{{
    {"i8", 8, true},           {"u8", 8, false},           {"i16", 16, true},
    {"u16", 16, false},        {"i32", 32, true},          {"u32", 32, false},
    {"i64", 64, true},         {"u64", 64, false},         {"isize", 64, true},
    {"usize", 64, false},      {"c_char", 8, true},        {"c_uchar", 8, false},
    {"c_short", 16, true},     {"c_ushort", 16, false},    {"c_int", 32, true},
    {"c_uint", 32, false},     {"c_long", 64, true},       {"c_ulong", 64, false},
    {"c_longlong", 64, true},  {"c_ulonglong", 64, false}, {"NSInteger", 64, true},
    {"NSUInteger", 64, false}, {"CFIndex", 64, true},      {"CFOptionFlags", 64, false},
    {"OSStatus", 32, true},    {"OSType", 32, false},
}};

const Width* width_of(std::string_view type) {
  const auto* found = std::ranges::find(widths, type, &Width::name);
  return found == widths.end() ? nullptr : found;
}

Integer highest(const Width& width) {
  const unsigned bits = width.is_signed ? width.bits - 1 : width.bits;
  return (Integer{1} << bits) - 1;
}

// As a cast does: the low bits, read with or without sign.
Integer wrapped(Integer value, const Width& width) {
  const Integer all = Integer{1} << width.bits;
  value &= all - 1;
  if (width.is_signed && value >= all / 2) value -= all;
  return value;
}

std::expected<Value, std::string> number(const std::string& text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c != '_'; });
  const bool hex = digits.starts_with("0x");
  for (const std::string_view suffix :
       {"f64", "f32", "u32", "i32", "u64", "i64", "usize", "isize", "u8", "u16"}) {
    if (!hex && digits.ends_with(suffix)) digits.resize(digits.size() - suffix.size());
  }
  if (!hex && digits.find_first_of(".e") != std::string::npos)
    return std::strtod(digits.c_str(), nullptr);
  const int base = hex ? 16 : digits.starts_with("0b") ? 2 : digits.starts_with("0o") ? 8 : 10;
  char* end = nullptr;
  const std::string bare = base == 10 ? digits : digits.substr(2);
  const std::uint64_t value = std::strtoull(bare.c_str(), &end, base);
  if (*end != '\0') return std::unexpected("the number " + text);
  return Integer{value};
}

Integer swapped(Integer value) {
  return Integer{__builtin_bswap32(static_cast<std::uint32_t>(value))};
}

// The macros of IOKit and of its USB headers: messages and errors are a system, a subsystem and a
// number; a request is a number and the byte bmRequestType of the USB specification.
std::expected<Value, std::string> macro(const std::string& name, const std::vector<Integer>& of) {
  constexpr Integer iokit = Integer{0x38} << 26;
  constexpr Integer usb = Integer{1} << 14;
  constexpr Integer bluetooth = Integer{8} << 14;
  constexpr Integer vendor = Integer{0xffe} << 14;
  const bool error = name.ends_with("_err");
  const auto code = [&](Integer value) {
    return wrapped(iokit | value, *width_of(error ? "i32" : "u32"));
  };
  if (of.size() == 1) {
    if (name == "iokit_common_msg" || name == "iokit_common_err") return code(of[0]);
    if (name == "iokit_usb_msg" || name == "iokit_usb_err") return code(usb | of[0]);
    if (name == "iokit_bluetooth_err") return code(bluetooth | of[0]);
    if (name == "iokit_vendor_specific_msg") return code(vendor | of[0]);
    if (name == "err_system") return (of[0] & 0x3f) << 26;
    if (name == "err_sub") return (of[0] & 0xfff) << 14;
    if (name == "IO_FOUR_CHAR_CODE") return of[0];
    // Four characters in the order of memory: SecBase swaps them on processors of today.
    if (name == "AUTH_TYPE_FIX_") return swapped(of[0]);
    if (name.ends_with("Bit")) return Integer{1} << static_cast<unsigned>(of[0]);
  }
  if (of.size() == 2) {
    if (name == "iokit_family_msg" || name == "iokit_family_err") return code(of[0] | of[1]);
    if (name.ends_with("BitRangePhase")) return of[0];
    if (name.ends_with("BitRange")) {
      const Integer high = Integer{1} << static_cast<unsigned>(of[1]);
      return ~((Integer{1} << static_cast<unsigned>(of[0])) - 1) & (high | (high - 1));
    }
  }
  constexpr unsigned type_shift = 5;
  constexpr unsigned direction_shift = 7;
  if (name == "EncodeRequest" && of.size() == 4) {
    return (of[0] << 8) + of[3] + (of[2] << type_shift) + (of[1] << direction_shift);
  }
  return std::unexpected("the call of " + name);
}

}  // namespace

Integer wrapped_to(Integer value, const std::string& type) {
  const Width* width = width_of(type);
  return width == nullptr ? value : wrapped(value, *width);
}

void Constants::add(const Constant& constant) {
  if (constant.owner.empty()) {
    by_name_.try_emplace(constant.rust_name, constant);
  } else {
    by_name_.try_emplace(constant.owner + "::" + constant.rust_name, constant);
    by_name_.try_emplace(constant.name, constant);
  }
}

std::expected<Value, std::string> Constants::value_of(const Constant& constant) const {
  auto value = evaluate(constant.value, constant.owner, 0);
  if (!value) return value;
  if (const Width* width = width_of(constant.type.name); width != nullptr) {
    if (auto* whole = std::get_if<Integer>(&*value)) *whole = wrapped(*whole, *width);
  }
  return value;
}

std::expected<Value, std::string> Constants::evaluate(const Expression& expression,
                                                      const std::string& owner,
                                                      unsigned depth) const {
  if (depth > deepest) return std::unexpected("a circle of constants");
  switch (expression.kind) {
    case Expression::Kind::number: return number(expression.text);
    case Expression::Kind::text: return expression.text;
    case Expression::Kind::name: return named(expression.text, owner, depth + 1);
    case Expression::Kind::call: return call(expression, owner, depth + 1);
    case Expression::Kind::binary: return binary(expression, owner, depth + 1);
    case Expression::Kind::record: return std::unexpected("a structure as a value");
    case Expression::Kind::unary:
    case Expression::Kind::cast: break;
  }
  auto value = evaluate(expression.operands.front(), owner, depth + 1);
  if (!value) return value;
  auto* whole = std::get_if<Integer>(&*value);
  if (expression.kind == Expression::Kind::cast) {
    const Width* width = width_of(expression.text);
    if (whole != nullptr && width != nullptr) return wrapped(*whole, *width);
    if (whole != nullptr && (expression.text == "c_float" || expression.text == "c_double" ||
                             expression.text == "CGFloat")) {
      return static_cast<double>(*whole);
    }
    return value;
  }
  if (expression.text == "-" && whole != nullptr) return -*whole;
  if (expression.text == "-" && std::holds_alternative<double>(*value))
    return -std::get<double>(*value);
  if (expression.text == "!" && whole != nullptr) return ~*whole;
  return value;  // & and *
}

std::expected<Value, std::string> Constants::named(const std::string& name,
                                                   const std::string& owner, unsigned depth) const {
  const std::size_t colon = name.rfind("::");
  const std::string first = colon == std::string::npos ? "" : name.substr(0, colon);
  const std::string last = colon == std::string::npos ? name : name.substr(colon + 2);
  if (const Width* width = width_of(first); width != nullptr && (last == "MAX" || last == "MIN")) {
    if (last == "MAX") return highest(*width);
    return width->is_signed ? -highest(*width) - 1 : Integer{0};
  }
  if (name == "f64::MAX" || name == "c_double::MAX") return std::numeric_limits<double>::max();
  if (name == "f32::MAX" || name == "c_float::MAX")
    return double{std::numeric_limits<float>::max()};
  if (name == "NSIntegerMax") return highest(*width_of("NSInteger"));
  if (name == "NSUIntegerMax") return highest(*width_of("NSUInteger"));
  if (name == "NSIntegerMin") return -highest(*width_of("NSInteger")) - 1;
  if (name == "true" || name == "false") return Integer{name == "true" ? 1 : 0};
  auto found = by_name_.find(first == "Self" ? owner + "::" + last : name);
  if (found == by_name_.end() && colon != std::string::npos) {
    const std::size_t before = first.rfind("::");  // path::Type::Name
    found = by_name_.find((before == std::string::npos ? first : first.substr(before + 2)) +
                          "::" + last);
    if (found == by_name_.end()) found = by_name_.find(last);
  }
  if (found == by_name_.end()) return std::unexpected("the value of " + name + " is not known");
  auto value = evaluate(found->second.value, found->second.owner, depth);
  if (!value) return value;
  const Width* width = width_of(found->second.type.name);
  if (auto* whole = std::get_if<Integer>(&*value); whole != nullptr && width != nullptr) {
    *whole = wrapped(*whole, *width);
  }
  return value;
}

// Type(value) and from_bits(value) are the value; CStr's makers are the text.
std::expected<Value, std::string> Constants::call(const Expression& expression,
                                                  const std::string& owner, unsigned depth) const {
  std::vector<Value> values;
  for (const Expression& operand : expression.operands) {
    auto value = evaluate(operand, owner, depth);
    if (!value) return value;
    values.push_back(*std::move(value));
  }
  std::vector<Integer> whole;
  for (const Value& value : values) {
    if (const auto* one = std::get_if<Integer>(&value)) whole.push_back(*one);
  }
  const std::string& name = expression.text;
  if (name.ends_with('!')) return macro(name.substr(0, name.size() - 1), whole);
  const bool is_type = name == "Self" || name.ends_with("from_bits_retain") ||
                       name.ends_with("from_bytes_with_nul_unchecked") ||
                       name.ends_with("from_bits_truncate") ||
                       (name[0] >= 'A' && name[0] <= 'Z' && !name.contains("::"));
  if (values.size() == 1 && is_type) return values.front();
  return std::unexpected("the call of " + name);
}

std::expected<Value, std::string> Constants::binary(const Expression& expression,
                                                    const std::string& owner,
                                                    unsigned depth) const {
  auto left = evaluate(expression.operands[0], owner, depth);
  if (!left) return left;
  auto right = evaluate(expression.operands[1], owner, depth);
  if (!right) return right;
  const std::string& sign = expression.text;
  if (std::holds_alternative<double>(*left) || std::holds_alternative<double>(*right)) {
    const auto real = [](const Value& value) {
      const auto* whole = std::get_if<Integer>(&value);
      return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    };
    if (sign == "+") return real(*left) + real(*right);
    if (sign == "-") return real(*left) - real(*right);
    if (sign == "*") return real(*left) * real(*right);
    if (sign == "/") return real(*left) / real(*right);
    return std::unexpected("the operator " + sign + " on a fraction");
  }
  const auto* a = std::get_if<Integer>(&*left);
  const auto* b = std::get_if<Integer>(&*right);
  if (a == nullptr || b == nullptr) return std::unexpected("the operator " + sign + " on a text");
  if ((sign == "<<" || sign == ">>") && (*b < 0 || *b > 64))
    return std::unexpected("a shift out of range");
  if ((sign == "/" || sign == "%") && *b == 0) return std::unexpected("a division by zero");
  if (sign == "|") return *a | *b;
  if (sign == "&") return *a & *b;
  if (sign == "^") return *a ^ *b;
  if (sign == "+") return *a + *b;
  if (sign == "-") return *a - *b;
  if (sign == "*") return *a * *b;
  if (sign == "/") return *a / *b;
  if (sign == "%") return *a % *b;
  if (sign == "<<") return *a << static_cast<unsigned>(*b);
  return *a >> static_cast<unsigned>(*b);
}

}  // namespace macos_headers
