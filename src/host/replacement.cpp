#include "host/replacement.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <expected>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "host/os.h"

namespace tenon {
namespace {

constexpr std::string_view temporary_prefix = ".tenon-";
constexpr std::size_t random_letters = 8;
constexpr unsigned set_id_bits = S_ISUID | S_ISGID;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileIdentity identity_of(const struct stat& info) {
  return {.device = static_cast<std::uint64_t>(info.st_dev),
          .inode = info.st_ino,
          .size = static_cast<std::uint64_t>(info.st_size),
          .modified_ns = nanoseconds(os::modified_time(info)),
          .changed_ns = nanoseconds(os::changed_time(info))};
}

void close_descriptor(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

Result<int> opened(int fd, const char* what) {
  if (fd >= 0) return fd;
  if (errno == ELOOP || errno == EMLINK) return fail(Errc::link, "a symbolic link is in the way");
  return std::unexpected(os_error(what, errno));
}

// O_NOFOLLOW and O_DIRECTORY together report a link as ENOTDIR on Linux: told apart by lstat.
Result<int> open_below(int folder, const std::string& name) {
  const int fd = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0) return fd;
  const int failed = errno;
  struct stat info{};
  const bool link =
      ::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
  if (link) return fail(Errc::link, "a symbolic link is in the way");
  return std::unexpected(os_error("cannot open the directory", failed));
}

Result<int> open_folder(const std::string& path) {
  const char* name = path.empty() ? "." : path.c_str();
  return opened(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cannot open the directory");
}

// The folder of `path`, which lies below `root`: one name at a time, no link followed.
Result<int> open_folder_below(const std::string& root, std::string_view path) {
  if (!path.starts_with(root) || (path.size() > root.size() && path[root.size()] != '/')) {
    return fail(Errc::invalid_argument, "is not in the named directory");
  }
  int folder = TENON_TRY(open_folder(root));
  const std::string_view inside = folder_of(path.substr(std::min(path.size(), root.size() + 1)));
  for (const std::string_view name : split(inside, '/')) {
    if (name.empty() || name == ".") continue;
    auto next = name == ".." ? fail(Errc::invalid_argument, "has .. in it")
                             : open_below(folder, std::string(name));
    ::close(folder);
    if (!next) return next;
    folder = *next;
  }
  return folder;
}

std::string random_name() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::string out(temporary_prefix);
  for (std::size_t i = 0; i < random_letters; ++i) out += letters[random() % letters.size()];
  return out;
}

bool is_temporary_name(std::string_view name) {
  return name.size() == temporary_prefix.size() + random_letters &&
         name.starts_with(temporary_prefix);
}

// A name of a writer that was killed: nobody holds its lock.
void remove_if_left(int folder, const char* name) {
  const int fd = ::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return;
  struct stat info{};
  const bool own = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == ::geteuid();
  if (own && ::flock(fd, LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name, 0);
  ::close(fd);
}

void remove_left_files(int folder) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return;
  DIR* list = ::fdopendir(copy);
  if (list == nullptr) {
    ::close(copy);
    return;
  }
  while (const dirent* entry = ::readdir(list)) {  // NOLINT(concurrency-mt-unsafe): own stream
    if (is_temporary_name(entry->d_name)) remove_if_left(folder, entry->d_name);
  }
  ::closedir(list);
}

}  // namespace

Result<FileIdentity> file_identity(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the file", errno));
  }
  return identity_of(info);
}

Result<Replacement> Replacement::open(const ReplacementRequest& request) {
  Replacement out;
  out.durable_ = request.durable;
  out.name_ = base_name(request.path);
  if (out.name_.empty() || out.name_ == "." || out.name_ == "..") {
    return fail(Errc::invalid_argument, "is not the name of a file");
  }
  out.folder_ = request.root.empty() ? TENON_TRY(open_folder(std::string(folder_of(request.path))))
                                     : TENON_TRY(open_folder_below(request.root, request.path));
  struct stat info{};
  const bool there = ::fstatat(out.folder_, out.name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return std::unexpected(os_error("cannot stat the file", errno));
  if (there && S_ISLNK(info.st_mode)) return fail(Errc::link, "is a symbolic link");
  if (there && !S_ISREG(info.st_mode)) return fail(Errc::invalid_argument, "is not a regular file");
  if (there) {
    out.expected_ = identity_of(info);
    out.mode_ = info.st_mode & 07777U;
    // Its attributes are read from here; one that may not be read is copied without them.
    out.old_ = ::openat(out.folder_, out.name_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  }
  if (request.source) out.expected_ = request.source;
  if (request.mode) out.mode_ = request.mode;
  TENON_TRY(out.make_file(request));
  return out;
}

Replacement::Replacement(Replacement&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)),
      staging_(std::exchange(other.staging_, -1)),
      file_(std::exchange(other.file_, -1)),
      old_(std::exchange(other.old_, -1)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})),
      readable_(std::move(other.readable_)),
      expected_(other.expected_),
      mode_(other.mode_),
      durable_(other.durable_) {}

