#include "macos_headers/world.h"

#include <algorithm>
#include <string>
#include <utility>

#include "macos_headers/syntax.h"

namespace macos_headers {

void World::add_type(const std::string& name, TypeEntry entry) {
  const auto [found, added] = types_.try_emplace(name, entry);
  // A stand-in of one crate gives way to the declaration of another.
  if (!added && found->second.kind == TypeKind::external && entry.kind != TypeKind::external) {
    found->second = std::move(entry);
  }
}

void World::add(const Framework& framework) {
  const Declarations& all = framework.declarations;
  const std::string& name = framework.settings.name;
  inputs_.insert(framework.settings.input.begin(), framework.settings.input.end());
  for (const Constant& constant : all.constants) constants_.add(constant);
  for (const Tag& tag : all.tags) tags_.try_emplace(tag.name, tag.tag);
  for (const Record& record : all.records) {
    TypeEntry entry{
        .kind = TypeKind::record, .c_name = record.name, .framework = name, .record = &record};
    if (record.kind == Record::Kind::opaque) entry.kind = TypeKind::opaque;
    if (std::ranges::find(all.core_foundation, record.name) != all.core_foundation.end()) {
      entry.kind = TypeKind::core_foundation;
      entry.c_name = record.c_name.empty() ? record.name + "Ref" : record.c_name;
    }
    if (record.name == "CFType") {  // the root, made by hand there
      entry.kind = TypeKind::core_foundation;
      entry.c_name = "CFTypeRef";
    }
    add_type(record.name, entry);
  }
  for (const Enumeration& enumeration : all.enumerations) {
    enumerations_.try_emplace(enumeration.name, &enumeration);
    add_type(enumeration.name,
             {.kind = TypeKind::enumeration, .c_name = enumeration.name, .framework = name});
  }
  for (const Class& found : all.classes) {
    add_type(found.name, {.kind = TypeKind::class_,
                          .c_name = found.c_name,
                          .framework = name,
                          .generic = !found.generics.empty()});
  }
  for (const Protocol& found : all.protocols) {
    add_type(found.name, {.kind = TypeKind::protocol, .c_name = found.c_name, .framework = name});
  }
  for (const Alias& alias : all.aliases) {
    const std::string& c_name = alias.c_name.empty() ? alias.name : alias.c_name;
    if (alias.stands_in) {
      add_type(alias.name, {.kind = TypeKind::external, .c_name = c_name, .alias = &alias});
    } else {
      add_type(alias.name,
               {.kind = TypeKind::alias, .c_name = c_name, .framework = name, .alias = &alias});
    }
  }
}

const TypeEntry* World::find(const std::string& name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : &found->second;
}

const std::string* World::tag_of(const std::string& name) const {
  const auto found = tags_.find(name);
  return found == tags_.end() ? nullptr : &found->second;
}

bool World::speaks_of_objects(const Type& type, unsigned depth) const {
  constexpr unsigned deepest = 20;
  if (depth > deepest) return false;
  const auto in_part = [&](const Type& part) { return speaks_of_objects(part, depth + 1); };
  if (std::ranges::any_of(type.parts, in_part) || std::ranges::any_of(type.result, in_part))
    return true;
  if (type.kind != Type::Kind::path) return false;
  const std::string& name = type.name;
  if (name == "AnyObject" || name == "ProtocolObject" || name == "NSObject" || name == "Sel" ||
      name == "AnyClass" || name == "Bool") {
    return true;
  }
  const TypeEntry* entry = find(name);
  if (entry == nullptr) return false;
  if (entry->kind == TypeKind::class_ || entry->kind == TypeKind::protocol) return true;
  if (entry->record != nullptr && entry->kind == TypeKind::record) {
    return std::ranges::any_of(entry->record->fields,
                               [&](const Parameter& field) { return in_part(field.type); });
  }
  return entry->alias != nullptr && in_part(entry->alias->type);
}

std::string World::primitive(const Type& type) const {
  const Type* at = &type;
  for (unsigned step = 0; step < 20; ++step) {
    if (const Enumeration* found = enumeration(at->name); found != nullptr) {
      at = &found->base;
      continue;
    }
    const TypeEntry* entry = find(at->name);
    if (entry == nullptr || entry->alias == nullptr) break;
    at = &entry->alias->type;
  }
  return at->name;
}

const Enumeration* World::enumeration(const std::string& name) const {
  const auto found = enumerations_.find(name);
  return found == enumerations_.end() ? nullptr : found->second;
}

}  // namespace macos_headers
