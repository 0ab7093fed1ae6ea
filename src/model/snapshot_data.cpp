#include "model/snapshot_data.h"

#include <concepts>
#include <type_traits>

namespace tenon {
namespace {

template <class T>
concept Group = requires(T& x) { T::fields(x, [](const char*, auto&) {}); };

template <class T>
inline constexpr bool is_fact = false;
template <class T>
inline constexpr bool is_fact<Fact<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

std::string_view state_word(FactState state) {
  return state == FactState::known ? "known" : state == FactState::absent ? "absent" : "unknown";
}

template <class T>
Data write(const T& x) {
  if constexpr (is_fact<T>) {
    Data out = Data::object();
    out.add("state", state_word(x.state));
    if (x.known()) out.add("value", write(x.value));
    if (!x.source.empty()) out.add("source", x.source);
    if (!x.why.empty()) out.add("why", x.why);
    return out;
  } else if constexpr (is_list<T>) {
    Data out = Data::array();
    for (const auto& item : x) out.push(write(item));
    return out;
  } else if constexpr (Group<T>) {
    Data out = Data::object();
    T::fields(x, [&](const char* name, const auto& member) { out.add(name, write(member)); });
    return out;
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    return Data(x);
  } else {
    return Data(static_cast<std::int64_t>(x));
  }
}

const Data* find(const Data& data, std::string_view name) {
  const auto* object = std::get_if<Data::Object>(&data.value());
  if (object == nullptr) return nullptr;
  for (const auto& [key, value] : *object) {
    if (key == name) return &value;
  }
  return nullptr;
}

// False when the data is of another kind.
template <class T>
bool read(const Data& data, T& x) {
  if constexpr (is_fact<T>) {
    const Data* state = find(data, "state");
    const auto* word = state == nullptr ? nullptr : std::get_if<std::string>(&state->value());
    if (word == nullptr) return false;
    if (const Data* source = find(data, "source")) (void)read(*source, x.source);
    if (const Data* why = find(data, "why")) (void)read(*why, x.why);
    if (*word == "absent") x.state = FactState::absent;
    const Data* value = find(data, "value");
    if (*word == "known" && value != nullptr && read(*value, x.value)) x.state = FactState::known;
    return true;
  } else if constexpr (is_list<T>) {
    const auto* array = std::get_if<Data::Array>(&data.value());
    if (array == nullptr) return false;
    for (const Data& item : *array) {
      typename T::value_type one{};
      if (!read(item, one)) return false;
      x.push_back(std::move(one));
    }
    return true;
  } else if constexpr (Group<T>) {
    if (!std::holds_alternative<Data::Object>(data.value())) return false;
    T::fields(x, [&](const char* name, auto& member) {
      if (const Data* value = find(data, name)) (void)read(*value, member);
    });
    return true;
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    const auto* value = std::get_if<T>(&data.value());
    if (value != nullptr) x = *value;
    return value != nullptr;
  } else {
    const auto* value = std::get_if<std::int64_t>(&data.value());
    if (value == nullptr || *value < 0) return false;
    x = static_cast<T>(*value);
    return true;
  }
}

void replace_all(std::string& text, const std::string& what, std::string_view by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

template <class Fn, class T>
void each_text(T& x, const Fn& fn) {
  if constexpr (is_fact<T>) {
    each_text(x.value, fn);
    fn(x.source);
    fn(x.why);
  } else if constexpr (is_list<T>) {
    for (auto& item : x) each_text(item, fn);
  } else if constexpr (Group<T>) {
    T::fields(x, [&](const char*, auto& member) { each_text(member, fn); });
  } else if constexpr (std::same_as<T, std::string>) {
    fn(x);
  }
}

}  // namespace

Data snapshot_data(const Snapshot& snapshot) {
  Data out = Data::object();
  out.add("snapshot", snapshot_schema);
  const Data groups = write(snapshot);
  for (const auto& [key, value] : std::get<Data::Object>(groups.value())) out.add(key, value);
  return out;
}

Result<Snapshot> snapshot_from(const Data& data) {
  const Data* schema = find(data, "snapshot");
  const auto* number = schema == nullptr ? nullptr : std::get_if<std::int64_t>(&schema->value());
  if (number == nullptr) return fail(Errc::malformed, "this is no snapshot of a machine");
  if (*number > snapshot_schema) return fail(Errc::malformed, "a newer tenon made this snapshot");
  Snapshot out;
  if (!read(data, out)) return fail(Errc::malformed, "this is no snapshot of a machine");
  return out;
}

void mask_snapshot(Snapshot& snapshot, const std::string& home, const std::string& user) {
  each_text(snapshot, [&](std::string& text) {
    if (home.size() > 1) replace_all(text, home, "~");
    // Short names are parts of words; only as an element of a path are they surely meant.
    if (user.empty() || user == "root") return;
    replace_all(text, "/" + user + "/", "/user/");
    if (user.size() >= 4) replace_all(text, user, "user");
  });
}

}  // namespace tenon
