// Hostile sources: whatever stands in them, edits stay in bounds and in order, and none begins or
// ends within a word of the text. The first byte chooses the language.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace {

using namespace tenon;

void require(bool holds) {
  if (!holds) std::abort();
}

bool in_word(std::string_view text, std::size_t at) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return at > 0 && at < text.size() && word(text[at - 1]) && word(text[at]);
}

void check_tree(const tree::Tree& tree) {
  for (tree::Index i = 0; i < tree.size(); ++i) {
    const tree::Node& node = tree[i];
    require(node.start <= node.end && node.end <= tree.text().size());
    require(node.after > i && node.after <= tree.size());
    require(i == 0 || (node.parent < i && tree[node.parent].after >= node.after));
  }
}

std::vector<rewrite::FilePlan> plan(const rewrite::Pack& pack, const std::string& path,
                                    const std::string& text) {
  const rewrite::Sources sources{{path},
                                 [&](const std::string& asked) -> Result<std::string> {
                                   return asked == path ? text
                                                        : std::string("module m\n\ngo 1.22\n");
                                 },
                                 [&](const std::string& asked) { return asked.ends_with(".a"); },
                                 "/m"};
  return pack.plan(sources, 1, {});
}

void check_pack(const rewrite::Pack& pack, const std::string& path, const std::string& text) {
  for (const rewrite::FilePlan& one : plan(pack, path, text)) {
    if (one.edits.empty()) continue;
    if (one.fresh) {
      require(one.text.empty() && one.path != path && one.edits.size() == 1);
      continue;
    }
    require(one.text == text);
    std::uint32_t end = 0;
    for (const rewrite::Edit& edit : one.edits) {
      require(edit.start >= end && edit.start <= edit.end && edit.end <= text.size());
      require(!in_word(text, edit.start) && !in_word(text, edit.end));
      end = edit.end;
    }
    (void)rewrite::unified_diff(path, text, one.edits);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto language = static_cast<tree::Language>(data[0] % 3);
  if (const auto tree = tree::parse(language, text)) check_tree(*tree);
  for (const rewrite::Pack* pack : rewrite::packs()) {
    if (pack->files.contains(".java") == (language == tree::Language::java)) {
      check_pack(*pack, language == tree::Language::java ? "a/A.java" : "a/a.go", text);
    }
  }
  return 0;
}
