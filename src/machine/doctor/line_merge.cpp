#include "machine/doctor/line_merge.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon {
namespace {

using Lines = std::span<const std::string_view>;

// Above this many pairs of lines the middle of two texts counts as changed altogether.
constexpr std::size_t most_pairs = std::size_t{4} << 20U;

// For each line of `from` the line of `to` that it became.
std::vector<std::optional<std::size_t>> aligned(Lines from, Lines to) {
  std::vector<std::optional<std::size_t>> out(from.size());
  std::size_t head = 0, tail = 0;
  const std::size_t shorter = std::min(from.size(), to.size());
  while (head < shorter && from[head] == to[head]) out[head] = head, ++head;
  while (tail < shorter - head && from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) {
    out[from.size() - 1 - tail] = to.size() - 1 - tail;
    ++tail;
  }
  const std::size_t rows = from.size() - head - tail, columns = to.size() - head - tail;
  if (rows == 0 || columns == 0 || rows * columns > most_pairs) return out;
  // The longest common subsequence of what is between.
  std::vector<std::uint32_t> longest((rows + 1) * (columns + 1));
  const auto length = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
    return longest[row * (columns + 1) + column];
  };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      length(i, j) = from[head + i] == to[head + j] ? length(i + 1, j + 1) + 1
                                                    : std::max(length(i + 1, j), length(i, j + 1));
    }
  }
  for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
    if (from[head + i] == to[head + j]) {
      out[head + i++] = head + j++;
    } else if (length(i + 1, j) >= length(i, j + 1)) {
      ++i;
    } else {
      ++j;
    }
  }
  return out;
}

// The name in NAME=value; a setting that stands there may not be given a second line.
std::string_view setting_of(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == line.npos || equals == 0) return {};
  const std::string_view name = line.substr(0, equals);
  return name.find_first_of(" \t#") == name.npos ? name : std::string_view();
}

Lines part(const std::vector<std::string_view>& lines, std::size_t from, std::size_t end) {
  return Lines(lines).subspan(from, end - from);
}

class Merge {
 public:
  Merge(std::string_view before, std::string_view after, std::string_view now)
      : before_(before),
        after_(after),
        now_(now),
        place_(aligned(after_.lines, now_.lines)),
        instead_(now_.lines.size() + 1) {}

  TakenBack run();

 private:
  struct Instead {
    bool gone = false;                           // the line of `now` at this place
    std::vector<std::string_view> lines_before;  // that come before it
  };

  void put_back(const Hunk& hunk);
  [[nodiscard]] bool set_by_others(std::string_view line) const;
  [[nodiscard]] std::pair<std::size_t, std::size_t> gap(const Hunk& hunk) const;
  void name_edits(TakenBack& out) const;

  TextLines before_, after_, now_;
  std::vector<std::optional<std::size_t>> place_;  // of the lines of `after` in `now`
  std::vector<Instead> instead_;
  std::vector<bool> ours_ = std::vector<bool>(now_.lines.size());  // already as before
  std::vector<std::string> open_;
};

// The lines of `now` between the neighbours of a hunk that are still there.
std::pair<std::size_t, std::size_t> Merge::gap(const Hunk& hunk) const {
  std::size_t first = 0, end = now_.lines.size();
  for (std::size_t i = hunk.from; i-- > 0;) {
    if (!place_[i]) continue;
    first = *place_[i] + 1;
    break;
  }
  for (std::size_t i = hunk.from_end; i < place_.size(); ++i) {
    if (!place_[i]) continue;
    end = *place_[i];
    break;
  }
  return {first, end};
}

bool Merge::set_by_others(std::string_view line) const {
  const std::string_view name = setting_of(line);
  if (name.empty()) return false;
  for (std::size_t i = 0; i < now_.lines.size(); ++i) {
    const bool stays = !instead_[i].gone && setting_of(now_.lines[i]) == name;
    if (stays && std::ranges::find(after_.lines, now_.lines[i]) == after_.lines.end()) return true;
  }
  return false;
}

