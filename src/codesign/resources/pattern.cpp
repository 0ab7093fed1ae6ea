#include "codesign/resources/pattern.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tenon::resources {
namespace {

constexpr unsigned max_groups = 32;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_quantifier(char c) { return c == '*' || c == '+' || c == '?'; }

}  // namespace

// Recursive descent; code is position independent, so that parts are joined by copying.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}

  Result<Pattern> pattern() {
    out_.steps_ = TENON_TRY(alternatives(0));
    if (at_ < text_.size()) return fail(Errc::malformed, "\")\" without \"(\"", at_);
    out_.steps_.push_back({});
    return std::move(out_);
  }

 private:
  using Op = Pattern::Op;
  using Step = Pattern::Step;
  using Code = std::vector<Step>;

  [[nodiscard]] bool more() const { return at_ < text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  [[nodiscard]] static std::int32_t length(const Code& code) {
    return static_cast<std::int32_t>(code.size());
  }
  static void append(Code& to, const Code& from) { to.insert(to.end(), from.begin(), from.end()); }

  Result<Code> alternatives(unsigned depth);
  Result<Code> branch(unsigned depth);
  Result<Code> atom(unsigned depth);
  Result<Code> group(unsigned depth);
  Result<Code> escaped();
  Result<Code> bracket();
  Result<char> bracket_member();
  Code repeated(const Code& code, char quantifier);

  static Step plain(Op op, char c = 0) { return {op, static_cast<unsigned char>(c), 0, 0, 0}; }

  std::string_view text_;
  std::size_t at_ = 0;
  Pattern out_;
};

Result<PatternCompiler::Code> PatternCompiler::alternatives(unsigned depth) {
  Code code = TENON_TRY(branch(depth));
  if (!more() || peek() != '|') return code;
  ++at_;
  const Code other = TENON_TRY(alternatives(depth));
  Code out{{Op::split, 0, 1, length(code) + 2, 0}};
  append(out, code);
  out.push_back({Op::jump, 0, length(other) + 1, 0, 0});
  append(out, other);
  return out;
}

Result<PatternCompiler::Code> PatternCompiler::branch(unsigned depth) {
  Code code;
  const std::size_t start = at_;
  while (more() && peek() != '|' && peek() != ')') {
    const bool anchor = peek() == '^' || peek() == '$';
    Code part = TENON_TRY(atom(depth));
    if (more() && is_quantifier(peek())) {
      if (anchor) return fail(Errc::unsupported, "repeated anchor", at_);
      part = repeated(part, peek());
      ++at_;
      if (more() && is_quantifier(peek())) return fail(Errc::unsupported, "two quantifiers", at_);
    }
    append(code, part);
  }
  if (at_ == start && depth == 0) return fail(Errc::unsupported, "empty alternative", at_);
  return code;
}

PatternCompiler::Code PatternCompiler::repeated(const Code& code, char quantifier) {
  Code out;
  if (quantifier != '+') out.push_back({Op::split, 0, 1, length(code) + 1, 0});
  append(out, code);
  if (quantifier == '+') out.push_back({Op::split, 0, -length(code), 1, 0});
  if (quantifier == '*') {
    out.push_back({Op::jump, 0, -length(code) - 1, 0, 0});
    out.front().second = length(code) + 2;
  }
  return out;
}

Result<PatternCompiler::Code> PatternCompiler::group(unsigned depth) {
  const std::size_t start = at_++;
  if (depth >= max_groups) return fail(Errc::unsupported, "groups nested too deeply", start);
  Code code = TENON_TRY(alternatives(depth + 1));
  if (!more()) return fail(Errc::malformed, "\"(\" without \")\"", start);
  ++at_;
  return code;
}

Result<PatternCompiler::Code> PatternCompiler::escaped() {
  if (++at_ >= text_.size()) return fail(Errc::malformed, "backslash at the end", at_ - 1);
  const char c = text_[at_];
  if (is_letter_or_digit(c) || c == '<' || c == '>' || c == '`' || c == '\'') {
    return fail(Errc::unsupported, "escaped letter", at_);
  }
  ++at_;
  return Code{plain(Op::byte, c)};
}

Result<PatternCompiler::Code> PatternCompiler::atom(unsigned depth) {
  const char c = peek();
  if (c == '(') return group(depth);
  if (c == '[') return bracket();
  if (c == '\\') return escaped();
  if (is_quantifier(c) || c == '{') return fail(Errc::unsupported, "bound or lone quantifier", at_);
  ++at_;
  if (c == '.') return Code{plain(Op::any)};
  if (c == '^') return Code{plain(Op::begin)};
  if (c == '$') return Code{plain(Op::end)};
  return Code{plain(Op::byte, c)};
}

