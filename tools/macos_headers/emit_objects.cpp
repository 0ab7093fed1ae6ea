#include <fmt/format.h>

#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "macos_headers/c_types.h"
#include "macos_headers/emitter.h"
#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

namespace {

// The family that a compiler takes a selector for: its first word, with no lower-case letter
// behind.
std::string implied_family(std::string_view selector) {
  while (selector.starts_with('_')) selector.remove_prefix(1);
  for (const std::string_view family : {"alloc", "copy", "init", "mutableCopy", "new"}) {
    if (!selector.starts_with(family)) continue;
    const std::string_view rest = selector.substr(family.size());
    if (rest.empty() || std::islower(static_cast<unsigned char>(rest.front())) == 0)
      return std::string(family);
  }
  return "none";
}

}  // namespace

void Emitter::objective_c() {
  for (const Protocol& protocol : all_.protocols)
    own_protocols_.try_emplace(protocol.name, &protocol);
  for (const Class& found : all_.classes) own_classes_.try_emplace(found.name, &found);
  for (const Conformance& found : all_.conformances)
    adopted_[found.owner].push_back(found.protocol);
  for (const Methods& found : all_.methods) methods_[found.owner].push_back(&found);
  for (const Protocol& protocol : all_.protocols) write_protocol(protocol);
  for (const Class& found : all_.classes) write_class(found);
  for (const auto& [owner, lists] : methods_) {
    if (!own_classes_.contains(owner)) write_category(owner, lists);
  }
}

// Of another framework its header, of this one the declaration: an adopted protocol and a
// superclass have to be known whole. False for what Rust alone has.
bool Emitter::protocol_is_known(const std::string& name) {
  if (name == "NSObjectProtocol") return true;
  const TypeEntry* entry = world_.find(name);
  if (entry == nullptr || entry->kind != TypeKind::protocol) return false;
  if (entry->framework != framework_.settings.name) {
    out_.includes.insert(entry->framework);
    return true;
  }
  const auto found = own_protocols_.find(name);
  if (found == own_protocols_.end()) return false;
  write_protocol(*found->second);
  return true;
}

std::string Emitter::protocol_list(const std::vector<std::string>& names) {
  std::string list;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!protocol_is_known(name)) continue;
    const std::string c_name = name == "NSObjectProtocol" ? "NSObject" : world_.find(name)->c_name;
    if (seen.insert(c_name).second) list += (list.empty() ? "" : ", ") + c_name;
  }
  return list.empty() ? "" : " <" + list + ">";
}

void Emitter::write_protocol(const Protocol& protocol) {
  if (is_own(protocol.c_name) || !written_.insert("protocol " + protocol.name).second) return;
  announced_protocols_.insert(protocol.c_name);
  const std::string supers = protocol_list(protocol.supers);
  to_c_.in_class("NSObject", {});
  std::string required;
  std::string optional;
  std::set<std::string> seen;
  for (const Method& method : protocol.methods) {
    std::string& section = method.optional ? optional : required;
    section += method_text(protocol.origin, protocol.name, method, seen, "id");
  }
  if (!optional.empty()) optional = "@optional\n" + optional;
  objects_ +=
      fmt::format("@protocol {}{}\n{}{}@end\n", protocol.c_name, supers, required, optional);
  ++out_.declarations;
  to_c_.in_class({}, {}, false);
}

bool Emitter::superclass_is_known(const std::string& name) {
  if (name == "NSObject" || name == "NSProxy") return true;
  const TypeEntry* entry = world_.find(name);
  if (entry == nullptr || entry->kind != TypeKind::class_) return false;
  if (entry->framework != framework_.settings.name) {
    out_.includes.insert(entry->framework);
    return true;
  }
  write_class(*own_classes_.at(name));
  return true;
}

void Emitter::write_class(const Class& found) {
  if (!written_.insert("class " + found.name).second) return;
  out_.symbols.push_back("OBJC_CLASS_$_" + found.c_name);
  if (is_own(found.c_name)) return;
  announced_classes_.insert(found.c_name);
  if (!found.super.empty() && !superclass_is_known(found.super)) {
    leave_out(found.origin, found.name, "its superclass " + found.super + " is not declared");
    return;
  }
  const std::string adopted = protocol_list(adopted_[found.name]);
  std::string generics;
  for (const std::string& name : found.generics) {
    generics += (generics.empty() ? "__covariant " : ", __covariant ") + name;
  }
  if (!generics.empty()) generics = "<" + generics + ">";
  std::string super = found.super;
  if (const TypeEntry* entry = world_.find(super); entry != nullptr) super = entry->c_name;
  to_c_.in_class(found.c_name, found.generics);
  std::string text;
  std::set<std::string> seen;
  for (const Methods* list : methods_[found.name]) {
    to_c_.in_class(found.c_name, list->generics);
    for (const Method& method : list->methods)
      text += method_text(list->origin, found.name, method, seen, "instancetype");
  }
  to_c_.in_class({}, {}, false);
  const std::string root = super.empty() ? "__attribute__((objc_root_class))\n" : "";
  objects_ += fmt::format("{}@interface {}{}{}{}\n{}@end\n", root, found.c_name, generics,
                          super.empty() ? "" : " : " + super, adopted, text);
  ++out_.declarations;
}

