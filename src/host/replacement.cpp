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
#include <expected>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/folder_below.h"
#include "host/os.h"

namespace tenon {
namespace {

// So long that no file of anybody else has such a name: what is left of one is removed.
constexpr std::string_view temporary_prefix = ".tenon-replacement-";
constexpr std::string_view random_letters = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t random_length = 12;
constexpr std::size_t copy_buffer = std::size_t{1} << 20U;
constexpr std::uint64_t progress_piece = std::uint64_t{1} << 20U;
constexpr unsigned set_id_bits = S_ISUID | S_ISGID;

std::string random_name() {
  std::random_device random;
  std::string out(temporary_prefix);
  for (std::size_t i = 0; i < random_length; ++i) {
    out += random_letters[random() % random_letters.size()];
  }
  return out;
}

bool is_temporary_name(std::string_view name) {
  return name.size() == temporary_prefix.size() + random_length &&
         name.starts_with(temporary_prefix) &&
         name.substr(temporary_prefix.size()).find_first_not_of(random_letters) == name.npos;
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

std::optional<dev_t> device_of(const Descriptor& folder) {
  struct stat info{};
  return ::fstat(folder.get(), &info) == 0 ? std::optional(info.st_dev) : std::nullopt;
}

}  // namespace

Result<Replacement> Replacement::open(const ReplacementRequest& request) {
  Replacement out;
  out.durable_ = request.durable;
  out.independent_ = request.independent;
  out.name_ = base_name(request.path);
  if (out.name_.empty() || out.name_ == "." || out.name_ == "..") {
    return fail(Errc::invalid_argument, "is not the name of a file");
  }
  out.folder_ = TENON_TRY(open_folder_of(request.root, request.path, request.folders));
  struct stat info{};
  const bool there =
      ::fstatat(out.folder_.get(), out.name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return std::unexpected(os_error("cannot stat the file", errno));
  if (there && S_ISLNK(info.st_mode)) return fail(Errc::link, "is a symbolic link");
  if (there && !S_ISREG(info.st_mode)) return fail(Errc::invalid_argument, "is not a regular file");
  if (there) {
    out.expected_ = identity_of(info);
    out.mode_ = info.st_mode & 07777U;
    // Its attributes are read from here; one that may not be read is copied without them.
    out.old_ = Descriptor(
        ::openat(out.folder_.get(), out.name_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (request.source) out.expected_ = request.source;
  if (request.mode) out.mode_ = request.mode;
  TENON_TRY(out.make_file(request));
  return out;
}

Replacement::Replacement(Replacement&& other) noexcept
    : folder_(std::move(other.folder_)),
      staging_(std::move(other.staging_)),
      file_(std::move(other.file_)),
      old_(std::move(other.old_)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})),
      readable_(std::move(other.readable_)),
      expected_(other.expected_),
      mode_(other.mode_),
      prepared_(std::move(other.prepared_)),
      durable_(other.durable_),
      independent_(other.independent_),
      in_place_(other.in_place_) {}

Replacement::~Replacement() {
  if (!temporary_.empty()) ::unlinkat(staging_.get(), temporary_.c_str(), 0);
}

Result<void> Replacement::make_file(const ReplacementRequest& request) {
  Result<void> made = fail(Errc::io, "no directory for a temporary file");
  for (const std::string& folder : request.staging) {
    const bool below = !request.root.empty() && folder.starts_with(request.root + "/");
    auto staging = below ? open_folder_below(request.root, folder + "/.", request.folders)
                         : open_folder(folder);
    if (!staging || device_of(*staging) != device_of(folder_)) continue;
    made = make_file_in(*std::move(staging));
    if (made) return made;
  }
  if (!request.staging.empty()) return made;
  return make_file_in(
      TENON_TRY(opened(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                       "cannot open the directory")));
}

Result<void> Replacement::make_file_in(Descriptor staging) {
  staging_ = std::move(staging);
  remove_left_files(staging_.get());
  file_ = Descriptor(os::open_nameless(staging_.get()));
  if (!file_.open()) return make_named();
  readable_ = os::descriptor_path(file_.get());
  // Without /proc it could never get a name.
  if (::access(readable_.c_str(), F_OK) != 0) return make_named();
  ::flock(file_.get(), LOCK_EX | LOCK_NB);
  return {};
}

Result<void> Replacement::make_named() {
  constexpr int attempts = 100;
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  for (int i = 0; i < attempts; ++i) {
    std::string name = random_name();
    const int fd = ::openat(staging_.get(), name.c_str(), flags, 0600);
    if (fd < 0 && errno == EEXIST) continue;
    file_ = TENON_TRY(opened(fd, "cannot create a file beside it"));
    ::flock(file_.get(), LOCK_EX | LOCK_NB);
    // One who cleans up may have come between the two calls.
    struct stat own{}, named{};
    const bool still = ::fstat(file_.get(), &own) == 0 &&
                       ::fstatat(staging_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                       own.st_ino == named.st_ino;
    if (!still) continue;
    readable_ = os::descriptor_path(file_.get());
    temporary_ = std::move(name);
    return {};
  }
  return fail(Errc::io, "no free name for a temporary file");
}

Result<void> Replacement::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot write the file", errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> Replacement::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot write the file", errno));
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> Replacement::move(std::uint64_t from, std::uint64_t to, std::uint64_t size) {
  if (from == to) return {};
  std::vector<std::byte> buffer(std::min<std::uint64_t>(copy_buffer, size));
  for (std::uint64_t done = 0; done < size;) {
    const std::uint64_t part = std::min<std::uint64_t>(buffer.size(), size - done);
    // To a later place: from the end, so that nothing is overwritten before it is read.
    const std::uint64_t at = to > from ? size - done - part : done;
    const std::span<std::byte> bytes = std::span(buffer).first(static_cast<std::size_t>(part));
    TENON_TRY(read_at(from + at, bytes));
    TENON_TRY(write_at(to + at, bytes));
    done += part;
  }
  return {};
}

Result<void> Replacement::read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read the file", errno));
    if (count == 0) return fail(Errc::invalid_argument, "beyond what was written");
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> Replacement::cut(std::uint64_t size) {
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) == 0) return {};
  return std::unexpected(os_error("cannot write the file", errno));
}

Result<void> Replacement::copy(const Descriptor& from, std::uint64_t size,
                               const std::function<void(std::uint64_t copied)>& progress) {
  const std::uint64_t piece = progress ? progress_piece : size;
  std::uint64_t at = 0;
  while (at < size) {
    const std::int64_t count =
        os::copy_range(from.get(), at, file_.get(), std::min(piece, size - at));
    if (count < 0) break;
    if (count == 0) return fail(Errc::changed, "was cut short while it was read");
    at += static_cast<std::uint64_t>(count);
    if (progress) progress(at);
  }
  std::vector<std::byte> buffer(at < size ? copy_buffer : 0);
  while (at < size) {
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), size - at);
    const ssize_t count = ::pread(from.get(), buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read the file", errno));
    if (count == 0) return fail(Errc::changed, "was cut short while it was read");
    TENON_TRY(write(std::span(buffer).first(static_cast<std::size_t>(count))));
    at += static_cast<std::uint64_t>(count);
    if (progress) progress(at);
  }
  return {};
}

