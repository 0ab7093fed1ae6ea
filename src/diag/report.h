// The one value that report/ prints: findings for every command, and the command's own data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "diag/finding.h"

namespace tenon {

// A JSON-like tree that keeps the order of its keys. Commands build it; only report/ prints it.
class Data {
 public:
  using Object = std::vector<std::pair<std::string, Data>>;
  using Array = std::vector<Data>;
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, std::string, Array, Object>;

  Data() = default;
  Data(bool value) : value_(value) {}
  Data(std::int64_t value) : value_(value) {}
  Data(std::string value) : value_(std::move(value)) {}
  Data(std::string_view value) : value_(std::string(value)) {}
  Data(const char* value) : value_(std::string(value)) {}

  [[nodiscard]] static Data object() {
    Data data;
    data.value_ = Object{};
    return data;
  }

  [[nodiscard]] static Data array() {
    Data data;
    data.value_ = Array{};
    return data;
  }

  // Adds a key to an object, or an element to an array.
  Data& add(std::string key, Data value) {
    std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
    return *this;
  }

  Data& push(Data value) {
    std::get<Array>(value_).push_back(std::move(value));
    return *this;
  }

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
  std::string text;  // the answer for people, without the findings; may have several lines
};

}  // namespace tenon
