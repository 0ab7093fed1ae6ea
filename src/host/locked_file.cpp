#include "host/locked_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <expected>
#include <string>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/folder_below.h"
#include "host/mapping.h"

namespace tenon {

Result<LockedFile> LockedFile::open(const std::string& path, const std::string& root) {
  const Descriptor folder = TENON_TRY(open_folder_of(root, path));
  // O_NONBLOCK: a FIFO in place of a file must not hang us.
  Descriptor file = TENON_TRY(opened(::openat(folder.get(), std::string(base_name(path)).c_str(),
                                              O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
                                     "cannot open the file"));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the file", errno));
  }
  if (S_ISDIR(info.st_mode)) return std::unexpected(os_error("is a directory, not a file", EISDIR));
  if (!S_ISREG(info.st_mode)) return fail(Errc::invalid_argument, "is not a regular file");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return fail(Errc::busy, "is being signed or changed by another process at this moment");
  }
  return LockedFile(TENON_TRY(Mapping::of(std::move(file))));
}

}  // namespace tenon
