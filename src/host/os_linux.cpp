#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "host/os.h"

namespace tenon::os {

namespace {

// MADV_POPULATE_READ of Linux 5.14, which older headers lack; an older kernel refuses it and reads
// pages on demand.
constexpr int populate_read = 22;

constexpr std::string_view capabilities = "security.capability";

bool copy_attribute(int from, int to, const std::string& name) {
  const ssize_t size = ::fgetxattr(from, name.c_str(), nullptr, 0);
  if (size < 0) return errno == ENODATA;
  std::string value(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::fgetxattr(from, name.c_str(), value.data(), value.size());
  if (got < 0) return false;
  value.resize(static_cast<std::size_t>(got));
  if (::fsetxattr(to, name.c_str(), value.data(), value.size(), 0) == 0) return true;
  // A label that the system gives by itself, such as security.selinux, may be there already.
  std::string there(value.size() + 1, '\0');
  const ssize_t kept = ::fgetxattr(to, name.c_str(), there.data(), there.size());
  return kept == got && there.starts_with(value);
}

}  // namespace

timespec modified_time(const struct stat& info) { return info.st_mtim; }

timespec changed_time(const struct stat& info) { return info.st_ctim; }

int open_nameless(int folder) {
  return ::openat(folder, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
}

bool name_descriptor(int fd, int folder, const std::string& name) {
  return ::linkat(AT_FDCWD, descriptor_path(fd).c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW) ==
         0;
}

// src/syscall/zerrors_linux_amd64.go. glibc has the same words; musl, in static programs, has
// others.
std::string_view go_error_words(int os_errno) {
  switch (os_errno) {
    case EIO: return "input/output error";
    case EMFILE: return "too many open files";
    case ENFILE: return "too many open files in system";
    case ELOOP: return "too many levels of symbolic links";
    case EADDRINUSE: return "address already in use";
    case EADDRNOTAVAIL: return "cannot assign requested address";
    case EAFNOSUPPORT: return "address family not supported by protocol";
    case ECONNRESET: return "connection reset by peer";
    case EHOSTUNREACH: return "no route to host";
    case ENETUNREACH: return "network is unreachable";
    case ETIMEDOUT: return "connection timed out";
    default: return {};
  }
}

std::string descriptor_path(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

std::int64_t copy_range(int from, std::uint64_t offset, int to, std::uint64_t size) {
  constexpr std::uint64_t most = std::uint64_t{1} << 30U;
  auto at = static_cast<off_t>(offset);
  return ::copy_file_range(from, &at, to, nullptr, std::min(size, most), 0);
}

void copy_attributes(int from, int to, std::vector<std::string>& lost) {
  const ssize_t size = ::flistxattr(from, nullptr, 0);
  if (size <= 0) return;  // none, or a file system without them
  std::string names(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::flistxattr(from, names.data(), names.size());
  if (got < 0) {
    lost.emplace_back("all: they changed while they were read");
    return;
  }
  names.resize(static_cast<std::size_t>(got));
  for (const std::string_view name : split(names, '\0')) {
    if (name.empty()) continue;
    const bool kept = name != capabilities && copy_attribute(from, to, std::string(name));
    if (!kept) lost.emplace_back(name);
  }
}

// Those of the kernel itself, by <linux/magic.h>. Not among them: FUSE, 9p, SMB, NFS and FAT, which
// take times from elsewhere, or have none of a change.
bool keeps_change_times(const std::string& path) {
  constexpr std::array<std::uint32_t, 12> known{
      0xEF53,      // ext2, ext3, ext4
      0x58465342,  // xfs
      0x9123683E,  // btrfs
      0x01021994,  // tmpfs
      0x794C7630,  // overlayfs
      0x2FC12FC1,  // zfs
      0xF2F52010,  // f2fs
      0xCA451A4E,  // bcachefs
      0x73717368,  // squashfs
      0xE0F5E1E2,  // erofs
      0x00009660,  // iso9660
      0x858458F6,  // ramfs
  };
  struct statfs volume{};
  if (::statfs(path.c_str(), &volume) != 0) return false;
  const auto type = static_cast<std::uint32_t>(volume.f_type);
  return std::ranges::find(known, type) != known.end();
}

// The kernel gives a lease on reading to nobody but the owner, and to no file that has a writer.
bool has_no_writer(int fd) {
  // Somebody who opens it meanwhile makes a signal, of which SIGIO would end us.
  if (::fcntl(fd, F_SETSIG, SIGURG) != 0 || ::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) return false;
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return true;
}

bool may_execute(const struct statvfs& volume) { return (volume.f_flag & ST_NOEXEC) == 0; }

int populate_advice() { return populate_read; }

int large_pages_advice() { return MADV_HUGEPAGE; }

std::string program_path() { return "/proc/self/exe"; }

std::string_view cache_below_home() { return ".cache"; }

std::string_view state_below_home() { return ".local/state"; }

}  // namespace tenon::os
