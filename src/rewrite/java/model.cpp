#include "rewrite/java/model.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "format/tree/tree.h"
#include "rewrite/java/grammar.h"
#include "rewrite/java/library.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::java {
namespace {

using tree::Index;
using tree::Tree;

constexpr int most_supertypes = 64;  // of a chain; one that is longer runs in a circle
constexpr std::string_view ending = ".java";
constexpr std::size_t most_ready_bytes = std::size_t{2}
                                         << 20U;  // of text; its trees take six times as much

std::string_view last_name(std::string_view full) { return full.substr(full.rfind('.') + 1); }

std::string_view file_stem(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  if (path.ends_with(ending)) path.remove_suffix(ending.size());
  return path;
}

std::string joined(std::string_view outer, std::string_view name) {
  return outer.empty() ? std::string(name) : std::string(outer) + "." + std::string(name);
}

// "a . b" and "a.b" are one name.
std::string dotted(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  return out;
}

// Where a comment, a string or a character that starts at a place ends; the place itself where none
// does.
std::size_t behind_literal(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto behind = [&](std::string_view mark, std::size_t from) {
    const std::size_t found = text.find(mark, at + from);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return behind("*/", 2);
  const bool block = rest.starts_with("\"\"\"");
  if (!block && rest.front() != '"' && rest.front() != '\'') return at;
  for (std::size_t i = at + (block ? 3 : 1); i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (block ? text.substr(i).starts_with("\"\"\"") : text[i] == rest.front()) {
      return i + (block ? 3 : 1);
    } else if (!block && text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80U;
}

// The text with blanks for what stands in the bodies of methods, as long as before: what a class
// declares to others takes a fifth of the time to parse then. A body follows ")", or the types
// behind "throws"; that of a record follows ")" too, and is not one.
std::string without_bodies(std::string_view text) {
  std::string out(text);
  int depth = 0;  // inside a body
  std::size_t body = 0;
  bool ready = false;  // ")" was read, and "throws" with its types at most since
  bool throwing = false;
  bool record = false;            // and it ends the components of a record
  std::string_view word, before;  // the last, and the one before it
  std::size_t parenthesis = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t next = behind_literal(text, at); next != at) {
      at = next;
      continue;
    }
    const char c = text[at++];
    if (depth > 0) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) out.replace(body, at - 1 - body, at - 1 - body, ' ');
      continue;
    }
    if (is_word(c)) {
      const std::size_t start = at - 1;
      while (at < text.size() && is_word(text[at])) ++at;
      before = word;
      word = text.substr(start, at - start);
      throwing = throwing || word == "throws";
      ready = ready && throwing;
    } else if (c == '(') {
      if (parenthesis++ == 0) record = before == "record";
    } else if (c == ')' && parenthesis > 0) {
      ready = --parenthesis == 0 && !record;
      throwing = false;
    } else if (c == '{' && ready) {
      depth = 1;
      body = at;
    }
    if (c == ';' || c == '{' || c == '}' || c == '=') {
      ready = false;
      parenthesis = 0;
    }
  }
  return out;
}

Import import_of(const Tree& tree, Index node) {
  const Grammar& g = grammar();
  Import out;
  out.node = node;
  out.on_demand = tree.child_of_kind(node, g.asterisk) != Tree::none;
  for (const Index child : tree.named_children(node)) {
    if (tree[child].kind != g.asterisk) out.name = dotted(tree.text(child));
  }
  const std::string_view text = tree.text(node);
  const auto words = split_words(text);
  out.is_static = words.size() > 1 && words[1] == "static";
  return out;
}

bool declares_variable(const Tree& tree, Index parameters, std::string_view name) {
  for (const Index one : tree.named_children(parameters)) {
    const auto inside = tree.named_children(one);
    if (!inside.empty() &&
        std::ranges::any_of(inside, [&](Index i) { return tree.text(i) == name; }))
      return true;
  }
  return false;
}

