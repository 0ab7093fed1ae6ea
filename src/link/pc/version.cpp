#include "link/pc/version.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "link/pc/words.h"

namespace tenon::pc {
namespace {

// In the order of age: what has no more tokens is older than what has some.
enum class TokenKind : std::uint8_t { tilde, end, letters, digits };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
};

Token next_token(std::string_view& rest) {
  while (!rest.empty() && !is_letter(rest[0]) && !is_number(rest[0]) && rest[0] != '~') {
    rest.remove_prefix(1);
  }
  if (rest.empty()) return {};
  if (rest[0] == '~') {
    rest.remove_prefix(1);
    return {TokenKind::tilde, "~"};
  }
  const bool digits = is_number(rest[0]);
  std::size_t size = 1;
  while (size < rest.size() && (digits ? is_number(rest[size]) : is_letter(rest[size]))) ++size;
  const Token token{digits ? TokenKind::digits : TokenKind::letters, rest.substr(0, size)};
  rest.remove_prefix(size);
  return token;
}

int sign_of(int value) { return (value > 0) - (value < 0); }

std::string_view without_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

int compare_tokens(const Token& one, const Token& other) {
  if (one.kind != other.kind) return one.kind < other.kind ? -1 : 1;
  if (one.kind == TokenKind::letters) return sign_of(one.text.compare(other.text));
  if (one.kind != TokenKind::digits) return 0;
  const std::string_view a = without_zeros(one.text);
  const std::string_view b = without_zeros(other.text);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return sign_of(a.compare(b));
}

struct Name {
  Comparator comparator;
  std::string_view text;
};

constexpr std::array names{
    Name{Comparator::any, "(any)"},        Name{Comparator::less, "<"},
    Name{Comparator::less_equal, "<="},    Name{Comparator::equal, "="},
    Name{Comparator::not_equal, "!="},     Name{Comparator::greater, ">"},
    Name{Comparator::greater_equal, ">="},
};

bool upward(Comparator comparator) {
  return comparator == Comparator::greater || comparator == Comparator::greater_equal;
}

bool downward(Comparator comparator) {
  return comparator == Comparator::less || comparator == Comparator::less_equal;
}

Comparator opposite(Comparator comparator) {
  switch (comparator) {
    case Comparator::less: return Comparator::greater_equal;
    case Comparator::less_equal: return Comparator::greater;
    case Comparator::greater: return Comparator::less_equal;
    case Comparator::greater_equal: return Comparator::less;
    case Comparator::equal: return Comparator::not_equal;
    case Comparator::not_equal: return Comparator::equal;
    case Comparator::any: break;
  }
  return Comparator::any;
}

// The required side is a range.
bool range_satisfied(const Constraint& provided, const Constraint& required) {
  // A range that is provided must hold the bound that is required.
  if (upward(provided.comparator) || downward(provided.comparator)) {
    if (!satisfies(required.version, provided.comparator, provided.version)) return false;
    const bool same_way = upward(provided.comparator) == upward(required.comparator);
    return same_way || satisfies(provided.version, required.comparator, required.version);
  }
  if (provided.comparator == Comparator::any) return false;
  const Comparator wanted = provided.comparator == Comparator::equal
                                ? required.comparator
                                : opposite(required.comparator);
  return satisfies(provided.version, wanted, required.version);
}

}  // namespace

int compare_versions(std::string_view one, std::string_view other) {
  if (same_letters(one, other)) return 0;
  for (;;) {
    const Token a = next_token(one);
    const Token b = next_token(other);
    if (const int order = compare_tokens(a, b); order != 0) return order;
    if (a.kind == TokenKind::end) return 0;
  }
}

std::string_view comparator_text(Comparator comparator) {
  const auto* found = std::ranges::find(names, comparator, &Name::comparator);
  return found == names.end() ? std::string_view("(any)") : found->text;
}

Comparator comparator_of(std::string_view text) {
  const auto* found = std::ranges::find(names, text, &Name::text);
  return found == names.end() ? Comparator::any : found->comparator;
}

bool satisfies(std::string_view version, Comparator comparator, std::string_view wanted) {
  if (comparator == Comparator::any) return true;
  const int order = compare_versions(version, wanted);
  switch (comparator) {
    case Comparator::less: return order < 0;
    case Comparator::less_equal: return order <= 0;
    case Comparator::equal: return order == 0;
    case Comparator::not_equal: return order != 0;
    case Comparator::greater: return order > 0;
    case Comparator::greater_equal: return order >= 0;
    case Comparator::any: break;
  }
  return true;
}

bool provides_satisfies(const Constraint& provided, const Constraint& required) {
  switch (required.comparator) {
    case Comparator::any: return provided.comparator != Comparator::any;
    case Comparator::equal:
      return provided.comparator != Comparator::any &&
             satisfies(required.version, provided.comparator, provided.version);
    case Comparator::not_equal:
      return provided.comparator != Comparator::any &&
             !satisfies(required.version, provided.comparator, provided.version);
    default: return range_satisfied(provided, required);
  }
}

}  // namespace tenon::pc
