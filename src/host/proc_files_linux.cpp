#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "host/proc_files.h"

namespace tenon::procfs {

std::optional<std::string> proc_text(const std::string& path, std::size_t most) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string out;
  std::array<char, 16384> buffer;
  while (out.size() < most) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      ::close(fd);
      return std::nullopt;
    }
    if (count == 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(fd);
  return out;
}

std::string proc_link(const std::string& path) {
  std::array<char, 4096> buffer;
  const ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::vector<int> numbers_in(const std::string& folder, std::size_t most) {
  std::vector<int> out;
  DIR* const dir = ::opendir(folder.c_str());
  if (dir == nullptr) return out;
  while (const dirent* entry = ::readdir(dir)) {
    const auto number = parse_number(entry->d_name);
    if (number && *number < 1U << 30U) out.push_back(static_cast<int>(*number));
    if (out.size() == most) break;
  }
  ::closedir(dir);
  return out;
}

std::string of(int process, std::string_view name) {
  std::string path = "/proc/" + std::to_string(process) + "/";
  path += name;
  return path;
}

}  // namespace tenon::procfs
