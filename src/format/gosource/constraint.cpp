// Build constraints: go/build/constraint for expressions, go/build for file names and tags.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/text.h"
#include "format/gosource/source.h"

namespace tenon::gosource {
namespace {

// internal/syslist of Go 1.26.
constexpr std::array<std::string_view, 18> systems{
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios",     "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "wasip1",  "windows", "zos"};
constexpr std::array<std::string_view, 12> unixes{"aix",     "android", "darwin",  "dragonfly",
                                                  "freebsd", "hurd",    "illumos", "ios",
                                                  "linux",   "netbsd",  "openbsd", "solaris"};
constexpr std::array<std::string_view, 24> processors{
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm"};

template <class List>
bool among(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool tag_holds(std::string_view tag, const Context& context) {
  if (tag == "cgo") return context.cgo;
  if (tag == "gc" || tag == "go1") return true;
  if (tag == context.goos || tag == context.goarch) return true;
  if (tag == "unix") return among(unixes, context.goos);
  if (tag == "linux" && context.goos == "android") return true;
  if (tag == "solaris" && context.goos == "illumos") return true;
  if (tag == "darwin" && context.goos == "ios") return true;
  if (tag.starts_with("go1.")) {
    const auto minor = parse_number(tag.substr(4));
    return minor && *minor <= context.minor;
  }
  return std::ranges::find(context.tags, tag) != context.tags.end();
}

// or = and { "||" and }; and = not { "&&" not }; not = "!" not | "(" or ")" | tag.
class Expression {
 public:
  Expression(std::string_view text, const Context& context) : text_(text), context_(context) {}

  bool value() {
    const bool result = any();
    blanks();
    return failed_ || at_ != text_.size() ? true : result;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(std::string_view sign) {
    blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  bool any() {
    bool result = all();
    while (!failed_ && take("||")) result = all() || result;
    return result;
  }

  bool all() {
    bool result = one();
    while (!failed_ && take("&&")) result = one() && result;
    return result;
  }

  bool one() {
    constexpr unsigned deepest = 100;
    if (++depth_ > deepest) failed_ = true;
    bool result = false;
    if (failed_) return result;
    if (take("!")) {
      result = !one();
    } else if (take("(")) {
      result = any();
      if (!take(")")) failed_ = true;
    } else {
      blanks();
      const std::size_t from = at_;
      while (at_ < text_.size() && std::string_view(" \t()!&|").find(text_[at_]) == text_.npos) {
        ++at_;
      }
      if (at_ == from) failed_ = true;
      result = tag_holds(text_.substr(from, at_ - from), context_);
    }
    --depth_;
    return result;
  }

  std::string_view text_;
  const Context& context_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  bool failed_ = false;
};

}  // namespace

bool satisfied(std::string_view expression, const Context& context) {
  return trim(expression).empty() || Expression(expression, context).value();
}

bool condition_holds(std::string_view condition, const Context& context) {
  const auto options = split_words(condition);
  return options.empty() || std::ranges::any_of(options, [&](std::string_view option) {
           return std::ranges::all_of(split(option, ','), [&](std::string_view term) {
             const bool no = term.starts_with('!');
             return tag_holds(no ? term.substr(1) : term, context) != no;
           });
         });
}

bool name_fits(std::string_view file_name, const Context& context) {
  std::string_view name = file_name.substr(0, file_name.find('.'));
  // The part before the first "_" is a name, also when it is that of a system.
  const std::size_t first = name.find('_');
  if (first == name.npos) return true;
  auto words = split(name.substr(first + 1), '_');
  if (!words.empty() && words.back() == "test") words.pop_back();
  if (words.empty()) return true;
  const auto system = [](std::string_view word) { return among(systems, word); };
  if (words.size() >= 2 && system(words[words.size() - 2]) && among(processors, words.back())) {
    return tag_holds(words.back(), context) && tag_holds(words[words.size() - 2], context);
  }
  if (system(words.back()) || among(processors, words.back())) {
    return tag_holds(words.back(), context);
  }
  return true;
}

}  // namespace tenon::gosource
