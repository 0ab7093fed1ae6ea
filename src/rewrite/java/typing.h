// The static type of an expression, as far as sources tell it (Java Language Specification, 15).
#pragma once

#include <optional>
#include <string_view>

#include "format/tree/tree.h"
#include "rewrite/java/model.h"

namespace tenon::rewrite::java {

// Of a variable that is seen at a node: a local one, a parameter, a field of the classes around and
// of what they inherit from, a static import. nullopt: no such variable; a Type without a name: one
// of a type that is not known.
[[nodiscard]] std::optional<Type> variable_type(World& world, const Parsed& file,
                                                std::string_view name, tree::Index at);
// Without a name where it is not known.
[[nodiscard]] Type expression_type(World& world, const Parsed& file, tree::Index expression);
// The class that an expression names ("Logger", "org.apache.log4j.Logger"); empty for a value and
// for what is not known.
[[nodiscard]] std::string named_class(World& world, const Parsed& file, tree::Index expression);
// Whether the expression surely is a java.lang.String.
[[nodiscard]] bool surely_string(World& world, const Parsed& file, tree::Index expression);

}  // namespace tenon::rewrite::java
