// Definitions in the preamble of a file with //export. Source: `go doc cmd/cgo`: the preamble is
// copied into two C files then, so a definition in it is there twice.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "format/gosource/source.h"
#include "format/tree/tree.h"
#include "rewrite/cgo/file.h"

namespace tenon::rewrite::cgo {
namespace {

using tree::Index;
using tree::Tree;

struct CGrammar {
  static tree::Kind kind(std::string_view name) {
    return tree::kind_named(tree::Language::c, name);
  }

  static tree::Field field(std::string_view name) {
    return tree::field_named(tree::Language::c, name);
  }

  tree::Kind function = kind("function_definition"), declaration = kind("declaration");
  tree::Kind initialized = kind("init_declarator"), pointer = kind("pointer_declarator");
  tree::Kind identifier = kind("identifier"), array = kind("array_declarator");
  tree::Kind storage = kind("storage_class_specifier"), include = kind("preproc_include");
  tree::Kind define = kind("preproc_def"), macro = kind("preproc_function_def");
  tree::Kind type = kind("type_definition"), pragma = kind("preproc_call");
  tree::Kind structure = kind("struct_specifier"), enumeration = kind("enum_specifier");
  tree::Kind united = kind("union_specifier"), function_declarator = kind("function_declarator");
  tree::Field declarator = field("declarator"), body = field("body"), value = field("value");
};

const CGrammar& grammar() {
  static const CGrammar all;
  return all;
}

// A part of the preamble that goes, and what stands there instead.
struct Cut {
  std::size_t start = 0, end = 0;  // bytes of the preamble
  std::string text;
};

struct Plan {
  std::vector<Cut> cuts;
  std::string_view problem;  // why nothing is done
  std::size_t definitions = 0;
};

bool has_storage(const Tree& tree, Index node, std::string_view word) {
  for (Index i = node + 1; i < tree[node].after; i = tree[i].after) {
    if (tree[i].kind == grammar().storage && tree.text(i) == word) return true;
  }
  return false;
}

bool contains_kind(const Tree& tree, Index node, tree::Kind kind) {
  for (Index i = node; i < tree[node].after; ++i) {
    if (tree[i].kind == kind) return true;
  }
  return false;
}

// `int count = 3;`
void plan_variable(const Tree& tree, Index node, Plan& out) {
  const CGrammar& g = grammar();
  if (has_storage(tree, node, "extern") || has_storage(tree, node, "typedef")) return;
  std::vector<Index> declarators;
  for (Index i = node + 1; i < tree[node].after; i = tree[i].after) {
    if (tree[i].field == g.declarator) declarators.push_back(i);
  }
  if (declarators.empty()) return;
  const bool prototype = contains_kind(tree, declarators.front(), g.function_declarator);
  if (prototype && tree[declarators.front()].kind != g.initialized) return;
  if (has_storage(tree, node, "static")) {
    if (!tree.text(node).contains("const"))
      out.problem = "a static variable of the preamble would be there twice";
    return;
  }
  ++out.definitions;
  Index one = declarators.front();
  const std::size_t end = tree[node].end - 1;  // its semicolon
  std::size_t from = end;
  if (tree[one].kind == g.initialized) {
    one = tree.child(one, g.declarator);
    from = tree[one].end;
  }
  while (tree[one].kind == g.pointer) one = tree.child(one, g.declarator);
  if (declarators.size() != 1 || tree[one].kind != g.identifier) {
    out.problem = "a variable of the preamble is not declared in a simple form";
    return;
  }
  out.cuts.push_back({tree[node].start, tree[node].start, "extern "});
  if (from < end) out.cuts.push_back({from, end, ""});
}

Plan plan_of(const Tree& tree) {
  const CGrammar& g = grammar();
  Plan out;
  for (Index i = 1; i < tree.size(); i = tree[i].after) {
    if (tree[i].comment) continue;
    const tree::Kind kind = tree[i].kind;
    if (kind == g.function) {
      if (has_storage(tree, i, "static")) continue;
      ++out.definitions;
      const Index body = tree.child(i, g.body);
      if (has_storage(tree, i, "inline") || has_storage(tree, i, "__inline") || body == Tree::none)
        out.problem = "a function of the preamble is inline and not static";
      std::size_t from = tree[body].start;
      while (from > 0 && static_cast<unsigned char>(tree.text()[from - 1]) <= ' ') --from;
      out.cuts.push_back({from, tree[body].end, ";"});
    } else if (kind == g.declaration) {
      plan_variable(tree, i, out);
    } else if (kind != g.include && kind != g.define && kind != g.macro && kind != g.type &&
               kind != g.pragma && kind != g.structure && kind != g.enumeration &&
               kind != g.united && tree[i].named) {
      if (contains_kind(tree, i, g.function)) {
        ++out.definitions;
        out.problem = "definitions stand in a condition of the preprocessor";
      }
    }
  }
  return out;
}

// The byte of the Go file for one of the preamble.
std::size_t in_file(const File& file, std::size_t at) {
  for (const gosource::Range& line : file.source.preamble_lines) {
    if (at <= line.size) return line.at + at;
    at -= line.size + 1;
  }
  return file.text.size();
}

// The word of a comment that cgo looks for: at the start of a line.
std::size_t find_export(std::string_view text) {
  constexpr std::string_view mark = "\n//export ";
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? at : at + 1;
}

std::string c_file(const File& file) {
  std::string out = "//go:build cgo";
  if (!file.source.constraint.empty()) {
    const std::string& condition = file.source.constraint;
    const bool parts = condition.contains("||");
    out += " && " + (parts ? "(" + condition + ")" : condition);
  }
  out += "\n\n";
  std::string code;
  for (const gosource::Range& line : file.source.preamble_lines) {
    std::string_view text = file.text.substr(line.at, line.size);
    if (text.ends_with('\r')) text.remove_suffix(1);
    // Line comments have a blank behind "//".
    if (text.starts_with(' ') && file.text.substr(line.at - 2, 2) == "//") text.remove_prefix(1);
    code += std::string(text) + "\n";
  }
  return out + std::string(trim(code)) + "\n";
}

}  // namespace

void exports(const File& file, Findings& out) {
  if (!file.tree || file.source.preamble_lines.empty() || !out.wants(rule_export)) return;
  const std::size_t mark = find_export(file.text);
  if (mark == std::string_view::npos) return;
  const auto tree = tree::parse(tree::Language::c, file.source.preamble);
  const auto leave = [&](std::string_view why) {
    out.leave(file.source.preamble_lines.front().at, rule_export, "a definition beside //export",
              why, "move the definitions of the preamble into a .c file of the package");
  };
  if (!tree) return;
  if (tree->has_errors()) {
    if (file.source.preamble.contains('{'))
      leave("the parser could not read the C code of the preamble");
    return;
  }
  const Plan plan = plan_of(*tree);
  // Weak definitions may be there twice.
  const bool weak = has_word(file.source.preamble, "weak") ||
                    has_word(file.source.preamble, "__weak__") ||
                    has_word(file.source.preamble, "selectany");
  if (plan.definitions == 0 || weak) return;
  if (has_word(file.source.constraint, "ignore"))
    return leave("the file is built alone, without the C files of its directory");
  if (!plan.problem.empty()) return leave(plan.problem);
  if (file.flags.contains("-Werror")) return leave("the package makes errors of warnings");
  const std::size_t imports = static_cast<std::size_t>(
      std::ranges::count(file.source.imports, "C", &gosource::Import::path));
  const std::string path = join_path(
      file.folder,
      "cgo_" + std::string(base_name(file.path).substr(0, base_name(file.path).size() - 3)) + ".c");
  if (imports != 1 || !file.path.ends_with(".go") || file.path.ends_with("_test.go"))
    return leave("the file is not an ordinary one with one import of C");
  if (file.sources->is_there && file.sources->is_there(path))
    return leave("the C file that would be made is there already");
  const std::uint32_t group = out.group();
  out.site(file.source.preamble_lines.front().at, rule_export, group);
  for (const Cut& cut : plan.cuts)
    out.edit(in_file(file, cut.start), in_file(file, cut.end), cut.text, rule_export, group);
  out.create(path, c_file(file), rule_export, group);
}

}  // namespace tenon::rewrite::cgo
