#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/path.h"
#include "base/result.h"
#include "host/descriptor.h"
#include "host/file_identity.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/os.h"
#include "host/process.h"
#include "host/replacement.h"
#include "host/system.h"

namespace tenon {
namespace {

Result<Descriptor> open_regular(const std::string& path) {
  // O_NONBLOCK: a FIFO in place of a file must not hang us.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return std::unexpected(os_error("cannot open the file", errno));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return std::unexpected(os_error("cannot stat the file", errno));
  }
  if (S_ISDIR(info.st_mode)) return std::unexpected(os_error("is a directory, not a file", EISDIR));
  if (!S_ISREG(info.st_mode)) return fail(Errc::invalid_argument, "is not a regular file");
  return file;
}

}  // namespace

Result<FileBytes> read_file(const std::string& path) {
  const Descriptor file = TENON_TRY(open_regular(path));
  const FileIdentity before = TENON_TRY(file_identity(file.get()));
  std::vector<std::byte> bytes(before.size);
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read the file", errno));
    if (count == 0) return fail(Errc::changed, "was cut short while it was read");
    filled += static_cast<std::size_t>(count);
  }
  if (TENON_TRY(file_identity(file.get())) != before) {
    return fail(Errc::changed, "was changed while it was read");
  }
  return FileBytes(std::move(bytes));
}

namespace {

// Whole pages inside of the bytes when they are to go, around them when they are to come.
void advise(std::span<const std::byte> bytes, int advice, bool around) {
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t end = start + bytes.size();
  const std::uintptr_t first = around ? start / page * page : (start + page - 1) / page * page;
  const std::uintptr_t last = around ? end : end / page * page;
  if (first >= last) return;
  // madvise() writes nothing.
  auto* at = const_cast<std::byte*>(bytes.data()) + static_cast<std::ptrdiff_t>(first - start);
  ::madvise(at, last - first, advice);
}

}  // namespace

Result<std::string> read_text(const std::string& path, std::size_t limit) {
  constexpr std::size_t least_room = 8192;
  // From here on most of the time would go into one fault a page.
  constexpr std::size_t many_pages = std::size_t{4} << 20U;
  const Descriptor file = TENON_TRY(open_regular(path));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return std::unexpected(os_error("cannot look at the file", errno));
  }
  // Files of /proc and /sys say size 0: read until the end, for which there is room beyond the
  // size.
  std::size_t room = static_cast<std::size_t>(info.st_size) + least_room;
  std::string text;
  while (text.size() < limit) {
    const std::size_t filled = text.size();
    room = std::min(room, limit - filled);
    ssize_t count = 0;
    text.resize_and_overwrite(filled + room, [&](char* data, std::size_t size) {
      if (size >= many_pages) {
        advise(std::as_bytes(std::span(data, size)), os::large_pages_advice(), false);
      }
      do {
        count = ::read(file.get(), data + filled, room);
      } while (count < 0 && errno == EINTR);
      return filled + static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    });
    if (count < 0) return std::unexpected(os_error("cannot read the file", errno));
    if (count == 0) break;
    room = text.capacity() - text.size();
    if (room == 0) room = text.size();
  }
  return text;
}

Result<Mapping> map_file(const std::string& path) {
  return Mapping::of(TENON_TRY(open_regular(path)), path);
}

void expect_mapped(std::span<const std::byte> bytes) { advise(bytes, os::populate_advice(), true); }

void release_mapped(std::span<const std::byte> bytes) { advise(bytes, MADV_DONTNEED, false); }

namespace {

// A device, a FIFO: what is written goes through it, and it stays what it is.
bool is_special(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

Result<void> write_through(const std::string& path, std::span<const std::byte> bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return std::unexpected(os_error("cannot be opened for writing", errno));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t count = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    at += static_cast<std::size_t>(count);
  }
  const int failed = errno;
  ::close(fd);
  if (at == bytes.size()) return {};
  return std::unexpected(os_error("cannot be written to the end", failed));
}

}  // namespace

Result<void> write_file(const std::string& name, std::span<const std::byte> bytes, unsigned mode,
                        bool durable) {
  if (is_special(name)) return write_through(name, bytes);
  // Of a link the file that it leads to is written; the link stays.
  const std::string path = real_path(name).value_or(name);
  if (const std::string_view folder = folder_of(path); !folder.empty()) {
    TENON_TRY(make_folders(std::string(folder)));
  }
  Replacement file = TENON_TRY(
      Replacement::open({.path = path, .independent = true, .mode = mode, .durable = durable}));
  TENON_TRY(file.write(bytes));
  if (TENON_TRY(file.commit()).unsynced) return fail(Errc::io, "cannot sync the directory to disk");
  return {};
}

