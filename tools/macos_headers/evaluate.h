// The values of constants, so that a header holds numbers and no expressions of Rust.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <variant>

#include "macos_headers/syntax.h"

namespace macos_headers {

__extension__ using Integer = __int128;

using Value = std::variant<Integer, double, std::string>;

// The value as an integer of this type (i32, c_uint, NSInteger, ...) holds it; unchanged for
// others.
[[nodiscard]] Integer wrapped_to(Integer value, const std::string& type);

// All constants of all crates by their names: kName, and Owner::Name of an enumeration.
class Constants {
 public:
  void add(const Constant& constant);

  // The value, or why there is none. Names are followed; a circle is an error.
  [[nodiscard]] std::expected<Value, std::string> value_of(const Constant& constant) const;

 private:
  std::expected<Value, std::string> evaluate(const Expression& expression, const std::string& owner,
                                             unsigned depth) const;
  std::expected<Value, std::string> named(const std::string& name, const std::string& owner,
                                          unsigned depth) const;
  std::expected<Value, std::string> call(const Expression& expression, const std::string& owner,
                                         unsigned depth) const;
  std::expected<Value, std::string> binary(const Expression& expression, const std::string& owner,
                                           unsigned depth) const;

  std::map<std::string, Constant> by_name_;
};

}  // namespace macos_headers
