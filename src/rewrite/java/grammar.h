// Kinds and fields of tree-sitter-java by name (node-types.json of the grammar), looked up once.
#pragma once

#include <string_view>

#include "format/tree/tree.h"

namespace tenon::rewrite::java {

struct Grammar {
  static tree::Kind kind(std::string_view name) {
    return tree::kind_named(tree::Language::java, name);
  }

  static tree::Field field(std::string_view name) {
    return tree::field_named(tree::Language::java, name);
  }

  tree::Kind package_declaration = kind("package_declaration");
  tree::Kind import_declaration = kind("import_declaration");
  tree::Kind asterisk = kind("asterisk");
  tree::Kind modifiers = kind("modifiers");

  tree::Kind class_declaration = kind("class_declaration");
  tree::Kind interface_declaration = kind("interface_declaration");
  tree::Kind enum_declaration = kind("enum_declaration");
  tree::Kind record_declaration = kind("record_declaration");
  tree::Kind annotation_type_declaration = kind("annotation_type_declaration");
  tree::Kind class_body = kind("class_body");
  tree::Kind interface_body = kind("interface_body");
  tree::Kind enum_body = kind("enum_body");
  tree::Kind enum_body_declarations = kind("enum_body_declarations");
  tree::Kind annotation_type_body = kind("annotation_type_body");
  tree::Kind enum_constant = kind("enum_constant");
  tree::Kind superclass = kind("superclass");
  tree::Kind super_interfaces = kind("super_interfaces");
  tree::Kind extends_interfaces = kind("extends_interfaces");
  tree::Kind type_list = kind("type_list");
  tree::Kind type_parameters = kind("type_parameters");
  tree::Kind type_parameter = kind("type_parameter");

  tree::Kind field_declaration = kind("field_declaration");
  tree::Kind constant_declaration = kind("constant_declaration");
  tree::Kind variable_declarator = kind("variable_declarator");
  tree::Kind method_declaration = kind("method_declaration");
  tree::Kind constructor_declaration = kind("constructor_declaration");
  tree::Kind static_initializer = kind("static_initializer");
  tree::Kind local_variable_declaration = kind("local_variable_declaration");
  tree::Kind formal_parameters = kind("formal_parameters");
  tree::Kind formal_parameter = kind("formal_parameter");
  tree::Kind spread_parameter = kind("spread_parameter");
  tree::Kind catch_formal_parameter = kind("catch_formal_parameter");
  tree::Kind catch_type = kind("catch_type");
  tree::Kind catch_clause = kind("catch_clause");
  tree::Kind resource = kind("resource");
  tree::Kind resource_specification = kind("resource_specification");
  tree::Kind try_with_resources = kind("try_with_resources_statement");
  tree::Kind enhanced_for = kind("enhanced_for_statement");
  tree::Kind for_statement = kind("for_statement");
  tree::Kind if_statement = kind("if_statement");
  tree::Kind lambda = kind("lambda_expression");
  tree::Kind inferred_parameters = kind("inferred_parameters");
  tree::Kind instanceof_expression = kind("instanceof_expression");
  tree::Kind switch_block_group = kind("switch_block_statement_group");

  tree::Kind identifier = kind("identifier");
  tree::Kind scoped_identifier = kind("scoped_identifier");
  tree::Kind type_identifier = kind("type_identifier");
  tree::Kind scoped_type_identifier = kind("scoped_type_identifier");
  tree::Kind generic_type = kind("generic_type");
  tree::Kind type_arguments = kind("type_arguments");
  tree::Kind array_type = kind("array_type");
  tree::Kind dimensions_kind = kind("dimensions");

  tree::Kind method_invocation = kind("method_invocation");
  tree::Kind field_access = kind("field_access");
  tree::Kind method_reference = kind("method_reference");
  tree::Kind class_literal = kind("class_literal");
  tree::Kind this_kind = kind("this");
  tree::Kind super_kind = kind("super");
  tree::Kind parenthesized = kind("parenthesized_expression");
  tree::Kind cast = kind("cast_expression");
  tree::Kind array_access = kind("array_access");
  tree::Kind ternary = kind("ternary_expression");
  tree::Kind assignment = kind("assignment_expression");
  tree::Kind binary = kind("binary_expression");
  tree::Kind string_literal = kind("string_literal");
  tree::Kind null_literal = kind("null_literal");
  tree::Kind object_creation = kind("object_creation_expression");

  tree::Field name = field("name");
  tree::Field type = field("type");
  tree::Field object = field("object");
  tree::Field arguments = field("arguments");
  tree::Field body = field("body");
  tree::Field value = field("value");
  tree::Field left = field("left");
  tree::Field right = field("right");
  tree::Field operator_field = field("operator");
  tree::Field condition = field("condition");
  tree::Field consequence = field("consequence");
  tree::Field alternative = field("alternative");
  tree::Field array = field("array");
  tree::Field parameters = field("parameters");
  tree::Field field_field = field("field");
  tree::Field element = field("element");
  tree::Field dimensions = field("dimensions");

  [[nodiscard]] bool declares_type(tree::Kind kind) const {
    return kind == class_declaration || kind == interface_declaration || kind == enum_declaration ||
           kind == record_declaration || kind == annotation_type_declaration;
  }

  [[nodiscard]] bool is_body(tree::Kind kind) const {
    return kind == class_body || kind == interface_body || kind == enum_body ||
           kind == annotation_type_body;
  }
};

[[nodiscard]] inline const Grammar& grammar() {
  static const Grammar one;
  return one;
}

}  // namespace tenon::rewrite::java