// The names of classes, before any type is resolved.
void name_classes(Parsed& file) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  std::map<Index, std::string> names;  // body -> full name
  for (Index i = 1; i < tree.size(); ++i) {
    if (!g.is_body(tree[i].kind)) continue;
    const Index owner = tree[i].parent;
    Index above = tree[owner].parent;
    Index block = 0;
    while (above != 0 && !g.is_body(tree[above].kind)) {
      if (block == 0) block = above;
      above = tree[above].parent;
    }
    const auto outer = names.find(above);
    const std::string& around = outer == names.end() ? file.unit.package : outer->second;
    Class one;
    const Index name = g.declares_type(tree[owner].kind) ? tree.child(owner, g.name) : Tree::none;
    one.name =
        joined(around, name == Tree::none ? "$" + std::to_string(i) : std::string(tree.text(name)));
    one.body = i;
    const bool member =
        tree[owner].parent == above || tree[tree[owner].parent].kind == g.enum_body_declarations;
    if (name != Tree::none && !member && above != 0) one.scope = block;
    names[i] = one.name;
    file.bodies[i] = file.unit.classes.size();
    file.unit.classes.push_back(std::move(one));
  }
}

void add_types_of(World& world, const Parsed& file, Index list, std::vector<std::string>& out) {
  const Grammar& g = grammar();
  for (const Index one : file.tree->named_children(list)) {
    if ((*file.tree)[one].kind == g.type_list) {
      add_types_of(world, file, one, out);
    } else {
      out.push_back(resolve_type(world, file, one).name);
    }
  }
}

int dimensions_of(const Tree& tree, Index node) {
  const Index found = tree.child(node, grammar().dimensions);
  return found == Tree::none ? 0 : static_cast<int>(std::ranges::count(tree.text(found), '['));
}

bool is_private(const Tree& tree, Index declaration) {
  const Index modifiers = tree.child_of_kind(declaration, grammar().modifiers);
  if (modifiers == Tree::none) return false;
  const auto words = split_words(tree.text(modifiers));
  return std::ranges::find(words, "private") != words.end();
}

void add_method(Class& out, Member method) {
  const auto known = std::ranges::find(out.methods, method.name, &Member::name);
  if (known == out.methods.end()) {
    out.methods.push_back(std::move(method));
    return;
  }
  if (known->type.name != method.type.name || known->type.dimensions != method.type.dimensions)
    known->type = {};
  known->hidden = known->hidden && method.hidden;
}

void add_fields(World& world, const Parsed& file, Index declaration, Class& out) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  const Index type = tree.child(declaration, g.type);
  if (type == Tree::none) return;
  const Type resolved = resolve_type(world, file, type);
  const bool hidden = is_private(tree, declaration);
  for (const Index one : tree.named_children(declaration)) {
    if (tree[one].kind != g.variable_declarator) continue;
    Type own = resolved;
    own.dimensions += dimensions_of(tree, one);
    out.fields.push_back({std::string(tree.text(tree.child(one, g.name))), std::move(own), hidden});
  }
}

void add_members(World& world, const Parsed& file, Index body, Class& out) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  for (const Index one : tree.named_children(body)) {
    const tree::Kind kind = tree[one].kind;
    if (kind == g.field_declaration || kind == g.constant_declaration)
      add_fields(world, file, one, out);
    if (kind == g.method_declaration) {
      const Index type = tree.child(one, g.type), name = tree.child(one, g.name);
      if (type == Tree::none || name == Tree::none) continue;
      Type result = resolve_type(world, file, type);
      result.dimensions += dimensions_of(tree, one);
      add_method(out, {std::string(tree.text(name)), std::move(result), is_private(tree, one)});
    }
    if (kind == g.enum_constant)
      out.fields.push_back(
          {std::string(tree.text(tree.child(one, g.name))), {out.name, {}, 0}, false});
    if (kind == g.enum_body_declarations) add_members(world, file, one, out);
  }
}

