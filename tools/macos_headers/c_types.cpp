#include "macos_headers/c_types.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

namespace {

const std::map<std::string_view, std::string_view>& plain_types() {
  static const std::map<std::string_view, std::string_view> types{
      {"c_char", "char"},
      {"c_schar", "signed char"},
      {"c_uchar", "unsigned char"},
      {"c_short", "short"},
      {"c_ushort", "unsigned short"},
      {"c_int", "int"},
      {"c_uint", "unsigned int"},
      {"c_long", "long"},
      {"c_ulong", "unsigned long"},
      {"c_longlong", "long long"},
      {"c_ulonglong", "unsigned long long"},
      {"c_float", "float"},
      {"c_double", "double"},
      {"c_void", "void"},
      {"i8", "int8_t"},
      {"u8", "uint8_t"},
      {"i16", "int16_t"},
      {"u16", "uint16_t"},
      {"i32", "int32_t"},
      {"u32", "uint32_t"},
      {"i64", "int64_t"},
      {"u64", "uint64_t"},
      {"isize", "long"},
      {"usize", "size_t"},
      {"f32", "float"},
      {"f64", "double"},
      {"VaList", "va_list"},
      {"va_list", "va_list"},
      {"NSInteger", "NSInteger"},
      {"NSUInteger", "NSUInteger"},
      {"NSZone", "struct _NSZone"},
      {"UuidBytes", "CFUUIDBytes"},
      {"simd_float4x4", "simd_float4x4"},
  };
  return types;
}

// Objects that Rust has types of its own for: always behind a pointer there.
const std::map<std::string_view, std::string_view>& objects() {
  static const std::map<std::string_view, std::string_view> names{
      {"DispatchQueue", "dispatch_queue_t"},
      {"DispatchObject", "dispatch_object_t"},
      {"DispatchData", "dispatch_data_t"},
      {"DispatchGroup", "dispatch_group_t"},
      {"DispatchSemaphore", "dispatch_semaphore_t"},
      {"DispatchSource", "dispatch_source_t"},
      {"DispatchIO", "dispatch_io_t"},
  };
  return names;
}

// Wrappers of Rust that C does not have.
bool is_wrapper(std::string_view name) {
  return name == "Option" || name == "Retained" || name == "CFRetained" ||
         name == "DispatchRetained" || name == "Allocated" || name == "ManuallyDrop" ||
         name == "UnsafeCell" || name == "Cell" || name == "SyncUnsafeCell" ||
         name == "CoreFoundation" || name == "Box";
}

// Pointers that are never null.
bool is_non_null(std::string_view name) { return name == "NonNull" || name == "ShouldNotBeNull"; }

bool is_structure_of_system(std::string_view name) {
  return name == "sockaddr" || name == "timespec" || name == "timeval" || name == "tm" ||
         name == "in_addr" || name == "in6_addr" || name == "sockaddr_in" ||
         name == "sockaddr_storage" || name == "stat" || name == "statfs" || name == "attrlist";
}

std::string with_blank(std::string_view type, const std::string& declarator) {
  std::string out(type);
  if (!declarator.empty()) out += declarator.front() == '[' ? declarator : " " + declarator;
  return out;
}

bool is_pointer(const Type& type) {
  return type.kind == Type::Kind::pointer || type.kind == Type::Kind::reference ||
         (type.kind == Type::Kind::path && is_non_null(type.name));
}

}  // namespace

std::string Translator::declare(const Type& type, const std::string& declarator) {
  switch (type.kind) {
    case Type::Kind::path: return path(type, declarator);
    case Type::Kind::pointer: return pointer(type.parts.front(), !type.is_mutable, declarator);
    case Type::Kind::reference: return pointer(type.parts.front(), !type.is_mutable, declarator);
    case Type::Kind::function: return function(type, "(*" + declarator + ")");
    case Type::Kind::block: return function(type, "(^" + declarator + ")");
    case Type::Kind::never: return with_blank("void", declarator);
    case Type::Kind::array: {
      if (type.length.empty()) throw NoType{"a slice"};
      Constant length{};
      length.value = type.length.front();
      const auto value = world_.constants().value_of(length);
      if (!value || !std::holds_alternative<Integer>(*value))
        throw NoType{"the length of an array"};
      const auto count = static_cast<long long>(std::get<Integer>(*value));
      return declare(type.parts.front(), declarator + "[" + std::to_string(count) + "]");
    }
    case Type::Kind::tuple: break;
  }
  if (!type.parts.empty()) throw NoType{"a tuple"};
  return with_blank("void", declarator);
}

