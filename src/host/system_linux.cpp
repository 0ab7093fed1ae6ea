#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/files.h"
#include "host/procfs.h"
#include "host/system.h"

namespace tenon {

// qemu-user and Rosetta for Linux show themselves to nobody in a documented way.
std::optional<bool> translated_process() { return false; }

std::optional<bool> translated_parent() { return false; }

std::vector<std::string> parent_arguments() {
  constexpr std::size_t most_arguments = 4096;
  const auto text = read_text("/proc/" + std::to_string(::getppid()) + "/cmdline");
  return text ? procfs::parse_strings(*text, most_arguments) : std::vector<std::string>();
}

// clone3(2) without arguments starts nothing: the kernel says EINVAL, or ENOSYS when it is older
// (or when a filter wants programs to use clone). EPERM makes glibc give up.
std::optional<bool> threads_refused() {
  constexpr long clone3 = 435;  // the same number on every processor
  if (::syscall(clone3, nullptr, 0UL) >= 0) return std::nullopt;
  return errno == EPERM;
}

std::optional<bool> is_quarantined(const std::string&) { return std::nullopt; }

}  // namespace tenon
