#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file_tree.h"
#include "base/result.h"
#include "base/text.h"
#include "host/disk_tree.h"

namespace tenon {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

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
  if (folder.get() < 0) return std::unexpected(failed("folder"));
  if (path.empty()) return Place{std::move(folder), "."};
  const std::vector<std::string_view> names = split(path, '/');
  for (const std::string_view name : names) {
    if (name.empty() || name == "." || name == ".." || name.contains('\0')) {
      return fail(Errc::not_found, "path");
    }
  }
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    Descriptor next(::openat(folder.get(), std::string(names[i]).c_str(), folder_flags));
    if (next.get() < 0) return std::unexpected(failed("folder"));
    folder = std::move(next);
  }
  return Place{std::move(folder), std::string(names.back())};
}

FileTree::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileTree::Kind::file;
  if (S_ISDIR(mode)) return FileTree::Kind::folder;
  return S_ISLNK(mode) ? FileTree::Kind::link : FileTree::Kind::other;
}

struct Unmap {
  std::size_t size;
  void operator()(const void* data) const { ::munmap(const_cast<void*>(data), size); }
};

std::vector<FileTree::Entry> entries_of(DIR* listing) {
  std::vector<FileTree::Entry> entries;
  while (const dirent* entry = ::readdir(listing)) {
    const std::string name = entry->d_name;
    struct stat info{};
    if (name == "." || name == "..") continue;
    if (::fstatat(::dirfd(listing), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    entries.push_back({name, kind_of(info.st_mode), (info.st_mode & 0111U) != 0});
  }
  std::ranges::sort(entries, {}, &FileTree::Entry::name);
  return entries;
}

}  // namespace

Result<std::unique_ptr<DiskTree>> DiskTree::open(const std::string& folder) {
  const int root = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return std::unexpected(failed("folder"));
  return std::unique_ptr<DiskTree>(new DiskTree(root));
}

DiskTree::~DiskTree() { ::close(root_); }

FileTree::Kind DiskTree::kind(const std::string& path) {
  const auto place = place_of(root_, path);
  struct stat info{};
  if (!place ||
      ::fstatat(place->folder.get(), place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return Kind::none;
  }
  return kind_of(info.st_mode);
}

Result<std::vector<FileTree::Entry>> DiskTree::list(const std::string& path) {
  const Place place = TENON_TRY(place_of(root_, path));
  Descriptor folder(::openat(place.folder.get(), place.name.c_str(), folder_flags));
  if (folder.get() < 0) return std::unexpected(failed("folder"));
  DIR* listing = ::fdopendir(folder.get());
  if (listing == nullptr) return std::unexpected(failed("folder"));
  folder.release();  // the listing closes it
  std::vector<Entry> entries = entries_of(listing);
  ::closedir(listing);
  return entries;
}

Result<FileTree::Content> DiskTree::read(const std::string& path) {
  const Place place = TENON_TRY(place_of(root_, path));
  // A pipe must not make us wait.
  const Descriptor file(::openat(place.folder.get(), place.name.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return std::unexpected(failed("file"));
  if (!S_ISREG(info.st_mode)) return fail(Errc::not_found, "file");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return Content{};
  const void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return std::unexpected(failed("file"));
  return Content{ByteView(data, size), std::shared_ptr<const void>(data, Unmap{size})};
}

Result<std::string> DiskTree::link_target(const std::string& path) {
  const Place place = TENON_TRY(place_of(root_, path));
  std::array<char, 4096> text;
  const ssize_t size =
      ::readlinkat(place.folder.get(), place.name.c_str(), text.data(), text.size());
  if (size < 0) {
    return errno == EINVAL ? fail(Errc::not_found, "symbolic link")
                           : std::unexpected(failed("symbolic link"));
  }
  return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace tenon