std::string Translator::function(const Type& type, const std::string& inner) {
  std::string list;
  for (const Type& part : type.parts) list += (list.empty() ? "" : ", ") + parameter(part, "");
  if (type.variadic) list += list.empty() ? "..." : ", ...";
  const std::string whole = inner + "(" + (list.empty() ? "void" : list) + ")";
  return type.result.empty() ? "void " + whole : declare(type.result.front(), whole);
}

// A private name of the crate that stands for another type of the crates, not for one of the
// system.
const Type* Translator::behind_stand_in(const TypeEntry* entry) const {
  if (entry == nullptr || entry->kind != TypeKind::external || entry->alias == nullptr)
    return nullptr;
  const Type& type = entry->alias->type;
  if (entry->c_name.starts_with("Inner") || type.name == "c_void") return &type;
  const TypeEntry* target = type.kind == Type::Kind::path ? world_.find(type.name) : nullptr;
  const bool declared = target != nullptr && !target->framework.empty();
  return declared ? &type : nullptr;
}

// `*const T`, `*mut T`, `&T`, `NonNull<T>`.
std::string Translator::pointer(const Type& target, bool is_const, const std::string& declarator) {
  if (target.kind == Type::Kind::block) return declare(target, declarator);
  if (target.kind == Type::Kind::path) {
    const std::string& name = target.name;
    if (is_wrapper(name) && target.parts.size() == 1) {
      const Type& inner = target.parts.front();
      // Retained<T> and NonNull<T> below are pointers themselves: one more level.
      if (name == "Retained" || name == "CFRetained")
        return pointer({inner}, true, "*" + declarator);
      return pointer(inner, is_const, declarator);
    }
    if (name == "DynBlock" || name == "Block") return declare(target, declarator);
    if (name == "AnyObject" || name == "ProtocolObject" || name == "AnyClass" ||
        name == "AnyProtocol" || name == "Protocol" || objects().contains(name)) {
      return path(target, declarator);
    }
    if (name == "NSObject") {
      objective_c();
      return "NSObject *" + declarator;
    }
    if (name == "CStr") return "const char *" + declarator;
    if (name == "Self") {
      objective_c();
      return self_ + " *" + declarator;
    }
    if (std::ranges::find(generics_, name) != generics_.end()) return with_blank(name, declarator);
    if (const TypeEntry* entry = world_.find(name); entry != nullptr) {
      if (const Type* other = behind_stand_in(entry); other != nullptr) {
        return pointer(*other, is_const, declarator);
      }
      if (entry->kind == TypeKind::core_foundation || entry->kind == TypeKind::class_) {
        return object(*entry, target, declarator);
      }
      if (entry->kind == TypeKind::alias && entry->alias->type.kind == Type::Kind::path) {
        const TypeEntry* base = world_.find(entry->alias->type.name);
        while (base != nullptr && base->kind == TypeKind::alias &&
               base->alias->type.kind == Type::Kind::path) {
          base = world_.find(base->alias->type.name);
        }
        const std::string& last = entry->alias->type.name;
        const bool is_object =
            last == "AnyObject" || last == "ProtocolObject" || objects().contains(last) ||
            (base != nullptr &&
             (base->kind == TypeKind::core_foundation || base->kind == TypeKind::class_));
        if (is_object) {
          needs_.uses.push_back({name, true});
          if (base == nullptr || base->kind == TypeKind::class_) objective_c();
          return with_blank(entry->c_name, declarator);
        }
      }
      if (entry->kind == TypeKind::opaque || entry->kind == TypeKind::record) {
        needs_.uses.push_back({name, false});
        const std::string start = is_const ? "const " : "";
        return start + entry->c_name + " *" + declarator;
      }
    }
  }
  const bool grouped = target.kind == Type::Kind::array;
  const std::string inner = grouped ? "(*" + declarator + ")" : "*" + declarator;
  if (is_const && is_pointer(target)) return declare(target, (grouped ? "" : "const ") + inner);
  return (is_const ? "const " : "") + declare(target, inner);
}

std::string Translator::object(const TypeEntry& entry, const Type& type,
                               const std::string& declarator) {
  needs_.uses.push_back({type.name, false});
  if (entry.kind == TypeKind::core_foundation) return with_blank(entry.c_name, declarator);
  objective_c();
  return entry.c_name + arguments(type.parts) + " *" + declarator;
}

// <A *, id<P>> of a class.
std::string Translator::arguments(const std::vector<Type>& types) {
  std::string list;
  for (const Type& type : types) list += (list.empty() ? "" : ", ") + pointer(type, false, "");
  return list.empty() ? "" : "<" + list + ">";
}

