#include "crossbuild/cache/depfile.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon {
namespace {

// The length of a line end at the front of `text`; 0 when there is none.
std::size_t line_end(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  return text.starts_with('\n') ? 1 : 0;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<std::string> run() {
    while (!text_.empty()) step();
    flush();
    return std::move(out_);
  }

 private:
  void take(std::size_t size) { text_.remove_prefix(size); }

  void step() {
    const char c = text_.front();
    if (c == '\\' && text_.size() > 1) {
      if (const std::size_t end = line_end(text_.substr(1)); end > 0) {
        flush();
        return take(1 + end);
      }
      const char next = text_[1];
      if (next == ' ' || next == '#' || next == '\t') {
        word_ += next;
        return take(2);
      }
    }
    if (c == '$' && text_.starts_with("$$")) {
      word_ += '$';
      return take(2);
    }
    if (const std::size_t end = line_end(text_); end > 0) {
      flush();
      behind_colon_ = false;
      return take(end);
    }
    if (c == ' ' || c == '\t') {
      flush();
      return take(1);
    }
    // The target ends with a colon before a blank; a colon elsewhere is part of a name.
    if (c == ':' && !behind_colon_ &&
        (text_.size() == 1 || text_[1] == ' ' || text_[1] == '\t' ||
         line_end(text_.substr(1)) > 0)) {
      word_.clear();
      behind_colon_ = true;
      return take(1);
    }
    word_ += c;
    take(1);
  }

  void flush() {
    if (behind_colon_ && !word_.empty() && seen_.insert(word_).second) out_.push_back(word_);
    word_.clear();
  }

  std::string_view text_;
  std::string word_;
  bool behind_colon_ = false;
  std::set<std::string> seen_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> parse_depfile(std::string_view text) { return Parser(text).run(); }

}  // namespace tenon
