#include "base/template.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon {
namespace {

struct Piece {
  std::string_view literal;  // text before the capture
  std::string_view name;     // empty for the last piece
};

std::vector<Piece> parse(std::string_view pattern) {
  std::vector<Piece> pieces;
  while (true) {
    const std::size_t open = pattern.find('{');
    const std::size_t close = pattern.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      pieces.push_back({pattern, {}});
      return pieces;
    }
    pieces.push_back({pattern.substr(0, open), pattern.substr(open + 1, close - open - 1)});
    pattern.remove_prefix(close + 1);
  }
}

// The rest of the match once the first literal stands at the front of `text`.
std::optional<Captures> match_here(const std::vector<Piece>& pieces, std::string_view text,
                                   bool at_end) {
  Captures found;
  text.remove_prefix(pieces.front().literal.size());
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string_view literal = pieces[i].literal;
    const bool last = i + 1 == pieces.size();
    std::size_t end = literal.empty() && last ? text.size() : text.find(literal, 1);
    if (last && at_end && !literal.empty()) {
      end = text.size() > literal.size() && text.ends_with(literal) ? text.size() - literal.size()
                                                                    : std::string_view::npos;
    }
    if (end == std::string_view::npos || end == 0 || text.empty()) return std::nullopt;
    found.emplace_back(pieces[i - 1].name, text.substr(0, end));
    text.remove_prefix(end + literal.size());
  }
  if (at_end && !text.empty()) return std::nullopt;
  return found;
}

}  // namespace

std::optional<Captures> match(std::string_view pattern, std::string_view text) {
  const bool at_start = pattern.starts_with('^');
  const bool at_end = pattern.ends_with('$');
  if (at_start) pattern.remove_prefix(1);
  if (at_end) pattern.remove_suffix(1);
  const std::vector<Piece> pieces = parse(pattern);
  const std::string_view first = pieces.front().literal;
  if (at_start) {
    if (!text.starts_with(first)) return std::nullopt;
    return match_here(pieces, text, at_end);
  }
  // A later start can only help when the first try failed behind the first literal; the number of
  // tries is bounded so that a hostile line stays linear.
  std::size_t from = 0;
  for (int tries = 0; tries < 64; ++tries) {
    const std::size_t at = text.find(first, from);
    if (at == std::string_view::npos) return std::nullopt;
    if (auto found = match_here(pieces, text.substr(at), at_end)) return found;
    from = at + 1;
    if (from > text.size()) return std::nullopt;
  }
  return std::nullopt;
}

std::string fill(std::string_view pattern, const Captures& captures) {
  std::string out;
  for (const Piece& piece : parse(pattern)) {
    out += piece.literal;
    if (piece.name.empty()) continue;
    const std::string_view value = capture(captures, piece.name);
    if (value.empty()) {
      out += '{';
      out += piece.name;
      out += '}';
    } else {
      out += value;
    }
  }
  return out;
}

std::string_view capture(const Captures& captures, std::string_view name) {
  for (const auto& [key, value] : captures) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace tenon
