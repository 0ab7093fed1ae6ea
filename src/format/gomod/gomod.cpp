#include "format/gomod/gomod.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace tenon::gomod {
namespace {

std::string_view unquoted(std::string_view word) {
  const bool quoted = word.size() >= 2 && (word.front() == '"' || word.front() == '`') &&
                      word.back() == word.front();
  return quoted ? word.substr(1, word.size() - 2) : word;
}

std::string word_at(const std::vector<std::string_view>& words, std::size_t i) {
  return i < words.size() ? std::string(unquoted(words[i])) : std::string();
}

void read_replace(const std::vector<std::string_view>& words, File& out) {
  const auto arrow = std::ranges::find(words, "=>");
  const auto at = static_cast<std::size_t>(arrow - words.begin());
  if (arrow == words.end() || at == 0 || at > 2 || at + 1 >= words.size()) return;
  out.replace.push_back({{word_at(words, 0), at == 2 ? word_at(words, 1) : std::string()},
                         {word_at(words, at + 1), word_at(words, at + 2)}});
}

void read_line(std::string_view verb, const std::vector<std::string_view>& words, File& out) {
  if (verb == "module") out.module = word_at(words, 0);
  if (verb == "go") out.go = word_at(words, 0);
  if (verb == "toolchain") out.toolchain = word_at(words, 0);
  if (verb == "require" && words.size() >= 2 && !unquoted(words[0]).empty()) {
    out.require.push_back({word_at(words, 0), word_at(words, 1)});
  }
  if (verb == "replace") read_replace(words, out);
  if (verb == "use" && !word_at(words, 0).empty()) out.use.push_back(word_at(words, 0));
}

}  // namespace

File read(std::string_view text) {
  File out;
  std::string_view block;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line.substr(0, line.find("//")));
    auto words = split_words(line);
    if (words.empty()) continue;
    if (words.front() == ")") {
      block = {};
    } else if (!block.empty()) {
      read_line(block, words, out);
    } else if (words.size() == 2 && words[1] == "(") {
      block = words.front();
    } else {
      const std::string_view verb = words.front();
      words.erase(words.begin());
      read_line(verb, words, out);
    }
  }
  return out;
}

bool below(std::string_view import_path, std::string_view prefix) {
  return !prefix.empty() && import_path.starts_with(prefix) &&
         (import_path.size() == prefix.size() || import_path[prefix.size()] == '/');
}

const Module* module_of(const File& file, std::string_view import_path) {
  const Module* best = nullptr;
  for (const Module& module : file.require) {
    if (!below(import_path, module.path)) continue;
    if (best == nullptr || module.path.size() > best->path.size()) best = &module;
  }
  return best;
}

Module replaced(const File& file, const Module& module) {
  const Replacement* best = nullptr;
  for (const Replacement& one : file.replace) {
    if (one.old.path != module.path) continue;
    // One with a version is more exact than one for all.
    if (one.old.version == module.version) return one.by;
    if (one.old.version.empty()) best = &one;
  }
  return best == nullptr ? module : best->by;
}

std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c >= 'A' && c <= 'Z') {
      out += '!';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tenon::gomod
