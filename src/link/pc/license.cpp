#include "link/pc/license.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "link/pc/words.h"

namespace tenon::pc {
namespace {

using Kind = LicenseWord::Kind;

std::string cleaned(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (is_letter(c) || is_number(c) || std::string_view("-+().:").contains(c)) out += c;
  }
  return out;
}

void add_word(std::string word, License& out) {
  if (word[0] == '(') {
    out.push_back({Kind::open, "("});
    if (word.size() > 1) out.push_back({Kind::name, word.substr(1)});
    return;
  }
  if (word.ends_with(')')) {
    word.pop_back();
    if (!word.empty()) out.push_back({Kind::name, std::move(word)});
    out.push_back({Kind::close, ")"});
    return;
  }
  for (const std::string_view join : std::array<std::string_view, 3>{"AND", "OR", "WITH"}) {
    if (!same_letters(word, join)) continue;
    out.push_back({Kind::join, std::string(join)});
    return;
  }
  out.push_back({Kind::name, std::move(word)});
}

}  // namespace

void add_license(std::string_view text, License& out) {
  const auto words = split_words(text, Quotes::remove);
  if (!words) return;
  if (!out.empty()) out.push_back({Kind::join, "AND"});
  for (const std::string& word : *words) {
    if (std::string clean = cleaned(word); !clean.empty()) add_word(std::move(clean), out);
  }
}

std::string license_text(const License& license) {
  std::string out;
  for (std::size_t i = 0; i < license.size(); ++i) {
    out += license[i].text;
    const bool last = i + 1 == license.size();
    if (last || license[i].kind == Kind::open || license[i + 1].kind == Kind::close) continue;
    out += ' ';
  }
  return out;
}

}  // namespace tenon::pc
