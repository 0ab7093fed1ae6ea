#include <mach-o/dyld.h>
#include <sys/mman.h>

#include <array>
#include <climits>
#include <cstdint>

#include "host/os.h"

namespace tenon::os {

timespec modified_time(const struct stat& info) { return info.st_mtimespec; }

// statvfs(3) of macOS does not tell of noexec.
bool may_execute(const struct statvfs& /*volume*/) { return true; }

int populate_advice() { return MADV_WILLNEED; }

std::string program_path() {
  std::array<char, PATH_MAX> buffer{};
  std::uint32_t size = buffer.size();
  return ::_NSGetExecutablePath(buffer.data(), &size) == 0 ? buffer.data() : std::string();
}

std::string_view cache_below_home() { return "Library/Caches"; }

}  // namespace tenon::os
