// The one value that diag/render prints: findings for every command, and the command's own data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/shown.h"
#include "diag/finding.h"

namespace tenon {

// A JSON-like tree that keeps the order of its keys. Commands build it; only diag/render prints it.
class Data {
 public:
  using Object = std::vector<std::pair<std::string, Data>>;
  using Array = std::vector<Data>;
  using Value =
      std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Data();
  Data(const Data&);
  Data(Data&&) noexcept;
  Data& operator=(const Data&);
  Data& operator=(Data&&) noexcept;
  ~Data();
  Data(bool value) : value_(value) {}
  Data(std::int64_t value) : value_(value) {}
  Data(double value) : value_(value) {}  // not finite: null in JSON
  Data(std::string value) : value_(std::move(value)) {}
  Data(std::string_view value) : value_(std::string(value)) {}
  Data(const char* value) : value_(std::string(value)) {}

  [[nodiscard]] static Data object();
  [[nodiscard]] static Data array();

  // Adds a key to an object, or an element to an array.
  Data& add(std::string key, Data value);

  Data& push(Data value);

  // Makes room for so many keys or elements, and no more.
  Data& reserve(std::size_t count);

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_ = nullptr;
};

struct Report {
  static constexpr int schema = 1;
  std::string command;
  bool ok = true;
  std::vector<Finding> findings;
  Data data = Data::object();
  Shown text;  // the answer for people, without the findings; may have several lines
};

}  // namespace tenon
