// What the operating system tells of itself by calls, not by files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tenon {

// What `uname -s` and `uname -m` print. In a translated process the machine is the one that it is
// translated for.
struct SystemName {
  std::string system, machine;
};

[[nodiscard]] SystemName system_name();

// Whether this process runs translated (Rosetta); nullopt when the system does not tell.
[[nodiscard]] std::optional<bool> translated_process();

// Whether the program that started this one runs translated. A native program is native also in a
// translated shell, so that the answer above does not tell.
[[nodiscard]] std::optional<bool> translated_parent();

// Whether the kernel forbids clone3(2), as the filter of a Docker before 20.10.10 does: then no
// thread of a newer glibc starts. nullopt where there is no such call.
[[nodiscard]] std::optional<bool> threads_refused();

// "2026-01-31", UTC.
[[nodiscard]] std::string today();

struct VolumeState {
  std::uint64_t free_mib = 0;
  bool can_execute = true;  // not mounted noexec
};

// Of the volume that holds `folder`.
[[nodiscard]] std::optional<VolumeState> volume_state(const std::string& folder);
[[nodiscard]] bool can_write(const std::string& folder);
// The text of a symbolic link; empty when it is none.
[[nodiscard]] std::string link_text(const std::string& path);

}  // namespace tenon
