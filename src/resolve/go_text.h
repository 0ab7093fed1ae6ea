// Text as Go's package net reads it: its blanks, its numbers, its lines. The rules are its own, and
// differ from those of base/text.h where a file is odd. Source: src/net/parse.go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lifetime.h"

namespace tenon::resolve {

// Blank, tab, line feed, carriage return.
[[nodiscard]] bool go_space(char c);
[[nodiscard]] std::string_view go_trim(std::string_view text TENON_LIFETIMEBOUND);
// Words between runs of these four.
[[nodiscard]] std::vector<std::string_view> go_fields(std::string_view text);
// The leading decimal digits; 0 when there is none, 0xffffff from there on.
[[nodiscard]] std::uint32_t go_number(std::string_view text);
// ASCII only.
[[nodiscard]] std::string go_lower(std::string_view text);
[[nodiscard]] bool go_equal_fold(std::string_view one, std::string_view other);
[[nodiscard]] bool go_ends_fold(std::string_view text, std::string_view suffix);

// Lines of a file, without the line feed. A line that does not fit into Go's buffer of 64 KiB ends
// the file for Go, without an error: what follows does not exist.
class GoLines {
 public:
  static constexpr std::size_t buffer = std::size_t{64} << 10U;

  explicit GoLines(std::string_view text TENON_LIFETIMEBOUND) : rest_(text) {}

  [[nodiscard]] std::optional<std::string_view> next();

  // From 1, of the line that next() gave last.
  [[nodiscard]] std::size_t number() const { return number_; }

  // Whether a line was too long.
  [[nodiscard]] bool cut() const { return cut_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool cut_ = false;
};

// Whether Go sends a query for such a name at all (isDomainName of src/net/dnsclient.go).
[[nodiscard]] bool go_domain_name(std::string_view name);
// .onion, which Go never asks DNS for (RFC 7686).
[[nodiscard]] bool go_avoids_dns(std::string_view name);

}  // namespace tenon::resolve
