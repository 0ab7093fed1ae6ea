#include "machine/snapshot_data.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/fact.h"
#include "base/result.h"
#include "diag/report.h"

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
  switch (state) {
    case FactState::known: return "known";
    case FactState::absent: return "absent";
    case FactState::declined: return "declined";
    case FactState::unknown: break;
  }
  return "unknown";
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
    if (*word == "declined") x.state = FactState::declined;
    const Data* value = find(data, "value");
    if (*word == "known" && value != nullptr) {
      if (read(*value, x.value)) {
        x.state = FactState::known;
      } else {
        x.value = {};  // half of a list is no fact
      }
    }
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

bool in_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// Where `what` stands and is no part of a longer name.
void replace_whole(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at)) {
    const std::size_t end = at + what.size();
    const bool begins = at == 0 || !in_word(text[at - 1]);
    const bool ends = end == text.size() || !in_word(text[end]);
    if (begins && ends) {
      text.replace(at, what.size(), by);
      at += by.size();
    } else {
      at = end;
    }
  }
}

// Whether the path at `at` is the end of a longer one: /srv/home is not /home, -I/home is.
bool inside_path(const std::string& text, std::size_t at) {
  if (std::string_view(text).substr(0, at).ends_with("/System/Volumes/Data")) return false;
  std::size_t begin = at;
  while (begin > 0 && (in_word(text[begin - 1]) || text[begin - 1] == '.')) --begin;
  return begin > 0 && begin < at && text[begin - 1] == '/';
}

// /home/NAME and /Users/NAME of whomever.
void mask_homes(std::string& text) {
  for (const std::string_view parent : {"/home/", "/Users/"}) {
    for (std::size_t at = text.find(parent); at != text.npos; at = text.find(parent, at)) {
      const bool inside = inside_path(text, at) || (at > 0 && text[at - 1] == '~');
      at += parent.size();
      if (inside) continue;
      const std::size_t end = std::min(text.find_first_of("/:;, \"'=", at), text.size());
      const std::string_view name = std::string_view(text).substr(at, end - at);
      if (name.empty() || name == "Shared" || name == "linuxbrew") continue;
      text.replace(at, end - at, "user");
    }
  }
}

// What stands between "://" and "@" is for the server alone.
void mask_logins(std::string& text) {
  for (std::size_t at = text.find("://"); at != text.npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/ ,|\"'", at), text.size());
    const std::size_t sign = text.rfind('@', end);
    if (sign == text.npos || sign < at || sign >= end) continue;
    text.replace(at, sign - at, "***");
  }
}

// key=VALUE whose key speaks of a secret, as -ldflags=-X main.apiToken=VALUE has it.
void mask_secrets(std::string& text) {
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  for (const std::string_view word :
       {"token", "secret", "passw", "apikey", "api_key", "credential"}) {
    for (std::size_t at = lower.find(word); at != lower.npos; at = lower.find(word, at + 1)) {
      std::size_t equals = at;
      while (equals < lower.size() && in_word(lower[equals])) ++equals;
      if (equals >= lower.size() || lower[equals] != '=') continue;
      const std::size_t end = std::min(text.find_first_of(" ,\"'\n", equals + 1), text.size());
      text.replace(equals + 1, end - equals - 1, "***");
      lower.replace(equals + 1, end - equals - 1, "***");
    }
  }
}

// "Apple Development: NAME (TEAM)": certificates of persons. Those of companies stand in every file
// that they signed.
void mask_person(std::string& name) {
  if (name.starts_with("Developer ID")) return;
  const std::size_t from = name.find(": "), to = name.rfind(" (");
  if (from == name.npos) return;
  const std::size_t end = to == name.npos || to < from ? name.size() : to;
  name.replace(from + 2, end - from - 2, "user");
}

// Elements of paths that are no names of users, whoever is called so.
bool is_common(std::string_view user) {
  for (const std::string_view name :
       {"root", "usr", "bin", "lib", "opt", "etc", "var", "tmp", "home", "go", "local", "user",
        "src", "share", "sdk", "cache"}) {
    if (user == name) return true;
  }
  return false;
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
  if (number == nullptr) return fail(Errc::malformed, "this is not a snapshot of a machine");
  if (*number > snapshot_schema) return fail(Errc::malformed, "a newer tenon made this snapshot");
  Snapshot out;
  if (!read(data, out)) return fail(Errc::malformed, "this is not a snapshot of a machine");
  return out;
}

void mask_snapshot(Snapshot& snapshot, const std::string& home, const std::string& user) {
  for (SigningIdentity& one : snapshot.identities.list.value) mask_person(one.name);
  each_text(snapshot, [&](std::string& text) {
    if (home.size() > 1) replace_whole(text, home, "~");
    mask_homes(text);
    mask_logins(text);
    mask_secrets(text);
    if (user.empty() || is_common(user)) return;
    // Other words of the text may be the same: only an element of a path is surely meant.
    std::string path = "/" + user;
    for (std::size_t at = text.find(path); at != text.npos; at = text.find(path, at + 1)) {
      const std::size_t end = at + path.size();
      if (end < text.size() && in_word(text[end])) continue;
      text.replace(at + 1, user.size(), "user");
    }
  });
}

}  // namespace tenon
