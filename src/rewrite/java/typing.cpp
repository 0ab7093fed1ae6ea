#include "rewrite/java/typing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/tree/tree.h"
#include "rewrite/java/grammar.h"
#include "rewrite/java/library.h"
#include "rewrite/java/model.h"

namespace tenon::rewrite::java {
namespace {

using tree::Index;
using tree::Tree;

constexpr int most_depth = 100;  // of expressions that are looked into; deeper ones are not known
constexpr std::string_view string_class = "java.lang.String";

// Methods of collections that give one of their elements: the last type argument.
constexpr std::array<std::string_view, 20> element_methods = {
    "get",  "getOrDefault", "remove",  "put",      "next",        "previous",
    "poll", "peek",         "element", "getValue", "putIfAbsent", "computeIfAbsent",
    "pop",  "first",        "last",    "getFirst", "getLast",     "orElse",
    "call", "take"};

struct Look {
  World& world;
  const Parsed& file;

  [[nodiscard]] const Tree& tree() const { return *file.tree; }

  [[nodiscard]] std::string_view name_of(Index node) const {
    const Index name = tree().child(node, grammar().name);
    return name == Tree::none ? std::string_view() : tree().text(name);
  }

  Type expression(Index node, int depth) const;
  Type local_type(Index declaration, Index declarator, int depth) const;
  std::optional<Type> declared_in(Index declaration, std::string_view name, int depth) const;
  std::optional<Type> parameter(Index parameters, std::string_view name) const;
  std::optional<Type> of_ancestor(Index above, Index below, std::string_view name, int depth) const;
  std::optional<Type> pattern_variable(Index condition, std::string_view name) const;
  std::optional<Type> variable(std::string_view name, Index at, int depth) const;
  std::string class_named(Index node, int depth) const;
  bool is_string(Index node, int depth) const;
  Type of_method(Index node, int depth) const;
  Type of_field(Index node, int depth) const;
};

int dimensions_at(const Tree& tree, Index node) {
  const Index found = tree.child(node, grammar().dimensions);
  return found == Tree::none ? 0 : static_cast<int>(std::ranges::count(tree.text(found), '['));
}

Type Look::local_type(Index declaration, Index declarator, int depth) const {
  const Grammar& g = grammar();
  Type out = resolve_type(world, file, tree().child(declaration, g.type));
  if (out.name == "var") {
    const Index value = tree().child(declarator, g.value);
    return value == Tree::none ? Type{} : expression(value, depth + 1);
  }
  out.dimensions += dimensions_at(tree(), declarator);
  return out;
}

std::optional<Type> Look::declared_in(Index declaration, std::string_view name, int depth) const {
  for (const Index one : tree().named_children(declaration)) {
    if (tree()[one].kind == grammar().variable_declarator && name_of(one) == name) {
      return local_type(declaration, one, depth);
    }
  }
  return std::nullopt;
}

// Of methods, constructors and lambda expressions: one name, names without types, or full
// parameters.
std::optional<Type> Look::parameter(Index parameters, std::string_view name) const {
  const Grammar& g = grammar();
  if (parameters == Tree::none) return std::nullopt;
  if (tree()[parameters].kind == g.identifier) {
    return tree().text(parameters) == name ? std::optional(Type{}) : std::nullopt;
  }
  for (const Index one : tree().named_children(parameters)) {
    const tree::Kind kind = tree()[one].kind;
    if (kind == g.identifier && tree().text(one) == name) return Type{};
    if (kind == g.formal_parameter && name_of(one) == name) {
      Type out = resolve_type(world, file, tree().child(one, g.type));
      if (out.name == "var") out = {};
      out.dimensions += dimensions_at(tree(), one);
      return out;
    }
    if (kind != g.spread_parameter) continue;
    Index type = Tree::none;
    for (const Index part : tree().named_children(one)) {
      if (tree()[part].kind == g.variable_declarator && name_of(part) == name) {
        Type out = resolve_type(world, file, type);
        out.dimensions += 1;
        return out;
      }
      if (tree()[part].kind != g.modifiers) type = part;
    }
  }
  return std::nullopt;
}

// `x instanceof T name`
std::optional<Type> Look::pattern_variable(Index condition, std::string_view name) const {
  const Grammar& g = grammar();
  for (Index i = condition; i < tree()[condition].after; ++i) {
    if (tree()[i].kind == g.instanceof_expression && name_of(i) == name) {
      return resolve_type(world, file, tree().child(i, g.right));
    }
  }
  return std::nullopt;
}

// What one node above declares for the node below it that leads to the place.
std::optional<Type> Look::of_ancestor(Index above, Index below, std::string_view name,
                                      int depth) const {
  const Grammar& g = grammar();
  const tree::Kind kind = tree()[above].kind;
  if (kind == g.lambda || kind == g.method_declaration || kind == g.constructor_declaration) {
    return parameter(tree().child(above, g.parameters), name);
  }
  if (kind == g.enhanced_for) {
    if (below != tree().child(above, g.body) || name_of(above) != name) return std::nullopt;
    Type out = resolve_type(world, file, tree().child(above, g.type));
    if (out.name == "var") {
      const Type source = expression(tree().child(above, g.value), depth + 1);
      if (source.dimensions > 0) return Type{source.name, source.arguments, source.dimensions - 1};
      return source.arguments.empty() ? Type{} : source.arguments.back();
    }
    out.dimensions += dimensions_at(tree(), above);
    return out;
  }
  if (kind == g.catch_clause) {
    const Index one = tree().child_of_kind(above, g.catch_formal_parameter);
    if (one == Tree::none || name_of(one) != name) return std::nullopt;
    const Index list = tree().child_of_kind(one, g.catch_type);
    const auto types = list == Tree::none ? std::vector<Index>() : tree().named_children(list);
    Type out = types.size() == 1 ? resolve_type(world, file, types.front()) : Type{};
    if (out.name.empty()) out.name = "java.lang.Throwable";
    return out;
  }
  if (kind == g.if_statement) return pattern_variable(tree().child(above, g.condition), name);
  if (kind == g.binary) return pattern_variable(tree().child(above, g.left), name);
  if (kind == g.try_with_resources) above = tree().child_of_kind(above, g.resource_specification);
  for (Index i = above + 1; above != Tree::none && i < tree()[above].after && i < below;
       i = tree()[i].after) {
    if (tree()[i].kind == g.local_variable_declaration) {
      if (auto found = declared_in(i, name, depth)) return found;
    }
    if (tree()[i].kind == g.resource && name_of(i) == name) return local_type(i, i, depth);
  }
  // A declaration sees its own earlier names.
  if (kind == g.local_variable_declaration) return declared_in(above, name, depth);
  return std::nullopt;
}

std::optional<Type> Look::variable(std::string_view name, Index at, int depth) const {
  if (depth > most_depth) return Type{};
  for (Index below = at; below != 0; below = tree()[below].parent) {
    const Index above = tree()[below].parent;
    const auto body = file.bodies.find(above);
    if (body == file.bodies.end()) {
      if (auto found = of_ancestor(above, below, name, depth)) return found;
      continue;
    }
    const Class& around = file.unit.classes[body->second];
    const auto own = std::ranges::find(around.fields, name, &Member::name);
    if (own != around.fields.end()) {
      if (own->type.name != "var") return own->type;
    }
    for (const std::string& super : around.supertypes) {
      if (super.empty()) continue;
      // A class of this file may not be in the world yet, or be another one of its name.
      const auto here = std::ranges::find(file.unit.classes, super, &Class::name);
      if (here != file.unit.classes.end()) {
        const auto inherited = std::ranges::find(here->fields, name, &Member::name);
        if (inherited != here->fields.end() && !inherited->hidden) return inherited->type;
      }
      if (auto found = world.field(super, name, true)) return found;
    }
  }
  for (const Import& one : file.unit.imports) {
    if (!one.is_static) continue;
    const std::size_t dot = one.name.rfind('.');
    const bool named =
        !one.on_demand && dot != std::string::npos && one.name.substr(dot + 1) == name;
    if (!named && !one.on_demand) continue;
    if (auto found = world.field(one.on_demand ? one.name : one.name.substr(0, dot), name))
      return found;
  }
  return std::nullopt;
}

std::string Look::class_named(Index node, int depth) const {
  const Grammar& g = grammar();
  const tree::Kind kind = tree()[node].kind;
  if (kind == g.identifier) {
    const std::string_view name = tree().text(node);
    if (variable(name, node, depth + 1)) return {};
    return resolve_name(world, file, name, node);
  }
  if (kind != g.field_access) return {};
  std::string text;
  std::ranges::copy_if(tree().text(node), std::back_inserter(text), [](char c) { return c > ' '; });
  const bool name = std::ranges::all_of(text, [](unsigned char c) {
    return c == '.' || c == '_' || c == '$' || c > 0x7f || (c >= '0' && c <= '9') ||
           ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z');
  });
  if (!name) return {};
  const std::string first = text.substr(0, text.find('.'));
  if (first == "this" || first == "super" || variable(first, node, depth + 1)) return {};
  std::string full = resolve_name(world, file, text, node);
  // Not a static field of a class.
  const std::size_t dot = full.rfind('.');
  if (dot == std::string::npos || world.field(full.substr(0, dot), full.substr(dot + 1))) return {};
  return full;
}

Type Look::of_method(Index node, int depth) const {
  const Grammar& g = grammar();
  const std::string_view name = name_of(node);
  const Index object = tree().child(node, g.object);
  if (object == Tree::none) {
    for (const Class* around = class_around(file, node); around != nullptr;
         around = class_around(file, tree()[around->body].parent)) {
      const auto own = std::ranges::find(around->methods, name, &Member::name);
      if (own != around->methods.end()) return own->type;
      for (const std::string& super : around->supertypes) {
        if (super.empty()) continue;
        if (auto found = world.method(super, name, true)) return *found;
      }
    }
    for (const Import& one : file.unit.imports) {
      if (!one.is_static) continue;
      const std::size_t dot = one.name.rfind('.');
      const std::string owner =
          one.on_demand || dot == std::string::npos ? one.name : one.name.substr(0, dot);
      if (!one.on_demand && dot != std::string::npos && one.name.substr(dot + 1) != name) continue;
      if (owner == "org.apache.log4j.Logger" && (name == "getLogger" || name == "getRootLogger"))
        return {owner, {}, 0};
      if (auto found = world.method(owner, name)) return *found;
    }
    return {};
  }
  if (name == "toString") return {std::string(string_class), {}, 0};
  const std::string owner = class_named(object, depth + 1);
  if (!owner.empty()) {
    if (owner == "org.apache.log4j.Logger" || owner == "org.apache.log4j.LogManager") {
      if (name == "getLogger" || name == "getRootLogger") return {"org.apache.log4j.Logger", {}, 0};
    }
    if (owner == "org.apache.log4j.Category" && (name == "getInstance" || name == "getRoot"))
      return {owner, {}, 0};
    if (owner == string_class &&
        (name == "valueOf" || name == "format" || name == "join" || name == "copyValueOf"))
      return {owner, {}, 0};
    if (auto found = world.method(owner, name)) return *found;
    return {};
  }
  const Type receiver = expression(object, depth + 1);
  if (receiver.dimensions > 0) return {};
  // Collections are classes of the library: their type arguments are all that is known of them.
  if (!receiver.arguments.empty() &&
      std::ranges::find(element_methods, name) != element_methods.end()) {
    return receiver.arguments.back();
  }
  if (receiver.name.empty()) return {};
  const auto here = std::ranges::find(file.unit.classes, receiver.name, &Class::name);
  if (here != file.unit.classes.end()) {
    const auto own = std::ranges::find(here->methods, name, &Member::name);
    if (own != here->methods.end()) return own->type;
  }
  if (receiver.is("java.lang.Class") && (name == "getName" || name == "getSimpleName"))
    return {std::string(string_class), {}, 0};
  if (is_throwable(receiver.name) && (name == "getMessage" || name == "getLocalizedMessage"))
    return {std::string(string_class), {}, 0};
  if (auto found = world.method(receiver.name, name)) return *found;
  return {};
}

Type Look::of_field(Index node, int depth) const {
  const Grammar& g = grammar();
  const Index object = tree().child(node, g.object), field = tree().child(node, g.field_field);
  if (object == Tree::none || field == Tree::none) return {};
  const std::string_view name = tree().text(field);
  std::string owner = class_named(object, depth + 1);
  if (owner.empty()) {
    const Type receiver = expression(object, depth + 1);
    if (receiver.dimensions > 0) return {};
    owner = receiver.name;
  }
  if (owner.empty()) return {};
  const auto here = std::ranges::find(file.unit.classes, owner, &Class::name);
  if (here != file.unit.classes.end()) {
    const auto own = std::ranges::find(here->fields, name, &Member::name);
    if (own != here->fields.end()) return own->type;
  }
  if (auto found = world.field(owner, name)) return *found;
  return {};
}

Type Look::expression(Index node, int depth) const {
  const Grammar& g = grammar();
  if (node == Tree::none || depth > most_depth) return {};
  const tree::Kind kind = tree()[node].kind;
  if (kind == g.identifier) {
    const auto found = variable(tree().text(node), node, depth + 1);
    return found ? *found : Type{};
  }
  if (kind == g.string_literal) return {std::string(string_class), {}, 0};
  if (kind == g.parenthesized) {
    const auto inside = tree().named_children(node);
    return inside.empty() ? Type{} : expression(inside.front(), depth + 1);
  }
  if (kind == g.this_kind) {
    const Class* around = class_around(file, node);
    return around == nullptr ? Type{} : Type{around->name, {}, 0};
  }
  if (kind == g.super_kind) {
    const Class* around = class_around(file, node);
    return around == nullptr || around->supertypes.empty()
               ? Type{}
               : Type{around->supertypes.front(), {}, 0};
  }
  if (kind == g.cast || kind == g.object_creation)
    return resolve_type(world, file, tree().child(node, g.type));
  if (kind == g.field_access) return of_field(node, depth);
  if (kind == g.method_invocation) return of_method(node, depth);
  if (kind == g.array_access) {
    Type out = expression(tree().child(node, g.array), depth + 1);
    if (out.dimensions == 0) return {};
    --out.dimensions;
    return out;
  }
  if (kind == g.assignment) return expression(tree().child(node, g.left), depth + 1);
  if (kind == g.ternary) {
    Type out = expression(tree().child(node, g.consequence), depth + 1);
    const Type other = expression(tree().child(node, g.alternative), depth + 1);
    return out.name == other.name && out.dimensions == other.dimensions ? out : Type{};
  }
  if (kind == g.binary && is_string(node, depth + 1)) return {std::string(string_class), {}, 0};
  return {};
}

bool Look::is_string(Index node, int depth) const {
  const Grammar& g = grammar();
  // A long sum leans to the left: its terms in a loop.
  while (tree()[node].kind == g.binary) {
    const Index sign = tree().child(node, g.operator_field);
    if (sign == Tree::none || tree().text(sign) != "+") return false;
    if (is_string(tree().child(node, g.right), depth + 1)) return true;
    node = tree().child(node, g.left);
    if (node == Tree::none) return false;
  }
  return depth <= most_depth && expression(node, depth + 1).is(string_class);
}

}  // namespace

std::optional<Type> variable_type(World& world, const Parsed& file, std::string_view name,
                                  Index at) {
  return Look{world, file}.variable(name, at, 0);
}

Type expression_type(World& world, const Parsed& file, Index expression) {
  return Look{world, file}.expression(expression, 0);
}

std::string named_class(World& world, const Parsed& file, Index expression) {
  return Look{world, file}.class_named(expression, 0);
}

bool surely_string(World& world, const Parsed& file, Index expression) {
  return Look{world, file}.is_string(expression, 0);
}

}  // namespace tenon::rewrite::java
