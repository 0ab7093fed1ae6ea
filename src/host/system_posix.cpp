#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "host/os.h"
#include "host/system.h"

namespace tenon {

namespace {

std::string shown_day(std::chrono::sys_days days) {
  const std::chrono::year_month_day day(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace

std::string today() {
  return shown_day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

std::string day_of(std::int64_t nanoseconds) {
  const auto since = std::chrono::nanoseconds(nanoseconds);
  return shown_day(std::chrono::sys_days(std::chrono::floor<std::chrono::days>(since)));
}

SystemName system_name() {
  utsname name{};
  ::uname(&name);
  return {name.sysname, name.machine};
}

std::string host_name() {
  utsname name{};
  ::uname(&name);
  return name.nodename;
}

std::optional<VolumeState> volume_state(const std::string& folder) {
  struct statvfs info{};
  if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
  VolumeState out;
  out.free_mib = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize >> 20U;
  out.can_execute = os::may_execute(info);
  if (info.f_files != 0) out.free_inodes = info.f_favail;
  return out;
}

bool can_write(const std::string& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

std::string user_and_group() { return fmt::format("{}:{}", ::geteuid(), ::getegid()); }

ProcessLimits process_limits() {
  const auto limit = [](auto which, bool most) -> std::optional<std::uint64_t> {
    rlimit value{};
    if (::getrlimit(which, &value) != 0) return std::nullopt;
    const rlim_t one = most ? value.rlim_max : value.rlim_cur;
    if (one == RLIM_INFINITY) return std::nullopt;
    return one;
  };
  return {limit(RLIMIT_NOFILE, true), limit(RLIMIT_AS, false), limit(RLIMIT_FSIZE, false)};
}

namespace {

bool connects(const sockaddr* address, socklen_t size) {
  constexpr int milliseconds = 200;
  const int fd = ::socket(address->sa_family, SOCK_STREAM, 0);
  if (fd < 0) return false;
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  bool served = ::connect(fd, address, size) == 0;
  if (!served && errno == EINPROGRESS) {
    pollfd waited{fd, POLLOUT, 0};
    int failed = 0;
    socklen_t length = sizeof failed;
    served = ::poll(&waited, 1, milliseconds) == 1 &&
             ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && failed == 0;
  }
  ::close(fd);
  return served;
}

}  // namespace

bool served_here(std::uint16_t port) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  six.sin6_addr = in6addr_loopback;
  return connects(reinterpret_cast<const sockaddr*>(&four), sizeof four) ||
         connects(reinterpret_cast<const sockaddr*>(&six), sizeof six);
}

std::string link_text(const std::string& path) {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

void give_back_memory() {
  using Trim = int (*)(std::size_t);
  if (const auto trim = reinterpret_cast<Trim>(::dlsym(RTLD_DEFAULT, "malloc_trim"))) trim(0);
}

}  // namespace tenon
