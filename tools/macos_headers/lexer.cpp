#include "macos_headers/lexer.h"

#include <cctype>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace macos_headers {

namespace {

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool continues_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Lexer {
 public:
  Lexer(const std::string& file, std::string_view source) : file_(file), source_(source) {}

  std::expected<std::vector<Token>, Problem> run() {
    while (skip_blank()) {
      const std::size_t start = at_;
      const unsigned line = line_;
      const Kind kind = next();
      if (!problem_.empty()) return std::unexpected(Problem{file_, line, problem_});
      tokens_.push_back({kind, source_.substr(start, at_ - start), line});
    }
    if (!problem_.empty()) return std::unexpected(Problem{file_, line_, problem_});
    tokens_.push_back({Kind::end, {}, line_});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void step() {
    if (peek() == '\n') ++line_;
    ++at_;
  }

  // True when a token follows.
  bool skip_blank() {
    while (at_ < source_.size()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
        step();
      } else if (peek() == '/' && peek(1) == '/') {
        while (at_ < source_.size() && peek() != '\n') ++at_;
      } else if (peek() == '/' && peek(1) == '*') {
        if (!skip_block_comment()) return false;
      } else {
        return true;
      }
    }
    return false;
  }

  bool skip_block_comment() {
    unsigned depth = 0;
    while (at_ < source_.size()) {
      if (peek() == '/' && peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (peek() == '*' && peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) return true;
      } else {
        step();
      }
    }
    problem_ = "a comment has no end";
    return false;
  }

  Kind next() {
    if (const std::size_t prefix = quote_after_prefix(); prefix != std::string_view::npos) {
      at_ += prefix;
      return quoted('"', Kind::text);
    }
    if (peek() == 'b' && peek(1) == '\'') {
      ++at_;
      return quoted('\'', Kind::text);
    }
    if (starts_name(peek())) {
      while (continues_name(peek())) ++at_;
      return Kind::name;
    }
    if (std::isdigit(static_cast<unsigned char>(peek())) != 0) return number();
    if (peek() == '\'') return lifetime_or_character();
    return sign();
  }

  // Characters before the `"` of a string: 0 for "", 1 for b"" and c"".
  [[nodiscard]] std::size_t quote_after_prefix() const {
    if (peek() == '"') return 0;
    if ((peek() == 'b' || peek() == 'c') && peek(1) == '"') return 1;
    return std::string_view::npos;
  }

  Kind quoted(char quote, Kind kind) {
    ++at_;
    while (at_ < source_.size() && peek() != quote) {
      if (peek() == '\\') ++at_;
      step();
    }
    if (at_ >= source_.size()) problem_ = "a string has no end";
    ++at_;
    return kind;
  }

  Kind number() {
    while (continues_name(peek()) || fraction_follows() || exponent_sign_follows()) ++at_;
    return Kind::number;
  }

  [[nodiscard]] bool fraction_follows() const {
    return peek() == '.' && std::isdigit(static_cast<unsigned char>(peek(1))) != 0;
  }

  [[nodiscard]] bool exponent_sign_follows() const {
    const bool hex = source_.substr(at_ > 20 ? at_ - 20 : 0, 20).contains("0x");
    return (peek() == '-' || peek() == '+') && at_ > 0 && (source_[at_ - 1] == 'e') && !hex;
  }

  Kind lifetime_or_character() {
    if (starts_name(peek(1)) && peek(2) != '\'') {
      ++at_;
      while (continues_name(peek())) ++at_;
      return Kind::lifetime;
    }
    return quoted('\'', Kind::text);
  }

  Kind sign() {
    const std::string_view two = source_.substr(at_, 2);
    at_ += two == "::" || two == "->" || two == "=>" ? 2 : 1;
    return Kind::sign;
  }

  std::string file_;
  std::string_view source_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Token> tokens_;
  std::string problem_;
};

}  // namespace

std::expected<std::vector<Token>, Problem> lex(const std::string& file, std::string_view source) {
  return Lexer(file, source).run();
}

}  // namespace macos_headers
