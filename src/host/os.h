// What Linux and macOS spell differently: os_linux.cpp and os_darwin.cpp. Private to host.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <string>
#include <string_view>

namespace tenon::os {

[[nodiscard]] timespec modified_time(const struct stat& info);
[[nodiscard]] bool may_execute(const struct statvfs& volume);
// The advice to madvise(2) that brings pages in before they are read.
[[nodiscard]] int populate_advice();
// The path by which the running program was found; empty when the system does not tell.
[[nodiscard]] std::string program_path();
// Below the home folder, where the user's programs keep caches.
[[nodiscard]] std::string_view cache_below_home();

}  // namespace tenon::os