// A backslash stands for itself here.
Result<char> PatternCompiler::bracket_member() {
  if (!more()) return fail(Errc::malformed, "\"[\" without \"]\"", at_);
  const char c = peek();
  const bool special =
      c == '[' && at_ + 1 < text_.size() && std::string_view(":.=").contains(text_[at_ + 1]);
  if (special) return fail(Errc::unsupported, "class of characters", at_);
  if (static_cast<unsigned char>(c) >= 0x80) return fail(Errc::unsupported, "set of letters", at_);
  ++at_;
  return c;
}

Result<PatternCompiler::Code> PatternCompiler::bracket() {
  ++at_;
  const bool negated = more() && peek() == '^';
  if (negated) ++at_;
  std::bitset<256> set;
  const std::size_t start = at_;
  while (!more() || peek() != ']' || at_ == start) {
    const auto first = static_cast<unsigned char>(TENON_TRY(bracket_member()));
    unsigned last = first;
    if (at_ + 1 < text_.size() && peek() == '-' && text_[at_ + 1] != ']') {
      ++at_;
      last = static_cast<unsigned char>(TENON_TRY(bracket_member()));
      if (last < first) return fail(Errc::malformed, "range that ends before it begins", at_);
    }
    for (unsigned c = first; c <= last; ++c) set.set(c);
  }
  ++at_;
  if (negated) set.flip();
  out_.sets_.push_back(set);
  return Code{{Op::set, 0, 0, 0, static_cast<std::uint32_t>(out_.sets_.size() - 1)}};
}

Result<Pattern> Pattern::compile(std::string_view expression) {
  if (expression.size() > max_size) return fail(Errc::unsupported, "long pattern");
  if (expression.contains('\0')) return fail(Errc::malformed, "NUL in a pattern");
  return PatternCompiler(expression).pattern();
}

// The steps at which all ways to match stand, at one place of the text.
class Pattern::Run {
 public:
  Run(const Pattern& pattern, std::string_view text)
      : pattern_(pattern), text_(text), seen_(pattern.steps_.size(), 0) {}

  bool search() {
    for (std::size_t at = 0;; ++at) {
      if (enter(0, at)) return true;
      if (at == text_.size()) return false;
      if (now_.empty() && anchored()) return false;
      if (advance(at)) return true;
    }
  }

 private:
  [[nodiscard]] bool anchored() const { return pattern_.steps_.front().op == Op::begin; }

  // Follows the steps that take no byte; true when one of them is the end.
  bool enter(std::size_t step, std::size_t at) {
    pending_.assign(1, step);
    while (!pending_.empty()) {
      const std::size_t pc = pending_.back();
      pending_.pop_back();
      if (seen_[pc] == at + 1) continue;
      seen_[pc] = at + 1;
      const Step& s = pattern_.steps_[pc];
      const auto target = [&](std::int32_t by) {
        return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(pc) + by);
      };
      switch (s.op) {
        case Op::match: return true;
        case Op::jump: pending_.push_back(target(s.first)); break;
        case Op::split:
          pending_.push_back(target(s.second));
          pending_.push_back(target(s.first));
          break;
        case Op::begin:
          if (at == 0) pending_.push_back(pc + 1);
          break;
        case Op::end:
          if (at == text_.size()) pending_.push_back(pc + 1);
          break;
        default: now_.push_back(pc);
      }
    }
    return false;
  }

  bool takes(const Step& step, unsigned char c) const {
    if (step.op == Op::any) return true;
    return step.op == Op::byte ? step.byte == c : pattern_.sets_[step.set].test(c);
  }

  bool advance(std::size_t at) {
    before_.swap(now_);
    now_.clear();
    const auto c = static_cast<unsigned char>(text_[at]);
    for (const std::size_t pc : before_) {
      if (takes(pattern_.steps_[pc], c) && enter(pc + 1, at + 1)) return true;
    }
    return false;
  }

  const Pattern& pattern_;
  std::string_view text_;
  std::vector<std::size_t> seen_;  // 1 + the place at which a step was entered last
  std::vector<std::size_t> now_, before_, pending_;
};

bool Pattern::search(std::string_view text) const { return Run(*this, text).search(); }

}  // namespace tenon::resources
