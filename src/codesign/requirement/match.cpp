#include "codesign/requirement/match.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "codesign/requirement/requirement.h"
#include "format/plist/value.h"

namespace tenon::requirement {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

// CFStringCompare with kCFCompareNumerically: runs of digits are numbers.
int compare_numerically(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view left = take_number(a), right = take_number(b);
      if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
      if (const int order = left.compare(right); order != 0) return order;
      continue;
    }
    if (a.front() != b.front()) {
      return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front()) ? -1 : 1;
    }
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() ? (b.empty() ? 0 : -1) : 1;
}

}  // namespace

bool match_text(const Expression& e, std::string_view text) {
  // CFStringFind finds nothing when it is asked for nothing.
  const bool sought = !e.value.empty();
  switch (e.match) {
    case Match::exists: return true;
    case Match::equal: return text == e.value;
    case Match::contains: return sought && text.contains(e.value);
    case Match::begins_with: return sought && text.starts_with(e.value);
    case Match::ends_with: return sought && text.ends_with(e.value);
    case Match::less_than: return compare_numerically(text, e.value) < 0;
    case Match::greater_than: return compare_numerically(text, e.value) > 0;
    case Match::less_equal: return compare_numerically(text, e.value) <= 0;
    case Match::greater_equal: return compare_numerically(text, e.value) >= 0;
    default: return false;
  }
}

bool match_time(const Expression& e, double seconds) {
  const auto wanted = static_cast<double>(e.time);
  switch (e.match) {
    case Match::exists: return true;
    case Match::on: return seconds == wanted;
    case Match::before: return seconds < wanted;
    case Match::after: return seconds > wanted;
    case Match::on_or_before: return seconds <= wanted;
    case Match::on_or_after: return seconds >= wanted;
    default: return false;
  }
}

bool match_value(const Expression& e, const plist::Value& value) {
  if (const plist::Array* array = value.array()) {
    if (std::ranges::any_of(*array,
                            [&](const plist::Value& each) { return match_value(e, each); })) {
      return true;
    }
  }
  if (const std::string* text = value.string()) return match_text(e, *text);
  if (const plist::Date* date = value.date()) return match_time(e, date->seconds);
  // Nothing else equals a text or a time; only false does not count as existing.
  const bool* flag = value.boolean();
  return e.match == Match::exists && (flag == nullptr || *flag);
}

}  // namespace tenon::requirement
