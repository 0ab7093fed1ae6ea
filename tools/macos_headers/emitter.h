// Writes the header of one framework: C in emit.cpp, Objective-C in emit_objects.cpp.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "macos_headers/c_types.h"
#include "macos_headers/emit.h"
#include "macos_headers/syntax.h"
#include "macos_headers/world.h"

namespace macos_headers {

class Emitter {
 public:
  Emitter(const World& world, const Framework& framework)
      : world_(world),
        framework_(framework),
        all_(framework.declarations),
        to_c_(world, framework) {}
  Header run();

 private:
  [[nodiscard]] bool is_own(const std::string& name) const { return framework_.own.contains(name); }
  void leave_out(const Origin& origin, const std::string& name, const std::string& reason);
  void put(std::string& section, const std::string& text, bool objective_c);

  // ---- what others need first
  void satisfy(const Translator::Needs& needs);
  void announce_or_include(const TypeEntry& entry);
  void collect_forward();
  [[nodiscard]] bool points_to_const(const std::string& name) const;

  // ---- types
  void types();
  void write_type(const std::string& name);
  void write_enumeration(const Enumeration& found);
  void write_alias(const Alias& alias);
  std::string members(const Record& record);
  [[nodiscard]] const Record* unnamed_type(const Type& type) const;
  void write_record(const Record& record);

  // ---- values
  void constants();
  std::string constant_line(const Constant& constant, std::string& base);
  void statics();
  std::string& functions_of(const Origin& origin);
  void functions();

  // ---- Objective-C, in emit_objects.cpp
  void objective_c();
  bool protocol_is_known(const std::string& name);
  std::string protocol_list(const std::vector<std::string>& names);
  void write_protocol(const Protocol& protocol);
  bool superclass_is_known(const std::string& name);
  void write_class(const Class& found);
  void write_category(const std::string& owner, const std::vector<const Methods*>& lists);
  std::string method_text(const Origin& origin, const std::string& owner, const Method& method,
                          std::set<std::string>& seen, const std::string& self_type);
  static std::string property_of(const Method& method, const std::string& selector);
  void announce(const std::string& name);
  std::string result_text(const Method& method, const std::string& self_type, bool with_error);
  std::string selector_text(const std::string& selector, const Method& method, bool with_error);

  // ---- the whole
  static std::string announced(const char* what, const std::set<std::string>& names);
  std::string class_announcements();
  void assemble();

  const World& world_;
  const Framework& framework_;
  const Declarations& all_;
  Translator to_c_;
  Header out_;
  std::string forward_;
  std::string types_;
  std::string constants_;
  std::string functions_;
  std::string objects_;
  std::set<std::string> written_;
  std::set<std::string> constant_names_;
  std::map<std::string, std::function<void()>> writers_;
  std::map<std::string, const Protocol*> own_protocols_;
  std::map<std::string, const Class*> own_classes_;
  std::map<std::string, std::vector<std::string>> adopted_;
  std::map<std::string, std::vector<const Methods*>> methods_;
  std::map<std::string, std::string> foreign_classes_;
  std::map<std::string, std::string> foreign_protocols_;
  std::set<std::string> announced_classes_;
  std::set<std::string> announced_protocols_;
};

}  // namespace macos_headers
