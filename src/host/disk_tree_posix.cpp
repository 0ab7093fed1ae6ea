#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "base/unread.h"
#include "host/descriptor.h"
#include "host/disk_tree.h"
#include "host/files.h"
#include "host/mapping.h"

namespace tenon {

struct UnreadList {
  static constexpr std::size_t most = 1000;

  std::mutex mutex;
  std::vector<Unread> entries;

  // What is not there at all is an answer like any other.
  void add(const std::string& path, const Error& error) {
    if (error.code == Errc::not_found) return;
    const std::scoped_lock lock(mutex);
    const bool known = std::ranges::find(entries, path, &Unread::path) != entries.end();
    if (!known && entries.size() < most) entries.push_back({path, error});
  }

  template <class T>
  Result<T> noted(const std::string& path, Result<T> result) {
    if (!result) add(path, result.error());
    return result;
  }
};

namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// A folder on the way is passed, not read: the permission to search it is enough where the system
// can express that.
#ifdef O_PATH
constexpr int way_flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#else
constexpr int way_flags = folder_flags;
#endif

// The folder that holds the last name of a path, and that name ("." for the root).
struct Place {
  Descriptor folder;
  std::string name;
};

Error failed(const char* what) {
  const int code = errno;
  // A link, or no folder, where a folder is expected: the path names nothing.
  if (code == ELOOP || code == ENOTDIR) return {Errc::not_found, what, 0, code};
  return os_error(what, code);
}

Result<Place> place_of(int root, const std::string& path) {
  Descriptor folder(::openat(root, ".", folder_flags));
  if (folder.get() < 0) return std::unexpected(failed("cannot open the directory"));
  if (path.empty()) return Place{std::move(folder), "."};
  const std::vector<std::string_view> names = split(path, '/');
  for (const std::string_view name : names) {
    if (name.empty() || name == "." || name == ".." || name.contains('\0')) {
      return fail(Errc::not_found, "path");
    }
  }
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    Descriptor next(::openat(folder.get(), std::string(names[i]).c_str(), way_flags));
    if (next.get() < 0) return std::unexpected(failed("cannot open the directory"));
    folder = std::move(next);
  }
  return Place{std::move(folder), std::string(names.back())};
}

FileTree::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileTree::Kind::file;
  if (S_ISDIR(mode)) return FileTree::Kind::folder;
  return S_ISLNK(mode) ? FileTree::Kind::link : FileTree::Kind::other;
}

// What a content keeps alive. When it goes, it tells the tree whether all of it held.
struct Held {
  Held(Mapping file, std::string name, std::shared_ptr<UnreadList> into)
      : mapping(std::move(file)), path(std::move(name)), list(std::move(into)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (const auto same = mapping.unchanged(); !same) list->add(path, same.error());
  }

  Mapping mapping;
  std::string path;
  std::shared_ptr<UnreadList> list;
};

// An entry that vanishes meanwhile is none.
Result<std::vector<FileTree::Entry>> entries_of(DIR* listing) {
  std::vector<FileTree::Entry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(listing)) {
    const std::string name = entry->d_name;
    struct stat info{};
    if (name == "." || name == "..") continue;
    const bool there = ::fstatat(::dirfd(listing), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there && errno != ENOENT) return std::unexpected(failed("cannot read the directory"));
    if (there) entries.push_back({name, kind_of(info.st_mode), (info.st_mode & 0111U) != 0});
    errno = 0;
  }
  if (errno != 0) return std::unexpected(failed("cannot read the directory"));
  std::ranges::sort(entries, {}, &FileTree::Entry::name);
  return entries;
}

Result<FileTree::Kind> kind_at(int root, const std::string& path) {
  const Place place = TENON_TRY(place_of(root, path));
  struct stat info{};
  if (::fstatat(place.folder.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return std::unexpected(failed("cannot stat the file"));
  }
  return kind_of(info.st_mode);
}

Result<std::vector<FileTree::Entry>> list_at(int root, const std::string& path) {
  const Place place = TENON_TRY(place_of(root, path));
  Descriptor folder(::openat(place.folder.get(), place.name.c_str(), folder_flags));
  if (folder.get() < 0) return std::unexpected(failed("cannot open the directory"));
  DIR* listing = ::fdopendir(folder.get());
  if (listing == nullptr) return std::unexpected(failed("cannot open the directory"));
  folder.release();  // the listing closes it
  auto entries = entries_of(listing);
  ::closedir(listing);
  return entries;
}

Result<FileTree::Content> read_at(int root, const std::string& path,
                                  const std::shared_ptr<UnreadList>& list) {
  const Place place = TENON_TRY(place_of(root, path));
  // A pipe must not make us wait.
  Descriptor file(::openat(place.folder.get(), place.name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    return std::unexpected(failed("cannot open the file"));
  }
  if (!S_ISREG(info.st_mode)) return fail(Errc::not_found, "file");
  auto held = std::make_shared<Held>(TENON_TRY(Mapping::of(std::move(file))), path, list);
  return FileTree::Content{held->mapping.view(), held};
}

Result<std::string> target_at(int root, const std::string& path) {
  const Place place = TENON_TRY(place_of(root, path));
  std::array<char, 4096> text;
  const ssize_t size =
      ::readlinkat(place.folder.get(), place.name.c_str(), text.data(), text.size());
  if (size < 0) {
    return errno == EINVAL ? fail(Errc::not_found, "symbolic link")
                           : std::unexpected(failed("cannot read the symbolic link"));
  }
  return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace

Result<std::unique_ptr<DiskTree>> DiskTree::open(const std::string& folder) {
  const int root = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return std::unexpected(failed("cannot open the directory"));
  return std::unique_ptr<DiskTree>(
      new DiskTree(root, std::string(base_name(real_path(folder).value_or(folder)))));
}

DiskTree::DiskTree(int root, std::string name)
    : root_(root), name_(std::move(name)), unread_(std::make_shared<UnreadList>()) {}

DiskTree::~DiskTree() { ::close(root_); }

std::vector<Unread> DiskTree::unread() const {
  const std::scoped_lock lock(unread_->mutex);
  return unread_->entries;
}

Result<FileTree::Kind> DiskTree::kind(const std::string& path) {
  auto found = unread_->noted(path, kind_at(root_, path));
  if (!found && found.error().code == Errc::not_found) return Kind::none;
  return found;
}

Result<std::vector<FileTree::Entry>> DiskTree::list(const std::string& path) {
  return unread_->noted(path, list_at(root_, path));
}

Result<FileTree::Content> DiskTree::read(const std::string& path) {
  return unread_->noted(path, read_at(root_, path, unread_));
}

Result<std::string> DiskTree::link_target(const std::string& path) {
  return unread_->noted(path, target_at(root_, path));
}

}  // namespace tenon
