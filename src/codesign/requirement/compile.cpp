// From text: the grammar of requirements.grammar by recursive descent.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "codesign/requirement/lexer.h"
#include "codesign/requirement/requirement.h"
#include "codesign/requirement/words.h"

namespace tenon::requirement {
namespace {

std::string bytes_of_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(parse_number(digits.substr(i, 2), 16).value_or(0));
  }
  return out;
}

// As it is repeated in a message.
std::string shown(const Token& token) {
  constexpr std::size_t most = 40;
  if (token.kind == Token::Kind::end) return "the end";
  const bool cut = token.text.size() > most;
  std::string text = token.text.substr(0, most);
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return fmt::format("'{}{}'", text, cut ? "..." : "");
}

// An expression and its levels: chains that are read from the left grow deep without parentheses.
struct Built {
  Expression expression;
  unsigned levels = 1;
};

Expression make(Op op) {
  Expression out;
  out.op = static_cast<std::uint32_t>(op);
  return out;
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, const CertificateFile& file)
      : tokens_(std::move(tokens)), file_(file) {}

  Result<Expression, SyntaxError> requirement() {
    Built out = TENON_TRY(disjunction(0));
    skip_semicolons();
    if (now().kind != Token::Kind::end) return unexpected("the end");
    return std::move(out.expression);
  }

  Result<std::vector<Typed>, SyntaxError> set() {
    std::vector<Typed> out;
    while (now().kind != Token::Kind::end) {
      const std::size_t offset = now().offset;
      const std::uint32_t type = TENON_TRY(type_of(now()));
      ++at_;
      if (!take_sign("=>")) return unexpected("=>");
      if (std::ranges::find(out, type, &Typed::type) != out.end()) {
        return syntax("a second requirement of this type", offset);
      }
      Built built = TENON_TRY(disjunction(0));
      out.push_back({type, std::move(built.expression)});
      skip_semicolons();
    }
    if (out.empty()) return unexpected("a requirement");
    std::ranges::sort(out, {}, &Typed::type);
    return out;
  }

  // Whether a set begins here, not a single requirement.
  [[nodiscard]] bool at_set() const { return tokens_.size() > 1 && tokens_[1].is_sign("=>"); }

 private:
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }

  bool take_sign(std::string_view sign) {
    const bool here = now().is_sign(sign);
    at_ += here ? 1 : 0;
    return here;
  }

  bool take_word(std::string_view word) {
    const bool here = now().is_keyword(word);
    at_ += here ? 1 : 0;
    return here;
  }

  void take_equals() {
    if (!take_sign("=")) take_sign("==");
  }

  void skip_semicolons() {
    while (take_sign(";")) {
    }
  }

  std::unexpected<SyntaxError> unexpected(std::string_view wanted) const {
    return syntax(fmt::format("{} where {} is expected", shown(now()), wanted), now().offset);
  }

  std::unexpected<SyntaxError> too_deep() const {
    return syntax("is nested too deeply or too long; macOS would reject it", now().offset);
  }

  Result<std::uint32_t, SyntaxError> type_of(const Token& token) const {
    for (std::uint32_t i = 1; i < type_names.size(); ++i) {
      if (token.is_keyword(type_names[i])) return i;
    }
    const auto number = token.kind == Token::Kind::number ? parse_number(token.text) : std::nullopt;
    if (!number || *number > UINT32_MAX) {
      return unexpected("host, guest, designated, library or plugin");
    }
    return static_cast<std::uint32_t>(*number);
  }

  // Chains hang together on the left.
  template <class Operand>
  Result<Built, SyntaxError> chain(std::string_view word, Op op, Operand operand) {
    Built out = TENON_TRY(operand());
    while (take_word(word)) {
      Built right = TENON_TRY(operand());
      Built both{make(op), std::max(out.levels, right.levels) + 1};
      if (both.levels > max_depth || ++nodes_ > max_nodes) return too_deep();
      both.expression.operands.push_back(std::move(out.expression));
      both.expression.operands.push_back(std::move(right.expression));
      out = std::move(both);
    }
    return out;
  }

  Result<Built, SyntaxError> disjunction(unsigned depth) {
    return chain("or", Op::op_or, [&] { return conjunction(depth); });
  }

  Result<Built, SyntaxError> conjunction(unsigned depth) {
    return chain("and", Op::op_and, [&] { return primary(depth); });
  }

  // `depth` counts what is open: parentheses and negations.
  Result<Built, SyntaxError> primary(unsigned depth) {
    if (depth > max_depth || ++nodes_ > max_nodes) return too_deep();
    if (take_sign("!")) {
      Built inner = TENON_TRY(primary(depth + 1));
      if (inner.levels >= max_depth) return too_deep();
      Built out{make(Op::op_not), inner.levels + 1};
      out.expression.operands.push_back(std::move(inner.expression));
      return out;
    }
    if (now().is_sign("(") && !begins_name(tokens_[at_ + 1])) {
      ++at_;
      Built out = TENON_TRY(disjunction(depth + 1));
      if (!take_sign(")")) return unexpected(")");
      return out;
    }
    return Built{TENON_TRY(condition()), 1};
  }

  Result<Expression, SyntaxError> condition() {
    if (take_sign("(")) return named_code();
    if (take_word("always") || take_word("true")) return make(Op::op_true);
    if (take_word("never") || take_word("false")) return make(Op::op_false);
    if (take_word("notarized")) return make(Op::notarized);
    if (take_word("legacy")) return make(Op::legacy_dev_id);
    if (take_word("identifier")) {
      take_equals();
      return named(Op::ident);
    }
    if (take_word("cdhash")) {
      take_equals();
      Expression out = make(Op::cdhash);
      out.text = TENON_TRY(hash());
      return out;
    }
    if (take_word("platform")) {
      take_equals();
      Expression out = make(Op::platform);
      out.slot = TENON_TRY(integer());
      return out;
    }
    if (take_word("info")) return keyed(Op::info_key_field);
    if (take_word("entitlement")) return keyed(Op::entitlement_field);
    if (take_word("anchor")) return anchor();
    if (take_word("certificate") || take_word("cert")) return certificate();
    return unexpected("a condition");
  }

  Result<Expression, SyntaxError> named(Op op) {
    Expression out = make(op);
    out.text = TENON_TRY(name());
    return out;
  }

  Result<Expression, SyntaxError> named_code() {
    Expression out = TENON_TRY(named(Op::named_code));
    if (!take_sign(")")) return unexpected(")");
    return out;
  }

  Result<Expression, SyntaxError> anchor() {
    if (take_word("trusted")) return make(Op::trusted_certs);
    if (take_word("generic")) {
      if (!take_word("apple")) return unexpected("apple");
      return make(Op::apple_generic_anchor);
    }
    if (!take_word("apple")) return certificate_field(anchor_slot);
    if (take_word("generic")) return make(Op::apple_generic_anchor);
    if (begins_name(now())) return named(Op::named_anchor);
    return make(Op::apple_anchor);
  }

  Result<Expression, SyntaxError> certificate() {
    if (take_word("trusted")) return make(Op::trusted_certs);
    std::int32_t slot = leaf_slot;
    if (take_word("root")) {
      slot = anchor_slot;
    } else if (!take_word("leaf")) {
      slot = TENON_TRY(integer());
    }
    if (take_word("trusted")) {
      Expression out = make(Op::trusted_cert);
      out.slot = slot;
      return out;
    }
    return certificate_field(slot);
  }

  Result<Expression, SyntaxError> certificate_field(std::int32_t slot) {
    if (now().is_sign("[")) return certificate_key(slot);
    take_equals();
    Expression out = make(Op::anchor_hash);
    out.slot = slot;
    out.text = TENON_TRY(certificate_hash());
    return out;
  }

  Result<std::string, SyntaxError> certificate_hash() {
    const Token& token = now();
    if (token.kind != Token::Kind::path && !is_name(token)) return hash();
    if (!file_) return syntax("certificates are named by their SHA-1: H\"...\"", token.offset);
    const auto sha1 = file_(token.text);
    if (!sha1) return syntax(fmt::format("{}: cannot be read", shown(token)), token.offset);
    ++at_;
    return std::string(reinterpret_cast<const char*>(sha1->data()), sha1->size());
  }

  // certMatchOperation of the grammar.
  Result<Expression, SyntaxError> certificate_key(std::int32_t slot) {
    struct Form {
      std::string_view prefix;
      Op op;
    };
    constexpr std::array<Form, 4> forms{{{"timestamp.", Op::cert_field_date},
                                         {"field.", Op::cert_generic},
                                         {"extension.", Op::cert_generic},
                                         {"policy.", Op::cert_policy}}};
    const Token& token = tokens_[std::min(at_ + 1, tokens_.size() - 1)];
    const std::string key = TENON_TRY(bracket());
    Expression out;
    for (const Form& form : forms) {
      if (!key.starts_with(form.prefix)) continue;
      out = make(form.op);
      out.text = oid_der(std::string_view(key).substr(form.prefix.size()));
      if (out.text.empty()) return syntax(shown(token) + " is not an OID", token.offset);
    }
    if (key.starts_with("subject.") || key == "email") {
      out = make(Op::cert_field);
      out.text = key;
    }
    if (out.text.empty()) {
      return syntax(shown(token) + ": unrecognized certificate field", token.offset);
    }
    out.slot = slot;
    TENON_TRY(suffix(out));
    return out;
  }

  Result<Expression, SyntaxError> keyed(Op op) {
    Expression out = make(op);
    out.text = TENON_TRY(bracket());
    TENON_TRY(suffix(out));
    return out;
  }

  Result<std::string, SyntaxError> bracket() {
    if (!take_sign("[")) return unexpected("[");
    std::string key = TENON_TRY(name());
    if (!take_sign("]")) return unexpected("]");
    return key;
  }

  Result<void, SyntaxError> suffix(Expression& out) {
    struct Form {
      std::string_view sign;
      Match text, time;
    };
    constexpr std::array<Form, 4> forms{{{"<=", Match::less_equal, Match::on_or_before},
                                         {">=", Match::greater_equal, Match::on_or_after},
                                         {"<", Match::less_than, Match::before},
                                         {">", Match::greater_than, Match::after}}};
    out.match = Match::exists;
    if (take_word("exists")) return {};
    if (take_word("absent")) {
      out.match = Match::absent;
      return {};
    }
    if (take_sign("~")) return text_value(out, Match::contains);
    for (const Form& form : forms) {
      if (!take_sign(form.sign)) continue;
      if (take_word("timestamp")) return time_value(out, form.time);
      return text_value(out, form.text);
    }
    if (!take_sign("=") && !take_sign("==")) return {};
    if (take_word("timestamp")) return time_value(out, Match::on);
    const bool front = take_sign("*");
    TENON_TRY(text_value(out, front ? Match::ends_with : Match::equal));
    if (take_sign("*")) out.match = front ? Match::contains : Match::begins_with;
    return {};
  }

  Result<void, SyntaxError> text_value(Expression& out, Match match) {
    out.match = match;
    if (now().kind == Token::Kind::number) {
      return syntax(shown(now()) + " must be in quotes", now().offset);
    }
    out.value = TENON_TRY(name());
    return {};
  }

  Result<void, SyntaxError> time_value(Expression& out, Match match) {
    out.match = match;
    const auto time = now().kind == Token::Kind::string ? read_time(now().text) : std::nullopt;
    if (!time) return unexpected("a time such as \"20240131235959Z\"");
    out.time = *time;
    ++at_;
    return {};
  }

  static bool is_name(const Token& token) {
    return token.kind == Token::Kind::string ||
           (token.kind == Token::Kind::word && !is_keyword(token.text));
  }

  static bool begins_name(const Token& token) {
    return is_name(token) || token.kind == Token::Kind::hex;
  }

  Result<std::string, SyntaxError> name() {
    if (now().kind == Token::Kind::hex) return bytes_of_hex(tokens_[at_++].text);
    if (!is_name(now())) return unexpected("a name");
    return tokens_[at_++].text;
  }

  Result<std::int32_t, SyntaxError> integer() {
    const bool negative = take_sign("-");
    const auto number = now().kind == Token::Kind::number ? parse_number(now().text) : std::nullopt;
    const std::uint64_t most = std::uint64_t{INT32_MAX} + (negative ? 1 : 0);
    if (!number || *number > most) return unexpected("a number");
    ++at_;
    const auto value = static_cast<std::int64_t>(*number);
    return static_cast<std::int32_t>(negative ? -value : value);
  }

  Result<std::string, SyntaxError> hash() {
    if (now().kind != Token::Kind::hash || now().text.size() != 2 * sha1_size) {
      return unexpected("a hash of 40 hexadecimal digits, H\"...\",");
    }
    return bytes_of_hex(tokens_[at_++].text);
  }

  std::vector<Token> tokens_;
  const CertificateFile& file_;
  std::size_t at_ = 0, nodes_ = 0;
};

}  // namespace

Result<Expression, SyntaxError> compile(std::string_view text, const CertificateFile& file) {
  return Parser(TENON_TRY(tokens_of(text)), file).requirement();
}

Result<std::vector<Typed>, SyntaxError> compile_set(std::string_view text,
                                                    const CertificateFile& file) {
  Parser parser(TENON_TRY(tokens_of(text)), file);
  if (parser.at_set()) return parser.set();
  std::vector<Typed> out;
  out.push_back({static_cast<std::uint32_t>(Type::designated), TENON_TRY(parser.requirement())});
  return out;
}

}  // namespace tenon::requirement
