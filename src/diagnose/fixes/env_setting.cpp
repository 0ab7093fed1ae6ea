#include "diagnose/fixes/env_setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

bool one_of(std::string_view name, auto... names) { return ((name == names) || ...); }

// "--mod=vendor" and "-mod" are -mod.
std::string_view flag_name(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  return word.substr(0, word.find('='));
}

std::string_view flag_value(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals == word.npos ? std::string_view() : word.substr(equals + 1);
}

std::string joined_flag(const std::string& before, const std::string& wanted) {
  const std::string_view name = flag_name(wanted), value = flag_value(wanted);
  if (flag_value(before).empty() || flag_value(before) == value) return wanted;
  if (name == "tags") return fmt::format("-tags={},{}", flag_value(before), value);
  if (one_of(name, "ldflags", "gcflags", "asmflags"))
    return fmt::format("-{}={} {}", name, flag_value(before), value);
  return wanted;
}

std::string joined_words(std::string_view before, std::string_view value) {
  const auto there = split_words(before);
  const bool all = std::ranges::all_of(split_words(value), [&](std::string_view one) {
    return std::ranges::find(there, one) != there.end();
  });
  return all ? std::string(before) : fmt::format("{} {}", before, value);
}

std::string joined_flags(std::string_view before, std::string_view value) {
  auto all = go_split(before);
  const auto added = go_split(value);
  if (!all || !added) return fmt::format("{} {}", before, value);
  for (const std::string& wanted : *added) {
    const auto same = std::ranges::find(*all, flag_name(wanted), flag_name);
    if (same == all->end()) {
      all->push_back(wanted);
    } else {
      *same = joined_flag(*same, wanted);
    }
  }
  return go_quote(*all).value_or(fmt::format("{} {}", before, value));
}

}  // namespace

Join join_of(std::string_view name) {
  if (name.starts_with("CGO_") && name.ends_with("_ALLOW")) return Join::alternatives;
  if (name == "GOFLAGS") return Join::flags;
  if (name.starts_with("CGO_") && name.ends_with("FLAGS")) return Join::words;
  if (name.ends_with("_PATH") || one_of(name, "PATH", "CPATH")) return Join::folders;
  return name == "GODEBUG" ? Join::list : Join::replaces;
}

bool is_list_of_words(Join join) { return join == Join::words || join == Join::flags; }

std::string joined(Join join, std::string_view before, std::string_view value) {
  const auto has = [&](char separator) {
    const auto there = split(before, separator);
    return std::ranges::find(there, value) != there.end();
  };
  if (before.empty()) return std::string(value);
  switch (join) {
    case Join::replaces: return std::string(value);
    case Join::words: return joined_words(before, value);
    case Join::flags: return joined_flags(before, value);
    case Join::folders: return has(':') ? std::string(before) : fmt::format("{}:{}", value, before);
    case Join::alternatives:
      return has('|') ? std::string(before) : fmt::format("{}|{}", before, value);
    case Join::list: return has(',') ? std::string(before) : fmt::format("{},{}", before, value);
  }
  return std::string(value);
}

void set(Environment& environment, EnvSetting setting) {
  std::erase_if(environment, [&](const EnvSetting& one) { return one.name == setting.name; });
  environment.push_back(std::move(setting));
}

const EnvSetting* find(const Environment& environment, std::string_view name) {
  const auto found = std::ranges::find(environment, name, &EnvSetting::name);
  return found == environment.end() ? nullptr : &*found;
}

}  // namespace tenon
