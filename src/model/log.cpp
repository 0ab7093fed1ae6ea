#include "model/log.h"

#include <utility>

namespace tenon {
namespace {

// The literal text before the first capture; lines without it cannot match.
std::string_view first_literal(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  return pattern.substr(0, pattern.find('{'));
}

}  // namespace

Log::Log(std::vector<LogLine> lines) : lines_(std::move(lines)) {
  for (const LogLine& line : lines_) {
    text_ += line.text;
    text_ += '\n';
  }
}

std::optional<LogMatch> Log::find(std::string_view pattern) const {
  auto found = all(pattern, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<LogMatch> Log::all(std::string_view pattern, std::size_t most) const {
  std::vector<LogMatch> out;
  const std::string_view literal = first_literal(pattern);
  if (!literal.empty() && !literal.ends_with('$') && !has(literal)) return out;
  for (const LogLine& line : lines_) {
    auto captures = match(pattern, line.text);
    if (!captures) continue;
    out.push_back({line.number, line.text, *std::move(captures)});
    if (out.size() == most) break;
  }
  return out;
}

bool Proof::take(const std::optional<LogMatch>& match) {
  if (!match) return false;
  lines.push_back(match->line);
  for (const auto& each : match->captures) {
    if (capture(captures, each.first).empty()) captures.push_back(each);
  }
  return true;
}

}  // namespace tenon
