// All frameworks together: which name is declared where, and what it is in C.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "macos_headers/evaluate.h"
#include "macos_headers/syntax.h"

namespace macos_headers {

// What frameworks.toml says of one framework.
struct Settings {
  std::string name{};
  std::string crate{};
  bool by_module =
      false;  // functions in a header for each module: cgo looks which ones are declared
  std::vector<std::string> includes{};            // headers of others that programs rely on
  std::vector<std::string> headers{};             // further header names, as "hid/IOHIDManager"
  std::vector<std::string> pointers_are_const{};  // structures whose Ref points to const
  std::vector<std::string> elsewhere{};           // names that a header of the system declares
  std::vector<std::string> input{};  // structures that callbacks read only: const there
  std::map<std::string, std::string> integers{};  // u8 -> UInt8
  std::map<std::string, std::string>
      functions{};  // the declarator of a function or typedef in our own words
};

struct Framework {
  Settings settings;
  std::string version{};  // of the crate
  Declarations declarations;
  std::set<std::string> own;  // names that our own part declares
  std::string before{};       // our own part: in front of the declarations, and behind
  std::string after{};
};

enum class TypeKind {
  core_foundation,
  class_,
  protocol,
  record,
  opaque,
  enumeration,
  alias,
  external
};

struct TypeEntry {
  TypeKind kind = TypeKind::external;
  std::string c_name{};     // CFStringRef, NSString, CGRect
  std::string framework{};  // empty for an external one
  bool generic = false;     // of a class
  const Alias* alias = nullptr;
  const Record* record = nullptr;
};

class World {
 public:
  void add(const Framework& framework);

  // nullptr when nothing declares it.
  [[nodiscard]] const TypeEntry* find(const std::string& name) const;
  [[nodiscard]] const std::string* tag_of(const std::string& name) const;
  [[nodiscard]] bool is_input(const std::string& name) const { return inputs_.contains(name); }
  [[nodiscard]] const Constants& constants() const { return constants_; }
  // True for a type of which a part is an object of Objective-C, also behind the names of others.
  [[nodiscard]] bool speaks_of_objects(const Type& type, unsigned depth = 0) const;
  // The integer of Rust at the end of aliases and enumerations; the name itself when there is none.
  [[nodiscard]] std::string primitive(const Type& type) const;
  [[nodiscard]] const Enumeration* enumeration(const std::string& name) const;

 private:
  void add_type(const std::string& name, TypeEntry entry);

  std::map<std::string, TypeEntry> types_{};
  std::map<std::string, std::string> tags_{};
  std::map<std::string, const Enumeration*> enumerations_{};
  std::set<std::string> inputs_;
  Constants constants_;
};

}  // namespace macos_headers
