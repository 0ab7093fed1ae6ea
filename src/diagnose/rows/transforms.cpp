// Names for the texts of causes that are made from names of a log.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "diagnose/causes/cgo_flags.h"
#include "diagnose/rows/symbols.h"
#include "diagnose/rows/tests.h"

namespace tenon::rows {
namespace {

// "/lib/libx.so" of "/usr/bin/ld: /lib/libx.so: undefined reference to `f'".
std::string undefined_in(std::string_view text) {
  const std::string_view head = text.substr(0, text.find(": undefined reference"));
  const std::size_t at = head.rfind(": ");
  return std::string(at == head.npos ? head : head.substr(at + 2));
}

std::string as_it_is(std::string_view text) { return std::string(text); }

std::string first_word(std::string_view text) {
  const auto words = split_words(text);
  return words.empty() ? std::string() : std::string(words.front());
}

std::string last_word(std::string_view text) {
  const auto words = split_words(text);
  return words.empty() ? std::string() : std::string(words.back());
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
  // "symbol 'exp@@GLIBC_2.29'"
  if (name.starts_with("symbol '")) name.remove_prefix(std::string_view("symbol ").size());
  while (!name.empty() && std::string_view("`'\"").contains(name.front())) name.remove_prefix(1);
  if (name.starts_with("‘")) name.remove_prefix(std::string_view("‘").size());
  name = name.substr(0, name.find("’"));
  name = name.substr(0, name.find("@@"));
  return std::string(name.substr(0, name.find_first_of("'\"`")));
}

// "golang.org/x/tools" of a path into the module cache.
std::string x_module(std::string_view text) {
  const std::size_t at = text.find("golang.org/x/");
  if (at == text.npos) return "golang.org/x/tools";
  const std::string_view module = text.substr(at);
  constexpr std::size_t head = std::string_view("golang.org/x/").size();
  return std::string(module.substr(0, module.find_first_of("@/ :", head)));
}

std::string framework_of(std::string_view name) { return std::string(framework_with(name)); }

std::string glibc_of(std::string_view name) { return std::string(glibc_with(name)); }

std::string lower_library(std::string_view name) {
  std::string out = library_name(name);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// "-std=c++17" of "'-std=c++17'; did you mean".
std::string option_of(std::string_view flag) {
  const std::size_t dash = flag.find('-');
  if (dash == flag.npos) return {};
  flag = flag.substr(dash);
  flag = flag.substr(0, flag.find_first_of(" '\"`;,"));
  return std::string(flag.substr(0, flag.find("\xe2\x80\x99")));
}

// "gcc" of "runtime/cgo: /usr/bin/gcc": the last word that is told of a line.
std::string last_program(std::string_view text) {
  text = text.substr(text.find_last_of(" :") + 1);
  return std::string(text.substr(text.find_last_of("/\\") + 1));
}

constexpr auto table = std::to_array<Transform>({
    {"as_it_is", as_it_is},
    {"undefined_in", undefined_in},
    {"first_word", first_word},
    {"last_word", last_word},
    {"allow_pattern", allowed},
    {"first_folder", first_folder},
    {"library_name", library_name},
    {"bare_symbol", bare_symbol},
    {"x_module", x_module},
    {"framework_of", framework_of},
    {"glibc_of", glibc_of},
    {"lower_library", lower_library},
    {"option_of", option_of},
    {"last_program", last_program},
});

}  // namespace

std::span<const Transform> transforms() { return table; }

}  // namespace tenon::rows
