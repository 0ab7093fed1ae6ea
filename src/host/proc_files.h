// Linux's /proc as files. Only the *_linux.cpp files of this room use it; what the texts mean is in
// host/procfs.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::procfs {

// A file of /proc: it has no size, and is read to its end.
[[nodiscard]] std::optional<std::string> proc_text(const std::string& path,
                                                   std::size_t most = 1U << 20U);

// Where a link of /proc leads; empty when it cannot be read.
[[nodiscard]] std::string proc_link(const std::string& path);

// Names in a folder of /proc that are numbers.
[[nodiscard]] std::vector<int> numbers_in(const std::string& folder, std::size_t most);

// "/proc/4242/stat"
[[nodiscard]] std::string of(int process, std::string_view name);

constexpr std::size_t most_files = 1024;             // of one process that is asked about
constexpr std::size_t most_descriptors = 1U << 20U;  // of one that may hold what it waits for

}  // namespace tenon::procfs
