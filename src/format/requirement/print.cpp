// The text form, as reqdumper.cpp prints it.
#include <fmt/format.h>

#include "base/text.h"
#include "format/requirement/requirement.h"
#include "format/requirement/words.h"

namespace tenon::requirement {
namespace {

enum class Level : std::uint8_t { primary, conjunction, disjunction, top };

// Seconds from 1970-01-01 to 2001-01-01.
constexpr std::int64_t epoch = 978307200;

std::string hex_of(std::string_view bytes) { return to_hex(bytes.data(), bytes.size()); }

// Simple words stand as they are, printable ones in quotes, everything else as 0x...
std::string quoted(std::string_view text, bool dots) {
  bool simple = !text.empty() && !is_digit(text.front()) && !is_keyword(text);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_letter(c) || is_digit(c) || (c == '.' && dots)) continue;
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank && (byte <= ' ' || byte >= 0x7f)) return "0x" + hex_of(text);
    simple = false;
  }
  if (simple) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string slot_text(std::int32_t slot) {
  if (slot == anchor_slot) return " root";
  if (slot == leaf_slot) return " leaf";
  return fmt::format(" {}", slot);
}

// As CFDate describes itself: "2021-03-01 12:00:00 +0000".
std::string time_text(std::int64_t time) {
  constexpr std::int64_t day = 86400;
  constexpr std::int64_t most = 250000000000;  // some 8000 years
  if (time > most || time < -most) return fmt::format("<{}>", time);
  const std::int64_t seconds = time + epoch;
  const std::int64_t days = seconds >= 0 ? seconds / day : -((day - 1 - seconds) / day);
  const std::int64_t rest = seconds - days * day;
  // Civil date of a day count, H. Hinnant's algorithm.
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("<{:04}-{:02}-{:02} {:02}:{:02}:{:02} +0000>", year, month,
                     doy - (153 * mp + 2) / 5 + 1, rest / 3600, rest / 60 % 60, rest % 60);
}

std::string match_text(const Expression& e) {
  switch (e.match) {
    case Match::exists: return " /* exists */";
    case Match::absent: return " absent ";
    case Match::equal: return " = " + quoted(e.value, false);
    case Match::contains: return " ~ " + quoted(e.value, false);
    case Match::begins_with: return " = " + quoted(e.value, false) + "*";
    case Match::ends_with: return " = *" + quoted(e.value, false);
    case Match::less_than: return " < " + quoted(e.value, false);
    case Match::greater_than: return " > " + quoted(e.value, false);
    case Match::less_equal: return " <= " + quoted(e.value, false);
    case Match::greater_equal: return " >= " + quoted(e.value, false);
    case Match::on: return " = " + time_text(e.time);
    case Match::before: return " < " + time_text(e.time);
    case Match::after: return " > " + time_text(e.time);
    case Match::on_or_before: return " <= " + time_text(e.time);
    case Match::on_or_after: return " >= " + time_text(e.time);
  }
  return fmt::format("MATCH OPCODE {} NOT UNDERSTOOD", static_cast<std::uint32_t>(e.match));
}

std::string certificate_text(const Expression& e, std::string_view prefix) {
  const std::string field =
      prefix.empty() ? quoted(e.text, true) : std::string(prefix) + oid_text(e.text);
  return "certificate" + slot_text(e.slot) + "[" + field + "]" + match_text(e);
}

std::string expression_text(const Expression& e, Level level);

std::string binary_text(const Expression& e, Level own, std::string_view word, Level level) {
  const std::string text =
      expression_text(e.operands[0], own) + std::string(word) + expression_text(e.operands[1], own);
  return level < own ? "(" + text + ")" : text;
}

std::string unknown_text(const Expression& e, Level level) {
  const std::uint32_t number = e.op & ~flag_mask;
  if ((e.op & flag_generic_false) != 0) return fmt::format(" false /* opcode {} */", number);
  const std::string rest = e.operands.empty() ? "" : expression_text(e.operands[0], level);
  return fmt::format(" /* opcode {} */", number) + rest;
}

