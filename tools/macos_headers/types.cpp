#include "macos_headers/types.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "macos_headers/cursor.h"
#include "macos_headers/lexer.h"
#include "macos_headers/syntax.h"

namespace macos_headers {

namespace {

void skip_lifetimes(Cursor& at) {
  while (at.peek().kind == Kind::lifetime) at.take();
}

std::vector<Type> parse_generics(Cursor& at);

// Fn(A, B) -> C of a block.
Type parse_closure(Cursor& at) {
  Type out{.kind = Type::Kind::block};
  at.expect("(");
  while (!at.take_if(")")) {
    out.parts.push_back(parse_type(at));
    if (!at.is(")")) at.expect(",");
  }
  if (at.take_if("->")) out.result.push_back(parse_type(at));
  return out;
}

// dyn A + B: the protocols are the parts. dyn Fn(A) is a block.
Type parse_dyn(Cursor& at) {
  Type out{.kind = Type::Kind::path, .name = "dyn"};
  do {
    skip_lifetimes(at);
    if (at.is(">") || at.is(",")) break;
    Type part = parse_type(at);
    if (part.kind == Type::Kind::block) return part;
    if (!part.name.empty()) out.parts.push_back(std::move(part));
  } while (at.take_if("+"));
  return out;
}

Type parse_path(Cursor& at) {
  at.take_if("::");
  std::string name = at.take_name();
  while (true) {
    if (name == "Fn" && at.is("(")) {
      Type block = parse_closure(at);
      while (at.take_if("+")) {  // + 'static
        if (at.peek().kind == Kind::lifetime) {
          at.take();
        } else {
          (void)parse_type(at);
        }
      }
      return block;
    }
    if (at.is("<")) {
      Type out{.kind = Type::Kind::path, .name = std::move(name)};
      out.parts = parse_generics(at);
      if (!at.take_if("::")) return out;
      name = at.take_name();
      continue;
    }
    if (!at.take_if("::")) break;
    if (at.is("<")) continue;
    name = at.take_name();
  }
  return {.kind = Type::Kind::path, .name = std::move(name)};
}

std::vector<Type> parse_generics(Cursor& at) {
  std::vector<Type> out;
  at.expect("<");
  while (!at.take_if(">")) {
    if (at.peek().kind == Kind::lifetime) {
      at.take();
    } else {
      out.push_back(parse_type(at));
    }
    if (!at.is(">")) at.expect(",");
  }
  return out;
}

Type parse_pointer(Cursor& at) {
  Type out{.kind = Type::Kind::pointer};
  if (at.take_if("mut")) {
    out.is_mutable = true;
  } else {
    at.expect("const");
  }
  out.parts.push_back(parse_type(at));
  return out;
}

Type parse_reference(Cursor& at) {
  Type out{.kind = Type::Kind::reference};
  skip_lifetimes(at);
  out.is_mutable = at.take_if("mut");
  out.parts.push_back(parse_type(at));
  return out;
}

Type parse_array(Cursor& at) {
  Type out{.kind = Type::Kind::array};
  out.parts.push_back(parse_type(at));
  if (at.take_if(";")) out.length.push_back(parse_expression(at));
  at.expect("]");
  return out;
}

// fn(A, name: B, ...) -> C, behind `fn`.
Type parse_function_type(Cursor& at) {
  Type out{.kind = Type::Kind::function};
  at.expect("(");
  while (!at.take_if(")")) {
    if (at.take_if(".")) {
      at.expect(".");
      at.expect(".");
      out.variadic = true;
      continue;
    }
    if (at.peek().kind == Kind::name && at.is(":", 1)) {
      at.take();
      at.take();
    }
    out.parts.push_back(parse_type(at));
    if (!at.is(")")) at.expect(",");
  }
  if (at.take_if("->")) out.result.push_back(parse_type(at));
  return out;
}

Type parse_tuple(Cursor& at) {
  Type out{.kind = Type::Kind::tuple};
  while (!at.take_if(")")) {
    out.parts.push_back(parse_type(at));
    if (!at.is(")")) at.expect(",");
  }
  if (out.parts.size() == 1) return Type(out.parts.front());  // brackets alone
  return out;
}

// ---- expressions

struct Operator {
  std::string_view text;
  int strength = 0;
};

// `<<` and `>>` are two signs each: `>` also closes generics.
Operator binary_operator(const Cursor& at) {
  constexpr std::array<Operator, 8> single{
      {{"|", 1}, {"^", 2}, {"&", 3}, {"+", 5}, {"-", 5}, {"*", 6}, {"/", 6}, {"%", 6}}};
  if (at.is("<") && at.is("<", 1)) return {"<<", 4};
  if (at.is(">") && at.is(">", 1)) return {">>", 4};
  for (const Operator& candidate : single) {
    if (at.is(candidate.text)) return candidate;
  }
  return {};
}

Expression parse_binary(Cursor& at, int least);

// A::B::<T>(...), A { x: 1 }, A.
Expression parse_named(Cursor& at) {
  std::string name = at.take_name();
  while (at.take_if("::")) {
    if (at.is("<")) {
      (void)parse_generics(at);
      continue;
    }
    name += "::" + at.take_name();
  }
  Expression out{.kind = Expression::Kind::name, .text = std::move(name)};
  if (at.is("!") && at.is("(", 1)) {  // a macro that stands for a value
    at.take();
    out.text += '!';
  }
  if (at.take_if("(")) {
    out.kind = Expression::Kind::call;
    while (!at.take_if(")")) {
      out.operands.push_back(parse_expression(at));
      if (!at.is(")")) at.expect(",");
    }
  } else if (at.is("{") && at.peek(1).kind == Kind::name && at.is(":", 2)) {
    at.take();
    out.kind = Expression::Kind::record;
    while (!at.take_if("}")) {
      (void)at.take_name();
      at.expect(":");
      out.operands.push_back(parse_expression(at));
      if (!at.is("}")) at.expect(",");
    }
  }
  return out;
}

std::string without_quotes(std::string_view text) {
  const std::size_t first = text.find_first_of("\"'");
  return std::string(text.substr(first + 1, text.size() - first - 2));
}

Expression parse_primary(Cursor& at) {
  const Cursor::Level level(at);
  if (at.take_if("(")) {
    Expression inner = parse_expression(at);
    at.expect(")");
    return inner;
  }
  if (at.is("unsafe") && at.is("{", 1)) {
    at.take();
    at.take();
    Expression inner = parse_expression(at);
    at.expect("}");
    return inner;
  }
  if (at.is("-") || at.is("!") || at.is("&") || at.is("*")) {
    std::string sign(at.take().text);
    at.take_if("mut");
    return {
        .kind = Expression::Kind::unary, .text = std::move(sign), .operands = {parse_primary(at)}};
  }
  if (at.peek().kind == Kind::number) {
    return {.kind = Expression::Kind::number, .text = std::string(at.take().text)};
  }
  if (at.peek().kind == Kind::text && at.peek().text.ends_with('\'')) {
    const std::string character = without_quotes(at.take().text);
    if (character.size() != 1) at.refuse("a character with an escape");
    return {.kind = Expression::Kind::number, .text = std::to_string(int{character.front()})};
  }
  if (at.peek().kind == Kind::text) {
    return {.kind = Expression::Kind::text, .text = without_quotes(at.take().text)};
  }
  return parse_named(at);
}

// .0 and .bits() leave the value as it is.
Expression parse_postfix(Cursor& at) {
  Expression value = parse_primary(at);
  while (true) {
    if (at.take_if(".")) {
      at.take();
      if (at.is("(")) at.skip_balanced();
    } else if (at.take_if("as")) {
      const Type type = parse_type(at);
      value = {.kind = Expression::Kind::cast, .text = type.name, .operands = {std::move(value)}};
    } else {
      return value;
    }
  }
}

Expression parse_binary(Cursor& at, int least) {
  Expression left = parse_postfix(at);
  while (true) {
    const Operator found = binary_operator(at);
    if (found.strength == 0 || found.strength < least) return left;
    for (std::size_t i = 0; i < found.text.size(); ++i) at.take();
    Expression right = parse_binary(at, found.strength + 1);
    left = {.kind = Expression::Kind::binary,
            .text = std::string(found.text),
            .operands = {std::move(left), std::move(right)}};
  }
}

// &self, &mut self, self, this: Allocated<Self>.
bool take_receiver(Cursor& at) {
  const std::size_t place = at.place();
  if (at.take_if("&")) skip_lifetimes(at);
  at.take_if("mut");
  if (at.take_if("self")) return true;
  at.go_to(place);
  return false;
}

}  // namespace

Type parse_type(Cursor& at) {
  const Cursor::Level level(at);
  if (at.take_if("?")) {  // ?Sized
    (void)parse_path(at);
    return {};
  }
  if (at.take_if("*")) return parse_pointer(at);
  if (at.take_if("&")) return parse_reference(at);
  if (at.take_if("[")) return parse_array(at);
  if (at.take_if("(")) return parse_tuple(at);
  if (at.take_if("!")) return {.kind = Type::Kind::never};
  if (at.take_if("dyn")) return parse_dyn(at);
  at.take_if("unsafe");
  if (at.take_if("extern")) at.take();
  if (at.take_if("fn")) return parse_function_type(at);
  return parse_path(at);
}

Expression parse_expression(Cursor& at) { return parse_binary(at, 0); }

std::vector<Parameter> parse_parameters(Cursor& at, bool& variadic) {
  std::vector<Parameter> out;
  while (!at.take_if(")")) {
    while (at.is("#") && at.is("[", 1)) {
      at.take();
      at.skip_balanced();
    }
    if (at.take_if(".")) {
      at.expect(".");
      at.expect(".");
      variadic = true;
    } else if (take_receiver(at)) {
      out.push_back({"self", {}});
    } else {
      at.take_if("mut");
      std::string name = at.take_name();
      at.expect(":");
      out.push_back({std::move(name), parse_type(at)});
    }
    if (!at.is(")")) at.expect(",");
  }
  return out;
}

Type parse_result(Cursor& at) { return at.take_if("->") ? parse_type(at) : Type{}; }

}  // namespace macos_headers