// Owner before mode: chown(2) clears the set-id bits, and a foreign owner must never meet them.
Result<void> Replacement::keep_metadata(ReplacementNotes& notes) {
  constexpr unsigned usual_mode = 0644;
  unsigned mode = mode_.value_or(usual_mode);
  struct stat old{}, own{};
  if (old_.open() && ::fstat(old_.get(), &old) == 0 && ::fstat(file_.get(), &own) == 0) {
    const bool other_owner = own.st_uid != old.st_uid || own.st_gid != old.st_gid;
    if (other_owner && ::fchown(file_.get(), old.st_uid, old.st_gid) != 0) {
      notes.owner_lost =
          own.st_uid != old.st_uid || ::fchown(file_.get(), own.st_uid, old.st_gid) != 0;
    }
    notes.other_names = old.st_nlink > 1 ? static_cast<std::uint64_t>(old.st_nlink - 1) : 0;
    os::copy_attributes(old_.get(), file_.get(), notes.attributes_lost);
  } else if (expected_) {
    notes.attributes_lost.emplace_back("all: the old file cannot be read");
    notes.owner_lost = true;
  }
  if (notes.owner_lost && (mode & set_id_bits) != 0) {
    mode &= ~set_id_bits;
    notes.set_id_dropped = true;
  }
  if (::fchmod(file_.get(), static_cast<mode_t>(mode)) != 0) {
    return std::unexpected(os_error("cannot set the file's mode", errno));
  }
  return {};
}

Result<void> Replacement::check_unchanged() const {
  if (independent_) return {};
  struct stat info{};
  const bool there = ::fstatat(folder_.get(), name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return std::unexpected(os_error("cannot stat the file", errno));
  if (there != expected_.has_value()) {
    return fail(Errc::changed, there ? "appeared while it was being written"
                                     : "was removed while its new contents were made");
  }
  if (there && identity_of(info) != *expected_) {
    return fail(Errc::changed, "was changed by another process meanwhile");
  }
  return {};
}

Result<void> Replacement::put_in_place() {
  constexpr int attempts = 100;
  for (int i = 0; temporary_.empty() && i < attempts; ++i) {
    std::string name = random_name();
    if (os::name_descriptor(file_.get(), staging_.get(), name)) {
      temporary_ = std::move(name);
    } else if (errno != EEXIST) {
      return std::unexpected(os_error("cannot name the finished file", errno));
    }
  }
  TENON_TRY(check_unchanged());
  if (::renameat(staging_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) != 0) {
    return std::unexpected(os_error("cannot rename the finished file", errno));
  }
  temporary_.clear();
  in_place_ = true;
  // No error: the new file is in place, and whoever takes it for the old one goes wrong.
  prepared_->unsynced = durable_ && ::fsync(folder_.get()) != 0 && errno != EINVAL;
  return {};
}

Result<ReplacementNotes> Replacement::prepare() {
  ReplacementNotes notes;
  TENON_TRY(keep_metadata(notes));
  if (durable_ && ::fsync(file_.get()) != 0) {
    return std::unexpected(os_error("cannot sync the file to disk", errno));
  }
  // Quotas and network file systems report a full disk only here; the lock stays with `file_`.
  if (const int copy = ::dup(file_.get()); copy < 0 || ::close(copy) != 0) {
    return std::unexpected(os_error("cannot write the file", errno));
  }
  TENON_TRY(check_unchanged());
  prepared_ = std::move(notes);
  return *prepared_;
}

Result<ReplacementNotes> Replacement::commit() {
  if (!prepared_) (void)TENON_TRY(prepare());
  TENON_TRY(put_in_place());
  return *prepared_;
}

}  // namespace tenon
