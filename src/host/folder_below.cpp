#include "host/folder_below.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/descriptor.h"

namespace tenon {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int max_depth = 512;

// O_NOFOLLOW and O_DIRECTORY together report a link as ENOTDIR on Linux: told apart by lstat.
Result<Descriptor> open_below(int folder, const std::string& name, MissingFolder missing) {
  constexpr mode_t usual_mode = 0755;
  int fd = ::openat(folder, name.c_str(), folder_flags);
  if (fd < 0 && errno == ENOENT && missing == MissingFolder::make) {
    if (::mkdirat(folder, name.c_str(), usual_mode) != 0 && errno != EEXIST) {
      return std::unexpected(os_error("cannot create the directory", errno));
    }
    fd = ::openat(folder, name.c_str(), folder_flags);
  }
  if (fd >= 0) return Descriptor(fd);
  const int failed = errno;
  struct stat info{};
  const bool link =
      ::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
  if (link) return fail(Errc::link, "a symbolic link is in the way");
  return std::unexpected(os_error("cannot open the directory", failed));
}

struct CloseListing {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

Result<std::vector<std::string>> names_in(Descriptor folder) {
  const std::unique_ptr<DIR, CloseListing> listing(::fdopendir(folder.get()));
  if (listing == nullptr) return std::unexpected(os_error("cannot read the directory", errno));
  folder.release();  // the listing closes it
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(listing.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return std::unexpected(os_error("cannot read the directory", errno));
  return names;
}

Result<void> remove_at(int folder, const std::string& name, int depth) {
  if (::unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return {};
  // EISDIR on Linux, EPERM elsewhere, for a folder.
  if (errno != EISDIR && errno != EPERM) {
    return std::unexpected(os_error("cannot remove the file", errno));
  }
  if (depth == max_depth) return fail(Errc::limit, "directories nested too deeply");
  const Descriptor inner = TENON_TRY(open_below(folder, name, MissingFolder::refuse));
  for (const std::string& each : TENON_TRY(names_in(Descriptor(::dup(inner.get()))))) {
    TENON_TRY(remove_at(inner.get(), each, depth + 1));
  }
  if (::unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) return {};
  return std::unexpected(os_error("cannot remove the directory", errno));
}

}  // namespace

Result<Descriptor> opened(int fd, const char* what) {
  if (fd >= 0) return Descriptor(fd);
  if (errno == ELOOP || errno == EMLINK) return fail(Errc::link, "a symbolic link is in the way");
  return std::unexpected(os_error(what, errno));
}

Result<Descriptor> open_folder(const std::string& path) {
  const char* name = path.empty() ? "." : path.c_str();
  return opened(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cannot open the directory");
}

Result<Descriptor> open_folder_below(const std::string& root, const std::string& path,
                                     MissingFolder missing) {
  const std::string_view all = path;
  if (!all.starts_with(root) ||
      (all.size() > root.size() && !root.ends_with('/') && all[root.size()] != '/')) {
    return fail(Errc::invalid_argument, "is not in the named directory");
  }
  Descriptor folder = TENON_TRY(open_folder(root));
  for (const std::string_view name : split(folder_of(all.substr(root.size())), '/')) {
    if (name.empty() || name == ".") continue;
    if (name == "..") return fail(Errc::invalid_argument, "has .. in it");
    folder = TENON_TRY(open_below(folder.get(), std::string(name), missing));
  }
  return folder;
}

Result<Descriptor> open_folder_of(const std::string& root, const std::string& path,
                                  MissingFolder missing) {
  if (!root.empty()) return open_folder_below(root, path, missing);
  return open_folder(std::string(folder_of(path)));
}

Result<void> remove_below(const std::string& root, const std::string& path) {
  const Descriptor folder = TENON_TRY(open_folder_below(root, path));
  return remove_at(folder.get(), std::string(base_name(path)), 0);
}

}  // namespace tenon
