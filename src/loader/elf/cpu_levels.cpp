#include "loader/elf/cpu_levels.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tenon::loader {
namespace {

constexpr auto x86_levels =
    std::to_array<std::string_view>({"x86-64-v4", "x86-64-v3", "x86-64-v2"});
constexpr auto power_levels = std::to_array<std::string_view>({"power10", "power9"});
constexpr auto s390_levels = std::to_array<std::string_view>({"z16", "z15", "z14", "z13"});
// The processors below the lowest level.
constexpr auto without =
    std::to_array<std::string_view>({"x86-64", "x86-64-v1", "power8", "zEC12"});

// What Linux calls the features: SSE3 is pni, LZCNT is abm.
constexpr std::string_view v2 = "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3";
constexpr std::string_view v3 = "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave";
constexpr std::string_view v4 = "avx512f avx512bw avx512cd avx512dq avx512vl";

std::span<const std::string_view> family_of(std::string_view level) {
  const auto has = [&](const auto& list) { return std::ranges::find(list, level) != list.end(); };
  if (has(x86_levels)) return x86_levels;
  if (has(power_levels)) return power_levels;
  if (has(s390_levels)) return s390_levels;
  return {};
}

}  // namespace

std::optional<std::vector<std::string>> hwcaps_of_level(std::string_view level) {
  if (std::ranges::find(without, level) != without.end()) return std::vector<std::string>();
  const auto family = family_of(level);
  const auto start = std::ranges::find(family, level);
  if (start == family.end()) return std::nullopt;
  return std::vector<std::string>(start, family.end());
}

std::vector<std::string> hwcaps_of_cpuinfo(std::string_view cpuinfo) {
  std::vector<std::string_view> flags;
  for (const std::string_view line : split(cpuinfo, '\n')) {
    if (!line.starts_with("flags")) continue;
    flags = split_words(line.substr(std::min(line.size(), line.find(':') + 1)));
    break;
  }
  const auto has_all = [&](std::string_view features) {
    return std::ranges::all_of(split_words(features), [&](std::string_view one) {
      return std::ranges::find(flags, one) != flags.end();
    });
  };
  std::vector<std::string> out;
  for (const auto& [name, features] :
       {std::pair{x86_levels[2], v2}, {x86_levels[1], v3}, {x86_levels[0], v4}}) {
    if (!has_all(features)) break;
    out.emplace(out.begin(), name);
  }
  return out;
}

std::string level_names() {
  std::vector<std::string> out;
  for (const std::string_view one : known_hwcaps()) out.emplace_back(one);
  return join(out, ", ");
}

std::vector<std::string_view> known_hwcaps() {
  std::vector<std::string_view> out(x86_levels.begin(), x86_levels.end());
  out.insert(out.end(), power_levels.begin(), power_levels.end());
  out.insert(out.end(), s390_levels.begin(), s390_levels.end());
  return out;
}

}  // namespace tenon::loader