// What a class inherits from, and its members. A class of `new T() { ... }` and of an enum constant
// extends T.
void fill_class(World& world, const Parsed& file, Class& out) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  const Index owner = tree[out.body].parent;
  if (tree[owner].kind == g.object_creation) {
    out.supertypes.push_back(resolve_type(world, file, tree.child(owner, g.type)).name);
  } else if (tree[owner].kind == g.enum_constant) {
    if (const Class* around = class_around(file, owner)) out.supertypes.push_back(around->name);
  }
  for (const tree::Kind kind : {g.superclass, g.super_interfaces, g.extends_interfaces}) {
    const Index list = tree.child_of_kind(owner, kind);
    if (list != Tree::none) add_types_of(world, file, list, out.supertypes);
  }
  if (tree[owner].kind == g.record_declaration) {
    for (const Index one : tree.named_children(tree.child(owner, g.parameters))) {
      const Index name = tree.child(one, g.name), type = tree.child(one, g.type);
      if (name == Tree::none || type == Tree::none) continue;
      const Type resolved = resolve_type(world, file, type);
      out.fields.push_back({std::string(tree.text(name)), resolved, true});
      add_method(out, {std::string(tree.text(name)), resolved, false});
    }
  }
  add_members(world, file, out.body, out);
}

bool is_type_variable(const Parsed& file, std::string_view name, Index at) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  for (Index i = at; i != 0; i = tree[i].parent) {
    const Index list = tree.child_of_kind(i, g.type_parameters);
    if (list != Tree::none && declares_variable(tree, list, name)) return true;
  }
  return false;
}

// A class that this file declares and that is seen at a node by its simple name.
const Class* own_class(const Parsed& file, std::string_view name, Index at) {
  const Tree& tree = *file.tree;
  for (const Class& one : file.unit.classes) {
    if (one.scope == 0 || last_name(one.name) != name) continue;
    if (at > one.scope && at < tree[one.scope].after) return &one;
  }
  for (const Class* around = class_around(file, at); around != nullptr;
       around = class_around(file, tree[around->body].parent)) {
    if (last_name(around->name) == name) return around;
    const std::string wanted = joined(around->name, name);
    for (const Class& one : file.unit.classes) {
      if (one.scope == 0 && one.name == wanted) return &one;
    }
  }
  const std::string top = joined(file.unit.package, name);
  const auto found = std::ranges::find(file.unit.classes, top, &Class::name);
  return found == file.unit.classes.end() ? nullptr : &*found;
}

}  // namespace

struct World::State {
  const Sources* sources = nullptr;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_stem;  // "Foo" -> paths
  std::recursive_mutex lock;
  std::map<std::string, std::unique_ptr<Unit>, std::less<>> units;  // path -> summary
  std::vector<std::unique_ptr<Unit>> older;
  // Parsed for their classes, and kept for the plan that will come to them.
  std::map<std::string, Parsed, std::less<>> ready;
  std::size_t ready_bytes = 0;
  std::set<std::string, std::less<>> open;  // being read; a circle ends here

  // Paths that may declare the top-level class of a full name.
  [[nodiscard]] std::vector<const std::string*> candidates(std::string_view full) const {
    std::vector<const std::string*> out;
    const auto found = by_stem.find(last_name(full));
    if (found == by_stem.end()) return out;
    std::string wanted(full);
    std::ranges::replace(wanted, '.', '/');
    wanted += ending;
    for (const std::size_t i : found->second) {
      const std::string& path = sources->paths[i];
      const bool whole =
          path.size() == wanted.size() ||
          (path.size() > wanted.size() && path[path.size() - wanted.size() - 1] == '/');
      if (whole && path.ends_with(wanted)) out.push_back(&path);
    }
    return out;
  }
};

World::World(const Sources& sources) : state_(std::make_unique<State>()) {
  state_->sources = &sources;
  for (std::size_t i = 0; i < sources.paths.size(); ++i) {
    state_->by_stem[std::string(file_stem(sources.paths[i]))].push_back(i);
  }
}

World::~World() = default;

bool World::has(std::string_view full_name) const { return !state_->candidates(full_name).empty(); }

