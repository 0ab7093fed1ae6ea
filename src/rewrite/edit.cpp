#include "rewrite/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon::rewrite {
namespace {

constexpr std::size_t context = 3;

struct Hunk {
  std::size_t first = 0, last = 0;  // lines of the old text, from 0; last is behind the hunk
  std::size_t first_edit = 0, last_edit = 0;
};

// Starts of lines, and the end of the text.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> out{0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    out.push_back(at + 1);
  }
  if (out.back() != text.size()) out.push_back(text.size());
  return out;
}

std::size_t line_at(const std::vector<std::size_t>& starts, std::size_t offset) {
  return static_cast<std::size_t>(
             std::distance(starts.begin(), std::ranges::upper_bound(starts, offset))) -
         1;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

void add_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::vector<Hunk> hunks_of(const std::vector<std::size_t>& starts, const std::vector<Edit>& edits) {
  const std::size_t count = starts.size() - 1;
  std::vector<Hunk> out;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const std::size_t first = std::min(line_at(starts, edits[i].start), count);
    const std::size_t end = edits[i].end > edits[i].start ? edits[i].end - 1 : edits[i].end;
    const std::size_t last = std::min(line_at(starts, end) + 1, count);
    const std::size_t from = first - std::min(first, context);
    if (!out.empty() && from <= out.back().last) {
      out.back().last = std::max(out.back().last, std::min(last + context, count));
      out.back().last_edit = i + 1;
    } else {
      out.push_back({from, std::min(last + context, count), i, i + 1});
    }
  }
  return out;
}

}  // namespace

Ordered ordered(std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, [](const Edit& one, const Edit& other) {
    if (one.start != other.start) return one.start < other.start;
    return one.start == one.end && other.start != other.end;
  });
  std::vector<bool> bad(edits.size(), false);
  std::size_t cluster = 0;  // the first of those that hang together
  std::uint32_t end = edits.empty() ? 0 : edits.front().end;
  for (std::size_t i = 1; i < edits.size(); ++i) {
    if (edits[i].start < end) {
      for (std::size_t k = cluster; k <= i; ++k) bad[k] = true;
      end = std::max(end, edits[i].end);
    } else {
      cluster = i;
      end = edits[i].end;
    }
  }
  std::set<std::uint32_t> groups;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (bad[i] && edits[i].group != 0) groups.insert(edits[i].group);
  }
  Ordered out;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const bool clashes = bad[i] || groups.contains(edits[i].group);
    (clashes ? out.clashing : out.edits).push_back(std::move(edits[i]));
  }
  return out;
}

std::string applied(std::string_view text, const std::vector<Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out += text.substr(at, edit.start - at);
    out += edit.text;
    at = edit.end;
  }
  out += text.substr(at);
  return out;
}

Lines::Lines(std::string_view text) {
  starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::uint32_t Lines::of(std::uint32_t offset) const {
  return static_cast<std::uint32_t>(
      std::distance(starts_.begin(), std::ranges::upper_bound(starts_, offset)));
}

std::string unified_diff(std::string_view name, std::string_view text,
                         const std::vector<Edit>& edits) {
  if (edits.empty()) return {};
  const std::vector<std::size_t> starts = line_starts(text);
  std::string out = fmt::format("--- a/{}\n+++ b/{}\n", name, name);
  std::ptrdiff_t moved = 0;  // lines that came before this hunk, less those that went
  for (const Hunk& hunk : hunks_of(starts, edits)) {
    const std::size_t from = starts[hunk.first], to = starts[hunk.last];
    std::vector<Edit> here(edits.begin() + static_cast<std::ptrdiff_t>(hunk.first_edit),
                           edits.begin() + static_cast<std::ptrdiff_t>(hunk.last_edit));
    for (Edit& edit : here) {
      edit.start -= static_cast<std::uint32_t>(from);
      edit.end -= static_cast<std::uint32_t>(from);
    }
    const std::string_view old_text = text.substr(from, to - from);
    const std::string new_text = applied(old_text, here);
    auto old_lines = lines_of(old_text), new_lines = lines_of(new_text);
    std::size_t same = 0;
    while (same < std::min(old_lines.size(), new_lines.size()) &&
           old_lines[same] == new_lines[same])
      ++same;
    std::size_t tail = 0;
    while (tail < std::min(old_lines.size(), new_lines.size()) - same &&
           old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
      ++tail;
    }
    const auto first_of = [&](std::size_t count, std::ptrdiff_t shift) {
      return static_cast<std::ptrdiff_t>(hunk.first) + shift + (count == 0 ? 0 : 1);
    };
    out += fmt::format("@@ -{},{} +{},{} @@\n", first_of(old_lines.size(), 0), old_lines.size(),
                       first_of(new_lines.size(), moved), new_lines.size());
    for (std::size_t i = 0; i < same; ++i) add_line(out, ' ', old_lines[i]);
    for (std::size_t i = same; i + tail < old_lines.size(); ++i) add_line(out, '-', old_lines[i]);
    for (std::size_t i = same; i + tail < new_lines.size(); ++i) add_line(out, '+', new_lines[i]);
    for (std::size_t i = old_lines.size() - tail; i < old_lines.size(); ++i)
      add_line(out, ' ', old_lines[i]);
    moved += static_cast<std::ptrdiff_t>(new_lines.size()) -
             static_cast<std::ptrdiff_t>(old_lines.size());
  }
  return out;
}

}  // namespace tenon::rewrite
