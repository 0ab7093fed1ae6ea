#include "codesign/requirement/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "codesign/requirement/requirement.h"
#include "codesign/requirement/words.h"

namespace tenon::requirement {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>, SyntaxError> run() {
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

  Result<void, SyntaxError> skip() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("/*")) {
        TENON_TRY(skip_comment());
      } else if (rest.starts_with('#') || rest.starts_with("//")) {
        at_ += std::min(rest.find('\n'), rest.size());
      } else if (std::string_view(" \t\r\n").contains(rest.front())) {
        ++at_;
      } else {
        break;
      }
    }
    return {};
  }

  // A star takes what follows it along, unless that ends the comment: "**/" does not. Whoever
  // reads a comment differently than Apple's compiler reads another requirement.
  Result<void, SyntaxError> skip_comment() {
    const std::size_t start = at_;
    for (at_ += 2; at_ < text_.size(); ++at_) {
      if (peek() != '*') continue;
      ++at_;
      if (peek() != '/') continue;
      ++at_;
      return {};
    }
    return syntax("unterminated comment", start);
  }

  template <class Is>
  std::string take_while(Is is) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  Result<void, SyntaxError> read_string(Token& token) {
    token.kind = Token::Kind::string;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        return {};
      }
      if (c == '\\') {
        ++at_;
        c = peek();
        if (c != '"' && c != '\\') return syntax("a backslash stands before no quote", at_ - 1);
      }
      if (!is_vocabulary(c)) return syntax("a byte that is not UTF-8", at_);
      token.text += c;
    }
    return syntax("unterminated string", token.offset);
  }

  Result<void, SyntaxError> read_hash(Token& token) {
    token.kind = Token::Kind::hash;
    at_ += 2;
    token.text = take_while(is_hex);
    if (peek() != '"' || token.text.empty()) {
      return syntax("a hash is H\"...\" in hexadecimal", token.offset);
    }
    ++at_;
    return {};
  }

  Result<void, SyntaxError> read_hex(Token& token) {
    token.kind = Token::Kind::hex;
    at_ += 2;
    token.text = take_while(is_hex);
    if (token.text.size() % 2 != 0) return syntax("odd number of digits", token.offset);
    if (token.text.empty()) return syntax("0x without digits", token.offset);
    return {};
  }

  // "com.example.3d": after a dot either a name or digits alone.
  Result<void, SyntaxError> read_word(Token& token) {
    token.kind = Token::Kind::word;
    token.text = take_while(is_alphanumeric);
    while (peek() == '.') {
      ++at_;
      const std::string part =
          is_digit(peek()) ? take_while(is_digit) : take_while(is_alphanumeric);
      if (part.empty()) return syntax("a name ends with a dot: put it in quotes", token.offset);
      token.text += '.' + part;
    }
    return {};
  }

  Result<void, SyntaxError> read_path(Token& token) {
    token.kind = Token::Kind::path;
    std::size_t parts = 0;
    for (; peek() == '/' && is_letter(peek(1)); ++parts) {
      token.text += '/';
      ++at_;
      token.text += take_while(is_alphanumeric);
    }
    if (parts < 2) return syntax("a path has two or more parts, or is in quotes", token.offset);
    return {};
  }

  Result<void, SyntaxError> read(Token& token) {
    const char c = peek();
    if (c == '"') return read_string(token);
    if (c == 'H' && peek(1) == '"') return read_hash(token);
    if (c == '0' && peek(1) == 'x') return read_hex(token);
    if (is_letter(c)) return read_word(token);
    if (is_digit(c)) {
      token.kind = Token::Kind::number;
      token.text = take_while(is_digit);
      return {};
    }
    if (c == '/') return read_path(token);
    return read_sign(token);
  }

  Result<void, SyntaxError> read_sign(Token& token) {
    for (const std::string_view sign : {"=>", "<=", ">=", "==", "(", ")", "[", "]", "<", ">", "=",
                                        "~", "-", "!", "*", ";", ","}) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      token.kind = Token::Kind::sign;
      token.text = sign;
      at_ += sign.size();
      return {};
    }
    const char c = peek();
    const bool printable = c > ' ' && c < '\x7f';
    return syntax(
        fmt::format("{} is not expected here",
                    printable ? fmt::format("'{}'", c)
                              : fmt::format("byte {:#04x}", static_cast<unsigned char>(c))),
        at_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::unexpected<SyntaxError> syntax(std::string message, std::size_t offset) {
  return std::unexpected(SyntaxError{std::move(message), offset});
}

Result<std::vector<Token>, SyntaxError> tokens_of(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace tenon::requirement
