// What a Java file declares, as far as it takes to know the type of a receiver: classes with their
// supertypes, fields and methods, and the imports that names are resolved by (Java Language
// Specification, 6.4 to 6.5, 7.5).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "format/tree/tree.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::java {

// A type by its full name, with dots also before nested classes; empty: not known here (a type
// variable, a class of a library).
struct Type {
  std::string name;
  std::vector<Type> arguments;
  int dimensions = 0;

  [[nodiscard]] bool is(std::string_view full) const { return dimensions == 0 && name == full; }
};

struct Member {
  std::string name;
  Type type;            // of a method: what it returns; not known where those of one name differ
  bool hidden = false;  // private: not inherited
};

struct Class {
  std::string name;  // full; "pkg.Outer.Inner"; of a class without one, that of the outer class and
                     // its place
  std::vector<std::string> supertypes;  // full names; empty where it is not known
  std::vector<Member> fields, methods;
  tree::Index body = 0;  // in the tree of its file
  tree::Index scope =
      0;  // of a local class: the block that declares it; 0: a member or at top level
};

struct Import {
  std::string name;  // without the "*"
  bool is_static = false, on_demand = false;
  tree::Index node = 0;
};

struct Unit {
  std::string package;
  std::vector<Import> imports;
  std::vector<Class> classes;
};

// A file with its tree, while it is worked on.
struct Parsed {
  explicit Parsed(std::string bytes) : text(std::make_unique<std::string>(std::move(bytes))) {}

  std::unique_ptr<std::string> text;  // the tree borrows it
  std::optional<tree::Tree> tree;
  Unit unit;
  std::map<tree::Index, std::size_t> bodies;  // body of a class -> its number in the unit
};

// The classes of all sources, read when they are asked for. Several threads may ask.
class World {
 public:
  explicit World(const Sources& sources);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // Reads, parses and resolves one file.
  [[nodiscard]] Result<Parsed> parse(const std::string& path);
  // Of a file that parse() gave already, or is read now; nullptr: no source has it.
  [[nodiscard]] const Class* find(std::string_view full_name);
  // Whether a source file may have a top-level class of this full name.
  [[nodiscard]] bool has(std::string_view full_name) const;
  // The field or method of a class or of what it inherits from; the nearest one. What is private is
  // seen in the class itself, and not by a class that inherits from it (`heir`).
  [[nodiscard]] std::optional<Type> field(std::string_view full_name, std::string_view name,
                                          bool heir = false);
  [[nodiscard]] std::optional<Type> method(std::string_view full_name, std::string_view name,
                                           bool heir = false);

 private:
  struct State;

  [[nodiscard]] Result<Parsed> read_and_parse(const std::string& path);
  [[nodiscard]] Result<Parsed> parsed(const std::string& path, std::string text);
  void read_for_classes(const std::string& path);

  std::unique_ptr<State> state_;
};

// The type that a name stands for at a node of a file; empty where it is not known.
[[nodiscard]] std::string resolve_name(World& world, const Parsed& file, std::string_view name,
                                       tree::Index at);
// Of a node that is a type.
[[nodiscard]] Type resolve_type(World& world, const Parsed& file, tree::Index node);
// The class whose body is the nearest around a node; nullptr outside of all.
[[nodiscard]] const Class* class_around(const Parsed& file, tree::Index node);

}  // namespace tenon::rewrite::java
