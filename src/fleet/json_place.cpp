#include "fleet/json_place.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon::fleet {
namespace {

// Walks over values without keeping them. The path of each one is told to `see`.
class Walk {
 public:
  using See = std::function<void(const std::vector<std::string>& path, std::size_t offset)>;

  Walk(std::string_view text, See see) : text_(text), see_(std::move(see)) {}

  // The offset of the first mistake.
  std::optional<std::size_t> run() {
    if (!value(0)) return at_;
    blanks();
    if (at_ < text_.size()) return at_;
    return std::nullopt;
  }

 private:
  void blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value(int depth) {
    constexpr int deepest = 50;
    blanks();
    if (at_ >= text_.size() || depth > deepest) return false;
    see_(path_, at_);
    switch (text_[at_]) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string(nullptr);
      default: return word();
    }
  }

  bool object(int depth) {
    ++at_;
    if (take('}')) return true;
    do {
      std::string key;
      blanks();
      if (!string(&key) || !take(':')) return false;
      path_.push_back(std::move(key));
      if (!value(depth + 1)) return false;
      path_.pop_back();
    } while (take(','));
    return take('}');
  }

  bool array(int depth) {
    ++at_;
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      path_.push_back("[" + std::to_string(index++) + "]");
      if (!value(depth + 1)) return false;
      path_.pop_back();
    } while (take(','));
    return take(']');
  }

  bool string(std::string* out) {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < ' ') return false;
      if (c == '\\' && ++at_ >= text_.size()) return false;
      if (out != nullptr) *out += text_[at_];
    }
    return false;
  }

  bool word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}:\"", at_), text_.size());
    const auto name = text_.substr(at_, end - at_);
    const bool number = !name.empty() && (name[0] == '-' || (name[0] >= '0' && name[0] <= '9')) &&
                        name.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    if (!number && name != "true" && name != "false" && name != "null") return false;
    at_ = end;
    return true;
  }

  std::string_view text_;
  See see_;
  std::size_t at_ = 0;
  std::vector<std::string> path_;
};

}  // namespace

std::optional<std::size_t> json_error(std::string_view text) {
  return Walk(text, [](const std::vector<std::string>&, std::size_t) {}).run();
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::size_t json_line(std::string_view text, const std::vector<std::string>& path) {
  std::size_t best = 0, offset = 0;
  const auto see = [&](const std::vector<std::string>& here, std::size_t at) {
    if (here.size() > path.size() || here.size() < best) return;
    if (std::equal(here.begin(), here.end(), path.begin()) && (here.size() > best || best == 0)) {
      best = here.size();
      offset = at;
    }
  };
  (void)Walk(text, see).run();
  return line_at(text, offset);
}

}  // namespace tenon::fleet