std::string expression_text(const Expression& e, Level level) {
  switch (static_cast<Op>(e.op)) {
    case Op::op_false: return "never";
    case Op::op_true: return "always";
    case Op::ident: return "identifier " + quoted(e.text, false);
    case Op::apple_anchor: return "anchor apple";
    case Op::apple_generic_anchor: return "anchor apple generic";
    case Op::anchor_hash:
      return "certificate" + slot_text(e.slot) + " = H\"" + hex_of(e.text) + "\"";
    case Op::info_key_value:
      return "info[" + quoted(e.text, true) + "] = " + quoted(e.value, false);
    case Op::op_and: return binary_text(e, Level::conjunction, " and ", level);
    case Op::op_or: return binary_text(e, Level::disjunction, " or ", level);
    case Op::op_not: return "! " + expression_text(e.operands[0], Level::primary);
    case Op::cdhash: return "cdhash H\"" + hex_of(e.text) + "\"";
    case Op::info_key_field: return "info[" + quoted(e.text, true) + "]" + match_text(e);
    case Op::entitlement_field: return "entitlement[" + quoted(e.text, true) + "]" + match_text(e);
    case Op::cert_field: return certificate_text(e, "");
    case Op::cert_field_date: return certificate_text(e, "timestamp.");
    case Op::cert_generic: return certificate_text(e, "field.");
    case Op::cert_policy: return certificate_text(e, "policy.");
    // codesign prints no blank here; with one it can be compiled again.
    case Op::trusted_cert: return "certificate" + slot_text(e.slot) + " trusted";
    case Op::trusted_certs: return "anchor trusted";
    case Op::named_anchor: return "anchor apple " + quoted(e.text, false);
    case Op::named_code: return "(" + quoted(e.text, false) + ")";
    case Op::platform: return fmt::format("platform = {}", e.slot);
    case Op::notarized: return "notarized";
    case Op::legacy_dev_id: return "legacy";
  }
  return unknown_text(e, level);
}

}  // namespace

std::string print(const Expression& expression) {
  std::string text = expression_text(expression, Level::top);
  if (text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::string print_set(const std::vector<Typed>& set) {
  constexpr std::array<std::string_view, 6> names{"invalid",    "host",    "guest",
                                                  "designated", "library", "plugin"};
  std::string out;
  for (const Typed& each : set) {
    out += each.type < names.size() ? fmt::format("{} => ", names[each.type])
                                    : fmt::format("/*unknown type*/ {} => ", each.type);
    out += expression_text(each.expression, Level::top) + "\n";
  }
  return out;
}

std::string oid_text(std::string_view der) {
  std::string out;
  std::uint64_t value = 0;
  bool open = false;
  for (const char c : der) {
    const auto byte = static_cast<unsigned char>(c);
    if (value > (UINT64_MAX >> 7U)) return {};
    value = value << 7U | (byte & 0x7fU);
    open = (byte & 0x80U) != 0;
    if (open) continue;
    if (out.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(value / 40, 2);
      out = fmt::format("{}.{}", first, value - first * 40);
    } else {
      out += fmt::format(".{}", value);
    }
    value = 0;
  }
  return open ? std::string() : out;
}

std::string oid_der(std::string_view text) {
  std::vector<std::uint64_t> arcs;
  for (const std::string_view part : split(text, '.')) {
    const auto number = parse_number(part);
    if (!number) return {};
    arcs.push_back(*number);
  }
  if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) ||
      arcs[1] > UINT64_MAX - 80) {
    return {};
  }
  arcs[1] += arcs[0] * 40;
  std::string out;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    std::string digits(1, static_cast<char>(arcs[i] & 0x7fU));
    for (std::uint64_t rest = arcs[i] >> 7U; rest != 0; rest >>= 7U) {
      digits.insert(digits.begin(), static_cast<char>((rest & 0x7fU) | 0x80U));
    }
    out += digits;
  }
  return out;
}

}  // namespace tenon::requirement
