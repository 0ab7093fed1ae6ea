// Small text helpers that every layer needs. No locale, no regular expressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"

namespace tenon {

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// Words separated by any run of blanks; empty words do not occur.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text TENON_LIFETIMEBOUND);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10);
[[nodiscard]] std::string to_hex(const void* data, std::size_t size);
// Length of the character of UTF-8 at the front of text that is not empty; 0 when it is none, and
// for U+FFFE and U+FFFF, which XML does not take either.
[[nodiscard]] std::size_t character_length(std::string_view text);
// `text` as one shell word: quoted only when it has to be.
[[nodiscard]] std::string shell_quote(std::string_view text);
[[nodiscard]] std::string shell_join(const std::vector<std::string>& argv);
// `argv` in the form that cmd/go splits again (quoted.Join): fields with blanks or quotes are put
// in ' or "; a field that holds blanks and both kinds of quotes cannot be written and gives
// nullopt.
[[nodiscard]] std::optional<std::string> go_quote(const std::vector<std::string>& argv);
// The split of cmd/go (cmd/internal/quoted): blanks separate, ' and " group, nothing escapes.
// nullopt for an unterminated quote.
[[nodiscard]] std::optional<std::vector<std::string>> go_split(std::string_view text);
// The candidate nearest to `word` by edit distance, or empty when none is near enough to be meant.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& candidates);

}  // namespace tenon
