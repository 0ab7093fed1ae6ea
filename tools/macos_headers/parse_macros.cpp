#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "macos_headers/attributes.h"
#include "macos_headers/module_parser.h"
#include "macos_headers/syntax.h"
#include "macos_headers/types.h"

namespace macos_headers {

void Parser::macro() {
  std::string name = at_.take_name();
  while (at_.take_if("::")) name = at_.take_name();
  at_.expect("!");
  const std::size_t start = at_.place();
  at_.skip_balanced();
  const std::size_t end = at_.place();
  at_.go_to(start + 1);
  try {
    expand(name);
  } catch (const Unread& problem) {
    out_.left_out.push_back({{module_, problem.line}, name + "!", problem.what});
  }
  at_.go_to(end);
  at_.take_if(";");
}

void Parser::expand(const std::string& name) {
  if (name == "extern_class") class_();
  if (name == "extern_protocol") protocol();
  if (name == "extern_conformance") conformance();
  if (name == "bitflags") bit_flags();
  if (name == "ffi_wrap_enum") wrapped_enumeration();
  if (name == "cf_type") core_foundation_type();
  if (name == "cf_objc2_type") tag_of_core_foundation();
}

void Parser::class_() {
  const Attributes said = parse_attributes(at_);
  if (!said.for_macos) return;
  at_.take_if("pub");
  at_.expect("struct");
  Class out{.origin = origin(), .name = at_.take_name(), .super = said.super};
  out.c_name = said.c_name.empty() ? out.name : said.c_name;
  if (at_.is("<")) out.generics = skip_generics();
  out_.classes.push_back(std::move(out));
}

void Parser::protocol() {
  const Attributes said = parse_attributes(at_);
  if (!said.for_macos) return;
  at_.take_if("pub");
  at_.take_if("unsafe");
  at_.expect("trait");
  Protocol out{.origin = origin(), .name = at_.take_name()};
  out.c_name = said.c_name.empty() ? out.name : said.c_name;
  if (at_.take_if(":")) {
    do {
      out.supers.push_back(parse_type(at_).name);
    } while (at_.take_if("+"));
  }
  at_.expect("{");
  out.methods = method_list();
  out_.protocols.push_back(std::move(out));
}

// unsafe impl<...> P for C<...> {}
void Parser::conformance() {
  if (!parse_attributes(at_).for_macos) return;
  at_.take_if("unsafe");
  at_.expect("impl");
  const Origin here = origin();
  if (at_.is("<")) skip_generics();
  const Type protocol = parse_type(at_);
  at_.expect("for");
  const Type owner = parse_type(at_);
  if (owner.name == "ProtocolObject") return;
  out_.conformances.push_back({here, owner.name, protocol.name});
}

// impl X: T { const A = 1; }
void Parser::bit_flags() {
  at_.expect("impl");
  const std::string owner = at_.take_name();
  at_.expect(":");
  (void)parse_type(at_);
  at_.expect("{");
  for (Enumeration& enumeration : out_.enumerations) {
    if (enumeration.name == owner) enumeration.options = true;
  }
  while (!at_.take_if("}")) {
    const Attributes said = parse_attributes(at_);
    if (said.for_macos) {
      constant(said, owner);
    } else {
      at_.skip_declaration();
    }
  }
}

// X(u32); groups of A = 1, as they came with versions of macOS: each has a head `== ...;` and a
// sign
// -- before its last name. `== LAST; N,` says that N is one more than the last.
void Parser::wrapped_enumeration() {
  Enumeration out{.origin = origin(), .name = at_.take_name()};
  at_.expect("(");
  out.base = parse_type(at_);
  at_.expect(")");
  at_.expect(";");
  Constant end{};
  Expression last{.text = "0"};
  while (!at_.is(")")) {
    if (at_.is("=")) {
      while (!at_.take_if(";")) at_.take();
      continue;
    }
    if (at_.take_if("-")) continue;
    Constant constant{.origin = origin(), .owner = out.name};
    constant.rust_name = at_.take_name();
    constant.name = constant.rust_name;
    constant.type = out.base;
    const bool has_value = at_.take_if("=");
    if (has_value) last = constant.value = parse_expression(at_);
    at_.expect(",");
    if (has_value) {
      out_.constants.push_back(std::move(constant));
    } else {
      end = std::move(constant);
    }
  }
  if (!end.name.empty()) {
    end.value = {.kind = Expression::Kind::binary, .text = "+", .operands = {last, {.text = "1"}}};
    out_.constants.push_back(std::move(end));
  }
  out_.enumerations.push_back(std::move(out));
}

// unsafe impl X: Y {}
void Parser::core_foundation_type() {
  (void)parse_attributes(at_);
  at_.take_if("unsafe");
  at_.expect("impl");
  if (at_.is("<")) skip_generics();
  out_.core_foundation.push_back(parse_type(at_).name);
}

// unsafe impl RefEncode<"tag"> for X {}
void Parser::tag_of_core_foundation() {
  (void)parse_attributes(at_);
  at_.take_if("unsafe");
  at_.expect("impl");
  if (at_.is("<")) skip_generics();
  (void)at_.take_name();
  at_.expect("<");
  const std::string tag = unquoted(at_.take().text);
  at_.expect(">");
  at_.expect("for");
  out_.tags.push_back({parse_type(at_).name, tag});
}

// Methods up to the closing bracket, which is taken.
std::vector<Method> Parser::method_list() {
  std::vector<Method> out;
  while (!at_.take_if(")") && !at_.take_if("}")) {
    const std::size_t start = at_.place();
    try {
      const Attributes said = parse_attributes(at_);
      Method method = this->method(said);
      if (said.for_macos && !method.selector.empty()) out.push_back(std::move(method));
    } catch (const Unread& problem) {
      at_.go_to(start);
      const std::string name = name_near();
      at_.skip_declaration();
      if (at_.at_end()) throw;
      out_.left_out.push_back({{module_, problem.line}, name, problem.what});
    }
  }
  return out;
}

Method Parser::method(const Attributes& said) {
  Method out{.line = at_.peek().line,
             .selector = said.selector,
             .family = said.family,
             .of_class = true,
             .optional = said.optional};
  if (at_.take_if("pub") && at_.is("(")) at_.skip_balanced();
  at_.take_if("unsafe");
  at_.expect("fn");
  (void)at_.take_name();
  if (at_.is("<")) skip_generics();
  at_.expect("(");
  bool variadic = false;
  for (Parameter& parameter : parse_parameters(at_, variadic)) {
    const bool receiver =
        parameter.name == "self" || parameter.type.name == "Allocated" || parameter.name == "this";
    if (receiver) out.of_class = false;
    if (!receiver && parameter.type.name != "MainThreadMarker")
      out.parameters.push_back(std::move(parameter));
  }
  out.result = parse_result(at_);
  if (at_.is("where") || at_.is("{")) {
    at_.skip_declaration();
  } else {
    at_.expect(";");
  }
  return out;
}

}  // namespace macos_headers
