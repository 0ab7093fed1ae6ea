// What Linux and macOS spell differently: os_linux.cpp and os_darwin.cpp. Private to host.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::os {

[[nodiscard]] timespec modified_time(const struct stat& info);
[[nodiscard]] timespec changed_time(const struct stat& info);
[[nodiscard]] bool may_execute(const struct statvfs& volume);
// The advice to madvise(2) that brings pages in before they are read.
[[nodiscard]] int populate_advice();
// The advice that memory be made of large pages.
[[nodiscard]] int large_pages_advice();
// The path by which the running program was found; empty when the system does not tell.
[[nodiscard]] std::string program_path();
// A file in the folder that has no name yet, for reading and writing; -1 where there is no such
// thing.
[[nodiscard]] int open_nameless(int folder);
// Gives it a name; false with errno.
[[nodiscard]] bool name_descriptor(int fd, int folder, const std::string& name);
// Whether the file system of a path is one whose change times move with every change of a file.
[[nodiscard]] bool keeps_change_times(const std::string& path);
// Whether nobody has the open file open for writing; false where that cannot be known.
[[nodiscard]] bool has_no_writer(int fd);
// What Go prints for an errno where this libc's strerror(3) may say it in other words; else empty.
[[nodiscard]] std::string_view go_error_words(int os_errno);
// A path that leads to an open file.
[[nodiscard]] std::string descriptor_path(int fd);
// Appends a part of one file to another inside of the kernel; how much, or -1 where it cannot.
[[nodiscard]] std::int64_t copy_range(int from, std::uint64_t offset, int to, std::uint64_t size);
// Extended attributes and ACL. Capabilities go, as set-id bits of another owner do: the kernel
// drops them when a file is written. Adds the names of those that could not be kept.
void copy_attributes(int from, int to, std::vector<std::string>& lost);
// Below the home folder, where the user's programs keep caches.
[[nodiscard]] std::string_view cache_below_home();
// The same for what must not be lost with them.
[[nodiscard]] std::string_view state_below_home();

}  // namespace tenon::os
