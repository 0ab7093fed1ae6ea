#include "macos_headers/emit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "macos_headers/c_types.h"
#include "macos_headers/evaluate.h"
#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

namespace {

constexpr Integer highest_int = 0x7fffffff;
constexpr Integer highest_signed = 0x7fffffffffffffffLL;

std::string text_of(Integer value) {
  constexpr Integer least_signed = -(Integer{1} << 63);
  if (value == least_signed) return "(-9223372036854775807LL - 1)";
  constexpr Integer least_int = -(Integer{1} << 31);
  if (value == least_int) return "(-2147483647 - 1)";
  if (value < least_int) return "-" + fmt::format("{}LL", static_cast<unsigned long long>(-value));
  if (value < 0) return "-" + text_of(-value);
  std::string digits = fmt::format("{}", static_cast<unsigned long long>(value));
  if (value > highest_signed) return digits + "ULL";
  if (value > highest_int) return digits + (value <= 0xffffffffLL ? "U" : "LL");
  return digits;
}

std::string real_text(double value) {
  std::string out = fmt::format("{}", value);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

// A string of Rust as C writes it: \0 at the end goes.
std::string quoted(std::string text) {
  if (text.ends_with("\\0")) text.resize(text.size() - 2);
  return "\"" + text + "\"";
}

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

class Emitter {
 public:
  Emitter(const World& world, const Framework& framework)
      : world_(world),
        framework_(framework),
        all_(framework.declarations),
        to_c_(world, framework) {}

  Header run() {
    collect_forward();
    types();
    constants();
    statics();
    functions();
    objective_c();
    assemble();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_own(const std::string& name) const { return framework_.own.contains(name); }

  void leave_out(const Origin& origin, const std::string& name, const std::string& reason) {
    out_.left_out.push_back({origin, name, reason});
  }

  // Text in the section for C, or for Objective-C alone when it speaks of objects.
  void put(std::string& section, const std::string& text, bool objective_c) {
    ++out_.declarations;
    section += objective_c ? "#ifdef __OBJC__\n" + text + "#endif\n" : text;
  }

  // ---- what others need first

  // The names of a declaration: of this framework they are written first; of another its header is
  // included, or for an object behind a pointer the name is announced.
  void satisfy(const Translator::Needs& needs) {
    for (const Use& use : needs.uses) {
      const TypeEntry* entry = world_.find(use.name);
      if (entry == nullptr || entry->framework.empty() || is_own(entry->c_name)) continue;
      if (entry->framework == framework_.settings.name) {
        if (use.complete) write_type(use.name);
        continue;
      }
      announce_or_include(*entry);
    }
  }

  void announce_or_include(const TypeEntry& entry) {
    if (entry.kind == TypeKind::class_ && !entry.generic) {
      foreign_classes_.emplace(entry.c_name, entry.framework);
    } else if (entry.kind == TypeKind::protocol) {
      foreign_protocols_.emplace(entry.c_name, entry.framework);
    } else {
      out_.includes.insert(entry.framework);
    }
  }

  void collect_forward() {
    for (const Record& record : all_.records) {
      const TypeEntry* entry = world_.find(record.name);
      if (entry == nullptr || entry->record != &record) continue;
      if (is_own(record.name) || is_own(entry->c_name)) continue;
      const std::string* tag = world_.tag_of(record.name);
      const std::string name =
          tag == nullptr || tag->empty() || *tag == "?" || tag->contains("::") ? record.name : *tag;
      if (entry->kind == TypeKind::core_foundation) {
        put(forward_,
            fmt::format("typedef {}struct {} *{};\n", points_to_const(record.name) ? "const " : "",
                        name, entry->c_name),
            false);
      } else {
        const char* kind = record.kind == Record::Kind::union_ ? "union" : "struct";
        put(forward_, fmt::format("typedef {} {} {};\n", kind, name, record.name), false);
      }
    }
  }

  [[nodiscard]] bool points_to_const(const std::string& name) const {
    return std::ranges::any_of(
        framework_.settings.pointers_are_const, [&](const std::string& pattern) {
          return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) &&
                                              !name.contains("Mutable")
                                        : pattern == name;
        });
  }

  // ---- types

  void types() {
    for (const Enumeration& enumeration : all_.enumerations) {
      writers_.try_emplace(enumeration.name,
                           [this, &enumeration] { write_enumeration(enumeration); });
    }
    for (const Alias& alias : all_.aliases) {
      if (!alias.stands_in)
        writers_.try_emplace(alias.name, [this, &alias] { write_alias(alias); });
    }
    for (const Record& record : all_.records) {
      if (record.kind != Record::Kind::opaque) {
        writers_.try_emplace(record.name, [this, &record] { write_record(record); });
      }
    }
    for (const Enumeration& enumeration : all_.enumerations) write_type(enumeration.name);
    for (const Alias& alias : all_.aliases) write_type(alias.name);
    for (const Record& record : all_.records) write_type(record.name);
  }

  void write_type(const std::string& name) {
    const auto found = writers_.find(name);
    if (found == writers_.end() || !written_.insert(name).second) return;
    found->second();
  }

  void write_enumeration(const Enumeration& found) {
    if (is_own(found.name)) return;
    try {
      std::string text;
      const std::string base = to_c_.integer(found.base);
      satisfy(to_c_.take_needs());
      for (const Constant& constant : all_.constants) {
        if (constant.owner != found.name || is_own(constant.name)) continue;
        const auto value = world_.constants().value_of(constant);
        if (!value || !std::holds_alternative<Integer>(*value)) {
          leave_out(constant.origin, constant.name, value ? "not an integer" : value.error());
          continue;
        }
        if (!constant_names_.insert(constant.name).second) continue;
        const Integer whole = wrapped_to(std::get<Integer>(*value), world_.primitive(found.base));
        text += fmt::format("  {} = {},\n", constant.name, text_of(whole));
      }
      const char* macro = found.options ? "OPTIONS" : "ENUM";
      if (text.empty()) {
        put(types_, fmt::format("typedef {} {};\n", base, found.name), false);
      } else {
        put(types_,
            fmt::format("TENON_{0}_BEGIN({1}, {2})\n{3}TENON_{0}_END({2})\n", macro, base,
                        found.name, text),
            false);
      }
    } catch (const NoType& problem) {
      leave_out(found.origin, found.name, problem.reason);
    }
  }

  void write_alias(const Alias& alias) {
    const TypeEntry* entry = world_.find(alias.name);
    if (entry == nullptr || is_own(alias.name) || is_own(entry->c_name)) return;
    try {
      std::string text = to_c_.declare(alias.type, entry->c_name);
      const auto& ours = framework_.settings.functions;
      if (const auto own = ours.find(alias.name); own != ours.end()) text = own->second;
      const Translator::Needs needs = to_c_.take_needs();
      satisfy(needs);
      put(types_, fmt::format("typedef {};\n", text), needs.objective_c);
    } catch (const NoType& problem) {
      (void)to_c_.take_needs();
      leave_out(alias.origin, alias.name, problem.reason);
    }
  }

  void write_record(const Record& record) {
    if (is_own(record.name)) return;
    try {
      std::string text;
      for (const Parameter& field : record.fields) {
        text += "  " + to_c_.declare(field.type, field.name) + ";\n";
      }
      const Translator::Needs needs = to_c_.take_needs();
      satisfy(needs);
      const std::string* tag = world_.tag_of(record.name);
      const bool plain = tag == nullptr || tag->empty() || *tag == "?" || tag->contains("::");
      const char* kind = record.kind == Record::Kind::union_ ? "union" : "struct";
      std::string whole = fmt::format(
          "{} {}{} {{\n{}}};\n", kind,
          record.aligned != 0 ? fmt::format("__attribute__((aligned({}))) ", record.aligned) : "",
          plain ? record.name : *tag, text);
      if (record.packed != 0) {
        whole = fmt::format("#pragma pack(push, {})\n{}#pragma pack(pop)\n", record.packed, whole);
      }
      put(types_, whole, needs.objective_c);
    } catch (const NoType& problem) {
      (void)to_c_.take_needs();
      leave_out(record.origin, record.name, problem.reason);
    }
  }

  // ---- values

  // Numbers of one type that follow each other are one enumeration without a name.
  void constants() {
    std::string open;
    for (const Constant& constant : all_.constants) {
      if (!constant.owner.empty() || is_own(constant.name)) continue;
      if (!constant_names_.insert(constant.name).second) continue;
      std::string base;
      const std::string line = constant_line(constant, base);
      if (base != open) {
        if (!open.empty()) constants_ += "};\n";
        if (!base.empty())
          constants_ += base == "int" ? "enum {\n" : fmt::format("enum : {} {{\n", base);
        open = base;
      }
      constants_ += line;
    }
    if (!open.empty()) constants_ += "};\n";
  }

  std::string constant_line(const Constant& constant, std::string& base) {
    const auto value = world_.constants().value_of(constant);
    if (!value) {
      leave_out(constant.origin, constant.name, value.error());
      return {};
    }
    ++out_.declarations;
    if (const auto* text = std::get_if<std::string>(&*value)) {
      return fmt::format("#define {} {}\n", constant.name, quoted(*text));
    }
    if (const auto* real = std::get_if<double>(&*value)) {
      return fmt::format("#define {} {}\n", constant.name, real_text(*real));
    }
    try {
      base = to_c_.integer(constant.type);
      const Translator::Needs needs = to_c_.take_needs();
      satisfy(needs);
      const std::string primitive = world_.primitive(constant.type);
      if (base == "float" || base == "double" || base == "CGFloat" || primitive == "f32" ||
          primitive == "f64" || primitive == "c_float" || primitive == "c_double" ||
          primitive == "CGFloat") {
        base.clear();
        return fmt::format("#define {} {}.0\n", constant.name, text_of(std::get<Integer>(*value)));
      }
      if (base == "bool" || base == "Boolean" || base == "BOOL") {
        base.clear();
        return fmt::format("#define {} {}\n", constant.name, text_of(std::get<Integer>(*value)));
      }
      Integer whole = wrapped_to(std::get<Integer>(*value), world_.primitive(constant.type));
      // An error of IOKit has the type int in C, whatever the bindings make of it.
      if (constant.value.kind == Expression::Kind::call && constant.value.text.ends_with("_err!")) {
        base = "int";
        whole = wrapped_to(whole, "i32");
      }
      // cgo takes an enumerator of a fixed type for a signed number; C gives a small one the type
      // int.
      if (whole > highest_signed) {
        base.clear();
        return fmt::format("#define {} {}\n", constant.name, text_of(whole));
      }
      if ((base == "int" || base == "unsigned int") && whole <= highest_int &&
          whole >= -highest_int)
        base = "int";
      return fmt::format("  {} = {},\n", constant.name, text_of(whole));
    } catch (const NoType& problem) {
      (void)to_c_.take_needs();
      base.clear();
      leave_out(constant.origin, constant.name, problem.reason);
      return {};
    }
  }

  void statics() {
    std::set<std::string> known;
    for (const Static& found : all_.statics) {
      if (!known.insert(found.name).second) continue;
      out_.symbols.push_back(found.name);
      if (is_own(found.name)) continue;
      try {
        const bool fixed = !found.is_mutable;
        const std::string text = to_c_.declare(found.type, (fixed ? "const " : "") + found.name);
        const Translator::Needs needs = to_c_.take_needs();
        satisfy(needs);
        put(functions_of(found.origin), fmt::format("TENON_EXTERN {};\n", text), needs.objective_c);
      } catch (const NoType& problem) {
        (void)to_c_.take_needs();
        leave_out(found.origin, found.name, problem.reason);
      }
    }
  }

  // Where the functions of a module go: to the header of the framework, or to one of their own.
  std::string& functions_of(const Origin& origin) {
    constexpr std::string_view generated = "generated/";
    const std::string& module = origin.module;
    const bool own =
        framework_.settings.by_module && module.starts_with(generated) && module != "generated/mod";
    return own ? out_.modules[module.substr(generated.size())] : functions_;
  }

  void functions() {
    std::set<std::string> known;
    for (const Function& found : all_.functions) {
      if (!known.insert(found.name).second) continue;
      out_.symbols.push_back(found.name);
      if (is_own(found.name)) continue;
      if (const auto own = framework_.settings.functions.find(found.name);
          own != framework_.settings.functions.end()) {
        put(functions_of(found.origin), fmt::format("TENON_EXTERN {};\n", own->second), false);
        continue;
      }
      try {
        const std::string list = to_c_.parameters(found.parameters, found.variadic);
        const std::string text = to_c_.declare(found.result, found.name + "(" + list + ")");
        const Translator::Needs needs = to_c_.take_needs();
        satisfy(needs);
        put(functions_of(found.origin), fmt::format("TENON_EXTERN {};\n", text), needs.objective_c);
      } catch (const NoType& problem) {
        (void)to_c_.take_needs();
        leave_out(found.origin, found.name, problem.reason);
      }
    }
  }

  // ---- Objective-C

  void objective_c() {
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
  bool protocol_is_known(const std::string& name) {
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

  std::string protocol_list(const std::vector<std::string>& names) {
    std::string list;
    std::set<std::string> seen;
    for (const std::string& name : names) {
      if (!protocol_is_known(name)) continue;
      const std::string c_name =
          name == "NSObjectProtocol" ? "NSObject" : world_.find(name)->c_name;
      if (seen.insert(c_name).second) list += (list.empty() ? "" : ", ") + c_name;
    }
    return list.empty() ? "" : " <" + list + ">";
  }

  void write_protocol(const Protocol& protocol) {
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

  bool superclass_is_known(const std::string& name) {
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

  void write_class(const Class& found) {
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

  void write_category(const std::string& owner, const std::vector<const Methods*>& lists) {
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

  std::string method_text(const Origin& origin, const std::string& owner, const Method& method,
                          std::set<std::string>& seen, const std::string& self_type) {
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
      std::string text =
          fmt::format("{} ({}){};\n", sign, result_text(method, self_type, with_error),
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
  static std::string property_of(const Method& method, const std::string& selector) {
    const bool getter = !method.of_class && method.parameters.empty() && selector.size() > 3 &&
                        selector.starts_with("is") &&
                        std::isupper(static_cast<unsigned char>(selector[2])) != 0;
    if (!getter || method.result.name != "bool") return {};
    std::string name = selector.substr(2);
    const bool abbreviation = std::isupper(static_cast<unsigned char>(name[1])) != 0;
    if (!abbreviation)
      name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
    for (const std::string_view keyword :
         {"true",     "false",  "NULL",    "bycopy", "byref",     "in",       "out",
          "inout",    "oneway", "private", "public", "protected", "template", "default",
          "operator", "class",  "new",     "delete", "explicit",  "virtual"}) {
      if (name == keyword) return {};
    }
    return name;
  }

  void announce(const std::string& name) {
    const TypeEntry* entry = world_.find(name);
    if (entry == nullptr || entry->framework != framework_.settings.name || is_own(entry->c_name))
      return;
    if (entry->kind == TypeKind::class_) announced_classes_.insert(entry->c_name);
    if (entry->kind == TypeKind::protocol) announced_protocols_.insert(entry->c_name);
  }

  // Result<T, E> of a method with an error at its end is T, and BOOL for ().
  std::string result_text(const Method& method, const std::string& self_type, bool with_error) {
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

  std::string selector_text(const std::string& selector, const Method& method, bool with_error) {
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

  // ---- the whole

  static std::string announced(const char* what, const std::set<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += fmt::format("{} {};\n", what, name);
    return out;
  }

  // `@class NSArray<A, B>;` must have the generics that the class has.
  std::string class_announcements() {
    std::string out;
    for (const Class& found : all_.classes) {
      if (is_own(found.c_name)) continue;
      std::string generics;
      for (const std::string& name : found.generics)
        generics += (generics.empty() ? "__covariant " : ", __covariant ") + name;
      out +=
          fmt::format("@class {}{};\n", found.c_name, generics.empty() ? "" : "<" + generics + ">");
    }
    return out;
  }

  void assemble() {
    std::string includes;
    out_.includes.erase(framework_.settings.name);
    for (const std::string& header : framework_.settings.includes)
      includes += fmt::format("#include <{}>\n", header);
    for (const std::string& name : out_.includes)
      includes += fmt::format("#include <{0}/{0}.h>\n", name);
    std::set<std::string> classes;
    for (const auto& [name, framework] : foreign_classes_) {
      if (!out_.includes.contains(framework)) classes.insert(name);
    }
    std::set<std::string> protocols;
    for (const auto& [name, framework] : foreign_protocols_) {
      if (!out_.includes.contains(framework)) protocols.insert(name);
    }
    for (const Protocol& protocol : all_.protocols) {
      if (!is_own(protocol.c_name)) protocols.insert(protocol.c_name);
    }
    const std::string objects =
        class_announcements() + announced("@class", classes) + announced("@protocol", protocols);
    out_.text = fmt::format(
        "// {0} for C and Objective-C: tenon's own, made from {1} {2}. Not Apple's.\n"
        "#pragma once\n#pragma clang system_header\n#include <tenon/declare.h>\n{3}{4}"
        "TENON_DECLARATIONS_BEGIN\n{5}{6}{7}{8}{9}{10}TENON_DECLARATIONS_END\n{11}",
        framework_.settings.name, framework_.settings.crate, framework_.version, includes,
        framework_.before, objects.empty() ? "" : "#ifdef __OBJC__\n" + objects + "#endif\n",
        forward_, types_, constants_, functions_,
        objects_.empty() ? "" : "#ifdef __OBJC__\n" + objects_ + "#endif\n", framework_.after);
  }

  const World& world_;
  const Framework& framework_;
  const Declarations& all_;
  Translator to_c_;
  Header out_;
  std::string forward_;
  std::string types_;
  std::string constants_;
  std::string functions_;
  std::string objects_;
  std::set<std::string> written_;
  std::set<std::string> constant_names_;
  std::map<std::string, std::function<void()>> writers_;
  std::map<std::string, const Protocol*> own_protocols_;
  std::map<std::string, const Class*> own_classes_;
  std::map<std::string, std::vector<std::string>> adopted_;
  std::map<std::string, std::vector<const Methods*>> methods_;
  std::map<std::string, std::string> foreign_classes_;
  std::map<std::string, std::string> foreign_protocols_;
  std::set<std::string> announced_classes_;
  std::set<std::string> announced_protocols_;
};

}  // namespace

Header emit(const World& world, const Framework& framework) {
  return Emitter(world, framework).run();
}

}  // namespace macos_headers
