#include "diag/report.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

namespace tenon {

Data::Data() = default;
Data::Data(const Data&) = default;
Data::Data(Data&&) noexcept = default;
Data& Data::operator=(const Data&) = default;
Data& Data::operator=(Data&&) noexcept = default;
Data::~Data() = default;

Data Data::object() {
  Data data;
  data.value_ = Object{};
  return data;
}

Data Data::array() {
  Data data;
  data.value_ = Array{};
  return data;
}

Data& Data::add(std::string key, Data value) {
  std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
  return *this;
}

Data& Data::reserve(std::size_t count) {
  if (auto* object = std::get_if<Object>(&value_)) object->reserve(count);
  if (auto* array = std::get_if<Array>(&value_)) array->reserve(count);
  return *this;
}

Data& Data::push(Data value) {
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

}  // namespace tenon