Result<Parsed> World::parse(const std::string& path) {
  {
    const std::scoped_lock guard(state_->lock);
    const auto ready = state_->ready.find(path);
    if (ready != state_->ready.end()) {
      Parsed out = std::move(ready->second);
      state_->ready_bytes -= out.text->size();
      state_->ready.erase(ready);
      return out;
    }
  }
  return read_and_parse(path);
}

Result<Parsed> World::read_and_parse(const std::string& path) {
  return parsed(path, TENON_TRY(state_->sources->read(path)));
}

Result<Parsed> World::parsed(const std::string& path, std::string text) {
  const Grammar& g = grammar();
  Parsed out(std::move(text));
  out.tree.emplace(TENON_TRY(tree::parse(tree::Language::java, *out.text)));
  const Tree& tree = *out.tree;
  for (const Index i : tree.named_children(0)) {
    if (tree[i].kind == g.import_declaration) out.unit.imports.push_back(import_of(tree, i));
    if (tree[i].kind != g.package_declaration) continue;
    for (const Index name : tree.named_children(i)) {
      if (tree[name].kind == g.scoped_identifier || tree[name].kind == g.identifier)
        out.unit.package = dotted(tree.text(name));
    }
  }
  name_classes(out);
  for (Class& one : out.unit.classes) fill_class(*this, out, one);
  const std::scoped_lock guard(state_->lock);
  auto& kept = state_->units[path];
  // Somebody may hold a class of the one that was read without its bodies.
  if (kept != nullptr) state_->older.push_back(std::move(kept));
  kept = std::make_unique<Unit>(out.unit);
  return out;
}

void World::read_for_classes(const std::string& path) {
  auto text = state_->sources->read(path);
  if (!text) return;
  if (!text->contains("log4j")) {
    (void)parsed(path, without_bodies(*text));
    return;
  }
  auto whole = parsed(path, *std::move(text));
  if (!whole || state_->ready_bytes + whole->text->size() > most_ready_bytes) return;
  state_->ready_bytes += whole->text->size();
  state_->ready.emplace(path, *std::move(whole));
}

const Class* World::find(std::string_view full_name) {
  const std::scoped_lock guard(state_->lock);
  for (std::string_view top = full_name; !top.empty();) {
    for (const std::string* path : state_->candidates(top)) {
      if (!state_->units.contains(*path)) {
        if (!state_->open.insert(*path).second) continue;
        read_for_classes(*path);  // what cannot be read has no classes
        state_->open.erase(*path);
      }
      const auto unit = state_->units.find(*path);
      if (unit == state_->units.end()) continue;
      const auto found = std::ranges::find(unit->second->classes, full_name, &Class::name);
      if (found != unit->second->classes.end()) return &*found;
    }
    const std::size_t dot = top.rfind('.');
    top = dot == std::string_view::npos ? std::string_view() : top.substr(0, dot);
  }
  return nullptr;
}

