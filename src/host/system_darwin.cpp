#include <sys/sysctl.h>

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

}  // namespace tenon