Replacement::~Replacement() {
  if (!temporary_.empty()) ::unlinkat(staging_, temporary_.c_str(), 0);
  for (int* fd : {&file_, &old_, &staging_, &folder_}) close_descriptor(*fd);
}

Result<void> Replacement::make_file(const ReplacementRequest& request) {
  staging_ = request.staging.empty()
                 ? TENON_TRY(opened(::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                                    "cannot open the directory"))
                 : TENON_TRY(open_folder(request.staging));
  remove_left_files(staging_);
  file_ = os::open_nameless(staging_);
  if (file_ < 0) return make_named();
  readable_ = os::descriptor_path(file_);
  ::flock(file_, LOCK_EX | LOCK_NB);
  return {};
}

Result<void> Replacement::make_named() {
  constexpr int attempts = 100;
  for (int i = 0; i < attempts; ++i) {
    std::string name = random_name();
    const int fd =
        ::openat(staging_, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) continue;
    file_ = TENON_TRY(opened(fd, "cannot create a file beside it"));
    ::flock(file_, LOCK_EX | LOCK_NB);
    // One who cleans up may have come between the two calls.
    struct stat own{}, named{};
    const bool still = ::fstat(file_, &own) == 0 &&
                       ::fstatat(staging_, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                       own.st_ino == named.st_ino;
    if (!still) {
      close_descriptor(file_);
      continue;
    }
    readable_ = os::descriptor_path(file_);
    temporary_ = std::move(name);
    return {};
  }
  return fail(Errc::io, "no free name for a temporary file");
}

Result<void> Replacement::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot write the file", errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// Owner before mode: chown(2) clears the set-id bits, and a foreign owner must never meet them.
Result<void> Replacement::keep_metadata(ReplacementNotes& notes) {
  constexpr unsigned usual_mode = 0644;
  unsigned mode = mode_.value_or(usual_mode);
  struct stat old{}, own{};
  if (old_ >= 0 && ::fstat(old_, &old) == 0 && ::fstat(file_, &own) == 0) {
    const bool other_owner = own.st_uid != old.st_uid || own.st_gid != old.st_gid;
    if (other_owner && ::fchown(file_, old.st_uid, old.st_gid) != 0) {
      notes.owner_lost = own.st_uid != old.st_uid || ::fchown(file_, own.st_uid, old.st_gid) != 0;
    }
    notes.other_names = old.st_nlink > 1 ? static_cast<std::uint64_t>(old.st_nlink - 1) : 0;
    os::copy_attributes(old_, file_, notes.attributes_lost);
  } else if (old_ < 0 && expected_) {
    notes.attributes_lost.emplace_back("all: the old file cannot be read");
    notes.owner_lost = true;
  }
  if (notes.owner_lost && (mode & set_id_bits) != 0) {
    mode &= ~set_id_bits;
    notes.set_id_dropped = true;
  }
  if (::fchmod(file_, static_cast<mode_t>(mode)) != 0) {
    return std::unexpected(os_error("cannot set the file's mode", errno));
  }
  return {};
}

Result<void> Replacement::check_unchanged() const {
  struct stat info{};
  const bool there = ::fstatat(folder_, name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return std::unexpected(os_error("cannot stat the file", errno));
  if (there != expected_.has_value()) {
    return fail(Errc::changed, there ? "appeared while it was being written"
                                     : "was removed while its new contents were made");
  }
  if (there && identity_of(info) != *expected_) {
    return fail(Errc::changed, "was changed by somebody else meanwhile");
  }
  return {};
}

Result<void> Replacement::put_in_place() {
  constexpr int attempts = 100;
  for (int i = 0; temporary_.empty() && i < attempts; ++i) {
    std::string name = random_name();
    if (os::name_descriptor(file_, staging_, name)) {
      temporary_ = std::move(name);
    } else if (errno != EEXIST) {
      return std::unexpected(os_error("cannot name the finished file", errno));
    }
  }
  if (::renameat(staging_, temporary_.c_str(), folder_, name_.c_str()) != 0) {
    return std::unexpected(os_error("cannot rename the finished file", errno));
  }
  temporary_.clear();
  if (durable_ && ::fsync(folder_) != 0 && errno != EINVAL) {
    return std::unexpected(os_error("cannot sync the directory to disk", errno));
  }
  return {};
}

Result<ReplacementNotes> Replacement::commit() {
  ReplacementNotes notes;
  TENON_TRY(keep_metadata(notes));
  if (durable_ && ::fsync(file_) != 0) {
    return std::unexpected(os_error("cannot bring the file to the disk", errno));
  }
  TENON_TRY(check_unchanged());
  TENON_TRY(put_in_place());
  // Quotas and network file systems report a full disk only here.
  if (::close(std::exchange(file_, -1)) != 0) {
    return std::unexpected(os_error("cannot write the file", errno));
  }
  return notes;
}

}  // namespace tenon
