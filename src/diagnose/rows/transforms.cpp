// Names for the texts of causes that are made from names of a log.
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "diagnose/causes/cgo_flags.h"
#include "diagnose/rows/tests.h"

namespace tenon::rows {
namespace {

std::string as_it_is(std::string_view text) { return std::string(text); }

std::string first_word(std::string_view text) {
  const auto words = split_words(text);
  return words.empty() ? std::string() : std::string(words.front());
}

// The pattern that allows one flag of a #cgo line, where it is one to allow.
std::string allowed(std::string_view text) {
  return allow_pattern(first_word(text)).value_or(std::string());
}

std::string first_folder(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

// "foo" of "-lfoo: No such file", "-lfoo'" and "lib 'foo'".
std::string library_name(std::string_view name) {
  return std::string(name.substr(0, name.find_first_of(": \t'\"`,;")));
}

// "`g'", "g (main.o)" and "_g" with what stands around a name.
std::string bare_symbol(std::string_view name) {
  while (!name.empty() && std::string_view("`'\"").contains(name.front())) name.remove_prefix(1);
  if (name.starts_with("‘")) name.remove_prefix(std::string_view("‘").size());
  name = name.substr(0, name.find("’"));
  return std::string(name.substr(0, name.find_first_of("'\"`")));
}

constexpr auto table = std::to_array<Transform>({
    {"as_it_is", as_it_is},
    {"first_word", first_word},
    {"allow_pattern", allowed},
    {"first_folder", first_folder},
    {"library_name", library_name},
    {"bare_symbol", bare_symbol},
});

}  // namespace

std::span<const Transform> transforms() { return table; }

}  // namespace tenon::rows
