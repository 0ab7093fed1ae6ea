// Files of rules: any bytes are read or refused with a line and a column that are there, and rules
// that were read make edits within a text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"
#include "rewrite/user/rule_file.h"
#include "rewrite/user/user_plan.h"

namespace {

using namespace tenon;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view go =
    "package p\n\nimport \"fmt\"\n\nfunc f(x int) error {\n\tif x == 0 {\n\t\treturn "
    "fmt.Errorf(\"a\")\n\t}\n\tgo f(f(x + 1))\n\treturn nil\n}\n";
constexpr std::string_view java =
    "class A { int f(int x) { return x == 0 ? f(f(x + 1)) : g(\"a\"); } }\n";
constexpr std::string_view c =
    "#include <a.h>\nint f(int x) { return x == 0 ? f(f(x + 1)) : 2; }\n";

void check(const rewrite::RuleFile& file, tree::Language language, std::string_view text) {
  rewrite::FilePlan plan;
  rewrite::plan_text(file, language, text, {}, plan);
  std::uint32_t end = 0;
  for (const rewrite::Edit& edit : plan.edits) {
    require(edit.start >= end && edit.start <= edit.end && edit.end <= text.size());
    end = edit.end;
  }
  (void)rewrite::applied(text, plan.edits);
}

}  // namespace

// tree-sitter forgets some bytes of a query that it refuses; nothing else here holds memory.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = rewrite::read_rules(text);
  if (!file) {
    require(file.error().line >= 1 && file.error().line <= size + 1 && file.error().column >= 1 &&
            file.error().column <= size + 2 && !file.error().what.empty());
    return 0;
  }
  check(*file, tree::Language::go, go);
  check(*file, tree::Language::java, java);
  check(*file, tree::Language::c, c);
  return 0;
}