Result<void> write_text(const std::string& path, std::string_view text, unsigned mode) {
  return write_file(path, view_of(text).bytes(), mode);
}

Result<void> write_cache(const std::string& path, std::string_view text) {
  constexpr unsigned private_mode = 0600;
  return write_file(path, view_of(text).bytes(), private_mode, false);
}

unsigned mode_of_new_files() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return 0666U & ~mask;
}

void mark_used(const std::string& path) { (void)::utimensat(AT_FDCWD, path.c_str(), nullptr, 0); }

bool can_make_file(const std::string& folder) {
  const Descriptor place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (place.open() && Descriptor(os::open_nameless(place.get())).open()) return true;
  const std::string file = folder + "/tenon-" + std::to_string(::getpid());
  const bool made = write_cache(file, "x").has_value();
  remove_tree(file);
  return made;
}

namespace {

bool append(const Descriptor& file, std::string_view text) {
  return file.open() &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

bool append_to_file(const std::string& path, std::string_view text) {
  return append(Descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)), text);
}

bool append_to_log(const std::string& path, std::string_view text, std::uint64_t largest) {
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  constexpr mode_t private_mode = 0600;
  Descriptor file(::open(path.c_str(), flags, private_mode));
  if (!file.open() && errno == ENOENT && make_folders(std::string(folder_of(path)))) {
    file = Descriptor(::open(path.c_str(), flags, private_mode));
  }
  if (!append(file, text)) return false;
  struct stat own = {};
  if (::fstat(file.get(), &own) != 0 || static_cast<std::uint64_t>(own.st_size) <= largest) {
    return true;
  }
  // The one who holds the lock moves it, and only while the name still leads to it: another may
  // have moved it, and then the name is a fresh log.
  struct stat named = {};
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0 && ::lstat(path.c_str(), &named) == 0 &&
      named.st_dev == own.st_dev && named.st_ino == own.st_ino) {
    (void)rename_file(path, path + ".1");
  }
  return true;
}

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return std::unexpected(os_error("cannot rename the file", errno));
}

Result<void> make_link(const std::string& target, const std::string& path) {
  if (::symlink(target.c_str(), path.c_str()) == 0) return {};
  if (errno != EEXIST) return std::unexpected(os_error("cannot make a link", errno));
  if (link_text(path) == target || real_path(path) == real_path(target)) return {};
  const std::string fresh = path + "." + std::to_string(::getpid());
  (void)::unlink(fresh.c_str());
  if (::symlink(target.c_str(), fresh.c_str()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0) {
    return std::unexpected(os_error("cannot replace a link", errno));
  }
  return {};
}

Result<std::string> read_standard_input() {
  std::string text;
  std::array<char, 8192> buffer;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("cannot read standard input", errno));
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<std::optional<FileInfo>> look_up(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return std::unexpected(os_error("cannot look at it", errno));
  }
  FileInfo out;
  if (S_ISREG(info.st_mode)) out.kind = FileInfo::Kind::file;
  if (S_ISDIR(info.st_mode)) out.kind = FileInfo::Kind::folder;
  out.size = static_cast<std::uint64_t>(info.st_size);
  const timespec modified = os::modified_time(info);
  out.modified_ns = std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec;
  out.mode = info.st_mode & 07777U;
  out.inode = info.st_ino;
  return out;
}

std::optional<FileInfo> file_info(const std::string& path) {
  return look_up(path).value_or(std::nullopt);
}

bool is_file(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::file;
}

bool is_link(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
}

bool is_folder(const std::string& path) {
  const auto info = file_info(path);
  return info && info->kind == FileInfo::Kind::folder;
}

