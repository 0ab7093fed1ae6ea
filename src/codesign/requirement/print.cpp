// The text form: as reqdumper.cpp prints it, and as the compiler reads it back.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "codesign/requirement/requirement.h"
#include "codesign/requirement/words.h"

namespace tenon::requirement {
namespace {

enum class Level : std::uint8_t { primary, conjunction, disjunction, top };

std::string hex_of(std::string_view bytes) { return to_hex(bytes.data(), bytes.size()); }

std::string in_quotes(std::string_view text) {
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

// A word that the lexer takes for a name: letters and digits in parts between dots, of which the
// first one does not begin with a digit. Parts that begin with one are numbers.
bool is_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front()) || is_keyword(text)) return false;
  for (const std::string_view part : split(text, '.')) {
    if (part.empty()) return false;
    for (const char c : part) {
      if (!is_digit(c) && (is_digit(part.front()) || !is_letter(c))) return false;
    }
  }
  return true;
}

// Signs and words between operands are the same in both styles.
struct MatchSign {
  Match match;
  std::string_view before, after;
};
constexpr std::array<MatchSign, 13> match_signs{{{Match::equal, " = ", ""},
                                                 {Match::contains, " ~ ", ""},
                                                 {Match::begins_with, " = ", "*"},
                                                 {Match::ends_with, " = *", ""},
                                                 {Match::less_than, " < ", ""},
                                                 {Match::greater_than, " > ", ""},
                                                 {Match::less_equal, " <= ", ""},
                                                 {Match::greater_equal, " >= ", ""},
                                                 {Match::on, " = ", ""},
                                                 {Match::before, " < ", ""},
                                                 {Match::after, " > ", ""},
                                                 {Match::on_or_before, " <= ", ""},
                                                 {Match::on_or_after, " >= ", ""}}};

class Printer {
 public:
  explicit Printer(bool for_compiler) : for_compiler_(for_compiler) {}

  // Whether the compiler makes the same of it; always, for codesign's style.
  [[nodiscard]] bool faithful() const { return faithful_; }

  std::string expression(const Expression& e, Level level) {
    const Op op = e.kind();
    if (op != Op::unknown && (e.op & flag_mask) != 0) lose();
    switch (op) {
      case Op::op_false: return "never";
      case Op::op_true: return "always";
      case Op::ident: return "identifier " + name(e.text, false);
      case Op::apple_anchor: return "anchor apple";
      case Op::apple_generic_anchor: return "anchor apple generic";
      case Op::anchor_hash: return "certificate" + slot_text(e.slot) + " = " + hash(e.text);
      case Op::info_key_value:
        lose();  // what is written so becomes info_key_field
        return "info[" + name(e.text, true) + "] = " + value(e.value);
      case Op::op_and: return junction(e, Level::conjunction, " and ", level);
      case Op::op_or: return junction(e, Level::disjunction, " or ", level);
      case Op::op_not: return "! " + expression(e.operands[0], Level::primary);
      case Op::cdhash: return "cdhash " + hash(e.text);
      case Op::info_key_field: return "info[" + name(e.text, true) + "]" + match(e);
      case Op::entitlement_field: return "entitlement[" + name(e.text, true) + "]" + match(e);
      case Op::cert_field:
        if (!e.text.starts_with("subject.") && e.text != "email") lose();
        return certificate(e, name(e.text, true));
      case Op::cert_field_date: return certificate(e, "timestamp." + oid(e.text));
      case Op::cert_generic: return certificate(e, "field." + oid(e.text));
      case Op::cert_policy: return certificate(e, "policy." + oid(e.text));
      case Op::trusted_cert:
        return "certificate" + slot_text(e.slot) + (for_compiler_ ? " trusted" : "trusted");
      case Op::trusted_certs: return "anchor trusted";
      case Op::named_anchor: return "anchor apple " + name(e.text, false);
      case Op::named_code: return "(" + name(e.text, false) + ")";
      case Op::platform: return fmt::format("platform = {}", e.slot);
      case Op::notarized: return "notarized";
      case Op::legacy_dev_id: return "legacy";
      case Op::unknown: break;
    }
    return unknown(e, level);
  }

 private:
  void lose() { faithful_ = !for_compiler_ && faithful_; }

  std::string junction(const Expression& e, Level own, std::string_view word, Level level) {
    // The compiler reads chains from the left: what hangs together on the right needs parentheses.
    const Level right = !for_compiler_              ? own
                        : own == Level::disjunction ? Level::conjunction
                                                    : Level::primary;
    std::string text = expression(e.operands[0], own);
    text += word;
    text += expression(e.operands[1], right);
    return level < own ? "(" + text + ")" : text;
  }

