#include "macos_headers/parser.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "macos_headers/attributes.h"
#include "macos_headers/cursor.h"
#include "macos_headers/lexer.h"
#include "macos_headers/module_parser.h"
#include "macos_headers/syntax.h"
#include "macos_headers/types.h"

namespace macos_headers {

void Parser::run() {
  while (!at_.at_end()) declarations();
  for (const auto& [trait, owner] : category_uses_) {
    const auto found = categories_.find(trait);
    if (found == categories_.end()) continue;
    Methods copy = found->second;
    copy.owner = owner;
    out_.methods.push_back(std::move(copy));
  }
}

// Up to the bracket that closes the block around, or the end.
void Parser::declarations() {
  while (!at_.at_end() && !at_.is("}") && !at_.is(")")) {
    const std::size_t start = at_.place();
    try {
      declaration();
    } catch (const Unread& problem) {
      at_.go_to(start);
      const Origin here = origin();
      const std::string name = name_near();
      at_.skip_declaration();
      out_.left_out.push_back(
          {{module_, problem.line ? problem.line : here.line}, name, problem.what});
    }
    if (at_.place() == start && !at_.at_end()) at_.take();
  }
  if (!at_.at_end() && depth_ == 0) at_.take();
}

// The name behind fn, struct, type, ... for the report.
std::string Parser::name_near() const {
  for (std::size_t i = 0; i < 60; ++i) {
    const std::string_view word = at_.peek(i).text;
    if (at_.peek(i).kind != Kind::name) continue;
    for (const std::string_view key :
         {"fn", "struct", "type", "const", "static", "trait", "union"}) {
      if (word == key) return std::string(at_.peek(i + 1).text);
    }
  }
  return std::string(at_.peek().text);
}

void Parser::declaration() {
  const Attributes said = parse_attributes(at_);
  if (!said.framework.empty() && out_.framework.empty()) out_.framework = said.framework;
  if (!said.for_macos) {
    at_.skip_declaration();
    return;
  }
  public_ = at_.take_if("pub");
  if (public_ && at_.is("(")) {
    public_ = false;
    at_.skip_balanced();
  }
  if (at_.is("unsafe") &&
      (at_.is("extern", 1) || at_.is("fn", 1) || at_.is("impl", 1) || at_.is("trait", 1))) {
    at_.take();
  }
  if (at_.is("extern") && at_.peek(1).kind == Kind::text) {
    at_.take();
    at_.take();
    if (at_.is("{")) {
      foreign();
      return;
    }
  }
  if (at_.is("const") && (at_.is("fn", 1) || at_.is("unsafe", 1))) at_.take();
  if (at_.is("unsafe") && at_.is("fn", 1)) at_.take();
  named(said);
}

void Parser::named(const Attributes& said) {
  if (at_.is("const")) return constant(said, {});
  if (at_.is("static")) return statics();
  if (at_.is("type")) return alias(said);
  if (at_.is("struct") || at_.is("union")) return record(said);
  if (at_.is("enum")) return rust_enumeration(said);
  if (at_.is("impl")) return implementation();
  if (at_.is("trait")) return category();
  if (at_.is("fn")) return body();
  if (at_.is("mod") && at_.is("{", 2)) {
    at_.take();
    at_.take();
    block();
    return;
  }
  if (at_.peek().kind == Kind::name && (at_.is("!", 1) || at_.is("::", 1))) return macro();
  at_.skip_declaration();
}

// At `{`: what stands in it.
void Parser::block() {
  at_.expect("{");
  ++depth_;
  declarations();
  --depth_;
  at_.expect("}");
}

// fn name(...) { ... }: only the foreign functions that its body declares count.
void Parser::body() {
  while (!at_.at_end() && !at_.is("{") && !at_.is(";")) {
    if (at_.is("(") || at_.is("[")) {
      at_.skip_balanced();
    } else {
      at_.take();
    }
  }
  if (!at_.is("{")) {
    at_.take();
    return;
  }
  const std::size_t start = at_.place();
  at_.skip_balanced();
  const std::size_t end = at_.place();
  at_.go_to(start + 1);
  while (at_.place() < end) {
    if (at_.is("extern") && at_.peek(1).kind == Kind::text && at_.is("{", 2)) {
      at_.take();
      at_.take();
      foreign();
    } else {
      at_.take();
    }
  }
  at_.go_to(end);
}

// { pub fn ...; pub static ...; } of an extern block.
void Parser::foreign() {
  at_.expect("{");
  while (!at_.take_if("}")) {
    const Attributes said = parse_attributes(at_);
    if (at_.take_if("pub") && at_.is("(")) at_.skip_balanced();
    at_.take_if("unsafe");
    at_.take_if("safe");
    if (!said.for_macos) {
      at_.skip_declaration();
    } else if (at_.is("static")) {
      statics();
    } else {
      function();
    }
  }
}

void Parser::function() {
  Function out{.origin = origin()};
  at_.expect("fn");
  out.name = at_.take_name();
  if (at_.is("<")) at_.refuse("a generic function");
  at_.expect("(");
  out.parameters = parse_parameters(at_, out.variadic);
  out.result = parse_result(at_);
  at_.expect(";");
  out_.functions.push_back(std::move(out));
}

void Parser::statics() {
  Static out{.origin = origin()};
  at_.expect("static");
  out.is_mutable = at_.take_if("mut");
  out.name = at_.take_name();
  at_.expect(":");
  out.type = parse_type(at_);
  if (at_.take_if("=")) {  // a constant of C: static const T name = value
    Constant constant{.origin = out.origin, .name = out.name, .rust_name = out.name};
    constant.type = std::move(out.type);
    constant.value = parse_expression(at_);
    at_.expect(";");
    if (public_) out_.constants.push_back(std::move(constant));
    return;
  }
  at_.expect(";");
  out_.statics.push_back(std::move(out));
}

void Parser::constant(const Attributes& said, const std::string& owner) {
  Constant out{.origin = origin(), .owner = owner};
  at_.expect("const");
  out.rust_name = at_.take_name();
  out.name = said.alias.empty() ? out.rust_name : said.alias;
  if (at_.take_if(":")) out.type = parse_type(at_);
  if (!at_.take_if("=")) return;
  out.value = parse_expression(at_);
  at_.expect(";");
  out_.constants.push_back(std::move(out));
}

void Parser::alias(const Attributes& said) {
  Alias out{.origin = origin(), .c_name = said.alias, .stands_in = !public_};
  at_.expect("type");
  out.name = at_.take_name();
  if (at_.is("<")) at_.refuse("a generic alias");
  at_.expect("=");
  out.type = parse_type(at_);
  at_.expect(";");
  out_.aliases.push_back(std::move(out));
}

// struct X(pub T); is an enumeration; struct X { inner: [u8; 0], ... } is opaque.
void Parser::record(const Attributes& said) {
  Record out{
      .origin = origin(), .c_name = said.alias, .packed = said.packed, .aligned = said.aligned};
  if (at_.take().text == "union") out.kind = Record::Kind::union_;
  out.name = at_.take_name();
  if (!public_) {  // Rust's own
    at_.skip_declaration();
    return;
  }
  const bool generic = at_.is("<");
  if (generic) skip_generics();
  if (at_.take_if(";")) return;
  if (at_.take_if("(")) {
    if (generic || !at_.take_if("pub")) {
      at_.skip_declaration();
      return;
    }
    if (at_.is("(")) at_.skip_balanced();
    Enumeration enumeration{.origin = out.origin, .name = out.name, .base = parse_type(at_)};
    at_.skip_declaration();
    at_.take_if(")");
    at_.take_if(";");
    out_.enumerations.push_back(std::move(enumeration));
    return;
  }
  if (at_.is("where")) at_.refuse("a bound");
  fields(out);
  if (generic && out.kind != Record::Kind::opaque) return;
  out_.records.push_back(std::move(out));
}

// enum X { #[doc(alias = "kA")] A = 0, ... } with an integer in its representation.
void Parser::rust_enumeration(const Attributes& said) {
  at_.expect("enum");
  Enumeration out{.origin = origin(), .name = at_.take_name()};
  out.base = {.kind = Type::Kind::path, .name = said.integer};
  if (said.integer.empty()) {
    at_.skip_declaration();
    return;
  }
  at_.expect("{");
  while (!at_.take_if("}")) {
    const Attributes of_name = parse_attributes(at_);
    Constant constant{.origin = origin(), .owner = out.name};
    constant.rust_name = at_.take_name();
    constant.name = of_name.alias.empty() ? constant.rust_name : of_name.alias;
    constant.type = out.base;
    at_.expect("=");
    constant.value = parse_expression(at_);
    if (of_name.for_macos) out_.constants.push_back(std::move(constant));
    if (!at_.is("}")) at_.expect(",");
  }
  out_.enumerations.push_back(std::move(out));
}

namespace {

// In C: type_ is a name that Rust keeps for itself, _reserved one that it hides.
std::string field_name(std::string name, bool is_public) {
  if (name == "type_") return "type";
  const bool hidden = !is_public && (name.starts_with("_reserved") || name == "_opaque");
  return hidden ? name.substr(1) : name;
}

}  // namespace

void Parser::fields(Record& out) {
  at_.expect("{");
  while (!at_.take_if("}")) {
    const Attributes said = parse_attributes(at_);
    const bool is_public = at_.take_if("pub");
    if (is_public && at_.is("(")) at_.skip_balanced();
    std::string name = field_name(at_.take_name(), is_public);
    at_.expect(":");
    if (name == "inner" && at_.is("[")) out.kind = Record::Kind::opaque;
    Type type = parse_type(at_);
    if (said.for_macos) out.fields.push_back({std::move(name), std::move(type)});
    if (!at_.is("}")) at_.expect(",");
  }
  if (out.kind == Record::Kind::opaque) out.fields.clear();
}

// <A: ?Sized = B, ...> and what else stands between the angles.
std::vector<std::string> Parser::skip_generics() {
  std::vector<std::string> names;
  std::size_t depth = 0;
  bool first = true;
  do {
    if (at_.at_end()) at_.refuse("generics have no end");
    if (at_.is("<")) ++depth;
    if (at_.is(">")) --depth;
    if (depth == 1 && first && at_.peek().kind == Kind::name) {
      names.emplace_back(at_.peek().text);
      first = false;
    }
    if (depth == 1 && (at_.is(",") || at_.is("<"))) first = true;
    at_.take();
  } while (depth > 0);
  return names;
}

// impl X { constants, methods }, impl Encode for X { tag }, impl Trait for X.
void Parser::implementation() {
  at_.expect("impl");
  Methods methods{.origin = origin()};
  if (at_.is("<")) methods.generics = skip_generics();
  const Type first = parse_type(at_);
  if (at_.take_if("for")) {
    const Type owner = parse_type(at_);
    while (!at_.is("{") && !at_.at_end()) at_.take();
    if (first.name == "RefEncode" || first.name == "Encode") return encoding(owner.name);
    category_uses_.emplace_back(first.name, owner.name);
    return block_of_implementation({});
  }
  while (!at_.is("{") && !at_.at_end()) at_.take();
  methods.owner = first.name;
  block_of_implementation(methods);
}

void Parser::block_of_implementation(const Methods& methods) {
  at_.expect("{");
  while (!at_.take_if("}")) {
    const std::size_t start = at_.place();
    const Attributes said = parse_attributes(at_);
    if (at_.take_if("pub") && at_.is("(")) at_.skip_balanced();
    if (!said.for_macos) {
      at_.skip_declaration();
    } else if (at_.is("const") && at_.is(":", 2) && !methods.owner.empty()) {
      constant(said, methods.owner);
    } else if (at_.is("extern_methods") && at_.is("!", 1)) {
      at_.take();
      at_.take();
      at_.take();
      Methods found = methods;
      found.methods = method_list();
      at_.take_if(";");
      if (!found.methods.empty()) out_.methods.push_back(std::move(found));
    } else {
      while (!at_.at_end() && !at_.is("fn") && !at_.is(";") && !at_.is("}") && !at_.is("{"))
        at_.take();
      if (at_.is("fn")) {
        body();
      } else if (at_.is("{")) {
        at_.skip_balanced();
      } else if (at_.is(";")) {
        at_.take();
      }
    }
    if (at_.place() == start) at_.refuse("an implementation");
  }
}

// const ENCODING: Encoding = Encoding::Struct("tag", ...) or RefEncode<"tag">.
void Parser::encoding(const std::string& owner) {
  const std::size_t start = at_.place();
  at_.skip_balanced();
  const std::size_t end = at_.place();
  at_.go_to(start);
  while (at_.place() < end) {
    if ((at_.is("Struct") || at_.is("Union")) && at_.is("(", 1) && at_.peek(2).kind == Kind::text) {
      out_.tags.push_back({owner, unquoted(at_.peek(2).text)});
      break;
    }
    at_.take();
  }
  at_.go_to(end);
}

// pub unsafe trait X: ClassType { extern_methods!(...) }: a category; impl X for C {} names its
// class.
void Parser::category() {
  at_.expect("trait");
  Methods methods{.origin = origin()};
  const std::string name = at_.take_name();
  while (!at_.is("{") && !at_.at_end()) at_.take();
  at_.expect("{");
  while (!at_.take_if("}")) {
    (void)parse_attributes(at_);
    if (at_.is("extern_methods") && at_.is("!", 1)) {
      at_.take();
      at_.take();
      at_.take();
      for (Method& method : method_list()) methods.methods.push_back(std::move(method));
      at_.take_if(";");
    } else if (at_.is("{") || at_.is("(")) {
      at_.skip_balanced();
    } else {
      at_.take();
    }
  }
  categories_.insert_or_assign(name, std::move(methods));
}

void parse_module(const std::string& module, std::string_view source, Declarations& out) {
  auto tokens = lex(module, source);
  if (!tokens) {
    out.left_out.push_back({{module, tokens.error().line}, module, tokens.error().what});
    return;
  }
  Parser(module, *std::move(tokens), out).run();
}

}  // namespace macos_headers
