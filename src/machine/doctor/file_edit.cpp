#include "machine/doctor/file_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

bool sets(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=';
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view line : split(text, '\n')) out.emplace_back(line);
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace

std::string without_setting(std::string_view text, std::string_view name) {
  std::vector<std::string> lines = lines_of(text);
  std::erase_if(lines, [&](const std::string& line) { return sets(line, name); });
  return joined(lines);
}

std::string with_setting(std::string_view text, std::string_view name, std::string_view value) {
  return without_setting(text, name) + fmt::format("{}={}\n", name, value);
}

std::string without_line(std::string_view text, std::uint64_t number) {
  auto lines = split(text, '\n');
  if (number == 0 || number > lines.size()) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    if (i + 1 == number) {
      const std::size_t from = std::min(lines[i].find_first_not_of(" \t"), lines[i].size());
      out += fmt::format("{}{}{}", lines[i].substr(0, from), from > 0 ? ": # " : "# ",
                         lines[i].substr(from));
    } else {
      out += lines[i];
    }
  }
  return out;
}

std::string change_text(const FileChange& change) {
  std::string out = fmt::format("--- {0}\n+++ {0}\n", change.path);
  const auto before = lines_of(change.before), after = lines_of(change.after);
  // Lines keep their order: what is met further on was only moved up by lines that went.
  std::size_t at = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (at < after.size() && after[at] == before[i]) {
      ++at;
      continue;
    }
    out += "-" + before[i] + "\n";
    const bool next = i + 1 < before.size() && at < after.size() && after[at] == before[i + 1];
    const bool later =
        at < after.size() && std::ranges::find(before.begin() + static_cast<std::ptrdiff_t>(i),
                                               before.end(), after[at]) != before.end();
    if (!next && !later && at < after.size()) out += "+" + after[at++] + "\n";
  }
  for (; at < after.size(); ++at) out += "+" + after[at] + "\n";
  return out;
}

}  // namespace tenon
