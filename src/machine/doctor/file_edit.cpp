#include "machine/doctor/file_edit.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "machine/doctor/line_merge.h"

namespace tenon {
namespace {

bool sets(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=';
}

std::string marked(char mark, std::string_view line) {
  return fmt::format("{}{}{}", mark, line,
                     line.ends_with('\n') ? "" : "\n\\ No newline at end of file\n");
}

}  // namespace

std::string without_setting(std::string_view text, std::string_view name) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::string_view whole = text.substr(0, line.size() + 1);
    if (!sets(line, name)) out += whole;
    text.remove_prefix(whole.size());
  }
  return out;
}

std::string with_setting(std::string_view text, std::string_view name, std::string_view value) {
  std::string out = without_setting(text, name);
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out + fmt::format("{}={}\n", name, value);
}

std::string change_text(const FileChange& change) {
  std::string out = fmt::format("--- {0}\n+++ {0}\n", change.path);
  const TextLines before(change.before, TextLines::Ends::kept),
      after(change.after, TextLines::Ends::kept);
  for (const Hunk& hunk : hunks_of(before, after)) {
    for (std::size_t i = hunk.from; i < hunk.from_end; ++i) out += marked('-', before.lines[i]);
    for (std::size_t i = hunk.to; i < hunk.to_end; ++i) out += marked('+', after.lines[i]);
  }
  return out;
}

}  // namespace tenon
