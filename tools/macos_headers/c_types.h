// Types of Rust as C and Objective-C write them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

// A type that has no counterpart in C, or whose name nothing declares.
struct NoType {
  std::string reason;
};

// One name that a declaration needs.
struct Use {
  std::string name;       // as Rust has it
  bool complete = false;  // by value: its structure has to be known
};

class Translator {
 public:
  Translator(const World& world, const Framework& framework)
      : world_(world), framework_(framework) {}

  // `type` around a declarator: "CFStringRef name", "void (*name)(int)", "id<P> name". Throws
  // NoType.
  std::string declare(const Type& type, const std::string& declarator);
  std::string parameters(const std::vector<Parameter>& parameters, bool variadic);
  // One parameter of a function or method; without a name, of a callback.
  std::string parameter(const Type& type, const std::string& name);
  // The integer below an enumeration or a constant, for `enum : T`.
  std::string integer(const Type& type);

  // The class whose methods are translated, and its generics.
  void in_class(std::string name, std::vector<std::string> generics, bool objective_c = true) {
    self_ = std::move(name);
    generics_ = std::move(generics);
    objective_c_ = objective_c;
  }

  // What was needed since the last call.
  struct Needs {
    std::vector<Use> uses;
    bool objective_c = false;
  };
  Needs take_needs() { return std::exchange(needs_, {}); }

 private:
  std::string pointer(const Type& target, bool is_const, const std::string& declarator);
  const Type* behind_stand_in(const TypeEntry* entry) const;
  std::string path(const Type& type, const std::string& declarator);
  std::string object(const TypeEntry& entry, const Type& type, const std::string& declarator);
  std::string function(const Type& type, const std::string& inner);
  std::string arguments(const std::vector<Type>& types);
  void objective_c() { needs_.objective_c = true; }

  const World& world_;
  const Framework& framework_;
  std::string self_;
  std::vector<std::string> generics_;
  bool objective_c_ = false;
  Needs needs_;
};

}  // namespace macos_headers
