// From text: the grammar of requirements.grammar by recursive descent.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "format/requirement/requirement.h"
#include "format/requirement/words.h"

namespace tenon::requirement {
namespace {

constexpr std::size_t sha1_size = 20;
constexpr std::int64_t epoch = 978307200;  // 2001-01-01

struct Token {
  enum class Kind : std::uint8_t { end, word, string, number, hash, hex, path, sign };
  Kind kind = Kind::end;
  std::string text;
  std::size_t offset = 0;

  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return kind == Kind::sign && text == sign;
  }
  [[nodiscard]] bool is_keyword(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

std::unexpected<SyntaxError> syntax(std::string message, std::size_t offset) {
  return std::unexpected(SyntaxError{std::move(message), offset});
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string bytes_of_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(parse_number(digits.substr(i, 2), 16).value_or(0));
  }
  return out;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Compiled<std::vector<Token>> run() {
    std::vector<Token> out;
    for (;;) {
      TENON_TRY(skip());
      Token token;
      token.offset = at_;
      if (at_ == text_.size()) {
        out.push_back(std::move(token));
        return out;
      }
      TENON_TRY(read(token));
      out.push_back(std::move(token));
    }
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Compiled<void> skip() {
    for (; at_ < text_.size(); ++at_) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("/*")) {
        const std::size_t end = rest.find("*/", 2);
        if (end == std::string_view::npos) return syntax("a comment does not end", at_);
        at_ += end + 1;
      } else if (rest.starts_with('#') || rest.starts_with("//")) {
        at_ += std::min(rest.find('\n'), rest.size() - 1);
      } else if (!std::string_view(" \t\r\n").contains(rest.front())) {
        break;
      }
    }
    return {};
  }

