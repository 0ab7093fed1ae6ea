#include "diagnose/fixes/module_name.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool of_an_element(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || std::string_view("-._~").contains(c);
}

bool is_element(std::string_view element) {
  return !element.empty() && !element.starts_with('.') && !element.ends_with('.') &&
         std::ranges::all_of(element, of_an_element);
}

bool is_host(std::string_view element) {
  return element.contains('.') && !element.starts_with('-') &&
         std::ranges::all_of(element,
                             [](char c) { return is_lower_or_digit(c) || c == '-' || c == '.'; });
}

}  // namespace

bool is_module_path(std::string_view path) {
  const auto elements = split(path, '/');
  return !elements.empty() && is_host(elements.front()) &&
         std::ranges::all_of(elements, is_element);
}

bool is_module_query(std::string_view word) {
  const std::size_t at = std::min(word.find('@'), word.size());
  if (!is_module_path(word.substr(0, at))) return false;
  if (at == word.size()) return true;
  const std::string_view version = word.substr(at + 1);
  return version == "latest" || (version.starts_with('v') && version.size() > 1 &&
                                 std::ranges::all_of(version.substr(1), [](char c) {
                                   return of_an_element(c) || c == '+';
                                 }));
}

bool names_module(std::string_view text, std::string_view path) {
  const auto of_a_path = [](char c) { return of_an_element(c) || c == '/'; };
  for (std::size_t at = text.find(path); at != text.npos; at = text.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    const bool starts = at == 0 || !of_a_path(text[at - 1]) ||
                        (text[at - 1] == '/' && text.substr(0, at).ends_with("/mod/"));
    if (starts && (end == text.size() || text[end] == '/' || !of_a_path(text[end]) ||
                   (text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' '))))
      return true;
  }
  return false;
}

}  // namespace tenon
