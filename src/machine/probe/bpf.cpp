// Whether this user may run programs in the kernel, by files alone: no program is loaded.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/fact.h"
#include "base/text.h"
#include "host/files.h"
#include "machine/bpf_rights.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

constexpr const char* types_file = "/sys/kernel/btf/vmlinux";

TextFact missing_of(const MachineAccess& machine) {
  const std::string path = "/proc/self/status";
  const auto text = machine.text(path);
  const auto rights = text ? effective_rights(*text) : std::nullopt;
  if (!rights) return TextFact::open(path + " has no CapEff");
  const std::string_view missing = missing_bpf_rights(*rights);
  if (missing.empty()) return TextFact::none(path);
  return TextFact::of(std::string(missing), path);
}

// "[none] integrity confidentiality"
TextFact lockdown_of(const MachineAccess& machine) {
  const std::string path = "/sys/kernel/security/lockdown";
  const auto text = machine.text(path);
  if (!text) return TextFact::none(path);
  const std::size_t from = text->find('['), to = text->find(']');
  if (from == text->npos || to == text->npos || to < from)
    return TextFact::open(path + " names no mode");
  return TextFact::of(text->substr(from + 1, to - from - 1), path);
}

}  // namespace

BpfState probe_bpf(const MachineAccess& machine) {
  BpfState out;
  if (machine.goos != "linux") return out;
  out.missing = missing_of(machine);
  out.types = FlagFact::of(machine.file(types_file), types_file);
  if (out.types.value) {
    // The names of the kernel's types are text in it: a tracepoint has one of its own.
    constexpr std::size_t largest = std::size_t{64} << 20U;
    const auto types = read_text(machine.at(types_file), largest);
    out.tracepoint =
        types ? FlagFact::of(types->contains("btf_trace_inet_sock_set_state"), types_file)
              : FlagFact::open(std::string(types_file) + " cannot be read");
  }
  out.lockdown = lockdown_of(machine);
  const std::string setting = "/proc/sys/kernel/unprivileged_bpf_disabled";
  const auto value = machine.text(setting);
  out.unprivileged =
      value ? TextFact::of(std::string(trim(*value)), setting) : TextFact::none(setting);
  return out;
}

}  // namespace tenon
