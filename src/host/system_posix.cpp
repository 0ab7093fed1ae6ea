#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "host/os.h"
#include "host/system.h"

namespace tenon {

std::string today() {
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day day(now);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

SystemName system_name() {
  utsname name{};
  ::uname(&name);
  return {name.sysname, name.machine};
}

std::optional<VolumeState> volume_state(const std::string& folder) {
  struct statvfs info{};
  if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
  VolumeState out;
  out.free_mib = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize >> 20U;
  out.can_execute = os::may_execute(info);
  return out;
}

bool can_write(const std::string& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

std::string link_text(const std::string& path) {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace tenon