Result<std::vector<std::string>> list_folder(const std::string& path) {
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return std::unexpected(os_error("cannot open the directory", errno));
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(folder)) {  // NOLINT(concurrency-mt-unsafe): own stream
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int failed = errno;
  ::closedir(folder);
  if (failed != 0) return std::unexpected(os_error("cannot read the directory", failed));
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> search_folder(const std::string& path) {
  return list_folder(path).value_or(std::vector<std::string>());
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return std::unexpected(os_error("cannot create the directory", error.value()));
  if (!is_folder(path)) return std::unexpected(os_error("is not a directory", ENOTDIR));
  return {};
}

namespace {

// No directory of anybody else has such a name: what is left of one is removed.
constexpr std::string_view temporary_mark = ".temporary-";
constexpr std::string_view temporary_pattern = "XXXXXX";

bool is_temporary_name(std::string_view name) {
  const std::size_t mark = name.find(temporary_mark);
  return name.starts_with("tenon-") && mark != name.npos &&
         name.size() == mark + temporary_mark.size() + temporary_pattern.size();
}

Descriptor open_locked(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.open() && ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return Descriptor();
  return folder;
}

// Those of processes that were killed: nobody holds their lock.
void remove_left_folders(const std::string& top) {
  DIR* folder = ::opendir(top.c_str());
  if (folder == nullptr) return;
  std::vector<std::string> left;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): own stream
  while (const dirent* entry = ::readdir(folder)) {
    if (is_temporary_name(entry->d_name)) left.emplace_back(join_path(top, entry->d_name));
  }
  ::closedir(folder);
  for (const std::string& path : left) {
    struct stat info{};
    const bool own = ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
                     info.st_uid == ::geteuid() && (info.st_mode & 077U) == 0;
    if (!own) continue;
    // Held until it is gone: the one who makes such a directory locks it a moment later.
    const Descriptor lock = open_locked(path);
    if (lock.open()) remove_tree(path);
  }
}

}  // namespace

Result<std::string> make_temporary_folder(std::string_view prefix, std::string top) {
  constexpr int attempts = 10;
  if (top.empty()) top = environment_variable("TMPDIR").value_or("/tmp");
  remove_left_folders(top);
  for (int i = 0; i < attempts; ++i) {
    std::string path = join_path(top, prefix);
    path.append(temporary_mark).append(temporary_pattern);
    if (::mkdtemp(path.data()) == nullptr) {
      return std::unexpected(os_error("cannot create a temporary directory", errno));
    }
    // The lock is held until the process ends, whichever way: the descriptor is never closed.
    if (open_locked(path).release() >= 0 && is_folder(path)) return path;
    // No descriptor left, or one who cleans up came between the two calls.
    ::rmdir(path.c_str());
  }
  return fail(Errc::io, "cannot lock a temporary directory");
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty()) remove_tree(path);
}

std::optional<std::string> real_path(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return std::nullopt;
  std::string out = resolved;
  std::free(resolved);  // NOLINT(cppcoreguidelines-no-malloc): realpath allocates with malloc
  return out;
}

std::string current_folder() {
  std::error_code ignored;
  return std::filesystem::current_path(ignored).string();
}

bool enter_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::current_path(path, failed);
  return !failed;
}

std::string own_path() {
  static const std::string path = real_path(os::program_path()).value_or(std::string());
  return path;
}

namespace {

// The home that the system's list of users gives; empty when it has none.
std::string listed_home() {
  std::array<char, 4096> room{};
  struct passwd entry{};
  struct passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) != 0) return {};
  return found == nullptr || found->pw_dir == nullptr ? std::string() : std::string(found->pw_dir);
}

// In containers HOME is often a mounted directory of somebody else, as with jobs that run as root.
// Its owner could change what is kept there, so the listed home serves.
std::string home_of_user(const std::string& home) {
  struct stat info{};
  if (::stat(home.c_str(), &info) != 0) return home;
  if (info.st_uid == ::geteuid() || info.st_uid == 0) return home;
  std::string listed = listed_home();
  return listed.starts_with('/') ? listed : home;
}

}  // namespace

std::string cache_folder() {
  if (auto chosen = environment_variable("TENON_CACHE"); chosen && !chosen->empty()) return *chosen;
  if (auto xdg = environment_variable("XDG_CACHE_HOME"); xdg && xdg->starts_with('/')) {
    return join_path(*xdg, "tenon");
  }
  const auto home = environment_variable("HOME");
  if (!home || home->empty()) return {};
  return join_path(join_path(home_of_user(*home), os::cache_below_home()), "tenon");
}

std::string state_folder() {
  if (auto xdg = environment_variable("XDG_STATE_HOME"); xdg && xdg->starts_with('/')) {
    return join_path(*xdg, "tenon");
  }
  const auto home = environment_variable("HOME");
  if (!home || home->empty()) return {};
  return join_path(join_path(home_of_user(*home), os::state_below_home()), "tenon");
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::optional<FileLock>> FileLock::try_lock(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return std::unexpected(os_error("cannot open the lock file", errno));
  FileLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<FileLock>();
    return std::unexpected(os_error("cannot lock", errno));
  }
  return std::optional<FileLock>(std::move(lock));
}

}  // namespace tenon
