// Finding the end of quoted strings and flow lists, which YAML and JSON share. Not for other
// folders.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "format/tbd/tbd.h"

namespace tenon::tbd {

inline constexpr std::string_view blanks = " \t\r\n";

[[nodiscard]] inline std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

// Length of the quoted string at the start of `text`, quotes included; 0 when it does not end.
// '' stands for ' in single quotes, a backslash escapes in double quotes.
[[nodiscard]] std::size_t quoted_length(std::string_view text);

// Length of the list or object at the start of `text`, brackets included; 0 when it does not end.
[[nodiscard]] std::size_t bracketed_length(std::string_view text);

[[nodiscard]] inline bool is_quote(char c) { return c == '\'' || c == '"'; }

[[nodiscard]] inline std::string_view inner(std::string_view text) {
  return text.size() < 2 ? std::string_view() : text.substr(1, text.size() - 2);
}

// A quoted or plain scalar, without quotes.
[[nodiscard]] inline std::string_view scalar(std::string_view text) {
  return !text.empty() && is_quote(text.front()) ? inner(text) : text;
}

// How many documents and entries are read: each is larger than its shortest text.
[[nodiscard]] inline std::size_t entry_limit(ByteView text) {
  return static_cast<std::size_t>(256 + text.size() / 256);
}

// The list that a key of an entry stands for, nullptr for a key that is not kept.
[[nodiscard]] NameList* list_of(Item& item, std::string_view key);

[[nodiscard]] Result<std::vector<Document>> read_yaml(ByteView text);
[[nodiscard]] Result<std::vector<Document>> read_json(ByteView text);

}  // namespace tenon::tbd
