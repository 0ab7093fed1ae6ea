// Text that is safe to print. Names, log lines and messages come out of files, archives, logs and
// machines that somebody else wrote; printed as they are they could move the cursor, begin a line
// of their own, reorder what is read, or give a CI runner a command ("::error", "##[group]").
//
// Shown is the type of everything that reaches a terminal or a log: the texts of findings and fixes
// (diag/finding.h), the answer of a command (Report::text), progress, and what cli/ prints. It is
// made of the program's own literals, which alone may hold line breaks and colours, and of values
// escaped by Shown::of; shown_format escapes every value that it is given. A std::string does not
// convert, so text that nobody escaped does not compile. Data for programs (JSON) keeps the value
// itself. What is shown already is not changed by a second escape.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/lifetime.h"

namespace tenon {

class Shown {
 public:
  Shown() = default;
  // A literal: the program's own words.
  template <std::size_t size>
  Shown(const char (&literal)[size]) : text_(literal, size - 1) {}
  template <std::size_t size>
  Shown(char (&buffer)[size]) = delete;

  // A value as one line. Escaped are control characters, line breaks and bytes that are no UTF-8
  // (\x0a), characters that reorder or hide others (\u{202e}), and what a CI runner takes for a
  // command: "::" at the start, and "##[", "##vso[" and "##teamcity[" anywhere.
  [[nodiscard]] static Shown of(std::string_view value);
  // The lines of a value, each behind `indent`, with line breaks between them; tabs become blanks.
  [[nodiscard]] static Shown lines_of(std::string_view value, const Shown& indent = {});

  [[nodiscard]] const std::string& text() const TENON_LIFETIMEBOUND { return text_; }

  operator std::string_view() const TENON_LIFETIMEBOUND { return text_; }

  [[nodiscard]] bool empty() const { return text_.empty(); }

  [[nodiscard]] bool contains(std::string_view part) const { return text_.contains(part); }

  [[nodiscard]] bool contains(char part) const { return text_.contains(part); }

  Shown& operator+=(const Shown& other) {
    text_ += other.text_;
    return *this;
  }

  friend Shown operator+(Shown one, const Shown& other) { return std::move(one += other); }

  friend bool operator==(const Shown&, const Shown&) = default;

 private:
  friend struct ShownText;

  std::string text_;
};

// What stands for an argument of shown_format: a value escaped, shown text and a number as they
// are.
template <class T>
[[nodiscard]] auto shown_argument(const T& value) {
  if constexpr (std::same_as<T, Shown>) {
    return std::string_view(value);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return Shown::of(value).text();
  } else {
    static_assert(std::is_arithmetic_v<T>, "only text and numbers can be shown");
    return value;
  }
}

// Makes Shown of text that shown_format put together.
struct ShownText {
  static Shown formatted(std::string text) {
    Shown out;
    out.text_ = std::move(text);
    return out;
  }
};

template <class... Args>
[[nodiscard]] Shown shown_format(
    fmt::format_string<decltype(shown_argument(std::declval<const Args&>()))...> pattern,
    const Args&... args) {
  return ShownText::formatted(fmt::vformat(
      pattern, fmt::make_format_args(
                   static_cast<const decltype(shown_argument(args))&>(shown_argument(args))...)));
}

// The values, escaped, with `separator` between them.
[[nodiscard]] Shown shown_join(const std::vector<std::string>& values, const Shown& separator);
[[nodiscard]] Shown shown_join(const std::vector<Shown>& parts, const Shown& separator);

// The text with the start of each line safe for a CI runner, whatever was put together there. What
// writes to a stream calls it last.
[[nodiscard]] std::string printed(const Shown& text);

// A JSON document with what Shown escapes in the spelling of JSON (\u202e): its values stay the
// same.
[[nodiscard]] std::string printed_json(std::string_view document);

}  // namespace tenon