void Merge::put_back(const Hunk& hunk) {
  const Lines wanted = part(before_.lines, hunk.to, hunk.to_end);
  const auto [first, end] = gap(hunk);
  const Lines there = part(now_.lines, first, std::max(first, end));
  if (const auto found = std::ranges::search(there, wanted); !wanted.empty() && !found.empty()) {
    const auto at = first + static_cast<std::size_t>(found.begin() - there.begin());
    std::fill_n(ours_.begin() + static_cast<std::ptrdiff_t>(at), wanted.size(), true);
    return;  // somebody put it back already
  }
  bool as_left = true;
  for (std::size_t i = hunk.from; i < hunk.from_end; ++i) {
    as_left = as_left && place_[i] && (i == hunk.from || *place_[i] == *place_[i - 1] + 1);
  }
  if (!as_left) {
    for (const std::string_view line : wanted) open_.emplace_back(line);
    // Lines that only came with our edit and that somebody removed.
    return;
  }
  for (std::size_t i = hunk.from; i < hunk.from_end; ++i) instead_[*place_[i]].gone = true;
  const std::size_t at = hunk.from < hunk.from_end ? *place_[hunk.from] : first;
  for (const std::string_view line : wanted) {
    if (set_by_others(line)) {
      open_.emplace_back(line);
    } else {
      instead_[at].lines_before.push_back(line);
    }
  }
}

void Merge::name_edits(TakenBack& out) const {
  std::vector<bool> known(now_.lines.size());
  for (std::size_t i = 0; i < place_.size(); ++i) {
    if (place_[i]) known[*place_[i]] = true;
  }
  for (std::size_t i = 0; i < place_.size(); ++i) {
    // A line of ours that somebody took back is no edit to name.
    const bool of_both = std::ranges::find(before_.lines, after_.lines[i]) != before_.lines.end();
    if (!place_[i] && (of_both || !out.open.empty())) {
      out.kept.push_back("-" + std::string(after_.lines[i]));
    }
  }
  for (std::size_t i = 0; i < now_.lines.size(); ++i) {
    if (!known[i] && !ours_[i]) out.kept.push_back("+" + std::string(now_.lines[i]));
  }
}

TakenBack Merge::run() {
  for (const Hunk& hunk : hunks_of(after_, before_)) put_back(hunk);
  TakenBack out;
  std::vector<std::string_view> lines;
  for (std::size_t i = 0; i <= now_.lines.size(); ++i) {
    lines.insert(lines.end(), instead_[i].lines_before.begin(), instead_[i].lines_before.end());
    if (i < now_.lines.size() && !instead_[i].gone) lines.push_back(now_.lines[i]);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out.text += '\n';
    out.text += lines[i];
  }
  const bool ended = now_.ended == after_.ended ? before_.ended : now_.ended;
  if (!lines.empty() && ended) out.text += '\n';
  out.open = std::move(open_);
  name_edits(out);
  return out;
}

}  // namespace

TextLines::TextLines(std::string_view text, Ends ends)
    : ended(text.empty() || text.ends_with('\n')) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::string_view whole = text.substr(0, line.size() + 1);
    lines.push_back(ends == Ends::kept ? whole : line);
    text.remove_prefix(whole.size());
  }
}

std::vector<Hunk> hunks_of(const TextLines& from, const TextLines& to) {
  const auto places = aligned(from.lines, to.lines);
  std::vector<Hunk> out;
  std::size_t i = 0, j = 0;
  while (i < from.lines.size() || j < to.lines.size()) {
    Hunk one{i, i, j, j};
    while (one.from_end < from.lines.size() && !places[one.from_end]) ++one.from_end;
    one.to_end = one.from_end < from.lines.size() ? *places[one.from_end] : to.lines.size();
    const bool differs = one.from < one.from_end || one.to < one.to_end;
    if (differs) out.push_back(one);
    i = one.from_end + 1;
    j = one.to_end + 1;
  }
  return out;
}

TakenBack take_back(std::string_view before, std::string_view after, std::string_view now) {
  if (now == after) return {std::string(before), {}, {}};
  if (now == before) return {std::string(now), {}, {}};
  return Merge(before, after, now).run();
}

}  // namespace tenon
