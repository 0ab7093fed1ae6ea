// The texts of Linux's /proc as values. Pure: text in, values out; every field is checked.
// Formats: proc(5), Documentation/filesystems/proc.rst and Documentation/accounting/psi.rst of the
// kernel.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/process_sample.h"

namespace tenon::procfs {

struct Stat {
  int id = 0;
  int parent = 0;
  int group = 0;
  int terminal_group = 0;  // the group in the foreground of its terminal; 0 for none
  char state = '?';
  std::string name;
  std::uint64_t major_faults = 0;
  std::uint64_t cpu_ticks = 0;         // user and system
  std::uint64_t waited_cpu_ticks = 0;  // of ended children
  std::uint64_t start_ticks = 0;       // since the machine started
  std::uint64_t resident_pages = 0;
};

// /proc/PID/stat. The name may hold any bytes, also ')' and spaces.
[[nodiscard]] std::optional<Stat> parse_stat(std::string_view text);

struct SystemCall {
  bool running = false;
  std::int64_t number = -1;  // -1: it sleeps outside of a call
  std::array<std::uint64_t, 6> arguments{};
};

// /proc/PID/syscall: "running", "-1 SP PC" or "NUMBER ARGUMENTS... SP PC".
[[nodiscard]] std::optional<SystemCall> parse_syscall(std::string_view text);

// /proc/net/tcp, tcp6, udp, udp6: one row a socket; rows that cannot be read are left out.
[[nodiscard]] std::vector<SocketSample> parse_sockets(std::string_view text, bool datagram);

// /proc/locks.
[[nodiscard]] std::vector<LockSample> parse_locks(std::string_view text);

// "avg10" of the rows "some" and "full" of /proc/pressure/memory, in hundredths of a percent.
struct Pressure {
  std::optional<std::uint32_t> some;
  std::optional<std::uint32_t> full;
};

[[nodiscard]] Pressure parse_pressure(std::string_view text);

// "NAME: VALUE kB" of /proc/meminfo, "NAME VALUE" of /proc/vmstat and memory.events.
[[nodiscard]] std::optional<std::uint64_t> named_number(std::string_view text,
                                                        std::string_view name);

// The path of a controller ("memory", "cpu") in /proc/PID/cgroup; `unified` tells which of the two
// forms it is. Empty when there is none.
struct ControlGroup {
  std::string path;
  bool unified = false;
};

[[nodiscard]] ControlGroup parse_group(std::string_view text, std::string_view controller);

// "flags:" of /proc/PID/fdinfo/N; 0 when it does not tell.
[[nodiscard]] unsigned opened_flags(std::string_view text);

// The rows "lock:" of the same, and the descriptors that an epoll set of it watches ("tfd:").
[[nodiscard]] std::vector<LockSample> parse_descriptor_locks(std::string_view text);
[[nodiscard]] std::vector<int> parse_watched(std::string_view text);

// The mount that an absolute path lies in, by /proc/PID/mountinfo.
struct Mount {
  std::string point;
  std::string type;
  std::string source;
};

[[nodiscard]] std::optional<Mount> mount_of(std::string_view text, std::string_view path);

// Strings that end in a zero byte, as in cmdline and environ.
[[nodiscard]] std::vector<std::string> parse_strings(std::string_view text, std::size_t most);

// The inode of "pipe:[73116]" or "socket:[61]".
[[nodiscard]] std::optional<std::uint64_t> link_inode(std::string_view link);

}  // namespace tenon::procfs
