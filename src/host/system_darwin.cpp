#include <sys/sysctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "host/system.h"

// getxattr(2): sys/xattr.h is not among the headers of macOS that zig has.
extern "C" ssize_t getxattr(const char* path, const char* name, void* value, std::size_t size,
                            std::uint32_t position, int options);

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

std::vector<std::string> parent_arguments() { return {}; }

std::optional<bool> is_quarantined(const std::string& path) {
  if (::getxattr(path.c_str(), "com.apple.quarantine", nullptr, 0, 0, 0) >= 0) return true;
  if (errno == ENOATTR) return false;
  return std::nullopt;
}

}  // namespace tenon
