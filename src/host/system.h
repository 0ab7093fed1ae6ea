// What the operating system tells of itself by calls, not by files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tenon {

// What `uname -s` and `uname -m` print. In a translated process the machine is the one that it is
// translated for.
struct SystemName {
  std::string system, machine;
};

[[nodiscard]] SystemName system_name();

// The name of the machine as the kernel has it; empty when it has none.
[[nodiscard]] std::string host_name();

// Whether this process runs translated (Rosetta); nullopt when the system does not tell.
[[nodiscard]] std::optional<bool> translated_process();

// Whether the program that started this one runs translated. A native program is native also in a
// translated shell, so that the answer above does not tell.
[[nodiscard]] std::optional<bool> translated_parent();

// The command line of the program that started this one; empty when the system does not tell (on
// macOS it is not asked).
[[nodiscard]] std::vector<std::string> parent_arguments();

// Whether the kernel forbids clone3(2), as the filter of a Docker before 20.10.10 does: then no
// thread of a newer glibc starts. nullopt where there is no such call.
[[nodiscard]] std::optional<bool> threads_refused();

// "2026-01-31", UTC.
[[nodiscard]] std::string today();
// The same of a time in nanoseconds since the epoch.
[[nodiscard]] std::string day_of(std::int64_t nanoseconds);

struct VolumeState {
  std::uint64_t free_mib = 0;
  bool can_execute = true;  // not mounted noexec
  // For this user; nothing where the file system makes them as it needs them.
  std::optional<std::uint64_t> free_inodes;
};

// Of the volume that holds `folder`.
[[nodiscard]] std::optional<VolumeState> volume_state(const std::string& folder);
[[nodiscard]] bool can_write(const std::string& folder);

// "1000:1000", as chown(1) takes it.
[[nodiscard]] std::string user_and_group();

// Nothing where there is no limit.
struct ProcessLimits {
  std::optional<std::uint64_t> open_files;     // that a program can raise itself to
  std::optional<std::uint64_t> address_space;  // bytes
  std::optional<std::uint64_t> file_size;      // bytes
};

[[nodiscard]] ProcessLimits process_limits();

// Gives freed memory of the heap back to the system, which some C libraries (glibc) keep until the
// process ends. For who goes on for long after a large piece of work.
void give_back_memory();

// Whether somebody accepts connections at a port of this machine itself (127.0.0.1 or ::1): no
// packet leaves it.
[[nodiscard]] bool served_here(std::uint16_t port);

// Whether macOS checks the file before it is first started (com.apple.quarantine); nullopt
// elsewhere.
[[nodiscard]] std::optional<bool> is_quarantined(const std::string& path);
// The text of a symbolic link; empty when it is none.
[[nodiscard]] std::string link_text(const std::string& path);

}  // namespace tenon