std::string Translator::path(const Type& type, const std::string& declarator) {
  const std::string& name = type.name;
  if (is_non_null(name) && type.parts.size() == 1)
    return pointer(type.parts.front(), false, declarator);
  if (name == "NonNull") throw NoType{"NonNull"};
  if (is_wrapper(name) && type.parts.size() == 1) {
    const Type& inner = type.parts.front();
    if (name == "Retained" || name == "CFRetained" || name == "DispatchRetained" ||
        name == "Allocated") {
      return pointer(inner, true, declarator);
    }
    return declare(inner, declarator);
  }
  if ((name == "DynBlock" || name == "Block" || name == "RcBlock") && type.parts.size() == 1) {
    return declare(type.parts.front(), declarator);
  }
  if (name == "bool") return with_blank(objective_c_ ? "BOOL" : "bool", declarator);
  if (name == "AnyObject" || name == "ProtocolObject") {
    objective_c();
    std::string list;
    if (!type.parts.empty()) {
      for (const Type& part : type.parts.front().parts) {
        if (part.name == "NSObjectProtocol") {
          list += list.empty() ? "NSObject" : ", NSObject";
          continue;
        }
        const TypeEntry* entry = world_.find(part.name);
        if (part.name == "MTLResource_" || entry == nullptr || entry->kind != TypeKind::protocol)
          continue;
        needs_.uses.push_back({part.name, false});
        list += (list.empty() ? "" : ", ") + entry->c_name;
      }
    }
    return with_blank(list.empty() ? "id" : "id<" + list + ">", declarator);
  }
  if (name == "Bool" || name == "AnyClass" || name == "Sel" || name == "Imp" ||
      name == "AnyProtocol" || name == "Protocol") {
    objective_c();
    if (name == "Bool") return with_blank("BOOL", declarator);
    if (name == "AnyClass") return with_blank("Class", declarator);
    if (name == "Sel") return with_blank("SEL", declarator);
    if (name == "Imp") return with_blank("IMP", declarator);
    return "Protocol *" + declarator;
  }
  if (const auto found = objects().find(name); found != objects().end())
    return with_blank(found->second, declarator);
  if (const auto found = framework_.settings.integers.find(name);
      found != framework_.settings.integers.end()) {
    return with_blank(found->second, declarator);
  }
  if (const auto found = plain_types().find(name); found != plain_types().end()) {
    return with_blank(found->second, declarator);
  }
  if (name == "Self" || std::ranges::find(generics_, name) != generics_.end()) {
    return with_blank(name == "Self" ? self_ : name, declarator);
  }
  const TypeEntry* entry = world_.find(name);
  if (const Type* other = behind_stand_in(entry); other != nullptr)
    return declare(*other, declarator);
  const bool elsewhere = entry == nullptr || framework_.own.contains(name);
  if (elsewhere && is_structure_of_system(name)) return with_blank("struct " + name, declarator);
  if (entry == nullptr) {
    // Of libc, of our own part or of a header that it includes: the compiler knows.
    if (framework_.own.contains(name) || name.ends_with("_t") || name == "FILE") {
      return with_blank(name, declarator);
    }
    throw NoType{"nothing declares " + name};
  }
  needs_.uses.push_back(
      {name, entry->kind != TypeKind::core_foundation && entry->kind != TypeKind::class_});
  if (entry->kind == TypeKind::class_) return object(*entry, type, declarator);
  if (entry->kind == TypeKind::protocol) throw NoType{"a protocol by value"};
  if (entry->kind == TypeKind::opaque) throw NoType{"an opaque structure by value"};
  if (world_.speaks_of_objects(type)) objective_c();
  return with_blank(entry->c_name, declarator);
}

// `NonNull<T>` stands for `const T *` too. Core Audio says by its names which one it is; for
// callbacks, whose parameters have no names, frameworks.toml lists the structures. Bytes are taken
// for read only: a caller can pass any pointer to them, and in a callback they are as the crate has
// them.
std::string Translator::parameter(const Type& type, const std::string& name) {
  if (type.kind == Type::Kind::path && type.name == "NonNull" && type.parts.size() == 1) {
    const Type& target = type.parts.front();
    const bool changed = name.starts_with("out") || name.starts_with("io");
    const bool bytes = target.name == "c_void" && !name.empty();
    if (!changed && (bytes || name.starts_with("in_") || world_.is_input(target.name))) {
      return pointer(target, true, "");
    }
  }
  return declare(type, "");
}

std::string Translator::parameters(const std::vector<Parameter>& parameters, bool variadic) {
  std::string list;
  for (const Parameter& one : parameters) {
    list += (list.empty() ? "" : ", ") + parameter(one.type, one.name);
  }
  if (variadic) list += ", ...";
  return list.empty() ? "void" : list;
}

std::string Translator::integer(const Type& type) {
  if (const Enumeration* found = world_.enumeration(type.name); found != nullptr)
    return integer(found->base);
  return declare(type, "");
}

}  // namespace macos_headers
