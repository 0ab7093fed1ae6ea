// Reads one file of the bindings: declarations in parser.cpp, macros of objects in
// parse_macros.cpp.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "macos_headers/attributes.h"
#include "macos_headers/cursor.h"
#include "macos_headers/lexer.h"
#include "macos_headers/syntax.h"

namespace macos_headers {

class Parser {
 public:
  Parser(std::string module, std::vector<Token> tokens, Declarations& out)
      : module_(std::move(module)), at_(std::move(tokens)), out_(out) {}
  void run();

 private:
  [[nodiscard]] Origin origin() const { return {module_, at_.peek().line}; }
  void declarations();
  [[nodiscard]] std::string name_near() const;

  // ---- declarations
  void declaration();
  void named(const Attributes& said);
  void block();
  void body();
  void foreign();
  void function();
  void statics();
  void constant(const Attributes& said, const std::string& owner);
  void alias(const Attributes& said);
  void record(const Attributes& said);
  void rust_enumeration(const Attributes& said);
  void fields(Record& out);
  std::vector<std::string> skip_generics();
  void implementation();
  void block_of_implementation(const Methods& methods);
  void encoding(const std::string& owner);
  void category();

  // ---- macros, in parse_macros.cpp
  void macro();
  void expand(const std::string& name);
  void class_();
  void protocol();
  void conformance();
  void bit_flags();
  void wrapped_enumeration();
  void core_foundation_type();
  void tag_of_core_foundation();
  std::vector<Method> method_list();
  Method method(const Attributes& said);

  std::string module_;
  Cursor at_;
  Declarations& out_;
  unsigned depth_ = 0;
  bool public_ = false;  // the declaration at hand
  std::map<std::string, Methods> categories_;
  std::vector<std::pair<std::string, std::string>> category_uses_;
};

}  // namespace macos_headers
