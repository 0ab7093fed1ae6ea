#include "host/private_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <expected>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/result.h"
#include "host/files.h"

namespace tenon {
namespace {

constexpr unsigned private_mode = 0700;

bool owned(const struct stat& info) { return info.st_uid == ::geteuid() || info.st_uid == 0; }

// A group of the user alone is the rule on many systems: mode 0775 with its own group is theirs.
bool written_by_others(const struct stat& info) {
  if ((info.st_mode & S_IWOTH) != 0) return true;
  const bool own_group = info.st_uid == ::geteuid() && info.st_gid == ::getegid();
  return (info.st_mode & S_IWGRP) != 0 && !own_group;
}

// One folder above: nobody else may put another in the place of what lies in it.
Result<void> check_above(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    return std::unexpected(os_error("cannot stat a directory above it", errno));
  }
  const bool sticky = (info.st_mode & S_ISVTX) != 0;
  if (!owned(info) || (written_by_others(info) && !sticky)) {
    return fail(Errc::permission, "is in a directory that other users can change");
  }
  return {};
}

}  // namespace

Result<void> check_private(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the directory", errno));
  }
  if (S_ISLNK(info.st_mode)) return fail(Errc::link, "is a symbolic link");
  if (!S_ISDIR(info.st_mode)) return fail(Errc::invalid_argument, "is not a directory");
  if (!owned(info)) return fail(Errc::permission, "belongs to another user");
  if (written_by_others(info)) return fail(Errc::permission, "can be written by other users");
  for (std::string_view above = folder_of(path); !above.empty(); above = folder_of(above)) {
    TENON_TRY(check_above(std::string(above)));
    if (above == "/") break;
  }
  return {};
}

std::string private_cache() {
  static const std::string folder = private_folder(cache_folder()).value_or(std::string());
  return folder;
}

Result<std::string> private_folder(const std::string& path) {
  if (!path.starts_with('/')) return fail(Errc::invalid_argument, "is not an absolute path");
  const std::string parent(folder_of(path));
  TENON_TRY(make_folders(parent));
  // Links above it may be the user's own; what counts is where they lead.
  std::string real = join_path(real_path(parent).value_or(parent), base_name(path));
  if (::mkdir(real.c_str(), private_mode) != 0 && errno != EEXIST) {
    return std::unexpected(os_error("cannot create the directory", errno));
  }
  TENON_TRY(check_private(real));
  return real;
}

}  // namespace tenon
