// Values that travel between processes and machines: written to Data and read back by one list of
// fields. A type has `static void fields(auto& x, auto visit)`, as the groups of machine/snapshot.h
// have, or a specialisation of Fields; an enum has its names in EnumNames; a value that is best one
// word (a version, a target) has a TextForm.
//
// Reading never trusts: a key that is missing keeps the default, so an older writer can be read; a
// key that is not known is ignored, so a newer one can be; a value of another kind, an unknown name
// and a number out of range are malformed. Depth and size are bounded by the type, not by the data.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "diag/report.h"

namespace tenon::wire {

// The list of fields of T. Specialised for types that do not carry their own.
template <class T>
struct Fields {
  static void visit(auto& x, auto visitor)
    requires requires { T::fields(x, visitor); }
  {
    T::fields(x, visitor);
  }
};

// `static constexpr std::array values{...}` and `static std::string_view name(E)`
template <class E>
struct EnumNames;

// `static std::string write(const T&)` and `static std::optional<T> read(std::string_view)`
template <class T>
struct TextForm;

template <class T>
concept Named = requires { EnumNames<T>::values; };

template <class T>
concept Word = requires(const T& x) { TextForm<T>::write(x); };

template <class T>
concept Record = requires(T& x) { Fields<T>::visit(x, [](const char*, auto&) {}); };

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <Named E>
[[nodiscard]] std::optional<E> value_of(std::string_view name) {
  for (const E value : EnumNames<E>::values) {
    if (EnumNames<E>::name(value) == name) return value;
  }
  return std::nullopt;
}

template <class T>
[[nodiscard]] Data write(const T& x) {
  if constexpr (is_optional<T>) {
    return x ? write(*x) : Data();
  } else if constexpr (is_list<T>) {
    Data out = Data::array();
    for (const auto& item : x) out.push(write(item));
    return out;
  } else if constexpr (Named<T>) {
    return Data(EnumNames<T>::name(x));
  } else if constexpr (Word<T>) {
    return Data(TextForm<T>::write(x));
  } else if constexpr (Record<T>) {
    Data out = Data::object();
    Fields<T>::visit(x,
                     [&](const char* name, const auto& member) { out.add(name, write(member)); });
    return out;
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    return Data(x);
  } else {
    static_assert(std::integral<T> && (std::signed_integral<T> || sizeof(T) < 8),
                  "Data holds numbers of 63 bits");
    return Data(static_cast<std::int64_t>(x));
  }
}

[[nodiscard]] inline const Data* find(const Data& data, std::string_view name) {
  const auto* object = std::get_if<Data::Object>(&data.value());
  if (object == nullptr) return nullptr;
  for (const auto& [key, value] : *object) {
    if (key == name) return &value;
  }
  return nullptr;
}

template <class T>
[[nodiscard]] Result<void> read(const Data& data, T& x);

template <class T>
[[nodiscard]] Result<void> read_list(const Data& data, std::vector<T>& x) {
  const auto* array = std::get_if<Data::Array>(&data.value());
  if (array == nullptr) return fail(Errc::malformed, "a list is expected");
  std::vector<T> out;
  for (const Data& item : *array) {
    T one{};
    TENON_TRY(read(item, one));
    out.push_back(std::move(one));
  }
  x = std::move(out);
  return {};
}

template <class T>
[[nodiscard]] Result<void> read_record(const Data& data, T& x) {
  if (!std::holds_alternative<Data::Object>(data.value())) {
    return fail(Errc::malformed, "an object is expected");
  }
  Result<void> out;
  Fields<T>::visit(x, [&](const char* name, auto& member) {
    const Data* value = out ? find(data, name) : nullptr;
    if (value != nullptr) out = read(*value, member);
  });
  return out;
}

template <class T>
[[nodiscard]] Result<void> read_word(const Data& data, T& x) {
  const auto* text = std::get_if<std::string>(&data.value());
  if (text == nullptr) return fail(Errc::malformed, "a text is expected");
  std::optional<T> value;
  if constexpr (Named<T>) {
    value = value_of<T>(*text);
  } else {
    value = TextForm<T>::read(*text);
  }
  if (!value) return fail(Errc::malformed, "an unknown value");
  x = std::move(*value);
  return {};
}

template <class T>
Result<void> read(const Data& data, T& x) {
  if constexpr (is_optional<T>) {
    x.reset();
    if (std::holds_alternative<std::nullptr_t>(data.value())) return {};
    return read(data, x.emplace());
  } else if constexpr (is_list<T>) {
    return read_list(data, x);
  } else if constexpr (Named<T> || Word<T>) {
    return read_word(data, x);
  } else if constexpr (Record<T>) {
    return read_record(data, x);
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    const auto* value = std::get_if<T>(&data.value());
    if (value == nullptr) return fail(Errc::malformed, "a value of another kind is expected");
    x = *value;
    return {};
  } else {
    const auto* value = std::get_if<std::int64_t>(&data.value());
    if (value == nullptr || !std::in_range<T>(*value)) {
      return fail(Errc::malformed, "a number in range is expected");
    }
    x = static_cast<T>(*value);
    return {};
  }
}

template <class T>
[[nodiscard]] Result<T> read_as(const Data& data) {
  T out{};
  TENON_TRY(read(data, out));
  return out;
}

}  // namespace tenon::wire
