#include "host/walk.h"

#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "base/path.h"
#include "base/result.h"
#include "host/files.h"

namespace tenon {
namespace {

void visit(const std::string& path, const FolderWalk& walk) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    const Error error = errno == ENOENT
                            ? Error{Errc::changed, "was removed while the directory was read"}
                            : os_error("cannot stat the file", errno);
    walk.unread({path, error});
  } else if (S_ISDIR(info.st_mode)) {
    if (!walk.folder || walk.folder(path)) walk_folder(path, walk);
  } else if (S_ISREG(info.st_mode)) {
    walk.file(path);
  }
}

}  // namespace

void walk_folder(const std::string& folder, const FolderWalk& walk) {
  const auto names = list_folder(folder);
  if (!names) {
    walk.unread({folder, names.error()});
    return;
  }
  for (const std::string& name : *names) visit(join_path(folder, name), walk);
}

}  // namespace tenon
