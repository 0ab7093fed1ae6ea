#include "macos_headers/emit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "macos_headers/c_types.h"
#include "macos_headers/emitter.h"
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

// Bindings have to name a type that C does not name: X_anon_0.
bool is_unnamed(std::string_view name) { return name.contains("_t_anon"); }

}  // namespace

Header Emitter::run() {
  collect_forward();
  types();
  constants();
  statics();
  functions();
  objective_c();
  assemble();
  return std::move(out_);
}

void Emitter::leave_out(const Origin& origin, const std::string& name, const std::string& reason) {
  out_.left_out.push_back({origin, name, reason});
}

// Text in the section for C, or for Objective-C alone when it speaks of objects.
void Emitter::put(std::string& section, const std::string& text, bool objective_c) {
  ++out_.declarations;
  section += objective_c ? "#ifdef __OBJC__\n" + text + "#endif\n" : text;
}

// The names of a declaration: of this framework they are written first; of another its header is
// included, or for an object behind a pointer the name is announced.
void Emitter::satisfy(const Translator::Needs& needs) {
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

void Emitter::announce_or_include(const TypeEntry& entry) {
  if (entry.kind == TypeKind::class_ && !entry.generic) {
    foreign_classes_.emplace(entry.c_name, entry.framework);
  } else if (entry.kind == TypeKind::protocol) {
    foreign_protocols_.emplace(entry.c_name, entry.framework);
  } else {
    out_.includes.insert(entry.framework);
  }
}

void Emitter::collect_forward() {
  for (const Record& record : all_.records) {
    const TypeEntry* entry = world_.find(record.name);
    if (entry == nullptr || entry->record != &record || is_unnamed(record.name)) continue;
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

bool Emitter::points_to_const(const std::string& name) const {
  return std::ranges::any_of(
      framework_.settings.pointers_are_const, [&](const std::string& pattern) {
        return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) &&
                                            !name.contains("Mutable")
                                      : pattern == name;
      });
}

void Emitter::types() {
  for (const Enumeration& enumeration : all_.enumerations) {
    writers_.try_emplace(enumeration.name,
                         [this, &enumeration] { write_enumeration(enumeration); });
  }
  for (const Alias& alias : all_.aliases) {
    if (!alias.stands_in) writers_.try_emplace(alias.name, [this, &alias] { write_alias(alias); });
  }
  for (const Record& record : all_.records) {
    if (record.kind != Record::Kind::opaque && !is_unnamed(record.name)) {
      writers_.try_emplace(record.name, [this, &record] { write_record(record); });
    }
  }
  for (const Enumeration& enumeration : all_.enumerations) write_type(enumeration.name);
  for (const Alias& alias : all_.aliases) write_type(alias.name);
  for (const Record& record : all_.records) write_type(record.name);
}

void Emitter::write_type(const std::string& name) {
  const auto found = writers_.find(name);
  if (found == writers_.end() || !written_.insert(name).second) return;
  found->second();
}

void Emitter::write_enumeration(const Enumeration& found) {
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
          fmt::format("TENON_{0}_BEGIN({1}, {2})\n{3}TENON_{0}_END({2})\n", macro, base, found.name,
                      text),
          false);
    }
  } catch (const NoType& problem) {
    leave_out(found.origin, found.name, problem.reason);
  }
}

void Emitter::write_alias(const Alias& alias) {
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

std::string Emitter::members(const Record& record) {
  std::string text;
  for (const Parameter& field : record.fields) {
    const Record* inner = unnamed_type(field.type);
    if (inner == nullptr) {
      text += "  " + to_c_.declare(field.type, field.name) + ";\n";
      continue;
    }
    const char* kind = inner->kind == Record::Kind::union_ ? "union" : "struct";
    const std::string name = field.name.starts_with("anon") ? "" : " " + field.name;
    text += fmt::format("  {} {{\n{}  }}{};\n", kind, members(*inner), name);
  }
  return text;
}

// The record of a member whose type has no name in C.
const Record* Emitter::unnamed_type(const Type& type) const {
  const Type& inner = type.name == "ManuallyDrop" ? type.parts.front() : type;
  const TypeEntry* entry = is_unnamed(inner.name) ? world_.find(inner.name) : nullptr;
  return entry == nullptr ? nullptr : entry->record;
}

void Emitter::write_record(const Record& record) {
  if (is_own(record.name)) return;
  try {
    const std::string text = members(record);
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

// Numbers of one type that follow each other are one enumeration without a name.
void Emitter::constants() {
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

std::string Emitter::constant_line(const Constant& constant, std::string& base) {
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
    if ((base == "int" || base == "unsigned int") && whole <= highest_int && whole >= -highest_int)
      base = "int";
    return fmt::format("  {} = {},\n", constant.name, text_of(whole));
  } catch (const NoType& problem) {
    (void)to_c_.take_needs();
    base.clear();
    leave_out(constant.origin, constant.name, problem.reason);
    return {};
  }
}

void Emitter::statics() {
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
std::string& Emitter::functions_of(const Origin& origin) {
  constexpr std::string_view generated = "generated/";
  const std::string& module = origin.module;
  const bool own =
      framework_.settings.by_module && module.starts_with(generated) && module != "generated/mod";
  return own ? out_.modules[module.substr(generated.size())] : functions_;
}

void Emitter::functions() {
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

std::string Emitter::announced(const char* what, const std::set<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += fmt::format("{} {};\n", what, name);
  return out;
}

// `@class NSArray<A, B>;` must have the generics that the class has.
std::string Emitter::class_announcements() {
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

void Emitter::assemble() {
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

Header emit(const World& world, const Framework& framework) {
  return Emitter(world, framework).run();
}

}  // namespace macos_headers
