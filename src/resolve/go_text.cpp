#include "resolve/go_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::resolve {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

bool go_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view go_trim(std::string_view text) {
  while (!text.empty() && go_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && go_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> go_fields(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !go_space(text[i])) continue;
    if (start < i) out.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  return out;
}

std::uint32_t go_number(std::string_view text) {
  constexpr std::uint32_t most = 0xffffff;
  std::uint32_t out = 0;
  for (const char c : text) {
    if (!is_digit(c)) break;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
    if (out >= most) return most;
  }
  return out;
}

std::string go_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool go_equal_fold(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) { return lower(a) == lower(b); });
}

bool go_ends_fold(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         go_equal_fold(text.substr(text.size() - suffix.size()), suffix);
}

std::optional<std::string_view> GoLines::next() {
  if (cut_ || rest_.empty()) return std::nullopt;
  const std::size_t end = rest_.find('\n');
  const bool last = end == std::string_view::npos;
  const std::string_view line = rest_.substr(0, end);
  // With its line feed it may just fill the buffer; the last line has none.
  if (line.size() >= buffer) {
    cut_ = true;
    return std::nullopt;
  }
  rest_.remove_prefix(last ? rest_.size() : end + 1);
  ++number_;
  return line;
}

bool go_domain_name(std::string_view name) {
  if (name == ".") return true;
  constexpr std::size_t most = 254;
  if (name.empty() || name.size() > most || (name.size() == most && name.back() != '.'))
    return false;
  char last = '.';
  bool letters = false;
  std::size_t label = 0;
  for (const char c : name) {
    if (is_letter(c) || is_digit(c)) {
      letters = letters || is_letter(c);
      ++label;
    } else if (c == '-') {
      if (last == '.') return false;
      letters = true;
      ++label;
    } else if (c == '.') {
      if (last == '.' || last == '-' || label > 63) return false;
      label = 0;
    } else {
      return false;
    }
    last = c;
  }
  return last != '-' && label <= 63 && letters;
}

bool go_avoids_dns(std::string_view name) {
  if (name.empty()) return true;
  if (name.ends_with('.')) name.remove_suffix(1);
  return go_ends_fold(name, ".onion");
}

}  // namespace tenon::resolve