void Emitter::write_category(const std::string& owner, const std::vector<const Methods*>& lists) {
  const TypeEntry* entry = world_.find(owner);
  const bool root = owner == "NSObject";
  if (!root && (entry == nullptr || entry->kind != TypeKind::class_)) {
    for (const Methods* list : lists)
      leave_out(list->origin, owner, "methods of what is no class here");
    return;
  }
  const std::string name = root ? "NSObject" : entry->c_name;
  if (!root) out_.includes.insert(entry->framework);
  std::string text;
  std::string generics;
  std::set<std::string> seen;
  for (const Methods* list : lists) {
    to_c_.in_class(name, list->generics);
    std::string found;
    for (const std::string& generic : list->generics)
      found += (found.empty() ? "" : ", ") + generic;
    if (!found.empty()) generics = "<" + found + ">";
    for (const Method& method : list->methods)
      text += method_text(list->origin, owner, method, seen, "instancetype");
  }
  to_c_.in_class({}, {}, false);
  if (text.empty()) return;
  ++out_.declarations;
  objects_ += fmt::format("@interface {}{} (Tenon{})\n{}@end\n", name, generics,
                          framework_.settings.name, text);
}

std::string Emitter::method_text(const Origin& origin, const std::string& owner,
                                 const Method& method, std::set<std::string>& seen,
                                 const std::string& self_type) {
  std::string selector = method.selector;
  const bool with_error = selector.ends_with(":_");
  if (with_error) selector.pop_back();
  const char sign = method.of_class ? '+' : '-';
  if (!seen.insert(sign + selector).second) return {};
  try {
    if (const std::string name = property_of(method, selector);
        !name.empty() && !seen.contains("-" + name)) {
      return fmt::format("@property(readonly, getter={}) BOOL {};\n", selector, name);
    }
    std::string text = fmt::format("{} ({}){};\n", sign, result_text(method, self_type, with_error),
                                   selector_text(selector, method, with_error));
    const Translator::Needs needs = to_c_.take_needs();
    satisfy(needs);
    for (const Use& use : needs.uses) announce(use.name);
    const std::string implied = implied_family(selector);
    if (!method.family.empty() && method.family != implied) {
      text.insert(text.size() - 2,
                  fmt::format(" __attribute__((objc_method_family({})))", method.family));
    }
    return text;
  } catch (const NoType& problem) {
    (void)to_c_.take_needs();
    leave_out({origin.module, method.line}, owner + " " + selector, problem.reason);
    return {};
  }
}

// `isOpen` is read as `object.open`, which takes a property; any other getter is its own name.
std::string Emitter::property_of(const Method& method, const std::string& selector) {
  const bool getter = !method.of_class && method.parameters.empty() && selector.size() > 3 &&
                      selector.starts_with("is") &&
                      std::isupper(static_cast<unsigned char>(selector[2])) != 0;
  if (!getter || method.result.name != "bool") return {};
  std::string name = selector.substr(2);
  const bool abbreviation = std::isupper(static_cast<unsigned char>(name[1])) != 0;
  if (!abbreviation) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  for (const std::string_view keyword :
       {"true",     "false",  "NULL",    "bycopy", "byref",     "in",       "out",
        "inout",    "oneway", "private", "public", "protected", "template", "default",
        "operator", "class",  "new",     "delete", "explicit",  "virtual"}) {
    if (name == keyword) return {};
  }
  return name;
}

void Emitter::announce(const std::string& name) {
  const TypeEntry* entry = world_.find(name);
  if (entry == nullptr || entry->framework != framework_.settings.name || is_own(entry->c_name))
    return;
  if (entry->kind == TypeKind::class_) announced_classes_.insert(entry->c_name);
  if (entry->kind == TypeKind::protocol) announced_protocols_.insert(entry->c_name);
}

// Result<T, E> of a method with an error at its end is T, and BOOL for ().
std::string Emitter::result_text(const Method& method, const std::string& self_type,
                                 bool with_error) {
  Type type = method.result;
  if (type.kind == Type::Kind::path && type.name == "Result") {
    type = Type(type.parts.front());
    if (with_error && type.kind == Type::Kind::tuple) return "BOOL";
  }
  const Type* inner = &type;
  while (inner->kind == Type::Kind::path && inner->parts.size() == 1 &&
         (inner->name == "Option" || inner->name == "Retained" || inner->name == "Allocated")) {
    inner = &inner->parts.front();
  }
  if (inner != &type && inner->name == "Self") return self_type;
  return to_c_.declare(type, "");
}

std::string Emitter::selector_text(const std::string& selector, const Method& method,
                                   bool with_error) {
  if (!selector.contains(':')) {
    if (!method.parameters.empty()) throw NoType{"more parameters than the selector has"};
    return selector;
  }
  std::string out;
  std::size_t start = 0;
  std::size_t index = 0;
  for (std::size_t colon = selector.find(':'); colon != std::string::npos;
       colon = selector.find(':', start)) {
    std::string type = "NSError **";
    if (index < method.parameters.size()) {
      type = to_c_.parameter(method.parameters[index].type, method.parameters[index].name);
    } else if (!with_error) {
      throw NoType{"fewer parameters than the selector has"};
    } else if (framework_.settings.name != "Foundation") {
      out_.includes.insert("Foundation");
    } else {
      announced_classes_.insert("NSError");
    }
    out += fmt::format("{}{}:({})a{}", out.empty() ? "" : " ",
                       selector.substr(start, colon - start), type, index);
    start = colon + 1;
    ++index;
  }
  if (index < method.parameters.size()) throw NoType{"more parameters than the selector has"};
  return out;
}

}  // namespace macos_headers
