// Words and signs of the requirement language. Not for other folders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codesign/requirement/requirement.h"

namespace tenon::requirement {

struct Token {
  enum class Kind : std::uint8_t { end, word, string, number, hash, hex, path, sign };
  Kind kind = Kind::end;
  std::string text;  // of a string, hash or hex what is inside
  std::size_t offset = 0;

  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return kind == Kind::sign && text == sign;
  }
  [[nodiscard]] bool is_keyword(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

[[nodiscard]] std::unexpected<SyntaxError> syntax(std::string message, std::size_t offset);

// All tokens, with one of kind `end` last.
[[nodiscard]] Result<std::vector<Token>, SyntaxError> tokens_of(std::string_view text);

}  // namespace tenon::requirement
