// Words of Rust source. Owns the rules of comments, strings and lifetimes; knows no grammar.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace macos_headers {

enum class Kind { name, number, text, lifetime, sign, end };

// A view into the source, which must live longer. Strings keep their quotes and prefix (b"", c"").
// Signs are one character, but for `::`, `->` and `=>`.
struct Token {
  Kind kind = Kind::end;
  std::string_view text;
  unsigned line = 0;
};

// A place in a file of a crate and what was found there.
struct Problem {
  std::string file;
  unsigned line = 0;
  std::string what;
};

// All tokens, with one of Kind::end behind them. Comments are left out, documentation too.
[[nodiscard]] std::expected<std::vector<Token>, Problem> lex(const std::string& file,
                                                             std::string_view source);

}  // namespace macos_headers
