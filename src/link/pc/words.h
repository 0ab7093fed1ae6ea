// Words of a field, divided as a shell would do it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::pc {

enum class Quotes {
  remove,  // the words as a program gets them
  keep,    // quotes and backslashes only say where words end: the text is expanded later
};

// Nothing when a quote or a backslash is left open. Runs of blanks divide once.
[[nodiscard]] std::optional<std::vector<std::string>> split_words(std::string_view text,
                                                                  Quotes quotes);

// The characters that C's isspace takes for blanks, whatever the locale.
[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_number(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

[[nodiscard]] bool same_letters(std::string_view one, std::string_view other);

}  // namespace tenon::pc
