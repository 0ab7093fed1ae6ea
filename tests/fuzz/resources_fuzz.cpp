// Bundles that the input describes: one line an entry, "f PATH TEXT", "x PATH TEXT", "l PATH
// TARGET" or "d PATH"; what follows the first empty line is the seal. A verdict has to be
// explained, and a bundle that could be sealed has to be valid.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/memory_tree.h"
#include "base/text.h"
#include "codesign/resources/build.h"
#include "codesign/resources/pattern.h"
#include "codesign/resources/verify_resources.h"

namespace {

using namespace tenon;

constexpr std::size_t max_lines = 200;

void add_line(MemoryTree& tree, std::string_view line) {
  if (line.size() < 3 || line[1] != ' ') return;
  const std::string_view rest = line.substr(2);
  const std::size_t blank = rest.find(' ');
  const std::string_view path = rest.substr(0, blank);
  const std::string text(blank == std::string_view::npos ? "" : rest.substr(blank + 1));
  if (line[0] == 'd') tree.add_folder(path);
  if (line[0] == 'l') tree.add_link(path, text);
  if (line[0] == 'f' || line[0] == 'x') tree.add_file(path, text, line[0] == 'x');
}

void fill(MemoryTree& tree, std::string_view description) {
  std::size_t lines = 0;
  for (const std::string_view line : split(description, '\n')) {
    if (++lines > max_lines) return;
    add_line(tree, line);
  }
}

codesign::State check(FileTree& tree, const resources::BundleLayout& layout) {
  const resources::Comparison found = resources::compare(tree, layout);
  const codesign::Verdict& verdict = found.verdict;
  const bool bad =
      verdict.state == codesign::State::invalid || verdict.state == codesign::State::unknown;
  if (bad == verdict.causes.empty()) __builtin_trap();
  if (found.strict && verdict.state != codesign::State::valid) __builtin_trap();
  return verdict.state;
}

Result<resources::NestedEntry> any_seal(const std::string&, const resources::Code&) {
  return resources::NestedEntry{{}, "anchor apple"};
}

void check_sealed(MemoryTree& tree, const resources::BundleLayout& layout) {
  const auto bytes = resources::build_code_resources(tree, layout, {true, true}, any_seal);
  if (!bytes) return;
  if (!tree.add_file(layout.code_resources(), *bytes)) return;
  if (check(tree, layout) != codesign::State::valid) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto pattern = resources::Pattern::compile(text.substr(0, text.find('\n')))) {
    (void)pattern->search(text.substr(0, 256));
  }
  const std::size_t end = text.find("\n\n");
  MemoryTree tree;
  fill(tree, text.substr(0, end));
  const auto layout = resources::find_layout(tree, "A.app");
  (void)resources::signing_order(tree, "A.app");
  if (!layout) return 0;
  if (end != std::string_view::npos) {
    tree.add_file(layout->code_resources(), std::string(text.substr(end + 2)));
  }
  check(tree, *layout);
  check_sealed(tree, *layout);
  return 0;
}
