#include "loader/elf/search.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"

namespace tenon::loader {
namespace {

constexpr std::size_t longest_expansion = std::size_t{64} << 10U;
constexpr std::size_t most_directories = 100'000;

bool continues_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Length of the token at the front of `text`, which is what follows a '$'; 0 when it is not `name`.
std::size_t token_length(std::string_view text, std::string_view name) {
  const bool braces = text.starts_with('{');
  const std::string_view inner = braces ? text.substr(1) : text;
  if (!inner.starts_with(name)) return 0;
  const char next = inner.size() > name.size() ? inner[name.size()] : '\0';
  if (braces) return next == '}' ? name.size() + 2 : 0;
  return continues_name(next) ? 0 : name.size();
}

constexpr std::array<std::string_view, 3> token_names = {"ORIGIN", "PLATFORM", "LIB"};

}  // namespace

bool has_tokens(std::string_view text) {
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    for (const std::string_view name : token_names) {
      if (token_length(text.substr(at + 1), name) != 0) return true;
    }
  }
  return false;
}

std::optional<std::string> expand_tokens(std::string_view text, const Tokens& tokens) {
  std::string out;
  bool origin = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const std::string_view rest = text.substr(at + 1);
    const std::size_t own = token_length(rest, "ORIGIN");
    const std::size_t platform = own != 0 ? 0 : token_length(rest, "PLATFORM");
    const std::size_t lib = own != 0 || platform != 0 ? 0 : token_length(rest, "LIB");
    const std::size_t length = own + platform + lib;
    std::optional<std::string_view> value;
    if (own != 0) {
      const std::string_view behind = rest.substr(length);
      const bool alone = at == 0 && (behind.empty() || behind.starts_with('/'));
      if (!tokens.origin || (tokens.trusted != nullptr && !alone)) return std::nullopt;
      origin = true;
      value = *tokens.origin;
    } else if (platform != 0) {
      value = tokens.platform;
    } else if (lib != 0) {
      value = tokens.lib;
    }
    if (value) {
      out += *value;
      at += length + 1;
    } else {
      out += text[at++];
    }
    if (out.size() > longest_expansion) return std::nullopt;
  }
  if (!origin || tokens.trusted == nullptr) return out;
  const std::string path = absolute_path("/", out) + '/';
  const auto trusts = [&](const std::string& folder) { return path.starts_with(folder); };
  if (!std::ranges::any_of(*tokens.trusted, trusts)) return std::nullopt;
  return out;
}

std::vector<std::string> split_search_path(std::string_view list, std::string_view separators,
                                           const Tokens& tokens) {
  std::vector<std::string> out;
  std::set<std::string, std::less<>> seen;
  for (std::size_t at = 0; at <= list.size() && out.size() < most_directories;) {
    const std::size_t end = std::min(list.find_first_of(separators, at), list.size());
    const std::string_view element = list.substr(at, end - at);
    at = end + 1;
    std::string folder;
    if (!element.empty()) {
      auto expanded = expand_tokens(element, tokens);
      if (!expanded || expanded->empty()) continue;
      folder = std::move(*expanded);
      while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
      if (!folder.ends_with('/')) folder += '/';
    }
    if (seen.insert(folder).second) out.push_back(std::move(folder));
  }
  return out;
}

std::vector<std::string> capability_folders(const std::vector<std::string>& hwcaps,
                                            const std::vector<std::string>& legacy) {
  std::vector<std::string> out;
  out.reserve(hwcaps.size());
  for (const std::string& one : hwcaps) out.push_back("glibc-hwcaps/" + one + '/');
  const std::size_t count = std::min<std::size_t>(legacy.size(), 6);
  for (std::size_t bits = (std::size_t{1} << count) - 1; bits > 0; --bits) {
    std::string path;
    for (std::size_t i = 0; i < count; ++i) {
      if ((bits >> (count - 1 - i)) & 1U) path += legacy[i] + '/';
    }
    out.push_back(std::move(path));
  }
  return out;
}

}  // namespace tenon::loader
