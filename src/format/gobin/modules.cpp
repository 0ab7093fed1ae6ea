// The module text: lines of a word, a tab and fields. Reads what ParseBuildInfo of runtime/debug
// reads and refuses what it refuses.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/gobin/buildinfo.h"

namespace tenon::gobin {

namespace {

constexpr std::string_view must_be_quoted = " \t\r\n\"`";

struct Lines {
  BuildInfo& info;
  std::size_t limit;
  // The module that a following "=>" line replaces: 0 none, 1 the main one, 2 the last dependency.
  enum class Last : std::uint8_t { none, main, dep } last = Last::none;
};

std::optional<ModuleId> module_id(std::string_view fields, std::size_t least) {
  if (std::ranges::count(fields, '\t') > 2) return std::nullopt;
  const std::vector<std::string_view> parts = split(fields, '\t');
  if (parts.size() < least || parts.size() > 3) return std::nullopt;
  return ModuleId{parts[0], parts[1], parts.size() == 3 ? parts[2] : std::string_view()};
}

bool take_main(Lines& lines, std::string_view fields) {
  const auto id = module_id(fields, 2);
  if (!id) return false;
  lines.info.main = Module{*id, std::nullopt};
  lines.last = Lines::Last::main;
  return true;
}

bool take_dependency(Lines& lines, std::string_view fields) {
  const auto id = module_id(fields, 2);
  if (!id || lines.info.deps.size() >= lines.limit) return false;
  lines.info.deps.push_back({*id, std::nullopt});
  lines.last = Lines::Last::dep;
  return true;
}

bool take_replacement(Lines& lines, std::string_view fields) {
  const auto id = module_id(fields, 3);
  if (!id || lines.last == Lines::Last::none) return false;
  Module& replaced = lines.last == Lines::Last::main ? *lines.info.main : lines.info.deps.back();
  replaced.replace = *id;
  lines.last = Lines::Last::none;
  return true;
}

bool is_quote(char c) { return c == '"' || c == '`'; }

// Length of the literal at the start of `text`, 0 when it does not end (strconv.QuotedPrefix).
std::size_t quoted_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == text[0]) return i + 1;
    if (text[i] == '\\' && text[0] == '"') ++i;
  }
  return 0;
}

std::optional<std::string> plain_or_quoted(std::string_view text) {
  if (!text.empty() && is_quote(text.front())) return go_unquote(text);
  if (text.find_first_of(must_be_quoted) != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

bool take_setting(Lines& lines, std::string_view fields) {
  if (fields.empty() || lines.info.settings.size() >= lines.limit) return false;
  const std::size_t equals = is_quote(fields.front()) ? quoted_length(fields) : fields.find('=');
  if (equals == 0 || equals >= fields.size() || fields[equals] != '=') return false;
  auto key = plain_or_quoted(fields.substr(0, equals));
  auto value = plain_or_quoted(fields.substr(equals + 1));
  if (!key || !value) return false;
  lines.info.settings.push_back({std::move(*key), std::move(*value)});
  return true;
}

// Unknown words are skipped, as Go does: later toolchains may add some.
bool take_line(Lines& lines, std::string_view line) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return true;
  const std::string_view word = line.substr(0, tab), fields = line.substr(tab + 1);
  if (word == "path") lines.info.path = fields;
  if (word == "mod") return take_main(lines, fields);
  if (word == "dep") return take_dependency(lines, fields);
  if (word == "=>") return take_replacement(lines, fields);
  if (word == "build") return take_setting(lines, fields);
  return true;
}

}  // namespace

Result<void> parse_module_text(ByteView text, std::size_t limit, BuildInfo& info) {
  Lines lines{info, limit};
  std::string_view rest = text.text();
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
    const std::uint64_t offset = text.size() - rest.size();
    if (!take_line(lines, rest.substr(0, end))) {
      return fail(Errc::malformed, "Go module text", text.base() + offset);
    }
    rest.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace tenon::gobin
