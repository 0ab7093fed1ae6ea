#include "link/pc/line.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "link/pc/words.h"

namespace tenon::pc {
namespace {

// "#" begins a comment, "\#" is one.
std::string without_comment(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#') break;
    if (text[i] == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != '#') out += '\\';
      ++i;
    }
    out += text[i];
  }
  return out;
}

std::size_t skip_blanks(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_blank(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

// The indentation of a line that continues another one counts as one blank.
void fold_indentation(std::string_view& rest, std::string& out) {
  if (rest.empty() || (rest[0] != ' ' && rest[0] != '\t')) return;
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
  if (!out.empty() && !is_blank(out.back())) out += ' ';
}

bool is_key(char c) { return is_letter(c) || is_number(c) || c == '_' || c == '.'; }

Line parse(std::string_view text) {
  Line out;
  out.blanks_in_key = skip_blanks(text) != 0 && !text.empty() ? 1 : 0;
  std::size_t size = 0;
  while (size < text.size() && is_key(text[size])) ++size;
  if (size == 0 || text[0] == '_' || text[0] == '.') return out;
  out.key = text.substr(0, size);
  text.remove_prefix(size);
  out.blanks_in_key += static_cast<int>(skip_blanks(text));
  if (!text.empty()) {
    out.mark = text[0];
    text.remove_prefix(1);
  }
  skip_blanks(text);
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
    ++out.blanks_behind_value;
  }
  out.value = text;
  return out;
}

}  // namespace

// A backslash before the end of a line continues it; "\r", "\n" and "\r\n" end one.
std::string LineReader::take_logical() {
  std::string out;
  while (!rest_.empty()) {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    const bool escaped = c == '\\' && !rest_.empty();
    const char next = escaped ? rest_[0] : c;
    if (next != '\n' && next != '\r') {
      out += c;
      // The second of two backslashes does not continue the line.
      if (escaped) {
        out += next;
        rest_.remove_prefix(1);
      }
      continue;
    }
    if (escaped) rest_.remove_prefix(1);
    if (next == '\r' && rest_.starts_with('\n')) rest_.remove_prefix(1);
    ++number_;
    if (!escaped) break;
    fold_indentation(rest_, out);
  }
  return out;
}

std::optional<Line> LineReader::next() {
  while (!rest_.empty()) {
    const std::size_t number = number_;
    Line line = parse(without_comment(take_logical()));
    if (line.key.empty() && line.blanks_in_key == 0) continue;
    line.number = number;
    return line;
  }
  return std::nullopt;
}

}  // namespace tenon::pc
