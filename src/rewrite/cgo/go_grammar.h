// Kinds and fields of tree-sitter-go by name (node-types.json of the grammar), looked up once.
#pragma once

#include <string_view>

#include "format/tree/tree.h"

namespace tenon::rewrite::cgo {

struct GoGrammar {
  static tree::Kind kind(std::string_view name) {
    return tree::kind_named(tree::Language::go, name);
  }

  static tree::Field field_of(std::string_view name) {
    return tree::field_named(tree::Language::go, name);
  }

  tree::Kind identifier = kind("identifier");
  tree::Kind field_identifier = kind("field_identifier");
  tree::Kind package_identifier = kind("package_identifier");
  tree::Kind selector = kind("selector_expression");
  tree::Kind qualified_type = kind("qualified_type");
  tree::Kind call = kind("call_expression");
  tree::Kind conversion = kind("type_conversion_expression");
  tree::Kind arguments_list = kind("argument_list");
  tree::Kind parenthesized = kind("parenthesized_expression");
  tree::Kind unary = kind("unary_expression");
  tree::Kind binary = kind("binary_expression");
  tree::Kind index = kind("index_expression");
  tree::Kind int_literal = kind("int_literal");
  tree::Kind composite = kind("composite_literal");
  tree::Kind block = kind("block");
  tree::Kind statements = kind("statement_list");
  tree::Kind short_var = kind("short_var_declaration");
  tree::Kind var_spec = kind("var_spec");
  tree::Kind parameter = kind("parameter_declaration");
  tree::Kind variadic = kind("variadic_parameter_declaration");
  tree::Kind expressions = kind("expression_list");
  tree::Kind expression_statement = kind("expression_statement");
  tree::Kind for_statement = kind("for_statement");
  tree::Kind range_clause = kind("range_clause");
  tree::Kind if_statement = kind("if_statement");
  tree::Kind function = kind("function_declaration");
  tree::Kind method = kind("method_declaration");
  tree::Kind literal = kind("func_literal");
  tree::Kind slice_type = kind("slice_type");
  tree::Kind array_type = kind("array_type");
  tree::Kind go_statement = kind("go_statement");
  tree::Kind assignment = kind("assignment_statement");

  tree::Field left = field_of("left"), right = field_of("right"), name = field_of("name");
  tree::Field type = field_of("type"), value = field_of("value"), operand = field_of("operand");
  tree::Field field = field_of("field"), function_field = field_of("function");
  tree::Field arguments = field_of("arguments"), index_field = field_of("index");
  tree::Field operator_field = field_of("operator"), condition = field_of("condition");
  tree::Field element = field_of("element"), package = field_of("package");
};

[[nodiscard]] inline const GoGrammar& go_grammar() {
  static const GoGrammar grammar;
  return grammar;
}

}  // namespace tenon::rewrite::cgo