  std::string certificate(const Expression& e, const std::string& field) {
    return "certificate" + slot_text(e.slot) + "[" + field + "]" + match(e);
  }

  std::string unknown(const Expression& e, Level level) {
    lose();
    const std::uint32_t number = e.op & ~flag_mask;
    if ((e.op & flag_generic_false) != 0) return fmt::format(" false /* opcode {} */", number);
    std::string rest;
    if (!e.operands.empty()) rest = " " + expression(e.operands[0], level);
    return fmt::format(" /* opcode {} */", number) + rest;
  }

  std::string hash(std::string_view bytes) {
    if (bytes.size() != sha1_size) lose();
    return "H\"" + hex_of(bytes) + "\"";
  }

  std::string oid(std::string_view der) {
    std::string text = oid_text(der);
    if (for_compiler_ && (der.empty() || oid_der(text) != der)) lose();
    return text;
  }

  // Where the grammar wants a string.
  [[nodiscard]] std::string name(std::string_view text, bool dots) const {
    if (!for_compiler_) return data(text, dots);
    if (is_name(text)) return std::string(text);
    return std::ranges::all_of(text, is_vocabulary) ? in_quotes(text) : "0x" + hex_of(text);
  }

  // Where it takes hexadecimal digits too.
  [[nodiscard]] std::string value(std::string_view text) const {
    if (!for_compiler_) return data(text, false);
    const bool plain = std::ranges::all_of(text, is_vocabulary) && !text.contains('\\');
    return plain ? name(text, false) : "0x" + hex_of(text);
  }

  // Simple words stand as they are, printable ones in quotes, everything else as 0x...
  static std::string data(std::string_view text, bool dots) {
    bool simple = !text.empty() && !is_digit(text.front()) && !is_keyword(text);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (is_letter(c) || is_digit(c) || (c == '.' && dots)) continue;
      const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
      if (!blank && (byte <= ' ' || byte >= 0x7f)) return "0x" + hex_of(text);
      simple = false;
    }
    return simple ? std::string(text) : in_quotes(text);
  }

  std::string match(const Expression& e) {
    if (e.match == Match::exists) return for_compiler_ ? " exists" : " /* exists */";
    if (e.match == Match::absent) return for_compiler_ ? " absent" : " absent ";
    for (const MatchSign& sign : match_signs) {
      if (sign.match != e.match) continue;
      return std::string(sign.before) + (is_time_match(e.match) ? time(e.time) : value(e.value)) +
             std::string(sign.after);
    }
    lose();
    return fmt::format("MATCH OPCODE {} NOT UNDERSTOOD", static_cast<std::int32_t>(e.match));
  }

  std::string time(std::int64_t seconds) {
    if (!for_compiler_) return '<' + time_text(seconds) + '>';
    const Civil at = is_near(seconds) ? civil_of(seconds) : Civil{-1};
    if (at.year < 0 || at.year > last_year) lose();
    return fmt::format("timestamp \"{:04}{:02}{:02}{:02}{:02}{:02}Z\"", at.year, at.month, at.day,
                       at.hour, at.minute, at.second);
  }

  bool for_compiler_ = false, faithful_ = true;
};

constexpr const char* no_text = "a requirement that no text compiles to";

}  // namespace

std::string print(const Expression& expression) {
  std::string text = Printer(false).expression(expression, Level::top);
  if (text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::string print_set(const std::vector<Typed>& set) {
  std::string out;
  for (const Typed& each : set) {
    out += each.type < type_names.size()
               ? fmt::format("{} => ", type_names[each.type])
               : fmt::format("/*unknown type*/ {} => ", static_cast<std::int32_t>(each.type));
    out += Printer(false).expression(each.expression, Level::top) + "\n";
  }
  return out;
}

Result<std::string> source(const Expression& expression) {
  Printer printer(true);
  std::string text = printer.expression(expression, Level::top);
  if (!printer.faithful()) return fail(Errc::unsupported, no_text);
  return text;
}

Result<std::string> source_set(const std::vector<Typed>& set) {
  std::string out;
  std::int64_t last = -1;
  for (const Typed& each : set) {
    if (each.type <= last) return fail(Errc::unsupported, no_text);
    last = each.type;
    const bool named = each.type != 0 && each.type < type_names.size();
    out += named ? std::string(type_names[each.type]) : fmt::format("{}", each.type);
    out += " => " + TENON_TRY(source(each.expression)) + "\n";
  }
  if (set.empty()) return fail(Errc::unsupported, no_text);
  return out;
}

}  // namespace tenon::requirement
