#include "machine/bpf_rights.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

constexpr std::uint64_t bit(unsigned number) { return std::uint64_t{1} << number; }

constexpr std::uint64_t cap_sys_admin = bit(21), cap_perfmon = bit(38), cap_bpf = bit(39);

}  // namespace

std::optional<std::uint64_t> effective_rights(std::string_view status) {
  constexpr std::string_view name = "CapEff:";
  for (const std::string_view line : split(status, '\n'))
    if (line.starts_with(name)) return parse_number(trim(line.substr(name.size())), 16);
  return std::nullopt;
}

std::string_view missing_bpf_rights(std::uint64_t rights) {
  if ((rights & cap_sys_admin) != 0) return "";
  const bool load = (rights & cap_bpf) != 0, look = (rights & cap_perfmon) != 0;
  if (load && look) return "";
  if (load) return "CAP_PERFMON";
  return look ? "CAP_BPF" : "CAP_BPF and CAP_PERFMON";
}

}  // namespace tenon
