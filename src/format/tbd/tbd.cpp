#include "format/tbd/tbd.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/tbd/scan.h"

namespace tenon::tbd {

std::size_t quoted_length(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return 0;
}

std::size_t bracketed_length(std::string_view text) {
  std::size_t depth = 0;
  std::size_t at = 0;
  while ((at = text.find_first_of("[]{}'\"", at)) != std::string_view::npos) {
    if (is_quote(text[at])) {
      const std::size_t length = quoted_length(text.substr(at));
      if (length == 0) return 0;
      at += length;
      continue;
    }
    depth += text[at] == '[' || text[at] == '{' ? 1U : 0U;
    depth -= text[at] == ']' || text[at] == '}' ? 1U : 0U;
    ++at;
    if (depth == 0) return at;
  }
  return 0;
}

namespace {

// One element of a flow list, cut from the front of `rest`. nullopt at the end.
std::optional<std::string_view> take_flow(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n,"), rest.size()));
  if (rest.empty()) return std::nullopt;
  if (is_quote(rest.front())) {
    const std::size_t length = quoted_length(rest);
    const std::string_view quoted = rest.substr(0, length == 0 ? rest.size() : length);
    rest.remove_prefix(quoted.size());
    return inner(quoted);
  }
  const std::string_view plain = rest.substr(0, rest.find(','));
  rest.remove_prefix(plain.size());
  return trim(plain);
}

// One line of "- name".
std::optional<std::string_view> take_block(std::string_view& rest) {
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view text = trim(line);
    if (text.starts_with("- ")) return scalar(trim(text.substr(2)));
  }
  return std::nullopt;
}

// The value of the next key "target" of the objects of a list.
std::optional<std::string_view> take_target(std::string_view& rest) {
  for (;;) {
    const std::size_t quote = rest.find('"');
    if (quote == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(quote);
    const std::size_t length = quoted_length(rest);
    if (length == 0) return std::nullopt;
    const bool key = inner(rest.substr(0, length)) == "target";
    rest = skip_blanks(rest.substr(length));
    if (!key || !rest.starts_with(':')) continue;
    rest = skip_blanks(rest.substr(1));
    if (rest.starts_with('"')) return take_flow(rest);
  }
}

}  // namespace

NameList::Iterator& NameList::Iterator::operator++() {
  const auto name = form_ == Form::flow    ? take_flow(rest_)
                    : form_ == Form::block ? take_block(rest_)
                                           : take_target(rest_);
  current_ = name.value_or(std::string_view());
  done_ = !name;
  return *this;
}

bool NameList::contains(std::string_view name) const {
  return std::ranges::find(*this, name) != end();
}

NameList* list_of(Item& item, std::string_view key) {
  struct Row {
    std::string_view key;
    NameList Item::* list;
  };

  static constexpr std::array rows = {
      Row{"targets", &Item::targets},
      Row{"archs", &Item::targets},
      Row{"symbols", &Item::symbols},
      Row{"global", &Item::symbols},
      Row{"weak-symbols", &Item::weak_symbols},
      Row{"weak-def-symbols", &Item::weak_symbols},
      Row{"weak-ref-symbols", &Item::weak_symbols},
      Row{"weak", &Item::weak_symbols},
      Row{"thread-local-symbols", &Item::thread_local_symbols},
      Row{"thread_local", &Item::thread_local_symbols},
      Row{"objc-classes", &Item::objc_classes},
      Row{"objc_class", &Item::objc_classes},
      Row{"objc-eh-types", &Item::objc_eh_types},
      Row{"objc_eh_type", &Item::objc_eh_types},
      Row{"objc-ivars", &Item::objc_ivars},
      Row{"objc_ivar", &Item::objc_ivars},
  };
  const auto found = std::ranges::find(rows, key, &Row::key);
  return found == rows.end() ? nullptr : &(item.*found->list);
}

namespace {

// Names of platforms changed with version 4; "zippered" stands for two.
bool platform_is(std::string_view before_v4, std::string_view platform) {
  if (before_v4 == "zippered") return platform == "macos" || platform == "maccatalyst";
  if (before_v4 == "macosx") return platform == "macos";
  return before_v4 == platform;
}

}  // namespace

bool Document::covers(const NameList& list, std::string_view target) const {
  if (version >= 4) return (version == 5 && list.empty()) || list.contains(target);
  const std::size_t dash = target.find('-');
  if (dash == std::string_view::npos) return false;
  return platform_is(platform, target.substr(dash + 1)) && list.contains(target.substr(0, dash));
}

bool Document::exports(std::string_view symbol, std::string_view target) const {
  return std::ranges::any_of(items, [&](const Item& item) {
    if (item.kind == ItemKind::undefineds || !covers(item.targets, target)) return false;
    return item.symbols.contains(symbol) || item.weak_symbols.contains(symbol) ||
           item.thread_local_symbols.contains(symbol);
  });
}

Result<std::vector<Document>> read(ByteView text) {
  return skip_blanks(text.text()).starts_with('{') ? read_json(text) : read_yaml(text);
}

}  // namespace tenon::tbd