  template <class Is>
  std::string take_while(Is is) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  Compiled<void> read_string(Token& token) {
    token.kind = Token::Kind::string;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        return {};
      }
      if (c == '\\' && ++at_ < text_.size()) c = text_[at_];
      token.text += c;
    }
    return syntax("a string does not end", token.offset);
  }

  Compiled<void> read_hash(Token& token) {
    token.kind = Token::Kind::hash;
    at_ += 2;
    token.text = take_while(is_hex);
    if (peek() != '"') return syntax("a hash is H\"...\" in hexadecimal", token.offset);
    ++at_;
    return {};
  }

  Compiled<void> read(Token& token) {
    const char c = peek();
    if (c == '"') return read_string(token);
    if (c == 'H' && peek(1) == '"') return read_hash(token);
    if (c == '0' && peek(1) == 'x') {
      at_ += 2;
      token.kind = Token::Kind::hex;
      token.text = take_while(is_hex);
      return {};
    }
    const auto is_name = [](char x) { return is_letter(x) || is_digit(x) || x == '.'; };
    if (is_letter(c)) {
      token.kind = Token::Kind::word;
      token.text = take_while(is_name);
      return {};
    }
    if (is_digit(c)) {
      token.kind = Token::Kind::number;
      token.text = take_while(is_name);
      return {};
    }
    if (c == '/' && is_letter(peek(1))) {
      token.kind = Token::Kind::path;
      token.text = take_while([&](char x) { return is_name(x) || x == '/'; });
      return {};
    }
    for (const std::string_view sign : {"=>", "<=", ">=", "==", "(", ")", "[", "]", "<", ">", "=",
                                        "~", "-", "!", "*", ";", ","}) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      token.kind = Token::Kind::sign;
      token.text = sign;
      at_ += sign.size();
      return {};
    }
    return syntax(fmt::format("'{}' means nothing here", without_controls(text_.substr(at_, 1))),
                  at_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// "20240131235959Z" (GeneralizedTime) as seconds since 2001.
std::optional<std::int64_t> read_time(std::string_view text) {
  if (text.size() != 15 || text.back() != 'Z') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    return static_cast<std::int64_t>(parse_number(text.substr(at, size)).value_or(99));
  };
  if (!parse_number(text.substr(0, 14))) return std::nullopt;
  const std::int64_t month = part(4, 2), day = part(6, 2);
  if (month < 1 || month > 12 || day < 1 || day > 31 || part(8, 2) > 23 || part(10, 2) > 59 ||
      part(12, 2) > 59) {
    return std::nullopt;
  }
  const std::int64_t year = part(0, 4) - (month <= 2 ? 1 : 0);
  const std::int64_t era = year / 400, yoe = year - era * 400;
  const std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
  return days * 86400 + part(8, 2) * 3600 + part(10, 2) * 60 + part(12, 2) - epoch;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Compiled<Expression> requirement() {
    Expression out = TENON_TRY(disjunction(0));
    while (take_sign(";")) {
    }
    if (now().kind != Token::Kind::end) return unexpected("the end");
    return out;
  }

  Compiled<std::vector<Typed>> set() {
    std::vector<Typed> out;
    while (now().kind != Token::Kind::end) {
      const std::uint32_t type = TENON_TRY(type_of(now()));
      ++at_;
      if (!take_sign("=>")) return unexpected("=>");
      out.push_back({type, TENON_TRY(disjunction(0))});
      while (take_sign(";")) {
      }
    }
    if (out.empty()) return unexpected("a requirement");
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

  std::unexpected<SyntaxError> unexpected(std::string_view wanted) const {
    const std::string found =
        now().kind == Token::Kind::end ? "the end" : fmt::format("'{}'", now().text);
    return syntax(fmt::format("{} stands where {} is expected", found, wanted), now().offset);
  }

  static Expression make(Op op, std::vector<Expression> operands = {}) {
    Expression out;
    out.op = static_cast<std::uint32_t>(op);
    out.operands = std::move(operands);
    return out;
  }

  Compiled<std::uint32_t> type_of(const Token& token) const {
    constexpr std::array<std::string_view, 5> names{"host", "guest", "designated", "library",
                                                    "plugin"};
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      if (token.is_keyword(names[i])) return i + 1;
    }
    const auto number = token.kind == Token::Kind::number ? parse_number(token.text) : std::nullopt;
    if (!number || *number > UINT32_MAX)
      return unexpected("host, guest, designated, library or plugin");
    return static_cast<std::uint32_t>(*number);
  }

  Compiled<Expression> disjunction(unsigned depth) {
    // Each level of parentheses costs several calls.
    if (depth > max_depth / 4) return syntax("nests too deep", now().offset);
    Expression out = TENON_TRY(conjunction(depth));
    for (std::size_t length = 0; take_word("or"); ++length) {
      if (length > max_depth / 2) return syntax("too many alternatives", now().offset);
      Expression right = TENON_TRY(conjunction(depth));
      std::vector<Expression> both;
      both.push_back(std::move(out));
      both.push_back(std::move(right));
      out = make(Op::op_or, std::move(both));
    }
    return out;
  }

  Compiled<Expression> conjunction(unsigned depth) {
    Expression out = TENON_TRY(primary(depth));
    for (std::size_t length = 0; take_word("and"); ++length) {
      if (length > max_depth / 2) return syntax("too many conditions", now().offset);
      Expression right = TENON_TRY(primary(depth));
      std::vector<Expression> both;
      both.push_back(std::move(out));
      both.push_back(std::move(right));
      out = make(Op::op_and, std::move(both));
    }
    return out;
  }

  Compiled<Expression> primary(unsigned depth) {
    if (depth > max_depth / 4) return syntax("nests too deep", now().offset);
    if (take_sign("!")) {
      std::vector<Expression> one;
      one.push_back(TENON_TRY(primary(depth + 1)));
      return make(Op::op_not, std::move(one));
    }
    if (take_sign("(")) return parenthesis(depth);
    if (take_word("always") || take_word("true")) return make(Op::op_true);
    if (take_word("never") || take_word("false")) return make(Op::op_false);
    if (take_word("notarized")) return make(Op::notarized);
    if (take_word("legacy")) return make(Op::legacy_dev_id);
    if (take_word("identifier")) {
      take_equals();
      Expression out = make(Op::ident);
      out.text = TENON_TRY(name());
      return out;
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

  Compiled<Expression> parenthesis(unsigned depth) {
    const bool named = now().kind == Token::Kind::string ||
                       (now().kind == Token::Kind::word && !is_keyword(now().text));
    Expression out;
    if (named) {
      out = make(Op::named_code);
      out.text = TENON_TRY(name());
    } else {
      out = TENON_TRY(disjunction(depth + 1));
    }
    if (!take_sign(")")) return unexpected(")");
    return out;
  }

  Compiled<Expression> anchor() {
    if (take_word("trusted")) return make(Op::trusted_certs);
    if (take_word("generic")) {
      if (!take_word("apple")) return unexpected("apple");
      return make(Op::apple_generic_anchor);
    }
    if (!take_word("apple")) return certificate_field(anchor_slot);
    if (take_word("generic")) return make(Op::apple_generic_anchor);
    const bool named = now().kind == Token::Kind::string ||
                       (now().kind == Token::Kind::word && !is_keyword(now().text));
    if (!named) return make(Op::apple_anchor);
    Expression out = make(Op::named_anchor);
    out.text = TENON_TRY(name());
    return out;
  }

  Compiled<Expression> certificate() {
    if (take_word("trusted")) return make(Op::trusted_certs);
    std::int32_t slot = leaf_slot;
    if (take_word("leaf")) {
      slot = leaf_slot;
    } else if (take_word("root")) {
      slot = anchor_slot;
    } else {
      const bool negative = take_sign("-");
      slot = TENON_TRY(integer());
      if (negative) slot = -slot;
    }
    if (take_word("trusted")) {
      Expression out = make(Op::trusted_cert);
      out.slot = slot;
      return out;
    }
    return certificate_field(slot);
  }

  Compiled<Expression> certificate_field(std::int32_t slot) {
    if (!now().is_sign("[")) {
      take_equals();
      Expression out = make(Op::anchor_hash);
      out.slot = slot;
      if (now().kind == Token::Kind::path) {
        return syntax("certificates are named by their SHA-1: H\"...\"", now().offset);
      }
      out.text = TENON_TRY(hash());
      return out;
    }
    const std::size_t offset = now().offset;
    const std::string key = TENON_TRY(bracket());
    Expression out;
    struct Form {
      std::string_view prefix;
      Op op;
    };
    constexpr std::array<Form, 4> forms{{{"timestamp.", Op::cert_field_date},
                                         {"field.", Op::cert_generic},
                                         {"extension.", Op::cert_generic},
                                         {"policy.", Op::cert_policy}}};
    for (const Form& form : forms) {
      if (!key.starts_with(form.prefix)) continue;
      out = make(form.op);
      out.text = oid_der(std::string_view(key).substr(form.prefix.size()));
      if (out.text.empty()) return syntax(fmt::format("{}: not an OID", key), offset);
    }
    if (key.starts_with("subject.") || key == "email") {
      out = make(Op::cert_field);
      out.text = key;
    }
    if (out.text.empty()) {
      return syntax(fmt::format("{}: unrecognized certificate field", key), offset);
    }
    out.slot = slot;
    TENON_TRY(suffix(out));
    return out;
  }

  Compiled<Expression> keyed(Op op) {
    Expression out = make(op);
    out.text = TENON_TRY(bracket());
    TENON_TRY(suffix(out));
    return out;
  }

  Compiled<std::string> bracket() {
    if (!take_sign("[")) return unexpected("[");
    std::string key = TENON_TRY(name());
    if (!take_sign("]")) return unexpected("]");
    return key;
  }

  Compiled<void> suffix(Expression& out) {
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

  Compiled<void> text_value(Expression& out, Match match) {
    out.match = match;
    if (now().kind == Token::Kind::hex) {
      if (now().text.empty() || now().text.size() % 2 != 0) {
        return syntax("odd number of digits", now().offset);
      }
      out.value = bytes_of_hex(now().text);
      ++at_;
      return {};
    }
    if (now().kind == Token::Kind::number) {
      out.value = now().text;
      ++at_;
      return {};
    }
    out.value = TENON_TRY(name());
    return {};
  }

  Compiled<void> time_value(Expression& out, Match match) {
    out.match = match;
    const auto time = now().kind == Token::Kind::string ? read_time(now().text) : std::nullopt;
    if (!time) return unexpected("a time such as \"20240131235959Z\"");
    out.time = *time;
    ++at_;
    return {};
  }

  Compiled<std::string> name() {
    const bool word = now().kind == Token::Kind::word && !is_keyword(now().text);
    if (!word && now().kind != Token::Kind::string) return unexpected("a name");
    return tokens_[at_++].text;
  }

  Compiled<std::int32_t> integer() {
    const auto number = now().kind == Token::Kind::number ? parse_number(now().text) : std::nullopt;
    if (!number || *number > INT32_MAX) return unexpected("a number");
    ++at_;
    return static_cast<std::int32_t>(*number);
  }

  Compiled<std::string> hash() {
    if (now().kind != Token::Kind::hash || now().text.size() != 2 * sha1_size) {
      return unexpected("a hash of 40 hexadecimal digits, H\"...\",");
    }
    return bytes_of_hex(tokens_[at_++].text);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

Compiled<Expression> compile(std::string_view text) {
  return Parser(TENON_TRY(Lexer(text).run())).requirement();
}

Compiled<std::vector<Typed>> compile_set(std::string_view text) {
  Parser parser(TENON_TRY(Lexer(text).run()));
  if (parser.at_set()) return parser.set();
  std::vector<Typed> out;
  out.push_back({static_cast<std::uint32_t>(Type::designated), TENON_TRY(parser.requirement())});
  return out;
}

}  // namespace tenon::requirement
