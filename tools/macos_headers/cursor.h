// Walks over the tokens of one file: look, take, skip what is balanced.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "macos_headers/lexer.h"

namespace macos_headers {

// A declaration that is not of the subset; caught where the next declaration begins, so that one
// costs no other.
struct Unread {
  unsigned line = 0;
  std::string what;
};

class Cursor {
 public:
  explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
  }
  [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const {
    return peek(ahead).kind != Kind::text && peek(ahead).text == text;
  }
  [[nodiscard]] bool at_end() const { return peek().kind == Kind::end; }
  [[nodiscard]] std::size_t place() const { return at_; }
  void go_to(std::size_t place) { at_ = place; }

  Token take() {
    if (at_end()) refuse("the file ends");
    return tokens_[at_++];
  }

  bool take_if(std::string_view text) {
    if (at_end() || !is(text)) return false;
    ++at_;
    return true;
  }

  void expect(std::string_view text) {
    if (!take_if(text)) refuse("expected '" + std::string(text) + "'");
  }

  std::string take_name() {
    if (peek().kind != Kind::name) refuse("expected a name");
    std::string_view text = take().text;
    if (text == "r" && is("#")) {  // r#type
      ++at_;
      text = take().text;
    }
    return std::string(text);
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Unread{peek().line, what + ", found '" + std::string(peek().text) + "'"};
  }

  // Counts how deep types and expressions lie in each other, while it lives.
  class Level {
   public:
    explicit Level(Cursor& at) : at_(at) {
      constexpr unsigned deepest = 200;
      if (at_.level_ >= deepest) at_.refuse("nested too deep");
      ++at_.level_;
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --at_.level_; }

   private:
    Cursor& at_;
  };

  // At an opening bracket: behind the closing one, or at the end where there is none.
  void skip_balanced() {
    std::size_t depth = 0;
    do {
      if (at_end()) return;
      if (is("(") || is("[") || is("{")) ++depth;
      if (is(")") || is("]") || is("}")) --depth;
      ++at_;
    } while (depth > 0);
  }

  // Behind the `;` or the block that ends the declaration here, or before the bracket around it.
  void skip_declaration() {
    while (!at_end() && !is(")") && !is("]") && !is("}")) {
      if (is(";")) {
        ++at_;
        return;
      }
      const bool block = is("{");
      if (block || is("(") || is("[")) {
        skip_balanced();
        if (block) return;
      } else {
        ++at_;
      }
    }
  }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  unsigned level_ = 0;
};

}  // namespace macos_headers
