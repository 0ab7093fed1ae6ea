#include "format/plist/value.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tenon::plist {
namespace {

constexpr std::array<std::string_view, 11> names{"null", "boolean", "integer", "integer",
                                                 "real", "date",    "string",  "data",
                                                 "uid",  "array",   "dict"};

// Of 2001-01-01 in std::chrono::sys_days.
constexpr std::int64_t epoch_days = 11323;
constexpr std::int64_t day_seconds = 86400;

}  // namespace

std::string_view kind_name(Kind kind) { return names[static_cast<std::size_t>(kind)]; }

Dict::Dict() = default;
Dict::Dict(const Dict& other) = default;
Dict::Dict(Dict&& other) noexcept = default;
Dict& Dict::operator=(const Dict& other) = default;
Dict& Dict::operator=(Dict&& other) noexcept = default;
Dict::~Dict() = default;

std::size_t Dict::size() const { return pairs_.size(); }

const Value* Dict::find(std::string_view key) const {
  const auto found = std::ranges::find(pairs_, key, &Pair::key);
  return found == pairs_.end() ? nullptr : &found->value;
}

void Dict::add(std::string key, Value value) {
  pairs_.push_back(Pair{std::move(key), std::move(value)});
}

void Dict::replace(std::size_t index, Value value) { pairs_[index].value = std::move(value); }

bool Dict::operator==(const Dict& other) const { return pairs_ == other.pairs_; }

Value::Value(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
    held_ = static_cast<std::int64_t>(value);
  } else {
    held_ = value;
  }
}

bool Value::operator==(const Value& other) const { return held_ == other.held_; }

const std::string* Value::string_at(std::string_view key) const {
  const Value* found = dict() == nullptr ? nullptr : dict()->find(key);
  return found == nullptr ? nullptr : found->string();
}

bool Value::is_true(std::string_view key) const {
  const Value* found = dict() == nullptr ? nullptr : dict()->find(key);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

Civil to_civil(Date date) {
  using namespace std::chrono;
  const auto seconds = static_cast<std::int64_t>(std::floor(date.seconds));
  std::int64_t days = seconds / day_seconds, rest = seconds % day_seconds;
  if (rest < 0) {
    rest += day_seconds;
    --days;
  }
  const year_month_day day{sys_days{std::chrono::days{days + epoch_days}}};
  const auto part = [&](std::int64_t value) { return static_cast<unsigned>(value); };
  return {int{day.year()},   unsigned{day.month()}, unsigned{day.day()},
          part(rest / 3600), part(rest / 60 % 60),  part(rest % 60)};
}

std::optional<Date> from_civil(const Civil& civil) {
  using namespace std::chrono;
  if (civil.year < 1 || civil.year > 9999) return std::nullopt;
  const year_month_day day{year{static_cast<int>(civil.year)}, month{civil.month},
                           std::chrono::day{civil.day}};
  if (!day.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return std::nullopt;
  const std::int64_t days = sys_days{day}.time_since_epoch().count() - epoch_days;
  const std::int64_t rest =
      std::int64_t{civil.hour} * 3600 + std::int64_t{civil.minute} * 60 + civil.second;
  return Date{static_cast<double>(days * day_seconds + rest)};
}

}  // namespace tenon::plist
