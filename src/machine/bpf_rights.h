// Rights that programs in the kernel need (bpf(2)), as bits of CapEff in /proc/PID/status.
// Source: include/uapi/linux/capability.h and kernel/bpf/syscall.c of Linux.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tenon {

// nullopt when the text has no CapEff.
[[nodiscard]] std::optional<std::uint64_t> effective_rights(std::string_view status);
// "CAP_BPF and CAP_PERFMON": those that tracing needs and that are not among `rights`. Empty: none.
[[nodiscard]] std::string_view missing_bpf_rights(std::uint64_t rights);

}  // namespace tenon
