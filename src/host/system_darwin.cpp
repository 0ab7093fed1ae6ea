#include <sys/sysctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "host/system.h"

namespace tenon {

// Apple, "About the Rosetta translation environment": 1 translated, 0 native, ENOENT before 11.
std::optional<bool> translated_process() {
  int value = 0;
  std::size_t size = sizeof value;
  if (::sysctlbyname("sysctl.proc_translated", &value, &size, nullptr, 0) == 0) return value == 1;
  if (errno == ENOENT) return false;
  return std::nullopt;
}

// sys/proc.h: P_TRANSLATED, "0x00020000 Process is running under Rosetta".
std::optional<bool> translated_parent() {
  constexpr int translated = 0x00020000;
  std::array<int, 4> name{CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(::getppid())};
  kinfo_proc info{};
  std::size_t size = sizeof info;
  if (::sysctl(name.data(), name.size(), &info, &size, nullptr, 0) != 0 || size < sizeof info) {
    return std::nullopt;
  }
  return (info.kp_proc.p_flag & translated) != 0;
}

std::optional<bool> threads_refused() { return std::nullopt; }

}  // namespace tenon