namespace {

std::optional<Type> inherited(World& world, std::string_view full_name, std::string_view name,
                              std::vector<Member> Class::* members, bool heir) {
  std::vector<std::string> open{std::string(full_name)};
  for (std::size_t i = 0; i < open.size() && i < most_supertypes; ++i) {
    const Class* one = world.find(open[i]);
    if (one == nullptr) continue;
    const auto found = std::ranges::find(one->*members, name, &Member::name);
    if (found != (one->*members).end() && ((i == 0 && !heir) || !found->hidden)) return found->type;
    for (const std::string& super : one->supertypes) {
      if (!super.empty() && std::ranges::find(open, super) == open.end()) open.push_back(super);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Type> World::field(std::string_view full_name, std::string_view name, bool heir) {
  return inherited(*this, full_name, name, &Class::fields, heir);
}

std::optional<Type> World::method(std::string_view full_name, std::string_view name, bool heir) {
  return inherited(*this, full_name, name, &Class::methods, heir);
}

const Class* class_around(const Parsed& file, Index node) {
  const Tree& tree = *file.tree;
  for (Index i = node; i != 0;) {
    i = tree[i].parent;
    const auto found = file.bodies.find(i);
    if (found != file.bodies.end()) return &file.unit.classes[found->second];
  }
  return nullptr;
}

namespace {

// A nested class that is inherited. Only names that a pack may ask for: each look reads the files
// of the supertypes.
std::string inherited_class(World& world, const Parsed& file, std::string_view name, Index at) {
  if (!is_class_of_log4j(name)) return {};
  for (const Class* around = class_around(file, at); around != nullptr;
       around = class_around(file, (*file.tree)[around->body].parent)) {
    std::vector<std::string> open = around->supertypes;
    for (std::size_t i = 0; i < open.size() && i < most_supertypes; ++i) {
      const Class* super = open[i].empty() ? nullptr : world.find(open[i]);
      if (super == nullptr) continue;
      if (world.find(joined(super->name, name)) != nullptr) return joined(super->name, name);
      for (const std::string& next : super->supertypes) {
        if (std::ranges::find(open, next) == open.end()) open.push_back(next);
      }
    }
  }
  return {};
}

std::string resolve_simple(World& world, const Parsed& file, std::string_view name, Index at) {
  if (is_type_variable(file, name, at)) return {};
  if (const Class* own = own_class(file, name, at)) return own->name;
  if (std::string super = inherited_class(world, file, name, at); !super.empty()) return super;
  for (const Import& one : file.unit.imports) {
    if (!one.on_demand && last_name(one.name) == name) return one.name;
  }
  std::string sibling = joined(file.unit.package, name);
  if (world.has(sibling)) return sibling;
  for (const Import& one : file.unit.imports) {
    if (!one.on_demand || one.is_static) continue;
    const std::string full = joined(one.name, name);
    if (is_known_class(full) || world.has(full)) return full;
    if (world.has(one.name) && world.find(full) != nullptr) return full;
  }
  if (std::string lang = joined("java.lang", name); is_known_class(lang)) return lang;
  return {};
}

}  // namespace

std::string resolve_name(World& world, const Parsed& file, std::string_view name, Index at) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return resolve_simple(world, file, name, at);
  const std::string first = resolve_simple(world, file, name.substr(0, dot), at);
  if (!first.empty()) return first + std::string(name.substr(dot));
  // A package: by convention, and by need, since all classes that matter have one.
  const char start = name.front();
  return start >= 'a' && start <= 'z' ? std::string(name) : std::string();
}

Type resolve_type(World& world, const Parsed& file, Index node) {
  const Grammar& g = grammar();
  const Tree& tree = *file.tree;
  Type out;
  if (node == Tree::none) return out;
  int dimensions = 0;
  // A type holds another one once for each pair of brackets.
  for (int depth = 0; tree[node].kind == g.array_type && depth < most_supertypes; ++depth) {
    dimensions += dimensions_of(tree, node);
    node = tree.child(node, g.element);
    if (node == Tree::none) return out;
  }
  if (tree[node].kind == g.generic_type) {
    const auto parts = tree.named_children(node);
    for (const Index part : parts) {
      if (tree[part].kind != g.type_arguments) continue;
      for (const Index argument : tree.named_children(part)) {
        Type one;  // of one level: what a collection holds
        if (tree[argument].kind == g.type_identifier ||
            tree[argument].kind == g.scoped_type_identifier) {
          one.name = resolve_name(world, file, dotted(tree.text(argument)), argument);
        }
        out.arguments.push_back(std::move(one));
      }
    }
    if (!parts.empty()) node = parts.front();
  }
  if (tree[node].kind == g.type_identifier || tree[node].kind == g.scoped_type_identifier) {
    const std::string name = dotted(tree.text(node));
    out.name = name == "var" ? name : resolve_name(world, file, name, node);
  } else {
    out.name = std::string(tree.text(node));  // int, void
  }
  out.dimensions = dimensions;
  return out;
}

}  // namespace tenon::rewrite::java
