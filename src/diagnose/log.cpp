#include "diagnose/log.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/template.h"
#include "diagnose/log_event.h"

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

namespace {

// Names end where the tool goes on to say what is the matter: "-lfoo: No such file".
std::string_view plain_name(std::string_view text) {
  text = text.substr(0, text.find(": "));
  while (!text.empty() && std::string_view("'\"`,:;.").contains(text.back())) {
    text.remove_suffix(1);
  }
  while (!text.empty() && std::string_view("'\"`").contains(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

void Proof::add(std::size_t line, const Captures& found) {
  lines.push_back(line);
  for (const auto& each : found) {
    if (!capture(captures, each.first).empty()) continue;
    const bool name = each.first == "name" || each.first == "header";
    captures.emplace_back(each.first, name ? plain_name(each.second) : each.second);
  }
}

bool Proof::take(const std::optional<LogMatch>& match) {
  if (match) add(match->line, match->captures);
  return match.has_value();
}

bool Proof::take(const LogEvent* event) {
  if (event != nullptr) add(event->line, event->captures);
  return event != nullptr;
}

const LogEvent* Log::event(EventKind kind) const {
  const LogEvent* first = nullptr;
  for (const LogEvent& one : events) {
    if (one.kind != kind) continue;
    if (!one.follows) return &one;
    if (first == nullptr) first = &one;
  }
  return first;
}

std::size_t Log::count(EventKind kind) const {
  return static_cast<std::size_t>(std::ranges::count(events, kind, &LogEvent::kind));
}

const LogEvent* Log::event_at(std::size_t line) const {
  const auto found = std::ranges::lower_bound(events, line, {}, &LogEvent::line);
  return found == events.end() || found->line != line ? nullptr : &*found;
}

}  // namespace tenon
