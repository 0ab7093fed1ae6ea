#include "diagnose/events/unwrap.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/events/events.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

// Lines with nothing known in them but, perhaps, a position in a Go file.
bool is_open(const std::vector<LogEvent>& events, std::size_t line) {
  const auto found = std::ranges::lower_bound(events, line, {}, &LogEvent::line);
  return found == events.end() || found->line != line || found->kind == EventKind::go_error;
}

// What begins in a line of its own.
bool begins(std::string_view text) {
  return text.starts_with('#') || text.starts_with('$') || text.starts_with('|') ||
         text.starts_with('^') || text.starts_with("--- ") || text.starts_with("In file included");
}

bool is_message(const std::string& text) {
  const auto events = read_events({{text, 1}});
  return !events.empty() && events.front().weight == Weight::failure &&
         events.front().kind != EventKind::go_error &&
         events.front().kind != EventKind::go_name_undefined &&
         events.front().kind != EventKind::file_format;
}

// Columns of terminals and of what they paste into.
constexpr std::array<std::size_t, 7> columns{79, 80, 100, 119, 120, 132, 160};

// What two neighbours are together; a blank that stood at the cut is put back.
std::string joined(const std::string& one, const std::string& next, const Edges& before,
                   const Edges& behind) {
  return one + (before.ends_blank || behind.begins_blank ? " " : "") + next;
}

// The column at which a log is cut; 0 when it is not.
std::size_t cut_at(const std::vector<LogLine>& lines, const std::vector<Edges>& edges) {
  constexpr std::size_t least = 2, most_tried = 50;
  if (edges.empty()) return 0;
  const std::size_t longest = std::ranges::max(edges, {}, &Edges::width).width;
  if (std::ranges::find(columns, longest) == columns.end()) return 0;
  if (std::ranges::count(edges, longest, &Edges::width) < static_cast<std::ptrdiff_t>(least))
    return 0;
  const auto events = read_events(lines);
  std::size_t tried = 0;
  for (std::size_t i = 0; i + 1 < lines.size() && tried < most_tried; ++i) {
    if (edges[i].width != longest || !is_open(events, lines[i].number)) continue;
    ++tried;
    if (is_message(joined(lines[i].text, lines[i + 1].text, edges[i], edges[i + 1])))
      return longest;
  }
  return 0;
}

void join_at(std::vector<LogLine>& lines, const std::vector<Edges>& edges, std::size_t column) {
  std::vector<LogLine> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 && edges[i - 1].width == column) {
      out.back().text = joined(out.back().text, lines[i].text, edges[i - 1], edges[i]);
    } else {
      out.push_back(std::move(lines[i]));
    }
  }
  lines = std::move(out);
}

// Pairs that are a message only together.
void join_messages(std::vector<LogLine>& lines) {
  constexpr std::size_t most_lines = 1000, shortest = 20;
  if (lines.size() > most_lines) return;
  const auto events = read_events(lines);
  std::vector<LogLine> out;
  for (LogLine& line : lines) {
    const bool may = !out.empty() && out.back().text.size() >= shortest && !begins(line.text) &&
                     out.back().text.contains(": ") && is_open(events, out.back().number) &&
                     is_open(events, line.number) && out.back().number != line.number;
    if (may && is_message(out.back().text + line.text)) {
      out.back().text += line.text;
      continue;
    }
    out.push_back(std::move(line));
  }
  lines = std::move(out);
}

}  // namespace

std::size_t characters(std::string_view line) {
  while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Edges edges_of(std::string_view line) {
  while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
  return {.width = characters(line),
          .begins_blank = line.starts_with(' '),
          .ends_blank = line.ends_with(' ')};
}

void join_wrapped(std::vector<LogLine>& lines, const std::vector<Edges>& edges) {
  if (const std::size_t column = cut_at(lines, edges); column != 0) join_at(lines, edges, column);
  join_messages(lines);
}

}  // namespace tenon
