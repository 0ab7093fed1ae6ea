#include <copyfile.h>
#include <fcntl.h>
#include <mach-o/dyld.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/param.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "host/os.h"

namespace tenon::os {

timespec modified_time(const struct stat& info) { return info.st_mtimespec; }

timespec changed_time(const struct stat& info) { return info.st_ctimespec; }

// There is no file without a name on macOS.
int open_nameless(int /*folder*/) { return -1; }

bool name_descriptor(int /*fd*/, int /*folder*/, const std::string& /*name*/) {
  errno = ENOTSUP;
  return false;
}

std::string_view go_error_words(int /*os_errno*/) { return {}; }

std::string descriptor_path(int fd) { return "/dev/fd/" + std::to_string(fd); }

// fcopyfile(3) copies whole files only.
std::int64_t copy_range(int /*from*/, std::uint64_t /*offset*/, int /*to*/,
                        std::uint64_t /*size*/) {
  return -1;
}

void copy_attributes(int from, int to, std::vector<std::string>& lost) {
  if (::fcopyfile(from, to, nullptr, COPYFILE_XATTR | COPYFILE_ACL) != 0) {
    lost.emplace_back("extended attributes or ACL");
  }
}

bool keeps_change_times(const std::string& path) {
  struct statfs volume{};
  if (::statfs(path.c_str(), &volume) != 0) return false;
  const std::string_view name = static_cast<const char*>(volume.f_fstypename);
  return name == "apfs" || name == "hfs";
}

// statvfs(3) of macOS does not tell of noexec.
bool has_no_writer(int /*fd*/) { return false; }

bool may_execute(const struct statvfs& /*volume*/) { return true; }

int populate_advice() { return MADV_WILLNEED; }

int large_pages_advice() { return MADV_NORMAL; }

std::string program_path() {
  std::array<char, PATH_MAX> buffer{};
  std::uint32_t size = buffer.size();
  return ::_NSGetExecutablePath(buffer.data(), &size) == 0 ? buffer.data() : std::string();
}

std::string_view cache_below_home() { return "Library/Caches"; }

std::string_view state_below_home() { return "Library/Application Support"; }

}  // namespace tenon::os
