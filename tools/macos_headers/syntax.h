// What is read from the crates: declarations as Rust writes them. Pure values; no C here.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace macos_headers {

struct Expression {
  enum class Kind { number, text, name, unary, binary, call, cast, record };
  Kind kind = Kind::number;
  std::string text{};  // the number, the string without quotes, A::B, the operator, the called name
  std::vector<Expression> operands{};
};

struct Type {
  enum class Kind { path, reference, pointer, array, function, block, tuple, never };
  Kind kind = Kind::tuple;
  std::string name{};                // of a path: its last word; of a protocol object: "dyn"
  std::vector<Type> parts{};         // generic arguments, the target of a pointer, parameters
  std::vector<Type> result{};        // of a function or block: none or one
  std::vector<Expression> length{};  // of an array: one
  bool is_mutable = false;
  bool variadic = false;
};

struct Parameter {
  std::string name{};
  Type type{};
};

// Where a declaration stands: the module is the path below src/, without .rs.
struct Origin {
  std::string module{};
  unsigned line = 0;
};

struct Function {
  Origin origin{};
  std::string name{};
  std::vector<Parameter> parameters{};
  Type result{};
  bool variadic = false;
};

struct Static {
  Origin origin{};
  std::string name{};
  Type type{};
  bool is_mutable = false;
};

struct Constant {
  Origin origin{};
  std::string name{};   // in C
  std::string owner{};  // the enumeration, or empty
  std::string rust_name{};
  Type type{};
  Expression value{};
};

struct Alias {
  Origin origin{};
  std::string name{};
  std::string c_name{};  // of a type that is a pointer in C: CVImageBufferRef; else empty
  Type type{};
  bool stands_in = false;  // private: for a type that other headers declare
};

struct Record {
  enum class Kind { structure, union_, opaque };
  Origin origin{};
  Kind kind = Kind::structure;
  std::string name{};
  std::string c_name{};  // of a Core Foundation class: CFStringRef; else empty
  std::vector<Parameter> fields{};
  unsigned packed = 0;  // bytes; 0 for the natural layout
  unsigned aligned = 0;
};

// An integer with names. With `options` the names are bits.
struct Enumeration {
  Origin origin{};
  std::string name{};
  Type base{};
  bool options = false;
};

struct Method {
  unsigned line = 0;
  std::string selector{};
  std::string family{};  // as the crate says: "none", "init", ...; empty when it says nothing
  bool of_class = false;
  bool optional = false;
  std::vector<Parameter> parameters{};
  Type result{};
};

// Of a class and a protocol with one name Rust renames one: `c_name` is the common one.
struct Class {
  Origin origin{};
  std::string name{};
  std::string c_name{};
  std::string super{};
  std::vector<std::string> generics{};
};

struct Protocol {
  Origin origin{};
  std::string name{};
  std::string c_name{};
  std::vector<std::string> supers{};
  std::vector<Method> methods{};
};

// Methods of a class, where they stand.
struct Methods {
  Origin origin{};
  std::string owner{};
  std::vector<std::string> generics{};
  std::vector<Method> methods{};
};

struct Conformance {
  Origin origin{};
  std::string owner{};
  std::string protocol{};
};

// The tag of a structure as its encoding has it: `struct __CFString` of CFString.
struct Tag {
  std::string name{};
  std::string tag{};
};

// Something that has no place in a C header, or that could not be read, with the reason.
struct LeftOut {
  Origin origin{};
  std::string name{};
  std::string reason{};
};

// One crate, in the order of its files.
struct Declarations {
  std::vector<Function> functions{};
  std::vector<Static> statics{};
  std::vector<Constant> constants{};
  std::vector<Alias> aliases{};
  std::vector<Record> records{};
  std::vector<Enumeration> enumerations{};
  std::vector<Class> classes{};
  std::vector<Protocol> protocols{};
  std::vector<Methods> methods{};
  std::vector<Conformance> conformances{};
  std::vector<Tag> tags{};
  std::vector<std::string> core_foundation{};  // names of Core Foundation classes (cf_type!)
  std::vector<LeftOut> left_out{};
  std::string framework{};  // of #[link(name = ..., kind = "framework")]
};

}  // namespace macos_headers
