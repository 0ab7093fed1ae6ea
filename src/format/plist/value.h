// The value of a property list: a tree that owns its parts.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/lifetime.h"

namespace tenon::plist {

class Value;

using Data = std::vector<std::byte>;
using Array = std::vector<Value>;

struct Null {
  bool operator==(const Null&) const = default;
};

// Seconds since 2001-01-01 00:00:00 UTC, as CoreFoundation counts. Readers take years 1 to 9999.
struct Date {
  double seconds = 0;
  bool operator==(const Date&) const = default;
};

// A reference of NSKeyedArchiver; occurs in binary lists only.
struct Uid {
  std::uint64_t number = 0;
  bool operator==(const Uid&) const = default;
};

struct Pair;

// Pairs in the order in which they were read. Readers give each key once; find() is linear: a
// caller that looks up many keys makes an index.
class Dict {
 public:
  // Out of line, where Pair is complete.
  Dict();
  Dict(const Dict& other);
  Dict(Dict&& other) noexcept;
  Dict& operator=(const Dict& other);
  Dict& operator=(Dict&& other) noexcept;
  ~Dict();

  [[nodiscard]] const std::vector<Pair>& pairs() const TENON_LIFETIMEBOUND { return pairs_; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  // nullptr when there is no such key.
  [[nodiscard]] const Value* find(std::string_view key) const TENON_LIFETIMEBOUND;
  // Adds at the end, without looking whether the key is there.
  void add(std::string key, Value value);
  // Gives an existing key another value.
  void replace(std::size_t index, Value value);
  bool operator==(const Dict& other) const;

 private:
  std::vector<Pair> pairs_;
};

enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  real,
  date,
  string,
  data,
  uid,
  array,
  dict
};

// "dict", "integer" ...: the name of the XML tag, or the nearest to one.
[[nodiscard]] std::string_view kind_name(Kind kind);

class Value {
 public:
  Value() = default;
  Value(bool value) : held_(value) {}
  Value(std::int64_t value) : held_(value) {}
  // What fits into int64_t is held as such, so that equal numbers are equal values.
  Value(std::uint64_t value);
  Value(double value) : held_(value) {}
  Value(Date value) : held_(value) {}
  Value(Uid value) : held_(value) {}
  Value(std::string value) : held_(std::move(value)) {}
  Value(std::string_view value) : held_(std::string(value)) {}
  Value(const char* value) : held_(std::string(value)) {}
  Value(Data value) : held_(std::move(value)) {}
  Value(Array value) : held_(std::move(value)) {}
  Value(Dict value) : held_(std::move(value)) {}

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(held_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_integer() const {
    return kind() == Kind::integer || kind() == Kind::unsigned_integer;
  }

  // nullptr when the value is of another kind.
  [[nodiscard]] const bool* boolean() const TENON_LIFETIMEBOUND {
    return std::get_if<bool>(&held_);
  }
  [[nodiscard]] const std::string* string() const TENON_LIFETIMEBOUND {
    return std::get_if<std::string>(&held_);
  }
  [[nodiscard]] const Data* data() const TENON_LIFETIMEBOUND { return std::get_if<Data>(&held_); }
  [[nodiscard]] const Array* array() const TENON_LIFETIMEBOUND {
    return std::get_if<Array>(&held_);
  }
  [[nodiscard]] const Dict* dict() const TENON_LIFETIMEBOUND { return std::get_if<Dict>(&held_); }
  [[nodiscard]] const double* real() const TENON_LIFETIMEBOUND {
    return std::get_if<double>(&held_);
  }
  [[nodiscard]] const Date* date() const TENON_LIFETIMEBOUND { return std::get_if<Date>(&held_); }
  [[nodiscard]] const Uid* uid() const TENON_LIFETIMEBOUND { return std::get_if<Uid>(&held_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&held_); }
  // An integer above INT64_MAX.
  [[nodiscard]] const std::uint64_t* large_integer() const {
    return std::get_if<std::uint64_t>(&held_);
  }
  // The string of a dictionary's key; nullptr when it is missing or no string.
  [[nodiscard]] const std::string* string_at(std::string_view key) const TENON_LIFETIMEBOUND;
  // Whether a dictionary has true for `key`.
  [[nodiscard]] bool is_true(std::string_view key) const;

  bool operator==(const Value& other) const;

 private:
  std::variant<Null, bool, std::int64_t, std::uint64_t, double, Date, std::string, Data, Uid, Array,
               Dict>
      held_;
};

struct Pair {
  std::string key;
  Value value;
  bool operator==(const Pair&) const = default;
};

// Civil time of a Date, UTC, whole seconds.
struct Civil {
  std::int64_t year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

[[nodiscard]] Civil to_civil(Date date);
// nullopt for what no calendar has.
[[nodiscard]] std::optional<Date> from_civil(const Civil& civil);

}  // namespace tenon::plist
