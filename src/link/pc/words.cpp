#include "link/pc/words.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon::pc {
namespace {

class Splitter {
 public:
  explicit Splitter(Quotes quotes) : keep_(quotes == Quotes::keep) {}

  void take(char c) {
    if (escaped_) {
      take_escaped(c);
    } else if (quote_ != 0) {
      take_quoted(c);
    } else if (is_blank(c)) {
      finish();
    } else {
      take_plain(c);
    }
  }

  [[nodiscard]] bool open() const { return escaped_ || quote_ != 0; }

  void finish() {
    if (begun_) words_.push_back(std::move(word_));
    word_.clear();
    begun_ = false;
  }

  std::vector<std::string> words() && { return std::move(words_); }

 private:
  void take_escaped(char c) {
    // POSIX: within double quotes a backslash escapes these only.
    const bool special = c == '$' || c == '`' || c == '"' || c == '\\';
    if (quote_ == '"' && !keep_ && !special) word_ += '\\';
    word_ += c;
    begun_ = true;
    escaped_ = false;
  }

  void take_quoted(char c) {
    const bool ends = c == quote_;
    const bool escapes = !ends && c == '\\' && quote_ != '\'';
    if (ends) quote_ = 0;
    if (escapes) escaped_ = true;
    if (keep_ || (!ends && !escapes)) word_ += c;
  }

  void take_plain(char c) {
    begun_ = true;
    if (c == '\\') escaped_ = true;
    if (c == '"' || c == '\'') quote_ = c;
    if (keep_ || (c != '\\' && c != '"' && c != '\'')) word_ += c;
  }

  std::vector<std::string> words_;
  std::string word_;
  char quote_ = 0;
  bool escaped_ = false;
  bool begun_ = false;  // `word_` is one, even when it is empty: ""
  bool keep_ = false;
};

}  // namespace

std::optional<std::vector<std::string>> split_words(std::string_view text, Quotes quotes) {
  Splitter splitter(quotes);
  for (const char c : text) splitter.take(c);
  if (splitter.open()) return std::nullopt;
  splitter.finish();
  return std::move(splitter).words();
}

bool same_letters(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) { return to_lower(a) == to_lower(b); });
}

}  // namespace tenon::pc
